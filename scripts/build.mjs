// Builds the package into pkg/: wasm-pack compiles the Rust half, esbuild joins it with pkg-template.
import {
	cpSync,
	mkdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { basename, join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { setUpBuild } from "./setup.mjs";
import { at, isMain, read, root, run, say } from "./tools.mjs";

const WASM = "target/wasm/graph_inbox_bg.wasm";

export async function build() {
	await setUpBuild();
	say("Compiling Rust to WebAssembly");
	await compile();
	say("Joining it with pkg-template into pkg/");
	rmSync(at("pkg"), { recursive: true, force: true });
	mkdirSync(at("pkg", "dist"), { recursive: true });
	await bundle();
	copyTheRest();
	printSizes();
}

async function compile() {
	// Bytes that do not depend on where they were built, and no user's folders in what is published.
	const cargoHome = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
	const flags = [
		`--remap-path-prefix=${cargoHome}=cargo`,
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

async function bundle() {
	// Not at the top: this file must load before the tools are installed.
	const { build: esbuild } = await import("esbuild");
	/** @type {import("esbuild").BuildOptions} */
	const common = {
		absWorkingDir: root,
		bundle: true,
		// Names stay: they are in stack traces, and gzip makes up for most of their length.
		minifySyntax: true,
		minifyWhitespace: true,
		legalComments: "none",
		target: "es2022",
		platform: "neutral",
		plugins: [wasmAsHex, oneHost],
		external: ["*.wasm?module"],
		logLevel: "warning",
	};
	const entryPoints = ENTRIES.map((name) => `pkg-template/${name}.js`);
	const outdir = "pkg/dist";
	await esbuild({
		...common,
		outdir,
		format: "esm",
		entryPoints: [...entryPoints, "pkg-template/edge.js"],
	});
	await esbuild({
		...common,
		outdir,
		format: "cjs",
		entryPoints,
		outExtension: { ".js": ".cjs" },
	});
}

/** @type {import("esbuild").Plugin} */
const wasmAsHex = {
	name: "wasm-as-hex",
	setup(build) {
		build.onResolve({ filter: /^wasm:hex$/ }, ({ path }) => ({
			path,
			namespace: "wasm",
		}));
		build.onLoad({ filter: /.*/, namespace: "wasm" }, () => ({
			contents: readFileSync(at(WASM)).toString("hex"),
			loader: "text",
		}));
	},
};

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
	]) {
		cpSync(at(name), at("pkg", name));
	}
}

function printSizes() {
	const files = [
		"graph_inbox.wasm",
		...["index", "edge", "slim", "simulator"].map((name) => `${name}.js`),
	];
	const rows = files.map((name) => {
		const bytes = readFileSync(at("pkg/dist", name));
		const sizes = [
			bytes,
			gzipSync(bytes, { level: 9 }),
			brotliCompressSync(bytes),
		];
		return [name, ...sizes.map(({ length }) => (length / 1024).toFixed(1))];
	});
	for (const row of [["KiB", "raw", "gzip -9", "brotli -11"], ...rows]) {
		const [name, ...sizes] = row;
		console.log(
			name.padEnd(20) + sizes.map((size) => size.padStart(12)).join(""),
		);
	}
}

if (isMain(import.meta.url)) await build();
