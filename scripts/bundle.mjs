// Joins the glue of wasm-bindgen with the files of pkg-template into the entries of pkg/dist.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { DEFLATED, WASM } from "./shrink.mjs";
import { at, product, read, root } from "./tools.mjs";

/** @typedef {import("./shrink.mjs").Names} Names */

/** What is there as ESM and as CommonJS. */
export const ENTRIES = ["index", "slim", "simulator"];

/** @param {Names} names */
export async function bundle(names) {
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
		plugins: [inlinedWasm(), glue(names), oneHost],
		external: ["*.wasm?module"],
		logLevel: /** @type {const} */ ("warning"),
	};
	/**
	 * @param {string[]} names of files in pkg-template
	 * @param {import("esbuild").BuildOptions} options
	 */
	const emit = (names, options) =>
		esbuild({
			...common,
			...options,
			entryPoints: names.map((name) => `pkg-template/${name}.js`),
			outdir: `${product.pkg}/dist`,
		});
	/** @type {import("esbuild").BuildOptions} */
	const cjs = { format: "cjs", outExtension: { ".js": ".cjs" } };
	/** @type {import("esbuild").BuildOptions} */
	const glued = { inject: ["pkg-template/text.js"] };
	await emit(["simulator"], { format: "esm" });
	await emit(["simulator"], cjs);
	// One file, so that a page without a bundler makes one request.
	await emit(["index"], { ...glued, format: "esm" });
	markAsPure(`${product.pkg}/dist/index.js`);
	const apart = { splitting: true, chunkNames: "shared" };
	await emit(["edge", "slim"], { ...glued, ...apart, format: "esm" });
	await emit(["shared"], { ...glued, ...cjs });
	const plugins = [takeFromShared, ...common.plugins];
	await emit(["index", "slim"], { ...cjs, plugins });
}

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

/**
 * The wasm inside the entry: deflated as well as it can be, which is smaller on the wire than the bare file.
 *
 * @returns {import("esbuild").Plugin}
 */
function inlinedWasm() {
	const packed = JSON.stringify(readFileSync(at(DEFLATED), "base64"));
	const { length } = readFileSync(at(WASM));
	return {
		name: "inlined-wasm",
		setup(build) {
			build.onResolve({ filter: /^wasm:inlined$/ }, ({ path }) => ({
				path,
				namespace: "inlined",
			}));
			build.onLoad({ filter: /.*/, namespace: "inlined" }, () => ({
				contents: `import { inlined } from "./load.js";
					export default inlined(${packed}, ${length});`,
				resolveDir: at("pkg-template"),
			}));
		},
	};
}

/**
 * Bundlers may drop the wasm where nothing uses it, which only an annotation tells them; esbuild takes them out.
 *
 * @param {string} path
 */
