// Browsers: the package imported by a page and by a module worker, with no bundler in between.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertAnswer, assertFails, makeApp } from "../row.mjs";
import { serve } from "../serve.mjs";
import { engines } from "./engines.mjs";

const app = await makeApp(import.meta.url);
const broken = await makeApp(import.meta.url, { trap: "wasmImport" });
const policy = (/** @type {string} */ sources) => ({
	"content-security-policy": `script-src ${sources}`,
});
const sites = {
	open: await serve(app.folder),
	careful: await serve(app.folder, policy("'self' 'wasm-unsafe-eval'")),
	forbidding: await serve(app.folder, policy("'self'")),
	broken: await serve(broken.folder),
};

for (const [name, open] of Object.entries(engines)) {
	describe(name, async () => {
		const read = await open();
		for (const page of ["index.html", "worker.html"]) {
			it(page, async () => {
				assertAnswer(await read(sites.open + page));
			});
			it(`${page} under script-src 'self' 'wasm-unsafe-eval'`, async () => {
				assertAnswer(await read(sites.careful + page));
			});
			it(`${page} under script-src 'self' says what is missing`, async () => {
				assert.match(
					await read(sites.forbidding + page),
					/^InboxError: .*'wasm-unsafe-eval'/s,
				);
			});
		}
		it("control: a .wasm import fails", async () => {
			await assertFails(
				() => read(sites.broken),
				/module script|imported module|MIME type/,
			);
		});
	});
}
