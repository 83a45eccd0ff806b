import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import * as esm from "graph-inbox";
import * as forNode from "graph-inbox/node";
import * as simulation from "graph-inbox/simulator";
import * as slim from "graph-inbox/slim";
import { failureOf, ids, startGraph } from "./graph.mjs";

const require = createRequire(import.meta.url);
const folder = new URL(".", import.meta.resolve("graph-inbox/package.json"));
const wasm = readFileSync(require.resolve("graph-inbox/graph_inbox.wasm"));
const { simulator, access } = await startGraph();

/** The forms of the default entry: packed for browsers, and as it is for Node. */
const forms = ["index.js", "index.node.js", "index.cjs"];
const execute = promisify(execFile);
const urlOf = (/** @type {string} */ form) => new URL(`dist/${form}`, folder);

const namesOf = (/** @type {object} */ entry) => Object.keys(entry).sort();

/**
 * @param {"index" | "slim"} name
 * @returns {any} a CommonJS entry that has compiled nothing yet
 */
function requireAfresh(name) {
	const pathOf = (/** @type {string} */ file) =>
		fileURLToPath(new URL(`dist/${file}.cjs`, folder));
	for (const file of [name, "shared"]) delete require.cache[pathOf(file)];
	return require(pathOf(name));
}

let afresh = 0;
/**
 * @param {string} form of the default entry
 * @returns {Promise<any>} that form, which has compiled nothing yet
 */
const importAfresh = async (form) =>
	form === "index.cjs"
		? requireAfresh("index")
		: import(`${urlOf(form)}?${afresh++}`);

/**
 * @param {string} form of the default entry
 * @param {string} use of the module `entry`
 * @returns {Promise<number>} how many times it compiles WebAssembly, in a process of its own
 */
async function countCompiled(form, use) {
	const code = `let count = 0;
		WebAssembly.Module = class extends WebAssembly.Module {
			constructor(bytes) { super(bytes); count++; }
		};
		const namespace = await import("${urlOf(form)}");
		const entry = namespace.default ?? namespace;
		${use};
		console.log(count);`;
	const { stdout } = await execute(process.execPath, [
		...["--input-type=module", "--eval", code],
	]);
	return Number(stdout);
}

/**
 * @param {typeof esm} entry
 * @param {RegExp} message
 */
async function assertRefused(entry, message) {
	const { createInbox, listConversations, getThreadOwner, preload } = entry;
	for (const failure of [
		await failureOf(() => createInbox(access)),
		await failureOf(listConversations(access)),
		await failureOf(getThreadOwner({ ...access, recipient: "1" })),
		await failureOf(preload()),
	]) {
		assert.ok(failure instanceof entry.InboxError);
		assert.equal(failure.kind, "unknown");
		assert.equal(failure.retryable, false);
		assert.match(failure.message, message);
	}
}