function markAsPure(path) {
	const code = read(path);
	const call = /(?<==)([\w$]+\("[\w+/=]{1000})/;
	if (!call.test(code)) throw new Error(`${path} inlines no wasm`);
	writeFileSync(at(path), code.replace(call, "/* @__PURE__ */$1"));
}

/**
 * What only the instance itself is concerned with: called from within, and often.
 */
const INNER =
	/^__wbindgen_(malloc|realloc|free|exn_store|start|externrefs)|^__externref_|^memory$/;

/** What the engine calls, where nobody would hear an error. */
const QUIET = /^wasm_bindgen__convert|^__wbindgen_destroy|_free$|^walk_end$/;

/**
 * The glue of wasm-bindgen under the short names, once for each instance: after a trap another one takes its place. Its
 * functions as plain objects, because of `import * as` esbuild makes one with getters, which no bundler drops again.
 *
 * @param {Names} names
 * @returns {import("esbuild").Plugin}
 */
function glue({ imports, exports, constants }) {
	const shortOf = new Map(exports);
	const direct = imports.filter(([module]) => !module.endsWith("_bg.js"));
	const outer = exports.filter(([name]) => !INNER.test(name));
	const quiet = outer.filter(([name]) => QUIET.test(name));
	const list = (/** @type {Names["exports"]} */ names) =>
		names.map(([, short]) => short).join(" ");
	const contents = `
		import { createGlue } from ${JSON.stringify(at(product.wasm, "graph_inbox_bg.js"))};
		import { Containment } from "./contain.js";
		export function connect() {
			const containment = new Containment();
			const [imports, made, take] = createGlue(containment);
			return {
				imports: { a: imports },
				link(exports) {
					const guarded = { ...exports };
					const quiet = "${list(quiet)}".split(" ");
					for (const name of "${list(outer)}".split(" "))
						guarded[name] = containment.guarded(exports[name], !quiet.includes(name));
					take(guarded);
					exports.${shortOf.get("__wbindgen_start")}();
					made.containment = containment;
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
			build.onLoad({ filter: /graph_inbox_bg\.js$/ }, ({ path }) => ({
				contents: asFactory(
					remembering(
						readFileSync(path, "utf8").replace(
							/\bwasm\.(\w+)/g,
							(_, name) => `wasm.${shortOf.get(name) ?? name}`,
						),
						constants,
					),
					importsOf(direct),
					`[{ ${imports.map(([, name, short]) => `${short}: ${name}`)} },
						{ Client, List, listOf, threadOwnerOf }, __wbg_set_wasm]`,
				),
				resolveDir: at("pkg-template"),
			}));
		},
	};
}

/**
 * What wasm imports from pkg-template without the glue between.
 *
 * @param {Names["imports"]} direct
 */
function importsOf(direct) {
	const lines = direct.map(
		([module, name]) => `import { ${name} } from "./${basename(module)}";`,
	);
	return lines.join("\n");
}

/**
 * A module that has one instance, as a function that makes as many as are asked for. What frees by hand is left out: the
 * engine does it.
 *
 * @param {string} code
 * @param {string} imported what it takes from pkg-template
 * @param {string} result
 */
function asFactory(code, imported, result) {
	const imports = code.match(/^import .*$/gm) ?? [];
	const body = code
		.replace(/^import .*$/gm, "")
		.replace(/^export (?=class|function)/gm, "")
		.replace(/^ {4}(__destroy_into_raw|free)\(\) \{$[\s\S]*?^ {4}\}$/gm, "")
		.replace(/^if \(Symbol\.dispose\).*$/gm, "")
		.replaceAll("new Promise(", "containment.promise(");
	if (/^(export|import)\b/m.test(body) || !body.includes("containment"))
		throw new Error("the glue of wasm-bindgen has another shape than expected");
	return `${imports.join("\n")}
		${imported}
		export function createGlue(containment) { ${body} return ${result}; }`;
}

/**
 * A call of Rust's names some thirty properties by texts that are constants of the wasm. Decoding each anew is most of what
 * crossing the border costs, and makes a string that the engine has to look up before it can be a name.
 *
 * @param {string} code the glue
 * @param {Names["constants"]} constants
 */
function remembering(code, [start, end]) {
	const decoded =
		"return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));";
	if (code.split(decoded).length !== 2)
		throw new Error("the glue decodes texts otherwise than expected");
	return code
		.replace(
			decoded,
			`const decode = () => decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
		return ptr >= ${start} && ptr < ${end} ? constant(ptr * 4096 + len, decode) : decode();`,
		)
		.concat(`
const constants = new Map();
function constant(place, decode) {
	let text = constants.get(place);
	if (text === undefined) constants.set(place, (text = decode()));
	return text;
}`);
}

/**
 * wasm-bindgen imports copies of these files; the classes that Rust throws must be the ones that users import.
 *
 * @type {import("esbuild").Plugin}
 */
const oneHost = {
	name: "one-host",
	setup(build) {
		build.onResolve({ filter: /\/snippets\// }, ({ path }) => ({
			path: at("pkg-template", basename(path)),
		}));
	},
};
