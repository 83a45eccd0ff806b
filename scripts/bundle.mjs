// Joins the glue of wasm-bindgen with the files of pkg-template and src/host into the entries of pkg/dist.
import { writeFileSync } from "node:fs";
import { applyPatches, selectNames } from "./patches/apply.mjs";
import { gluePatches, INNER, QUIET } from "./patches/glue.mjs";
import { at, product, read, root } from "./tools.mjs";

/** @typedef {import("./shrink.mjs").Names} Names */
/** @typedef {import("./pack-wasm.mjs").Packed} Packed */

/** What is there as ESM and as CommonJS. */
export const ENTRIES = ["index", "slim", "simulator", "node"];

/**
 * @param {Names} names
 * @param {Packed} packed
 * @param {Buffer} wasm
 */
export async function bundle(names, packed, wasm) {
	// Not at the top: this file must load before the tools are installed.
	const { build: esbuild } = await import("esbuild");
	/** @satisfies {import("esbuild").BuildOptions} */
	const common = {
		absWorkingDir: root,
		bundle: true,
		minify: true,
		legalComments: /** @type {const} */ ("none"),
		target: "es2022",
		platform: /** @type {const} */ ("neutral"),
		mainFields: ["module"],
		plugins: [glue(names), snippets],
		external: ["*.wasm?module"],
		logLevel: /** @type {const} */ ("warning"),
	};
	/**
	 * @param {string[]} names of files in pkg-template
	 * @param {import("esbuild").BuildOptions & { suffix?: string }} options `suffix` is added to the names of the output
	 */
	const emit = (names, { suffix = "", plugins = [], ...options }) =>
		esbuild({
			...common,
			...options,
			plugins: [...plugins, ...common.plugins],
			entryPoints: names.map((name) => ({
				in: `pkg-template/${name}.js`,
				out: `${name}${suffix}`,
			})),
			outdir: `${product.pkg}/dist`,
		});
	/** @type {import("esbuild").BuildOptions} */
	const cjs = { format: "cjs", outExtension: { ".js": ".cjs" } };
	const glued = { inject: ["pkg-template/text-encoding.js"] };
	await emit(["simulator"], { format: "esm" });
	await emit(["simulator"], cjs);
	const forNode = { external: ["node:*"] };
	await emit(["node"], { ...forNode, format: "esm" });
	// Jest refuses `import()` in CommonJS.
	await emit(["node"], { ...forNode, ...cjs, supported: NO_IMPORT });
	// One file, so that a page without a bundler makes one request. What is injected comes first.
	const inject = [...STRINGS, ...glued.inject];
	const packedIn = inlinedWasm(packedModules(packed));
	await emit(["index"], { inject, plugins: [packedIn], format: "esm" });
	markAsPure(`${product.pkg}/dist/index.js`);
	await shortenVariables("index.js");
	// Node takes 6 ms more for an ESM file that imports a CommonJS one.
	const rawIn = inlinedWasm(rawModules(wasm));
	const forImport = { ...glued, suffix: ".node", plugins: [rawIn] };
	await emit(["index"], { ...forImport, format: "esm" });
	markAsPure(`${product.pkg}/dist/index.node.js`);
	const apart = { splitting: true, chunkNames: "shared" };
	await emit(["edge", "slim"], { ...glued, ...apart, format: "esm" });
	await shortenVariables("shared.js");
	await emit(["shared"], { ...glued, ...cjs });
	await emit(["index", "slim"], { ...cjs, plugins: [takeFromShared, rawIn] });
}

const NO_IMPORT = { "dynamic-import": false };

/** @type {import("esbuild").Plugin} */
const takeFromShared = {
	name: "take-from-shared",
	setup(build) {
		const filter = /^\.\/(exports|inbox|load)\.js$/;
		build.onResolve({ filter }, () => ({
			path: "./shared.cjs",
			external: true,
		}));
	},
};

/** The modules that are one long string each. */
const STRINGS = ["wasm:base64", "wasm:program"];

/**
 * Returns the modules of an entry that has packed WebAssembly. Its strings come first in the file, because a block of gzip that
 * has both base64 and code is larger than two blocks; so they are modules by themselves.
 *
 * @param {Packed} packed
 */
function packedModules({ packed, program, ...sizes }) {
	return {
		"wasm:base64": `export default "${packed.toString("base64")}";`,
		"wasm:program": `export default ${JSON.stringify(program)};`,
		"wasm:inlined": `import base64 from "wasm:base64";
			import program from "wasm:program";
			import { packedWasm } from "./packed-wasm.js";
			export default packedWasm(base64, program, ${JSON.stringify(sizes)});`,
	};
}

/**
 * Returns the modules of an entry that has the WebAssembly as it is.
 *
 * @param {Buffer} wasm
 */
function rawModules(wasm) {
	return {
		"wasm:base64": `export default "${wasm.toString("base64")}";`,
		"wasm:inlined": `import base64 from "wasm:base64";
			import { rawWasm } from "./raw-wasm.js";
			export default rawWasm(base64);`,
	};
}

