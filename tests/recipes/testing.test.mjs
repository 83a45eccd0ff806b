// The recipe testing.test.mjs as its readers would run it; and with mistakes in its own code, which it must notice.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { createGraphSimulator } from "graph-inbox/simulator";
import { at, read, run } from "../../scripts/tools.mjs";

const recipe = read("recipes/testing.test.mjs");

/** Below the repository, so that `graph-inbox` is the packed one. */
const folder = at("target", `recipe-testing-${process.pid}`);
mkdirSync(folder, { recursive: true });
after(() => rmSync(folder, { recursive: true }));

/** @param {string} file of tests */
function runTests(file) {
	// Else Node takes it for a part of this file's tests, and skips it.
	delete process.env.NODE_TEST_CONTEXT;
	const args = ["--test", "--test-reporter=tap", file];
	return run(process.execPath, args, { quiet: true, timeout: 60_000 });
}

it("passes, and shows no token", async () => {
	const printed = await runTests(at("recipes", "testing.test.mjs"));
	assert.match(printed, /^# pass 11$/m);
	assert.match(printed, /^# skipped 0$/m);
	assert.ok(!printed.includes(createGraphSimulator().accessToken));
});

/**
 * What is written instead, and the tests that it fails.
 *
 * @type {[mistake: string, code: string, instead: string, fails: RegExp[]][]}
 */
const mistakes = [
	[
		"counts what has been read",
		"if (!unread_count) continue;",
		"",
		[/counts what is unread/, /for one thread/],
	],
	[
		"counts what a bot has",
		"owner.app_id === PAGE_INBOX_APP_ID",
		"owner.app_id",
		[/counts what is in Meta's inbox/],
	],
	[
		"does not catch up",
		"catchUp: true",
		"catchUp: false",
		[/counts a thread that moves/],
	],
	[
		"takes what is not known for none",
		"if (error) count.unknown += 1;",
		"if (error) continue;",
		[/for one owner/],
	],
	[
		"takes what could not be read for read",
		"if (unreadable) count.unknown += 1;",
		"",
		[/for one thread/],
	],
	[
		"reads the first page alone",
		"of list)",
		"of (await list).data)",
		[/unread/, /by the page/, /moves/, /for a moment/, /for one thread/],
	],
	[
		"can not be stopped",
		"signal,\n",
		"timeoutMs: 200,\n",
		[/by never answering/],
	],
];

describe("notices code that", () => {
	for (const [mistake, code, instead, fails] of mistakes)
		it(mistake, async () => {
			assert.equal(recipe.split(code).length, 2, `${code} is there once`);
			const file = `${folder}/${mistake.replaceAll(" ", "-")}.test.mjs`;
			writeFileSync(file, recipe.replace(code, instead));
			const printed = String(await runTests(file).catch((error) => error));
			const failed = printed.match(/^ {4,}not ok .*$/gm) ?? [];
			assert.equal(failed.length, fails.length, printed);
			for (const name of fails)
				assert.ok(
					failed.some((line) => name.test(line)),
					`${name}`,
				);
		});
});
