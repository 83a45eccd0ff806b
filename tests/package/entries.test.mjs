import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import * as esm from "graph-inbox";
import * as slim from "graph-inbox/slim";
import { failureOf, ids, startGraph } from "./graph.mjs";

const require = createRequire(import.meta.url);
const manifest = require("graph-inbox/package.json");
const folder = new URL(".", import.meta.resolve("graph-inbox/package.json"));
const wasm = readFileSync(require.resolve("graph-inbox/graph_inbox.wasm"));
const { simulator, access } = await startGraph();

describe("the entries", () => {
	it("are all there, with their types", () => {
		const files =
			JSON.stringify(manifest.exports).match(/\.\/dist\/[\w.]+/g) ?? [];
		assert.ok(files.length >= 15);
		for (const file of files)
			assert.ok(readFileSync(new URL(file, folder)).length > 0, file);
	});

	it("export the same names, which are the declared ones", () => {
		const declared = readFileSync(new URL("dist/index.d.ts", folder), "utf8");
		const names = [
			...declared.matchAll(
				/^export (?:declare )?(?:function|class|const) (\w+)/gm,
			),
		].map(([, name]) => name);
		assert.deepEqual(Object.keys(esm).sort(), names.sort());
		assert.deepEqual(Object.keys(require("graph-inbox")).sort(), names);
		assert.deepEqual(Object.keys(slim).sort(), [...names, "init"].sort());
		assert.deepEqual(
			Object.keys(require("graph-inbox/slim")).sort(),
			Object.keys(slim).sort(),
		);
	});

	it("read the same inbox as ESM and as CommonJS", async () => {
		const expected = ids(simulator.conversations());
		for (const { createInbox } of [esm, require("graph-inbox")]) {
			assert.deepEqual(
				ids(
					await createInbox(access).listConversations({ limit: 40 }).toArray(),
				),
				expected,
			);
		}
	});

	it("slim says that it waits for its wasm, and takes it as bytes or as a module", async () => {
		const early = await failureOf(() => slim.createInbox(access));
		assert.match(early.message, /init/);
		await failureOf(slim.listConversations(access));
		await failureOf(slim.getThreadOwner({ ...access, recipient: "1" }));
		slim.init(await WebAssembly.compile(wasm));
		slim.init(wasm);
		assert.ok((await slim.createInbox(access).listConversations()).data.length);
		const copy = require("graph-inbox/slim");
		copy.init(
			wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength),
		);
		assert.ok((await copy.createInbox(access).listConversations()).data.length);
	});

	it("slim says when it was given something else", async () => {
		const fresh = await import(`${new URL("dist/slim.js", folder)}?fresh`);
		assert.throws(
			() => fresh.init(new Uint8Array([1, 2, 3])),
			/could not be compiled/,
		);
	});

	it("edge takes the module that its platform compiled", async () => {
		const edge = readFileSync(new URL("dist/edge.js", folder), "utf8");
		const code = edge.replace(
			/import (\w+) from ?"\.\/graph_inbox\.wasm\?module";/,
			"const $1 = globalThis.compiledForTheEdge;",
		);
		assert.notEqual(code, edge);
		Object.assign(globalThis, {
			compiledForTheEdge: await WebAssembly.compile(wasm),
		});
		const { createInbox } = await import(
			`data:text/javascript,${encodeURIComponent(code)}`
		);
		assert.ok((await createInbox(access).listConversations()).data.length);
	});

	it("name no folder of the machine that built them", () => {
		const home = require("node:os").homedir();
		for (const file of [
			"graph_inbox.wasm",
			"index.js",
			"index.cjs",
			"edge.js",
			"slim.js",
			"simulator.js",
		]) {
			const bytes = readFileSync(new URL(`dist/${file}`, folder)).toString(
				"latin1",
			);
			for (const trace of [home, ".cargo/registry", process.cwd()]) {
				assert.ok(!bytes.includes(trace), `${file} names ${trace}`);
			}
		}
	});
});
