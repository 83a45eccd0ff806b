// Next.js: one build by Turbopack, with a route in Node, a route at the edge, and a page in the browser.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readAnswer } from "../browser.mjs";
import { assertAnswer, assertFails, makeApp, PACKED } from "../row.mjs";
import { traps } from "../traps.mjs";

/** @typedef {import("../row.mjs").App} App */

const env = { NEXT_TELEMETRY_DISABLED: "1" };

/** @param {App} app */
async function buildAndStart(app) {
	await app.run("next", ["build"], { env });
	return await app.serve(
		"next",
		["start", "--hostname", "127.0.0.1", "--port", "0"],
		{ env, ready: /Local: +(http:\S+)\s/ },
	);
}

/**
 * @param {import("../server.mjs").Server} server
 * @param {string} path
 */
async function ask(server, path) {
	const answer = await fetch(server.said + path);
	// Why it failed is told there alone.
	if (!answer.ok) throw new Error(server.printed());
	return answer.text();
}

/**
 * `next start` compiles bytes at the edge too, Vercel does not: there only modules run that the build found.
 *
 * @param {App} app
 */
function modulesForTheEdge(app) {
	const manifest = app.path(".next", "server", "middleware-manifest.json");
	const { functions } = JSON.parse(readFileSync(manifest, "utf8"));
	return functions["/edge/route"].wasm.length;
}

/**
 * @param {string} folder
 * @returns {string[]} the scripts that have WebAssembly inside
 */
const scriptsWithWasm = (folder) =>
	readdirSync(folder, { encoding: "utf8", recursive: true })
		.filter((name) => name.endsWith(".js"))
		.map((name) => readFileSync(join(folder, name), "utf8"))
		.filter((code) => /[\w+/]{9999}/.test(code));

describe("Next.js", async () => {
	const app = await makeApp(import.meta.url);
	const server = await buildAndStart(app);

	it("route in Node", async () => {
		assertAnswer(await ask(server, "/node"));
	});
	it("route at the edge", async () => {
		assertAnswer(await ask(server, "/edge"));
		assert.equal(modulesForTheEdge(app), 1);
	});
	it("page in the browser", async () => {
		assertAnswer(await readAnswer(server.said));
	});
	it("has packed WebAssembly for browsers alone", () => {
		const forBrowsers = scriptsWithWasm(app.path(".next", "static"));
		const forNode = scriptsWithWasm(app.path(".next", "server"));
		assert.ok(forBrowsers.length > 0 && forNode.length > 0);
		for (const code of forBrowsers) assert.match(code, PACKED);
		for (const code of forNode) assert.doesNotMatch(code, PACKED);
	});
});

describe("controls", async () => {
	const broken = await makeApp(import.meta.url, { trap: "sideEffects" });
	// The edge has an entry of its own, which that trap does not reach.
	traps.bytesAtTheEdge(broken.path("node_modules", "graph-inbox"));
	const server = await buildAndStart(broken);
	const why = /InboxError: call init/;

	it("a route in Node fails where its wasm was dropped as a side effect", async () => {
		await assertFails(() => ask(server, "/node"), why);
	});
	it("so does a page", async () => {
		await assertFails(() => readAnswer(server.said), why);
	});
	it("a route at the edge gets no module without the edge-light condition", async () => {
		await assertFails(() => ask(server, "/edge"), why);
		assert.equal(modulesForTheEdge(broken), 0);
	});
});
