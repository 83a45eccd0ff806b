// Joins the glue of wasm-bindgen with the files of pkg-template into the entries of pkg/dist.
import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { DEFLATED, WASM } from "./shrink.mjs";
import { at, read, root } from "./tools.mjs";

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
			outdir: "pkg/dist",
		});
	/** @type {import("esbuild").BuildOptions} */
	const cjs = { format: "cjs", outExtension: { ".js": ".cjs" } };
	/** @type {import("esbuild").BuildOptions} */
	const glued = { inject: ["pkg-template/text.js"] };
	await emit(["simulator"], { format: "esm" });
	await emit(["simulator"], cjs);
	// One file, so that a page without a bundler makes one request.
	await emit(["index"], { ...glued, format: "esm" });
	markAsPure("pkg/dist/index.js");
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
	const call = /(?<==)(\w+\("[\w+/=]{1000})/;
	if (!call.test(code)) throw new Error(`${path} inlines no wasm`);
	writeFileSync(at(path), code.replace(call, "/* @__PURE__ */$1"));
}

/**
 * The glue of wasm-bindgen under the short names. Its functions as plain objects, because of `import * as` esbuild makes
 * one with getters, which no bundler drops again.
 *
 * @param {Names} names
 * @returns {import("esbuild").Plugin}
 */
function glue({ imports, exports }) {
	const shortOf = new Map(exports);
	const from = (/** @type {boolean} */ isGlue) =>
		imports.filter(([module]) => module.endsWith("_bg.js") === isGlue);
	const named = (/** @type {Names["imports"]} */ list) =>
		list.map(([, name]) => name).join();
	const contents = `
		import { Client, List, Walk, listOf, threadOwnerOf, __wbg_set_wasm, ${named(from(true))} } from ${JSON.stringify(at("target/wasm/graph_inbox_bg.js"))};
		import { ${named(from(false))} } from "./engine.js";
		export const imports = { a: { ${imports.map(([, name, short]) => `${short}: ${name}`)} } };
		export function link(exports) {
			__wbg_set_wasm(exports);
			exports.${shortOf.get("__wbindgen_start")}();
			// Made here: swc drops a constant that is returned from afar.
			return { Client, List, Walk, listOf, threadOwnerOf };
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
				contents: readFileSync(path, "utf8").replace(
					/\bwasm\.(\w+)/g,
					(_, name) => `wasm.${shortOf.get(name) ?? name}`,
				),
			}));
		},
	};
}

/**
 * wasm-bindgen imports copies of host.js and engine.js; the classes that Rust throws must be the ones that users import.
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