describe("the entries", () => {
	it("export the same names as ESM and as CommonJS", () => {
		assert.deepEqual(namesOf(require("graph-inbox")), namesOf(esm));
		assert.deepEqual(namesOf(slim), [...namesOf(esm), "init"].sort());
		assert.deepEqual(namesOf(require("graph-inbox/slim")), namesOf(slim));
		assert.deepEqual(
			namesOf(require("graph-inbox/simulator")),
			namesOf(simulation),
		);
		assert.deepEqual(namesOf(forNode), ["nodeFetch"]);
		assert.deepEqual(namesOf(require("graph-inbox/node")), namesOf(forNode));
	});

	it("import no module of Node, except graph-inbox/node", () => {
		const files = readdirSync(new URL("dist", folder));
		for (const file of files.filter((name) => /\.c?js$/.test(name))) {
			const code = readFileSync(new URL(`dist/${file}`, folder), "latin1");
			const imports = /\bnode:\w|require\("(?!\.\/)/.test(code);
			assert.equal(imports, /^node\.c?js$/.test(file), file);
		}
	});

	it("read the same inbox as ESM and as CommonJS", async () => {
		const expected = ids(simulator.conversations());
		for (const form of forms) {
			const { createInbox } = await importAfresh(form);
			assert.deepEqual(
				ids(
					await createInbox(access).listConversations({ limit: 40 }).toArray(),
				),
				expected,
				form,
			);
		}
	});

	it("are those of Node in Node, which unpack nothing", async () => {
		assert.equal(
			import.meta.resolve("graph-inbox"),
			`${urlOf("index.node.js")}`,
		);
		assert.equal(
			require.resolve("graph-inbox"),
			fileURLToPath(urlOf("index.cjs")),
		);
		const use = 'entry.createInbox({ pageId: "me", accessToken: "a-token" })';
		assert.equal(await countCompiled("index.node.js", use), 1);
		assert.equal(await countCompiled("index.cjs", use), 1);
		// The unpacker, and what it unpacks.
		assert.equal(await countCompiled("index.js", use), 2);
	});

	it("compile nothing for functions that need no WebAssembly", async () => {
		const use = 'entry.replyState({}, "1")';
		for (const form of forms)
			assert.equal(await countCompiled(form, use), 0, form);
	});

	it("leave the WebAssembly out of a bundle for Node that needs none", async () => {
		const sizeOf = async (/** @type {string} */ name) => {
			const { outputFiles } = await build({
				stdin: {
					contents: `export { ${name} } from "graph-inbox";`,
					resolveDir: fileURLToPath(new URL(".", import.meta.url)),
				},
				...{ bundle: true, minify: true, write: false },
				...{ format: "esm", platform: "node" },
			});
			return outputFiles[0].contents.length;
		};
		assert.ok((await sizeOf("replyState")) < 8_192);
		// Or that would show nothing.
		assert.ok((await sizeOf("createInbox")) > wasm.length);
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
		const fresh = requireAfresh("slim");
		assert.throws(
			() => fresh.init(new Uint8Array([1, 2, 3])),
			/could not be compiled/,
		);
	});

	for (const form of forms)
		it(`preload of ${form} compiles where a page's thread may not, and more than once at a time`, async (t) => {
			const fresh = await importAfresh(form);
			for (const name of /** @type {const} */ (["Module", "Instance"]))
				t.mock.method(WebAssembly, name, function refuse() {
					throw new RangeError(`${name} is disallowed on the main thread`);
				});
			const early = await failureOf(() => fresh.createInbox(access));
			assert.match(early.message, /disallowed on the main thread/);
			await Promise.all([fresh.preload(), fresh.preload()]);
			assert.ok(
				(await fresh.createInbox(access).listConversations()).data.length,
			);
		});

	for (const form of forms)
		it(`fail with one typed error where the engine has no WebAssembly: ${form}`, async (t) => {
			const fresh = await importAfresh(form);
			const { WebAssembly: engine } = globalThis;
			t.after(() => Object.assign(globalThis, { WebAssembly: engine }));
			Object.assign(globalThis, { WebAssembly: undefined });
			await assertRefused(fresh, /could not be compiled/);
			Object.assign(globalThis, { WebAssembly: engine });
			assert.ok(
				(await fresh.createInbox(access).listConversations()).data.length,
			);
		});

	/** @type {[string, RegExp][]} */
	const messages = [
		["index.js", /install graph-inbox again/],
		["index.node.js", /could not be compiled here \(.*expected magic word/],
	];
	for (const [form, message] of messages)
		it(`fail with one typed error where the file was changed: ${form}`, async () => {
			const code = readFileSync(urlOf(form), "utf8");
			const start = /[\w+/]{9}(?=[\w+/]{9999})/;
			const changed = code.replace(start, "A".repeat(9));
			assert.notEqual(changed, code);
			const url = `data:text/javascript,${encodeURIComponent(changed)}`;
			await assertRefused(await import(url), message);
		});

	it("edge takes the module that its platform compiled", async () => {
		const edge = readFileSync(new URL("dist/edge.js", folder), "utf8");
		const code = edge
			.replace(
				/import (\w+) from ?"\.\/graph_inbox\.wasm\?module";/,
				"const $1 = globalThis.compiledForTheEdge;",
			)
			.replace("./shared.js", `${new URL("dist/shared.js", folder)}?edge`);
		assert.ok(code.includes("compiledForTheEdge") && code.includes("?edge"));
		Object.assign(globalThis, {
			compiledForTheEdge: await WebAssembly.compile(wasm),
		});
		const atTheEdge = await import(
			`data:text/javascript,${encodeURIComponent(code)}`
		);
		assert.deepEqual(namesOf(atTheEdge), namesOf(esm));
		assert.ok(
			(await atTheEdge.createInbox(access).listConversations()).data.length,
		);
	});
});
