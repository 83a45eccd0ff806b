// More than one copy of the package in a process, as happens where one dependency imports it and another requires it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import { compileFunction, createContext, runInContext } from "node:vm";
import * as esm from "graph-inbox";
import * as slim from "graph-inbox/slim";
import { ids, reasonOf, startGraph } from "./graph.mjs";

/** @typedef {typeof import("graph-inbox")} Copy */

const require = createRequire(import.meta.url);
const { simulator, access } = await startGraph();
const options = { ...access, callsPerSecond: /** @type {const} */ (false) };

/**
 * The CommonJS copy as a realm of its own loads it, with errors of that realm, as test runners and sandboxes do.
 *
 * @returns {Copy}
 */
function loadInRealm() {
	const realm = createContext({
		...{ fetch, AbortController, TextDecoder, TextEncoder, atob },
		...{ setTimeout, clearTimeout, queueMicrotask },
	});
	const entry = require.resolve("graph-inbox");
	const load = (/** @type {string} */ path) => {
		const module = { exports: /** @type {any} */ ({}) };
		const run = compileFunction(
			readFileSync(path, "utf8"),
			["module", "exports", "require"],
			{ parsingContext: realm },
		);
		run(module, module.exports, (/** @type {string} */ name) =>
			load(join(dirname(entry), name)),
		);
		return module.exports;
	};
	assert.notEqual(runInContext("Error", realm), Error);
	return load(entry);
}

slim.init(readFileSync(require.resolve("graph-inbox/graph_inbox.wasm")));

/** @type {Record<string, Copy>} */
const copies = {
	ESM: esm,
	CommonJS: require("graph-inbox"),
	slim,
	sandboxed: loadInRealm(),
};

/**
 * What each copy throws: before a request, and of Graph.
 *
 * @param {Copy} copy
 * @returns {Promise<{ refused: any, reported: any }>}
 */
async function errorsOf({ createInbox }) {
	const wrong = createInbox({ ...options, accessToken: "wrong" });
	return {
		refused: await reasonOf(wrong.listConversations({ limit: 0 })),
		reported: await reasonOf(wrong.listConversations()),
	};
}

describe("copies in one process", () => {
	for (const [name, copy] of Object.entries(copies)) {
		it(`each knows the errors of the ${name} copy`, async () => {
			const { refused, reported } = await errorsOf(copy);
			assert.equal(refused.kind, "invalid_option");
			assert.equal(reported.kind, "authentication");
			for (const { InboxError, GraphError } of Object.values(copies)) {
				assert.ok(refused instanceof InboxError);
				assert.ok(!(refused instanceof GraphError));
				assert.ok(reported instanceof InboxError);
				assert.ok(reported instanceof GraphError);
			}
		});
	}

	it("have classes of their own", () => {
		const all = Object.values(copies);
		for (const name of /** @type {const} */ (["InboxError", "GraphError"])) {
			assert.equal(new Set(all.map((copy) => copy[name])).size, all.length);
		}
	});

	it("work side by side", async () => {
		const lists = await Promise.all(
			Object.values(copies).map(({ createInbox }) =>
				createInbox(options).listConversations({ limit: 25 }).toArray(),
			),
		);
		for (const list of lists)
			assert.deepEqual(ids([...list]), ids(simulator.conversations()));
	});
});

describe("what is no error of any copy", () => {
	it("is not taken for one by its name or shape", async () => {
		const { reported } = await errorsOf(esm);
		class InboxError extends Error {
			kind = "authentication";
		}
		class GraphError extends InboxError {
			name = "GraphError";
		}
		for (const value of [
			new InboxError("x"),
			new GraphError("x"),
			Object.assign(new Error("x"), { name: "GraphError", kind: "unknown" }),
			{ ...reported },
			reported.toJSON(),
			() => reported,
		]) {
			for (const copy of Object.values(copies)) {
				assert.ok(!(value instanceof copy.InboxError));
				assert.ok(!(value instanceof copy.GraphError));
			}
		}
	});

	it("a class derived from one copy's takes only its own", async () => {
		class Derived extends esm.GraphError {}
		const { reported } = await errorsOf(copies.CommonJS);
		assert.ok(!(reported instanceof Derived));
		const derived = Reflect.construct(Derived, ["x", { kind: "unknown" }, {}]);
		assert.ok(derived instanceof Derived);
		for (const { InboxError, GraphError } of Object.values(copies)) {
			assert.ok(derived instanceof InboxError);
			assert.ok(derived instanceof GraphError);
		}
	});
});

describe("an error that is cloned, as on its way to another thread", () => {
	it("is a plain error with the message alone", async () => {
		const { reported } = await errorsOf(esm);
		const clone = structuredClone(reported);
		assert.ok(clone instanceof Error);
		assert.ok(!(clone instanceof esm.InboxError));
		assert.equal(clone.message, reported.message);
		assert.ok(!("kind" in clone));
	});

	it("keeps everything as what toJSON gives", async () => {
		const { reported } = await errorsOf(esm);
		const clone = structuredClone(reported.toJSON());
		assert.equal(clone.kind, "authentication");
		assert.deepEqual(clone, reported.toJSON());
	});
});
