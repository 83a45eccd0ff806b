// Node: every maintained version, as ESM and as CommonJS.
import { describe, it } from "node:test";
import { assertAnswer, assertFails, makeApp } from "../row.mjs";

const app = await makeApp(import.meta.url);
const programs = ["inbox.mjs", "inbox.cjs"];
const withNodeFetch = ["node-fetch.mjs", "node-fetch.cjs"];

for (const version of [20, 22, 24, 26]) {
	const node = `../node_modules/node-${version}/bin/node`;
	describe(`Node ${version}`, () => {
		for (const program of [...programs, ...withNodeFetch]) {
			it(program, async () => {
				assertAnswer(await app.run(app.path(node), [program]));
			});
		}
	});
}

describe("controls", () => {
	it("a .wasm import fails in Node 20", async () => {
		const broken = await makeApp(import.meta.url, { trap: "wasmImport" });
		for (const program of programs)
			await assertFails(
				() => broken.run(process.execPath, [program]),
				/ERR_UNKNOWN_FILE_EXTENSION|SyntaxError/,
			);
	});
	it("without a CommonJS entry require fails", async () => {
		const broken = await makeApp(import.meta.url, { trap: "noRequire" });
		await assertFails(
			() => broken.run(process.execPath, ["inbox.cjs"]),
			/ERR_PACKAGE_PATH_NOT_EXPORTED/,
		);
	});
});
