// Jest without any configuration: the tests of somebody's own code, in Node, in jsdom, and in jsdom with Node's globals.
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { assertAnswer, assertFails, makeApp } from "../row.mjs";

/**
 * @param {import("../row.mjs").App} app
 * @param {string[]} args files, and options
 */
function jest(app, ...args) {
	// Its cache would stay behind in the system's temporary folder.
	const cache = `--cacheDirectory=${app.path(".cache")}`;
	return app.run("jest", ["--ci", cache, "--runTestsByPath", ...args], {
		env: { NO_COLOR: "1" },
	});
}

const app = await makeApp(import.meta.url);
const answerIn = (/** @type {string} */ environment) =>
	readFileSync(app.path(`answer-${environment}.json`), "utf8");

const files = ["inbox.test.js", "graph.test.js"];

describe("Jest", () => {
	it("in Node", async () => {
		await jest(app, ...files);
		assertAnswer(answerIn("node"));
	});
	it("in jsdom with Node's fetch", async () => {
		await jest(app, ...files, "--env=jest-fixed-jsdom");
		assertAnswer(answerIn("jsdom"));
	});
	it("in jsdom as it is, with a fetch of the test's", async () => {
		await jest(app, "page.test.js");
	});
});

describe("controls", () => {
	it("without a CommonJS entry require fails", async () => {
		const broken = await makeApp(import.meta.url, { trap: "noRequire" });
		await assertFails(
			() => jest(broken, "inbox.test.js"),
			/Cannot find module 'graph-inbox' from 'inbox\.js'/,
		);
	});
	it("a .wasm import can not be parsed", async () => {
		const broken = await makeApp(import.meta.url, { trap: "wasmImport" });
		await assertFails(
			() => jest(broken, "inbox.test.js"),
			/Jest failed to parse a file.*graph_inbox\.wasm:1/s,
		);
	});
});
