// Vercel: a function is uploaded with the files that its imports are traced to, and must find all it needs among them.
import assert from "node:assert/strict";
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAnswer, assertFails, makeApp } from "../row.mjs";

const runner = fileURLToPath(new URL("./run.mjs", import.meta.url));

/**
 * @param {import("../row.mjs").App} app
 * @returns {Promise<string>} a folder that holds the traced files and nothing else
 */
async function deploy(app) {
	await app.run("npm", ["run", "trace"]);
	const folder = mkdtempSync(join(tmpdir(), "graph-inbox-nft-"));
	after(() => rmSync(folder, { recursive: true }));
	cpSync(app.path("dist"), folder, { recursive: true });
	return folder;
}

/** @param {string} folder */
function assertOnlyEntries(folder) {
	const installed = "node_modules/graph-inbox";
	const manifest = readFileSync(join(folder, installed, "package.json"));
	const entries = JSON.parse(manifest.toString()).exports["."].node;
	const files = readdirSync(folder, { recursive: true }).map(String);
	assert.deepEqual(
		files.filter((file) => statSync(join(folder, file)).isFile()).sort(),
		[
			"api/inbox.js",
			"package.json",
			join(installed, entries.import.default),
			join(installed, entries.require.default),
			// What the CommonJS entries share.
			join(installed, "dist/shared.cjs"),
			join(installed, "package.json"),
		].sort(),
	);
}

describe("the traced files", async () => {
	const app = await makeApp(import.meta.url);
	const folder = await deploy(app);
	it("are the function, the two entries with what they share, and what describes them", () =>
		assertOnlyEntries(folder));
	it("suffice", async () => {
		const args = [runner, join(folder, "api/inbox.js")];
		assertAnswer(await app.run(process.execPath, args, { cwd: folder }));
	});
});

describe("controls", () => {
	for (const trap of /** @type {const} */ (["readFileSync", "importMeta"])) {
		it(`${trap} is traced to the .wasm file`, async () => {
			const broken = await makeApp(import.meta.url, { trap });
			await assertFails(
				async () => assertOnlyEntries(await deploy(broken)),
				/\+ +'node_modules\/graph-inbox\/dist\/graph_inbox\.wasm'/,
			);
		});
	}
});
