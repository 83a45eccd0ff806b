// Bun: as ESM and as CommonJS, and bundled into one file or one executable, which runs where nothing else is.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, it } from "node:test";
import { assertAnswer, assertFails, makeApp, PACKED } from "../row.mjs";

/** @typedef {import("../row.mjs").App} App */

const path = "../node_modules/@oven/bun-linux-x64/bin/bun";

/**
 * @param {App} app
 * @param {string[]} args
 * @param {string} [cwd]
 */
const bun = (app, args, cwd = app.folder) =>
	app.run(app.path(path), args, {
		cwd,
		env: { DO_NOT_TRACK: "1", NO_COLOR: "1" },
	});

/**
 * @param {App} app
 * @param {string} built
 * @returns {string} a folder that holds what was built and nothing else
 */
function deploy(app, built) {
	const folder = mkdtempSync(join(tmpdir(), "graph-inbox-bun-"));
	after(() => rmSync(folder, { recursive: true }));
	cpSync(app.path(built), join(folder, basename(built)));
	return folder;
}

/** @param {App} app */
async function runBundle(app) {
	const args = ["build", "inbox.ts", "--target=bun", "--outfile=dist/inbox.js"];
	await bun(app, args);
	return bun(app, ["inbox.js"], deploy(app, "dist/inbox.js"));
}

/** @param {App} app */
async function runExecutable(app) {
	await bun(app, ["build", "inbox.ts", "--compile", "--outfile=dist/inbox"]);
	return app.run("./inbox", [], { cwd: deploy(app, "dist/inbox") });
}

const app = await makeApp(import.meta.url);

describe("Bun", () => {
	for (const program of ["inbox.ts", "inbox.cjs"]) {
		it(program, async () => assertAnswer(await bun(app, [program])));
	}
	it("bun build", async () => {
		assertAnswer(await runBundle(app));
		const code = readFileSync(app.path("dist/inbox.js"), "utf8");
		assert.doesNotMatch(code, PACKED);
	});
	it("bun build --compile", async () => assertAnswer(await runExecutable(app)));
});

describe("controls", () => {
	it("a .wasm import gives no module", async () => {
		const broken = await makeApp(import.meta.url, { trap: "wasmImport" });
		await assertFails(
			() => bun(broken, ["inbox.ts"]),
			/first argument to WebAssembly\.Instance must be/,
		);
		await assertFails(
			() => runBundle(broken),
			/cannot write multiple output files/,
		);
	});
	it("without a CommonJS entry require fails", async () => {
		const broken = await makeApp(import.meta.url, { trap: "noRequire" });
		await assertFails(
			() => bun(broken, ["inbox.cjs"]),
			/Cannot find package 'graph-inbox'/,
		);
	});
	it("a file read from beside the entry is not there", async () => {
		const broken = await makeApp(import.meta.url, { trap: "readFileSync" });
		for (const runIt of [runBundle, runExecutable])
			await assertFails(() => runIt(broken), /ENOENT.*graph_inbox\.wasm/);
	});
});
