// live-server in Node and live-browser in Chromium: pushes, restarts, crashes, and who may follow. Graph is a simulator on a loopback port.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { fileStore, startLive } from "../../recipes/live-server.mjs";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { ids, personOf } from "../package/graph.mjs";
import { bundle, listen, openTab } from "./chromium.mjs";

const TOKEN = "EAATokenThatStaysOnTheServer";
const KEY = "of-somebody-who-is-signed-in";
const headers = { cookie: `key=${KEY}` };

/** Time that passed on Graph at once, in milliseconds. */
let passedMs = 0;
/** Lets so much time pass that no second is open any more, in which a conversation could come twice. */
const closeSeconds = () => {
	passedMs += 60_000;
};

const now = () => Date.now() + passedMs;
const simulator = createGraphSimulator({
	accessToken: TOKEN,
	conversations: { messenger: 5, instagram: 0 },
	now,
});
const graph = await serveGraph({
	async fetch(...request) {
		const answer = await simulator.fetch(...request);
		// By the same clock as its conversations, as on Graph.
		answer.headers.set("date", new Date(now()).toUTCString());
		return answer;
	},
});
after(() => graph.close());
const inbox = createInbox({
	pageId: simulator.pageId,
	accessToken: TOKEN,
	baseUrl: graph.url,
	callsPerSecond: false,
	maxRetries: 0,
});

const folder = mkdtempSync(join(tmpdir(), "live-"));
after(() => rmSync(folder, { recursive: true }));
const path = join(folder, "checkpoint");

/** @typedef {Awaited<ReturnType<typeof startLive>>} Live */
/** @typedef {Parameters<typeof startLive>[0]} Options */

/** The process that answers, if one is there. @type {Live | undefined} */
let live;
/** @type {(() => Promise<unknown>)[]} */
const ends = [];

const script = await bundle(`
	import { followInbox } from "../../recipes/live-browser.mjs";
	globalThis.told = [];
	globalThis.leave = followInbox({
		url: "/live",
		onChanges: (conversations) => told.push(conversations),
		onReset: () => told.push("reset"),
		pauseMs: 100,
	});
`);
const server = createServer((request, response) => {
	if (request.url === "/live") {
		// As a proxy answers while nothing is behind it.
		if (!live) response.writeHead(502).end();
		else live.handle(request, response).catch(() => response.destroy());
	} else if (request.url === "/script.js")
		response.writeHead(200, { "content-type": "text/javascript" }).end(script);
	else
		response
			.writeHead(200, {
				"content-type": "text/html",
				"set-cookie": headers.cookie,
			})
			.end(
				'<link rel="icon" href="data:,"><script type="module" src="/script.js"></script>',
			);
});
const origin = await listen(server);
const { page } = await openTab();
page.setDefaultTimeout(10_000);

beforeEach(() => {
	closeSeconds();
	simulator.reset();
	rmSync(path, { force: true });
});

afterEach(async () => {
	await page.goto("about:blank");
	for (const end of ends.splice(0)) await end();
});

/**
 * Starts a process. What it would print at its end is what `end` resolves with.
 *
 * @param {Partial<Options>} [options]
 */
async function start(options) {
	const ending = new AbortController();
	const own = await startLive({
		inbox,
		store: fileStore(path),
		isAllowed: ({ headers }) => String(headers.cookie).includes(KEY),
		signal: ending.signal,
		params: { fields: ["updated_time", "snippet"], intervalMs: 1_000 },
		...options,
	});
	live = own;
	/** @type {unknown} */
	let failure;
	const done = own.run().catch((error) => {
		failure = error;
	});
	const end = async () => {
		if (live === own) live = undefined;
		ending.abort();
		await done;
		return failure;
	};
	ends.push(end);
	return { end, done };
}

/** Opens the page and waits until its stream is there. */
async function open() {
	await page.goto(origin);
	await toldAre(1);
}

/** @param {number} count of calls back */
async function toldAre(count) {
	await page.waitForFunction(`told.length >= ${count}`);
	return /** @type {Promise<any[]>} */ (page.evaluate("told"));
}

const stored = () => readFileSync(path, "utf8");

