// The function that a schedule calls, call after call, with crashes between; Graph is a simulator on a loopback port.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { pollOnce } from "../../recipes/cron-poll.mjs";
import { personOf, prints } from "../package/graph.mjs";

const TOKEN = "EAATokenOfTheFunctionThatStaysInside";

/** @typedef {Parameters<typeof pollOnce>[0]} Options */

/** Time on Graph, in milliseconds; the local clock is an hour behind. */
let nowMs = Date.now() + 3_600_000;
/** @type {import("graph-inbox/simulator").GraphSimulator} */
let simulator;
/** @type {Map<string, string>} */
let stored;
/** What was delivered, by platform and ID. @type {string[]} */
let delivered;
/** @type {import("graph-inbox").Conversation[]} */
let whole;

beforeEach(() => {
	simulator = createGraphSimulator({
		accessToken: TOKEN,
		conversations: { messenger: 60, instagram: 5 },
		now: () => nowMs,
	});
	stored = new Map();
	delivered = [];
	whole = [];
});

/**
 * A call of the function, as a process of its own makes it.
 *
 * @param {Partial<Options>} [options]
 */
async function call(options) {
	nowMs += 60_000;
	const { pageId } = simulator;
	const inbox = createInbox({
		...{ pageId, accessToken: TOKEN, callsPerSecond: false, maxRetries: 0 },
		async fetch(url, init) {
			const answer = await simulator.fetch(url, init);
			answer.headers.set("date", new Date(nowMs).toUTCString());
			return answer;
		},
	});
	const outcomes = await pollOnce({
		inbox,
		store: {
			load: async (key) => stored.get(key) ?? null,
			save: async (key, checkpoint) => stored.set(key, checkpoint),
		},
		deliver(conversations, platform) {
			for (const { id } of conversations) delivered.push(`${platform} ${id}`);
			whole.push(...conversations);
		},
		timeoutMs: 5_000,
		platforms: ["messenger", "instagram"],
		...options,
	});
	assert.ok(!prints([outcomes, [...stored], whole]).includes(TOKEN));
	return outcomes;
}

const nothing = [
	{ platform: "messenger", delivered: 0 },
	{ platform: "instagram", delivered: 0 },
];

describe("cron-poll", () => {
	it("delivers nothing at first, and then what changed, oldest first", async () => {
		assert.deepEqual(await call(), nothing);
		assert.deepEqual(await call(), nothing);
		const [, , third] = simulator.conversations();
		const messages = [
			{ conversationId: third.id },
			{ platform: /** @type {const} */ ("instagram") },
			{},
		];
		const changed = messages.map((message) => {
			nowMs += 1_000;
			return simulator.receiveMessage(message).id;
		});
		assert.deepEqual(await call(), [
			{ platform: "messenger", delivered: 2 },
			{ platform: "instagram", delivered: 1 },
		]);
		assert.deepEqual(delivered.toSorted(), [
			`instagram ${changed[1]}`,
			...[`messenger ${changed[0]}`, `messenger ${changed[2]}`].toSorted(),
		]);
		const messenger = delivered.filter((each) => each.startsWith("messenger"));
		assert.equal(messenger[0], `messenger ${changed[0]}`);
		assert.deepEqual(await call(), nothing);
	});

	it("asks once for each platform where nothing changed", async () => {
		await call();
		const before = simulator.requests.length;
		await call();
		assert.equal(simulator.requests.length - before, 2);
	});

	it("joins owners, and reads the fields that are asked for", async () => {
		await call();
		const changed = simulator.receiveMessage({ text: "Where is it?" });
		simulator.setOwner(personOf(changed, simulator), null);
		await call({ params: { fields: ["snippet"], withOwner: true } });
		const [{ snippet, ...rest }] = /** @type {any[]} */ (whole);
		assert.equal(snippet, "Where is it?");
		assert.equal(rest.thread_owner.owner.state, "idle");
	});

	it("delivers again what could not be delivered or stored", async () => {
		await call();
		const { id } = simulator.receiveMessage();
		const full = new Error("the database is full");
		const load = async (/** @type {string} */ key) => stored.get(key);
		for (const options of [
			{ deliver: () => Promise.reject(full) },
			{ store: { load, save: () => Promise.reject(full) } },
		]) {
			const [{ error }] = await call({ ...options, platforms: ["messenger"] });
			assert.equal(error, full);
		}
		await call();
		// The second of the two had delivered it.
		assert.deepEqual(delivered, [`messenger ${id}`, `messenger ${id}`]);
		assert.deepEqual(await call(), nothing);
	});

	it("catches up after an outage, on any number of pages", async () => {
		await call();
		const changed = Array.from({ length: 60 }, () => {
			nowMs += 1_000;
			return simulator.receiveMessage().id;
		});
		simulator.failWhen(/MESSENGER/, "html502", 1);
		const [failed, other] = await call();
		assert.equal(/** @type {any} */ (failed.error).kind, "transient");
		assert.deepEqual(other, nothing[1]);
		await call();
		assert.deepEqual(
			delivered,
			changed.map((id) => `messenger ${id}`),
		);
	});

	it("says when to come back after a rate limit", async () => {
		await call();
		simulator.failWhen(/MESSENGER/, "rateLimit80006");
		const [{ resumeAt }, other] = await call();
		const minutes = (Number(resumeAt) - Date.now()) / 60_000;
		assert.ok(minutes > 4.9 && minutes <= 5, `${minutes}`);
		assert.deepEqual(other, nothing[1]);
	});

	it("ends in time, and begins there again", async () => {
		await call();
		const { id } = simulator.receiveMessage();
		const lift = simulator.failWhen(/MESSENGER/, "hang");
		const [{ error }] = await call({ timeoutMs: 100 });
		assert.equal(/** @type {any} */ (error).name, "TimeoutError");
		lift();
		await call();
		assert.deepEqual(delivered, [`messenger ${id}`]);
	});

	it("refuses a checkpoint of another platform", async () => {
		await call();
		const [messenger, instagram] = ["messenger", "instagram"].map((key) =>
			String(stored.get(key)),
		);
		stored.set("messenger", instagram).set("instagram", messenger);
		for (const { error } of await call())
			assert.equal(/** @type {any} */ (error).option, "checkpoint");
	});
});