/**
 * Puts the WebAssembly into an entry.
 *
 * @param {Record<string, string>} modules by the names that files import
 * @returns {import("esbuild").Plugin}
 */
function inlinedWasm(modules) {
	return {
		name: "inlined-wasm",
		setup(build) {
			const filter = /^wasm:(base64|program|inlined)$/;
			build.onResolve({ filter }, ({ path }) => ({
				path,
				namespace: "inlined",
			}));
			build.onLoad({ filter, namespace: "inlined" }, ({ path }) => ({
				contents: modules[path],
				resolveDir: at("pkg-template"),
			}));
		},
	};
}

/**
 * Gives the variables of a file shorter and fewer names. esbuild gives a variable no name that a function around it uses for another
 * one, although the inner function may not use that one. Of what else terser does, these transformations make the file smaller
 * after gzip: all of them together would make it larger. Not `join_vars`: Parcel drops no variable of a declaration of which it
 * needs another one.
 *
 * @param {string} name of a file of dist
 */
async function shortenVariables(name) {
	const { minify } = await import("terser");
	const path = `${product.pkg}/dist/${name}`;
	const { code = "" } = await minify(read(path), {
		module: true,
		compress: {
			defaults: false,
			arrows: true,
			collapse_vars: true,
			evaluate: true,
			unused: true,
		},
		format: { preserve_annotations: true },
	});
	writeFileSync(at(path), code);
}

/**
 * Annotates the call that takes the string of base64: bundlers may drop the wasm where nothing uses it, which only an annotation
 * tells them, and esbuild removes annotations.
 *
 * @param {string} path
 */
function markAsPure(path) {
	const code = read(path);
	const [, base64] = /([\w$]+)="[\w+/]{9999,}=*"/.exec(code) ?? [];
	if (!base64) throw new Error(`${path} inlines no wasm`);
	const call = new RegExp(
		`(?<==)[\\w$]+\\(${base64.replaceAll("$", "\\$")}[,)]`,
	);
	if (!call.test(code)) throw new Error(`${path} does not use its wasm`);
	writeFileSync(at(path), code.replace(call, "/* @__PURE__ */$&"));
}

/**
 * The glue of wasm-bindgen under the short names, once for each instance: after a trap another one takes its place. Its
 * functions as plain objects, because of `import * as` esbuild makes one with getters, which no bundler drops again.
 *
 * @param {Names} names
 * @returns {import("esbuild").Plugin}
 */
function glue(names) {
	const shortOf = new Map(names.exports);
	const exported = [...shortOf.keys()];
	const inner = selectNames(exported, INNER);
	const quiet = selectNames(exported, QUIET);
	const list = (/** @type {Set<string>} */ listed) =>
		names.exports
			.filter(([name]) => listed.has(name))
			.map(([, short]) => short)
			.join(" ");
	const path = `${product.wasm}/graph_inbox_bg.js`;
	// Not while esbuild loads it, which would bury the message of a patch that does not fit.
	const patched = applyPatches(read(path), gluePatches(names));
	const contents = `
		import { createGlue } from ${JSON.stringify(at(path))};
		import { TrapGuard } from "./trap-guard.js";
		export function connect() {
			const trapGuard = new TrapGuard();
			const [imports, made, take] = createGlue(trapGuard);
			return {
				imports: { a: imports },
				link(exports) {
					const guarded = { ...exports };
					const inner = "${list(inner)}".split(" ");
					const quiet = "${list(quiet)}".split(" ");
					for (const [name, call] of Object.entries(exports))
						if (!inner.includes(name))
							guarded[name] = trapGuard.wrapExport(call, { rethrow: !quiet.includes(name) });
					take(guarded);
					exports.${shortOf.get("__wbindgen_start")}();
					made.trapGuard = trapGuard;
					return made;
				},
			};
		}`;
	return {
		name: "glue",
		setup(build) {
			build.onResolve({ filter: /^wasm:glue$/ }, ({ path }) => ({
				path,
				namespace: "glue",
			}));
			build.onLoad({ filter: /.*/, namespace: "glue" }, () => ({
				contents,
				resolveDir: at("pkg-template"),
			}));
			build.onLoad({ filter: /graph_inbox_bg\.js$/ }, () => ({
				contents: patched,
				resolveDir: at("pkg-template"),
			}));
		},
	};
}

/**
 * wasm-bindgen imports copies of our files, in `snippets/<crate>/` under their paths in the repository. The files themselves
 * take their place: the classes that Rust throws must be the ones that users import.
 *
 * @type {import("esbuild").Plugin}
 */
const snippets = {
	name: "snippets",
	setup(build) {
		build.onResolve({ filter: /\/snippets\/[^/]+\// }, ({ path }) => ({
			path: at(path.replace(/^.*\/snippets\/[^/]+\//, "")),
		}));
	},
};
