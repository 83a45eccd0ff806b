// Every block of code in the documentation: JavaScript is run against the simulator and, like TypeScript, type-checked;
// commands must exist; JSON must parse. A block that nothing here checks is an error.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { after, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { at, run } from "../../scripts/tools.mjs";
import { assertCommands } from "./commands.mjs";
import { comments, documents } from "./documents.mjs";

/** @typedef {import("./documents.mjs").Block} Block */

/**
 * @typedef {object} Running
 * @property {ReturnType<typeof createGraphSimulator>} simulator where the global `fetch` leads
 * @property {() => Promise<any>} start runs the block, and gives what it exports
 * @property {string[]} printed since the last time
 * @property {() => void} hasty makes all timers of the program fire within a few milliseconds
 * @property {import("node:test").TestContext} t
 */

/**
 * What the blocks of JavaScript do, in the order in which they stand.
 *
 * @type {[document: string, heading: string, check: (running: Running) => Promise<void>][]}
 */
const programs = [
	["README.md", "In a dashboard", listsWithOwners],
	["README.md", "In a serverless function", tellsWhoAnswers],
	["README.md", "Less processor time in Node", listsByNodeFetch],
	["README.md", "Live", goesOnFromCheckpoint],
	["README.md", "Who has to answer", showsWhoWaits],
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
	for (const [app_id, role] of [
		["263902037430900", "meta_inbox"],
		[simulator.appId, "other_app"],
	]) {
		simulator.setOwner(recipient, { app_id, expiration: null });
		const owner = { recipient, state: "owned", app_id, role, expiration: null };
		const inMetaInbox = role === "meta_inbox";
		assert.deepEqual(await handler({ recipient }), { inMetaInbox, ...owner });
	}
}

/** @param {Running} running */
async function listsByNodeFetch({ simulator, start, printed }) {
	const server = await serveGraph(simulator);
	process.env.GRAPH_URL = server.url;
	await start();
	assert.deepEqual(printed, ["25"]);
	assert.equal(simulator.requests.length, 1);
	await server.close();
}

/** @param {Running} running */
async function goesOnFromCheckpoint({ simulator, start, printed, hasty }) {
	hasty();
	const { accessToken } = simulator;
	const inbox = createInbox({ pageId: "me", accessToken });
	const { checkpoint } = await inbox.watchConversations().poll();
	writeFileSync("checkpoint", checkpoint);
	simulator.receiveMessage({ text: "while it did not run" });
	const running = assert.rejects(start(), { kind: "permission" });
	await until(() => printed.length > 0);
	assert.match(printed[0], /^\d{4}-\S+ while it did not run$/);
	simulator.receiveMessage({ text: "while it runs" });
	await until(() => printed.some((line) => line.endsWith(" while it runs")));
	await until(() => readFileSync("checkpoint", "utf8") !== checkpoint);
	simulator.failWhen(/./, "permission");
	await running;
}

/** @param {Running} running */
async function showsWhoWaits({ simulator, start, hasty, t }) {
	hasty();
	/** What the list shows. @type {string[]} */
	let rows = [];
	const list = {
		replaceChildren: (/** @type {{ textContent: string }[]} */ ...children) => {
			rows = children.map(({ textContent }) => textContent);
		},
	};
	const document = { querySelector: () => list, createElement: () => ({}) };
	Reflect.set(globalThis, "document", document);
	t.after(() => Reflect.deleteProperty(globalThis, "document"));
	const running = assert.rejects(start(), { kind: "permission" });
	const all = 50 + simulator.conversations({ platform: "instagram" }).length;
	await until(() => rows.length === all);
	const isWaiting = rows.map((row) => row.includes("(answer until "));
	assert.ok(isWaiting.includes(true) && isWaiting.includes(false));
	assert.deepEqual(isWaiting, isWaiting.toSorted().toReversed());

	const { participants } = simulator.receiveMessage({ text: "Is it open?" });
	simulator.setOwner(String(participants?.data[0].id), {
		app_id: simulator.appId,
	});
	await until(() => rows.length === all + 1);
	const [row] = rows.filter((row) => row.startsWith("Is it open?"));
	assert.match(row, /^Is it open\? \(answer until .+, self\)$/);
	// Nobody waits for a shorter time.
	assert.equal(rows.indexOf(row), isWaiting.lastIndexOf(true) + 1);

	const sent = simulator.requests.length;
	simulator.failWhen(/./, "permission");
	await running;
	// Each of both watches has ended.
	await until(() => simulator.requests.length >= sent + 2);
}

/** @param {() => boolean} isTrue */
async function until(isTrue) {
	const end = Date.now() + 10_000;
	while (!isTrue()) {
		assert.ok(Date.now() < end, `not within 10 s: ${isTrue}`);
		await setTimeout(5);
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
		const hasty = () => {
			const wait = globalThis.setTimeout;
			const shortly = (/** @type {() => void} */ done, ms = 0) =>
				wait(done, Math.min(ms, 5));
			t.mock.method(globalThis, "setTimeout", shortly);
		};
		// For the files that it writes.
		process.chdir(folder);
		t.after(() => process.chdir(at()));
		await check({ simulator, printed, start, hasty, t });
	});