describe("live-server and live-browser", () => {
	it("push what changes, with its owner", async () => {
		await start();
		await open();
		const before = stored();
		const changed = simulator.receiveMessage({ text: "first\n\nevent: reset" });
		simulator.setOwner(personOf(changed, simulator), null);
		const told = await toldAre(2);
		assert.equal(told[0], "reset");
		assert.deepEqual(ids(told[1]), [changed.id]);
		assert.equal(told[1][0].snippet, changed.snippet);
		assert.equal(told[1][0].thread_owner.owner.state, "idle");
		while (stored() === before) await page.waitForTimeout(10);
		assert.ok(!JSON.stringify(told).includes(TOKEN));
	});

	it("ask Graph once a look, for however many browsers", async () => {
		await start();
		await open();
		const other = await fetch(`${origin}/live`, { headers });
		const before = simulator.requests.length;
		await page.waitForTimeout(2_500);
		const looks = simulator.requests.length - before;
		assert.ok(looks <= 3, `${looks}`);
		await other.body?.cancel();
	});

	it("lose nothing in a restart, and push nothing twice that was stored", async () => {
		const first = await start();
		await open();
		const before = simulator.receiveMessage();
		await toldAre(2);
		closeSeconds();
		// Once more, now that nothing can change in that second any more.
		await toldAre(3);
		await first.end();
		const { id } = simulator.receiveMessage();
		await page.waitForTimeout(300);
		await start();
		const told = await toldAre(4);
		assert.deepEqual(told.slice(1).map(ids), [[before.id], [before.id], [id]]);
	});

	it("push again what was pushed and could not be stored", async () => {
		let isFull = false;
		const store = fileStore(path);
		const save = (/** @type {string} */ checkpoint) => {
			if (isFull) throw new Error("the disk is full");
			return store.save(checkpoint);
		};
		const first = await start({ store: { ...store, save } });
		await open();
		isFull = true;
		const { id } = simulator.receiveMessage();
		assert.deepEqual(ids((await toldAre(2))[1]), [id]);
		assert.match(String(await first.end()), /the disk is full/);
		const before = stored();
		isFull = false;
		await start();
		// Who follows now gets it from the next process.
		const { body } = await fetch(`${origin}/live`, { headers });
		const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
		let text = "";
		while (!text.includes(id)) text += (await reader?.read())?.value;
		await reader?.cancel();
		// Stored after the push.
		while (stored() === before) await page.waitForTimeout(10);
		const other = simulator.receiveMessage();
		await page.waitForFunction(
			(id) => JSON.stringify(Reflect.get(globalThis, "told")).includes(id),
			other.id,
		);
	});

	it("give a browser that was away what it missed", async () => {
		await start();
		await open();
		const { id } = simulator.receiveMessage();
		await toldAre(2);
		server.closeAllConnections();
		const other = simulator.receiveMessage();
		const told = await toldAre(3);
		assert.deepEqual(
			[
				...new Set(
					told
						.slice(1)
						.flat()
						.map((each) => each.id),
				),
			],
			[id, other.id],
		);
		assert.equal(told.filter((each) => each === "reset").length, 1);
	});

	it("end with what waiting does not cure, and wait out the rest", async () => {
		const { done, end } = await start();
		await open();
		simulator.failNext("html502");
		const { id } = simulator.receiveMessage();
		assert.deepEqual(ids((await toldAre(2))[1]), [id]);
		simulator.failWhen(/./, "expiredToken");
		await done;
		assert.equal(/** @type {any} */ (await end()).kind, "authentication");
	});

	it("stop when the reader leaves", async () => {
		await start();
		await open();
		await page.evaluate("leave()");
		simulator.receiveMessage();
		await page.waitForTimeout(1_500);
		assert.equal((await toldAre(1)).length, 1);
	});

	it("are for those who may read the inbox", async () => {
		await start();
		const refused = await fetch(`${origin}/live`);
		assert.equal(refused.status, 401);
		assert.equal(await refused.text(), "");
	});

	it("refuse a checkpoint that is not theirs", async () => {
		writeFileSync(path, "something else");
		const { done, end } = await start();
		await done;
		assert.equal(/** @type {any} */ (await end()).option, "checkpoint");
	});
});
