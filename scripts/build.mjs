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
import { join } from "node:path";
import { bundle, ENTRIES } from "./bundle.mjs";
import { packWasm } from "./pack-wasm.mjs";
import { setUp } from "./setup.mjs";
import { shrink, WASM } from "./shrink.mjs";
import { checkSizes } from "./sizes.mjs";
import { at, isMain, product, read, root, run, say } from "./tools.mjs";

export async function build() {
	await setUp(["node", "tools"]);
	say("Compiling Rust to WebAssembly");
	await compile();
	say("Making it small: some ten seconds");
	const names = await shrink();
	const packed = await packWasm(at(WASM));
	say(`Joining it with pkg-template into ${product.pkg}/`);
	rmSync(at(product.pkg), { recursive: true, force: true });
	mkdirSync(at(product.pkg, "dist"), { recursive: true });
	await bundle(names, packed, readFileSync(at(WASM)));
	copyTheRest();
	if (product.features.length === 0) await checkSizes();
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
	];
	const out = at(product.wasm);
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
			...product.features,
		],
		{ env: { CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") } },
	);
	writeFileSync(
		join(out, "graph_inbox_bg.d.ts"),
		'export * from "./graph_inbox.js";\nexport function __wbg_set_wasm(exports: unknown): void;\n',
	);
}

function copyTheRest() {
	cpSync(at(WASM), at(product.pkg, "dist", "graph_inbox.wasm"));
	for (const name of ENTRIES) {
		const types = read(`pkg-template/${name}.d.ts`);
		writeFileSync(at(product.pkg, "dist", `${name}.d.ts`), types);
		writeFileSync(
			at(product.pkg, "dist", `${name}.d.cts`),
			types.replace(/(["']\.\/\w+)\.js(["'])/g, "$1.cjs$2"),
		);
	}
	cpSync(at("pkg-template/package.json"), at(product.pkg, "package.json"));
	for (const name of [
		"README.md",
		"LICENSE-MIT",
		"LICENSE-APACHE",
		"CHANGELOG.md",
		"THIRD-PARTY.md",
	]) {
		cpSync(at(name), at(product.pkg, name));
	}
}

if (isMain(import.meta.url)) await build();
