// Builds the package into pkg/: wasm-pack compiles the Rust half, esbuild joins it with pkg-template.
import {
	cpSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { setUpBuild } from "./setup.mjs";
import { checkSizes } from "./sizes.mjs";
import { at, isMain, read, root, run, say } from "./tools.mjs";

const GLUE = "target/wasm/graph_inbox_bg.js";
const WASM = "target/wasm/graph_inbox.wasm";

export async function build() {
	await setUpBuild();
	say("Compiling Rust to WebAssembly");
	await compile();
	say("Joining it with pkg-template into pkg/");
	rmSync(at("pkg"), { recursive: true, force: true });
	mkdirSync(at("pkg", "dist"), { recursive: true });
	await bundle(await shortenNames());
	copyTheRest();
	await checkSizes();
}

async function compile() {
	// Bytes that do not depend on where they were built, and no user's folders in what is published.
	const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
	// The folder's name tells which registry it came from, and differs between them.
	const registries = readdirSync(join(cargoHome, "registry", "src"));
	const flags = [
		`--remap-path-prefix=${cargoHome}=cargo`,
		...registries.map(
			(name) =>
				`--remap-path-prefix=${join(cargoHome, "registry", "src", name)}=`,
		),
		`--remap-path-prefix=${root.replace(/\/$/, "")}=graph-inbox`,
		// SHA-256 is computed once a call: a loop serves as well as 64 unrolled rounds.
		'--cfg=sha2_backend_soft="compact"',
	];
	const out = at("target", "wasm");
	rmSync(out, { recursive: true, force: true });
	await run(
		"wasm-pack",
		[
			...[
				"build",
				"--release",
				"--target",
				"bundler",
				"--no-pack",
				"--no-gitignore",
			],
			...[
				"--out-dir",
				out,
				"--out-name",
				"graph_inbox",
				"--mode",
				"no-install",
				root,
			],
			...["--", "--locked", "--target-dir", at("target", "package")],
		],
		{ env: { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") } },
	);
	writeFileSync(
		join(out, "graph_inbox_bg.d.ts"),
		'export * from "./graph_inbox.js";\nexport function __wbg_set_wasm(exports: unknown): void;\n',
	);
}

const ENTRIES = ["index", "slim", "simulator"];

/** @typedef {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][] }} Names */

/**
 * What wasm and glue call each other by is long, ends in a hash, and is in both: a tenth of all that is downloaded.
 *
 * @returns {Promise<Names>}
 */
async function shortenNames() {
	const printed = await run(
		"wasm-opt",
		[
			at("target/wasm/graph_inbox_bg.wasm"),
			"--minify-imports-and-exports-and-modules",
			"-o",
			at(WASM),
		],
		{ quiet: true },
	);
	return JSON.parse(printed.slice(printed.indexOf("{")));
}

/** @param {Names} names */
async function bundle(names) {
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
		plugins: [await inlinedWasm(), glue(names), oneHost],
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
 * @returns {Promise<import("esbuild").Plugin>}
 */
async function inlinedWasm() {
	const deflated = at("target", "wasm", "deflated");
	const script = at("scripts", "deflate.mjs");
	await run(process.execPath, [script, at(WASM), deflated]);
	const packed = JSON.stringify(readFileSync(deflated, "base64"));
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
		import { Client, List, Walk, listOf, threadOwnerOf, __wbg_set_wasm, ${named(from(true))} } from ${JSON.stringify(at(GLUE))};
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

function copyTheRest() {
	cpSync(at(WASM), at("pkg/dist/graph_inbox.wasm"));
	for (const name of ENTRIES) {
		const types = read(`pkg-template/${name}.d.ts`);
		writeFileSync(at(`pkg/dist/${name}.d.ts`), types);
		writeFileSync(
			at(`pkg/dist/${name}.d.cts`),
			types.replace(/(["']\.\/\w+)\.js(["'])/g, "$1.cjs$2"),
		);
	}
	cpSync(at("pkg-template/package.json"), at("pkg/package.json"));
	for (const name of [
		"README.md",
		"LICENSE-MIT",
		"LICENSE-APACHE",
		"CHANGELOG.md",
		"THIRD-PARTY.md",
	]) {
		cpSync(at(name), at("pkg", name));
	}
}

if (isMain(import.meta.url)) await build();
