// Vitest without any configuration: the tests of somebody's own code, in Node and in jsdom.
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { assertAnswer, assertFails, makeApp } from "../row.mjs";

/**
 * @param {import("../row.mjs").App} app
 * @param {string} environment
 */
async function vitest(app, environment) {
	await app.run("vitest", ["run", "--environment", environment], {
		env: { DO_NOT_TRACK: "1", NO_COLOR: "1" },
	});
	return readFileSync(app.path(`answer-${environment}.json`), "utf8");
}

const app = await makeApp(import.meta.url);

describe("Vitest", () => {
	for (const environment of ["node", "jsdom"]) {
		it(`in ${environment}`, async () =>
			assertAnswer(await vitest(app, environment)));
	}
});

describe("controls", () => {
	it("a .wasm import looks for its glue", async () => {
		const broken = await makeApp(import.meta.url, { trap: "wasmImport" });
		await assertFails(
			() => vitest(broken, "node"),
			/Cannot find package 'a' imported from .*\.wasm/,
		);
	});
	it("a file can not be fetched from beside the entry", async () => {
		const broken = await makeApp(import.meta.url, { trap: "importMeta" });
		await assertFails(
			() => vitest(broken, "jsdom"),
			/fetch failed.*graph-inbox\/dist\/index\.node\.js/s,
		);
	});
});
