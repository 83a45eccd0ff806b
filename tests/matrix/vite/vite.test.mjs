// Vite: what it builds, and its development server.
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { readAnswer } from "../browser.mjs";
import { testBundler } from "../bundler.mjs";
import { assertAnswer, assertFails, makeApp, settings } from "../row.mjs";

testBundler({
	row: import.meta.url,
	entry: "inbox.js",
	site: "dist",
	controls: {
		sideEffects: /InboxError: call init/,
		readFileSync: /readFileSync\) is not a function/,
	},
});

describe("development server", () => {
	/** @param {import("../row.mjs").App} app */
	async function answerOf(app) {
		writeFileSync(app.path("settings.json"), JSON.stringify(settings));
		const server = await app.serve("vite", ["--host", "127.0.0.1"], {
			ready: /Local: +(http:\S+)/,
			env: { NO_COLOR: "1" },
		});
		return readAnswer(server.said);
	}

	it("answers", async () => {
		assertAnswer(await answerOf(await makeApp(import.meta.url)));
	});

	it("control: readFileSync", async () => {
		const broken = await makeApp(import.meta.url, { trap: "readFileSync" });
		await assertFails(
			() => answerOf(broken),
			/readFileSync\) is not a function/,
		);
	});
});
