import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids, isAnswered, personOf } from "./ask.mjs";
import { askBatch, outcomes } from "./batch.mjs";

/** @typedef {import("../../pkg-template/simulator.js").GraphSimulator} GraphSimulator */

/**
 * The error code of a list, or `undefined` where it is answered.
 *
 * @param {GraphSimulator} simulator
 * @param {string} query
 */
const codeOf = async (simulator, query) =>
	(await ask(simulator, `/me/conversations?${query}`)).body.error?.code;

test("a list with user_id counts as one conversation for dataLimit", async () => {
	const simulator = createGraphSimulator();
	const { id } = personOf(simulator.conversations()[0]);
	const find = `user_id=${id}&fields=messages.limit`;
	assert.equal(await codeOf(simulator, `${find}(50)`), undefined);
	assert.equal(await codeOf(simulator, `${find}(999)`), undefined);
	assert.equal(await codeOf(simulator, `${find}(1000)`), 1);
});

test("answerLimit counts conversations and the messages that they really have", async () => {
	const simulator = createGraphSimulator({ answerLimit: 40 });
	const sizes = simulator
		.conversations({ fields: "message_count" })
		.map(({ message_count = 0 }) => message_count);
	/** @param {number} conversations @param {number} messages */
	const nodes = (conversations, messages) =>
		sizes
			.slice(0, conversations)
			.reduce((sum, size) => sum + 1 + Math.min(messages, size), 0);
	for (const messages of [1, 5, 20]) {
		let most = 0;
		while (nodes(most + 1, messages) <= 40) most += 1;
		const query = `fields=messages.limit(${messages})&limit=`;
		assert.equal(await codeOf(simulator, `${query}${most}`), undefined);
		assert.equal(await codeOf(simulator, `${query}${most + 1}`), 1);
	}
	assert.equal(await codeOf(simulator, "limit=40"), undefined);
	assert.equal(await codeOf(simulator, "limit=41"), 1);
});

test("answerLimit holds for a single conversation and its messages too", async () => {
	const simulator = createGraphSimulator({ answerLimit: 10 });
	const long =
		simulator.conversations().find((one) => (one.message_count ?? 0) > 12) ??
		assert.fail("no long conversation");
	const status = async (/** @type {string} */ path) =>
		(await ask(simulator, path)).status;
	assert.equal(await status(`/${long.id}?fields=messages.limit(9)`), 200);
	assert.equal(await status(`/${long.id}?fields=messages.limit(10)`), 500);
	assert.equal(await status(`/${long.id}/messages?limit=10`), 200);
	assert.equal(await status(`/${long.id}/messages?limit=11`), 500);
	const find = `/me/conversations?user_id=${personOf(long).id}&fields=messages.limit`;
	assert.equal(await status(`${find}(9)`), 200);
	assert.equal(await status(`${find}(10)`), 500);
});

test("pageLimit answers larger pages with code 1, and one conversation at any limit", async () => {
	const simulator = createGraphSimulator({ pageLimit: 1 });
	assert.equal(await codeOf(simulator, "limit=1&fields=messages"), undefined);
	assert.equal(await codeOf(simulator, "limit=2&fields=id"), 1);
	assert.equal(await codeOf(simulator, "platform=INSTAGRAM"), 1);
	const { id } = personOf(simulator.conversations()[0]);
	assert.equal(await codeOf(simulator, `user_id=${id}`), undefined);
});

test("pageLimit answers larger pages with the fault it is given", async () => {
	const refusing = createGraphSimulator({
		pageLimit: { limit: 1, fault: "instagramTimeout" },
	});
	assert.equal(await codeOf(refusing, "limit=1"), undefined);
	assert.equal(await codeOf(refusing, "limit=2"), -2);
	const hanging = createGraphSimulator({
		pageLimit: { limit: 10, fault: "hang" },
	});
	assert.equal(await isAnswered(hanging, "/me/conversations?limit=10"), true);
	assert.equal(await isAnswered(hanging, "/me/conversations?limit=50"), false);
	assert.equal(await isAnswered(hanging, "/me/conversations"), false);
});

test("a fault by size can be a change to the good answer", async () => {
	const simulator = createGraphSimulator({
		pageLimit: { limit: 3, fault: { delayMs: 40 } },
	});
	const started = performance.now();
	const { body } = await ask(simulator, "/me/conversations?limit=4");
	assert.ok(performance.now() - started >= 39);
	assert.deepEqual(ids(body.data), ids(simulator.conversations().slice(0, 4)));
});

test("failNext goes before a fault by size", async () => {
	const simulator = createGraphSimulator({
		pageLimit: { limit: 1, fault: "hang" },
	});
	simulator.failNext("transient");
	assert.equal(await codeOf(simulator, "limit=2"), 2);
});

test("instagramTimeout answers large Instagram lists with code -2, after a delay", async () => {
	const simulator = createGraphSimulator({
		instagramTimeout: { dataLimit: 6, delayMs: 40 },
	});
	const on = "platform=INSTAGRAM";
	assert.equal(await codeOf(simulator, `${on}&limit=6`), undefined);
	assert.equal(
		await codeOf(simulator, `${on}&limit=1&fields=messages.limit(5)`),
		undefined,
	);
	assert.equal(
		await codeOf(simulator, `${on}&limit=1&fields=messages.limit(6)`),
		-2,
	);
	const started = performance.now();
	assert.equal(await codeOf(simulator, `${on}&limit=7`), -2);
	assert.ok(performance.now() - started >= 39);
	assert.equal(await codeOf(simulator, "limit=60"), undefined);
});

test("instagramTimeout with dataLimit 0 answers no Instagram list, and single reads", async () => {
	const simulator = createGraphSimulator({
		instagramTimeout: { dataLimit: 0 },
	});
	const [first] = simulator.conversations({ platform: "INSTAGRAM" });
	const list = "platform=INSTAGRAM&limit=1&fields=id";
	assert.equal(await codeOf(simulator, list), -2);
	const find = `${list}&user_id=${personOf(first).id}`;
	assert.equal(await codeOf(simulator, find), -2);
	assert.equal((await ask(simulator, `/${first.id}?fields=id`)).status, 200);
});

test("an item of a batch that would not be answered is null", async () => {
	const simulator = createGraphSimulator({
		pageLimit: { limit: 10, fault: "hang" },
		instagramTimeout: { dataLimit: 5, delayMs: 60_000 },
	});
	const { entries } = await askBatch(simulator, [
		"me/conversations?limit=11",
		"me/conversations?limit=10",
		"me/conversations?limit=6&platform=INSTAGRAM",
	]);
	assert.deepEqual(outcomes(entries), [null, 200, "400 -2"]);
});

test("limits and faults that make no sense are refused at once", () => {
	for (const options of /** @type {any[]} */ ([
		{ pageLimit: -1 },
		{ pageLimit: { limit: 1, fault: "hnag" } },
		{ answerLimit: 1.5 },
		{ instagramTimeout: {} },
		{ instagramTimeout: { dataLimit: -1 } },
		{ host: "threads" },
	]))
		assert.throws(
			() => createGraphSimulator(options),
			TypeError,
			JSON.stringify(options),
		);
});
