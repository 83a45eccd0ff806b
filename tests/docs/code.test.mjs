// Every block of code in the documentation: JavaScript is run against the simulator and, like TypeScript, type-checked;
// commands must exist; JSON must parse. A block that nothing here checks is an error.
import assert from "node:assert/strict";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { after, it } from "node:test";
import { pathToFileURL } from "node:url";
import { createGraphSimulator } from "graph-inbox/simulator";
import { at, run } from "../../scripts/tools.mjs";
import { assertCommands } from "./commands.mjs";
import { comments, documents } from "./documents.mjs";

/** @typedef {import("./documents.mjs").Block} Block */

/**
 * @typedef {object} Running
 * @property {ReturnType<typeof createGraphSimulator>} simulator where the global `fetch` leads
 * @property {() => Promise<any>} start runs the block, and gives what it exports
 * @property {string[]} printed since the last time
 */

/**
 * What the blocks of JavaScript do, in the order in which they stand.
 *
 * @type {[document: string, heading: string, check: (running: Running) => Promise<void>][]}
 */
const programs = [
	["README.md", "In a dashboard", listsWithOwners],
	["README.md", "In a serverless function", tellsWhoAnswers],
	["README.md", "Errors", tellsErrorsApart],
	["README.md", "Testing your own code", retriesOnce],
];

/** @param {Running} running */
async function listsWithOwners({ simulator, start, printed }) {
	await start();
	assert.equal(printed.length, 50);
	const conversations = simulator.conversations();
	for (const [index, line] of printed.entries()) {
		assert.ok(line.includes(String(conversations[index].snippet)), line);
		assert.match(line, / (owned|hidden|idle)$/);
	}
}

/** @param {Running} running */
async function tellsWhoAnswers({ simulator, start }) {
	const recipient = simulator.conversations()[0].participants?.data[0].id ?? "";
	const { handler } = await start();
	for (const [app_id, inMetaInbox] of [
		["263902037430900", true],
		[simulator.appId, false],
	]) {
		simulator.setOwner(recipient, { app_id: String(app_id), expiration: null });
		const owner = { recipient, state: "owned", app_id, expiration: null };
		assert.deepEqual(await handler({ recipient }), { inMetaInbox, ...owner });
	}
}

/** @param {Running} running */
async function tellsErrorsApart({ simulator, start, printed }) {
	await start();
	const ids = simulator.conversations().map(({ id }) => id);
	assert.deepEqual(printed.splice(0), ids);
	for (const [fault, line] of /** @type {const} */ ([
		["expiredToken", /^Connect the Page again$/],
		["rateLimit80006", /^Come back in 300000 ms$/],
		["rateLimitApp", /^Come back in 60000 ms$/],
		["permission", /^\{"name":"GraphError",.*"kind":"permission"/],
	])) {
		simulator.failNext(fault);
		await start();
		assert.equal(printed.length, 1);
		assert.match(printed.splice(0)[0], line);
	}
}

/** @param {Running} running */
async function retriesOnce({ start, printed }) {
	await start();
	assert.deepEqual(printed, ["2"]);
}

/** Languages that are compiled, with the extension of their files. @type {Record<string, string>} */
const compiled = { js: "mjs", ts: "mts", tsx: "tsx" };

/** Others, with what their blocks must be. @type {Record<string, (code: string) => void>} */
const checked = {
	sh: assertCommands,
	json: JSON.parse,
	// modules.test.mjs compares it with the code.
	mermaid: (code) => assert.match(code, /^flowchart TD\n/),
};

const blocks = [...documents, ...comments].flatMap(({ blocks }) => blocks);
const typed = blocks.filter(({ language }) => language in compiled);

/** Below the repository, so that `graph-inbox` is the packed one. */
const folder = at("target", `docs-${process.pid}`);
mkdirSync(folder, { recursive: true });
after(() => rmSync(folder, { recursive: true }));

const fileOf = (/** @type {Block} */ { document, line, language }) =>
	`${folder}/${document.replaceAll("/", "-")}-${line}.${compiled[language]}`;

// On the line where it stands in its document, so that mistakes are told with the right one.
for (const block of typed)
	writeFileSync(fileOf(block), "\n".repeat(block.line - 1) + block.code);

it("every block is in a language that is checked here", () => {
	const known = { ...compiled, ...checked };
	assert.deepEqual(
		blocks.filter(({ language }) => !(language in known)),
		[],
	);
});

it("no code stands outside of a block", () => {
	for (const { name, prose } of documents)
		for (const [index, line] of prose.entries())
			assert.doesNotMatch(line, /^(\t| {4})|<pre/, `${name}:${index + 1}`);
});

it("the types are right", async () => {
	assert.ok(typed.length > 0);
	const options = { extends: "../../tsconfig.json", include: ["*"] };
	const project = { ...options, exclude: [] };
	writeFileSync(`${folder}/tsconfig.json`, JSON.stringify(project));
	await run("tsc", ["--project", folder], { quiet: true });
});

for (const { document, line, language, code } of blocks)
	if (language in checked)
		it(`${document}:${line}, ${language}`, () => checked[language](code));

const runnable = blocks.filter(({ language }) => language === "js");

it("every program is expected to do something", () => {
	assert.deepEqual(
		runnable.map(({ document, heading }) => [document, heading]),
		programs.map(([document, heading]) => [document, heading]),
	);
});

for (const [index, [document, heading, check]] of programs.entries())
	it(`${document}, ${heading}: ${check.name}`, async (t) => {
		const simulator = createGraphSimulator();
		/** @type {string[]} */
		const printed = [];
		const print = (/** @type {unknown[]} */ ...values) =>
			void printed.push(values.join(" "));
		t.mock.method(console, "log", print);
		t.mock.method(console, "error", print);
		/** @type {typeof simulator.fetch} */
		const fetch = (input, init) => {
			assert.ok(String(input).startsWith("https://graph.facebook.com/"));
			return simulator.fetch(input, init);
		};
		t.mock.method(globalThis, "fetch", fetch);
		process.env.PAGE_TOKEN = simulator.accessToken;
		let times = 0;
		const { href } = pathToFileURL(fileOf(runnable[index]));
		// A module runs once; under another name it is another one.
		const start = () => import(`${href}?${times++}`);
		await check({ simulator, printed, start });
	});
