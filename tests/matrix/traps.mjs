// How Rust-to-wasm packages usually break, put into a copy of this one: each row shows that it would notice.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** @type {Record<string, (folder: string) => void>} */
export const traps = {
	/** The entry imports the file, as `wasm-pack build --target bundler` has it. */
	wasmImport(folder) {
		entry(folder, {
			esm: 'import wasm from "./graph_inbox.wasm";\nimport { init } from "./slim.js";\ninit(wasm);\nexport * from "./slim.js";',
			cjs: 'const slim = require("./slim.cjs");\nslim.init(require("./graph_inbox.wasm"));\nmodule.exports = slim;',
		});
	},
	/** The entry reads the file from beside itself, as `--target nodejs` has it. */
	readFileSync(folder) {
		entry(folder, {
			esm: 'import { readFileSync } from "node:fs";\nimport { init } from "./slim.js";\ninit(readFileSync(new URL("./graph_inbox.wasm", import.meta.url)));\nexport * from "./slim.js";',
			cjs: 'const { readFileSync } = require("node:fs");\nconst { join } = require("node:path");\nconst slim = require("./slim.cjs");\nslim.init(readFileSync(join(__dirname, "graph_inbox.wasm")));\nmodule.exports = slim;',
		});
	},
	/** The entry fetches the file from where it was loaded, as `--target web` has it. */
	importMeta(folder) {
		entry(folder, {
			esm: 'import { init } from "./slim.js";\ninit(await (await fetch(new URL("./graph_inbox.wasm", import.meta.url))).arrayBuffer());\nexport * from "./slim.js";',
			cjs: 'throw new Error("import.meta is undefined in CommonJS");',
		});
	},
	/** What sets the package up is a side effect, and package.json says that there are none. */
	sideEffects(folder) {
		const wasm = readFileSync(join(folder, "dist/graph_inbox.wasm"));
		const bytes = `Uint8Array.from(${JSON.stringify(wasm.toString("latin1"))}, (byte) => byte.charCodeAt(0))`;
		writeFileSync(
			join(folder, "dist/setup.js"),
			`import { init } from "./slim.js";\ninit(${bytes});`,
		);
		entry(folder, {
			esm: 'import "./setup.js";\nexport * from "./slim.js";',
			cjs: `const slim = require("./slim.cjs");\nslim.init(${bytes});\nmodule.exports = slim;`,
		});
		manifest(folder, (all) => {
			all.sideEffects = false;
		});
	},
	/** The edge gets the entry that compiles bytes. */
	bytesAtTheEdge(folder) {
		manifest(folder, (all) => {
			delete all.exports["."].workerd;
			delete all.exports["."]["edge-light"];
		});
	},
	/** CommonJS gets no entry of its own. */
	noRequire(folder) {
		manifest(folder, (all) => {
			delete all.main;
			delete all.exports["."].require;
			delete all.exports["."].node.require;
		});
	},
};

/**
 * @param {string} folder
 * @param {{ esm: string, cjs: string }} code
 */
function entry(folder, { esm, cjs }) {
	for (const name of ["index.js", "index.node.js"])
		writeFileSync(join(folder, "dist", name), esm);
	writeFileSync(join(folder, "dist/index.cjs"), cjs);
	// These entries set something up. Were they said not to, bundlers would drop that, which is a trap of its own.
	manifest(folder, (all) => {
		delete all.sideEffects;
	});
}

/**
 * @param {string} folder
 * @param {(manifest: any) => void} change
 */
function manifest(folder, change) {
	const path = join(folder, "package.json");
	const all = JSON.parse(readFileSync(path, "utf8"));
	change(all);
	writeFileSync(path, JSON.stringify(all));
}
