// What every bundler must show: that its app answers in Chromium, that it leaves out what is not imported, and that the
// row would notice a package that bundles badly.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readAnswer } from "./browser.mjs";
import { assertAnswer, assertFails, makeApp, PACKED } from "./row.mjs";
import { serve } from "./serve.mjs";

/** @typedef {keyof typeof import("./traps.mjs").traps} Trap */

/**
 * @typedef {object} Bundler
 * @property {string} row `import.meta.url` of the row's test
 * @property {string} entry the app's file that imports the package
 * @property {string} [site] the folder that is served; by default the app's own, whose page names what was built
 * @property {Record<string, string>} [builds] scripts of package.json, and the page that shows what each built
 * @property {string[]} [options] more for each script
 * @property {Partial<Record<Trap, RegExp>>} controls how traps fail here
 */

/** @param {Bundler} bundler */
export function testBundler({
	row,
	entry,
	site = ".",
	builds = { build: "" },
	options = [],
	controls,
}) {
	for (const [script, page] of Object.entries(builds)) {
		const build = (/** @type {import("./row.mjs").App} */ app) =>
			app.run("npm", ["run", script, "--", ...options], { timeout: 60_000 });
		const answerOf = async (/** @type {import("./row.mjs").App} */ app) => {
			await build(app);
			return readAnswer((await serve(app.path(site))) + page);
		};
		/**
		 * @param {string} code in place of the app's
		 * @returns {Promise<string>} what is built of it
		 */
		const built = async (code) => {
			const app = await makeApp(row);
			writeFileSync(app.path(entry), code);
			await build(app);
			return scripts(app.path("dist"));
		};

		describe(`npm run ${script}`, () => {
			it("answers", async () => {
				const app = await makeApp(row);
				assertAnswer(await answerOf(app));
				const code = scripts(app.path("dist"));
				// Or its absence below would show nothing.
				assert.match(code, /WebAssembly/);
				assert.match(code, PACKED);
			});

			it("leaves the wasm out where only dates are read", async () => {
				const code = await built(
					'import { parseGraphTime } from "graph-inbox";\nconsole.log(parseGraphTime(document.lastModified));\n',
				);
				assert.ok(code.length < 8_192, `${code.length} bytes`);
				assert.match(code, /a date and time with its zone/);
				assert.doesNotMatch(code, /WebAssembly/);
			});

			it("leaves everything out where nothing is used", async () => {
				const code = await built('import "graph-inbox";\n');
				assert.ok(code.length < 1_024, `${code.length} bytes`);
				assert.doesNotMatch(code, /InboxError/);
			});

			const traps = /** @type {[Trap, RegExp][]} */ (Object.entries(controls));
			for (const [trap, why] of traps) {
				it(`control: ${trap}`, async () => {
					const app = await makeApp(row, { trap });
					await assertFails(() => answerOf(app), why);
				});
			}
		});
	}
}

/** @param {string} folder */
function scripts(folder) {
	return readdirSync(folder, { encoding: "utf8", recursive: true })
		.filter((name) => name.endsWith(".js"))
		.map((name) => readFileSync(`${folder}/${name}`, "utf8"))
		.join("\n");
}
