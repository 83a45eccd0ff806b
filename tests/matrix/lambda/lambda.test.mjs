// AWS Lambda: the function bundled into one file, which runs where nothing else is.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { assertAnswer, assertFails, makeApp, PACKED } from "../row.mjs";

const runner = fileURLToPath(new URL("./run.mjs", import.meta.url));

/** The scripts of the app, and the file that each writes. */
const bundles = {
	"esbuild-cjs": "dist/esbuild/handler.cjs",
	"esbuild-esm": "dist/esbuild/handler.mjs",
	webpack: "dist/webpack/handler.cjs",
};

/**
 * Builds the function, and calls it from a folder that holds its file alone.
 *
 * @param {import("../row.mjs").App} app
 * @param {keyof typeof bundles} script
 */
async function deploy(app, script) {
	await app.run("npm", ["run", script]);
	const file = app.path(bundles[script]);
	const folder = mkdtempSync(join(tmpdir(), "graph-inbox-lambda-"));
	after(() => rmSync(folder, { recursive: true }));
	const deployed = join(folder, basename(file));
	cpSync(file, deployed);
	return app.run(process.execPath, [runner, deployed], { cwd: folder });
}

const scripts = /** @type {(keyof typeof bundles)[]} */ (Object.keys(bundles));

const app = await makeApp(import.meta.url);

describe("one file", () => {
	for (const script of scripts) {
		it(script, async () => {
			assertAnswer(await deploy(app, script));
			const code = readFileSync(app.path(bundles[script]), "utf8");
			assert.doesNotMatch(code, PACKED);
		});
	}
});

describe("controls", () => {
	it("a file read from beside the entry is not there", async () => {
		const broken = await makeApp(import.meta.url, { trap: "readFileSync" });
		for (const script of scripts) {
			await assertFails(
				() => deploy(broken, script),
				script === "esbuild-cjs" ? /ERR_INVALID_URL/ : /ENOENT.*\.wasm/,
			);
		}
	});
	it("esbuild has no loader for a .wasm import", async () => {
		const broken = await makeApp(import.meta.url, { trap: "wasmImport" });
		await assertFails(
			() => deploy(broken, "esbuild-cjs"),
			/No loader is configured for "\.wasm" files/,
		);
	});
});
