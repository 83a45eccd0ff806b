import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, isAnswered } from "./ask.mjs";
import { askBatch, outcomes } from "./batch.mjs";

/**
 * A simulator whose second conversation is broken, and the error code or the status of requests to it.
 *
 * @param {boolean | import("../../pkg-template/simulator.js").BrokenConversation} [broken]
 */
function breakOne(broken) {
	const simulator = createGraphSimulator();
	const [whole, { id }] = simulator.conversations();
	simulator.breakConversation(id, broken);
	const outcome = async (/** @type {string} */ path) => {
		const { status, body } = await ask(simulator, path);
		return body.error?.code ?? status;
	};
	return {
		simulator,
		id,
		whole,
		/** @param {string} fields */
		page: (fields) => outcome(`/me/conversations?fields=${fields}`),
		/** @param {string} fields */
		single: (fields) => outcome(`/${id}?fields=${fields}`),
		outcome,
	};
}

test("a broken conversation fails any page that expands it, and nothing else", async () => {
	const { simulator, id, whole, page, single, outcome } = breakOne();
	assert.equal(await page("id,snippet"), 1);
	assert.equal(await page("id,updated_time"), 200);
	assert.equal(await outcome("/me/conversations"), 200);
	assert.equal(
		await outcome("/me/conversations?fields=id,snippet&limit=1"),
		200,
	);
	assert.equal(await single("snippet"), 1);
	assert.equal(await outcome(`/${id}/messages`), 1);
	assert.equal(await outcome(`/${whole.id}?fields=snippet`), 200);
	simulator.breakConversation(id, false);
	assert.equal(await page("id,snippet"), 200);
});

for (const [title, broken, readable, unreadable] of /** @type {const} */ ([
	[
		"everything but messages",
		{ unreadable: ["messages"] },
		["id,updated_time,participants,snippet", "unread_count"],
		["messages", "id,messages.limit(1){id}"],
	],
	[
		"id, updated_time and participants",
		{ readable: ["id", "updated_time", "participants"] },
		["id,updated_time", "participants{id}", "updated_time"],
		["snippet", "id,messages.limit(1)", "participants,can_reply"],
	],
	["id alone", { readable: ["id"] }, ["id"], ["updated_time", "id,snippet"]],
	["nothing", { readable: [] }, [], ["id", "updated_time", "messages"]],
])) {
	test(`a conversation can be readable in part: ${title}`, async () => {
		const { page, single } = breakOne(broken);
		for (const ask of [page, single]) {
			for (const fields of readable)
				assert.equal(await ask(fields), 200, fields);
			for (const fields of unreadable)
				assert.equal(await ask(fields), 1, fields);
		}
	});
}

test("without fields, the default ones count", async () => {
	const { outcome, id } = breakOne({ readable: ["id"] });
	assert.equal(await outcome("/me/conversations"), 1);
	assert.equal(await outcome(`/${id}`), 1);
});

test("a heavy conversation can be read with few messages", async () => {
	const { page, single, outcome, id, simulator } = breakOne({
		mostMessages: 10,
	});
	for (const ask of [page, single]) {
		assert.equal(await ask("messages.limit(10){id}"), 200);
		assert.equal(await ask("messages.limit(11){id}"), 1);
		assert.equal(await ask("messages"), 1);
		assert.equal(await ask("id,snippet"), 200);
	}
	assert.equal(await outcome(`/${id}/messages?limit=10`), 200);
	assert.equal(await outcome(`/${id}/messages`), 1);
	const { body } = await ask(simulator, `/${id}?fields=messages.limit(50)`);
	assert.deepEqual(Object.keys(body.error), ["code", "message"]);
});

test("a heavy conversation can have fields that cannot be read", async () => {
	const { page } = breakOne({ mostMessages: 3, unreadable: ["snippet"] });
	assert.equal(await page("id,messages.limit(3)"), 200);
	assert.equal(await page("id,messages.limit(4)"), 1);
	assert.equal(await page("id,snippet"), 1);
});

test("a broken conversation fails as it is told to", async () => {
	const timing = breakOne({ readable: ["id"], fault: "instagramTimeout" });
	assert.equal(await timing.page("updated_time"), -2);
	assert.equal(await timing.page("id"), 200);
	const late = breakOne({
		mostMessages: 1,
		fault: { name: "unknown1", delayMs: 40 },
	});
	const started = performance.now();
	assert.equal(await late.page("messages.limit(2)"), 1);
	assert.ok(performance.now() - started >= 39);
});

test("a broken conversation can leave its page and its single read unanswered", async () => {
	const { simulator, id, whole, outcome } = breakOne({
		readable: [],
		fault: "hang",
	});
	const page = "/me/conversations?fields=id&limit=2";
	for (const path of [page, `/${id}?fields=id`])
		assert.equal(await isAnswered(simulator, path), false);
	assert.equal(await outcome("/me/conversations?limit=1"), 200);
	const { entries } = await askBatch(simulator, [
		`${id}?fields=id`,
		`${whole.id}?fields=id`,
	]);
	assert.deepEqual(outcomes(entries), [null, 200]);
});

test("a field or fault that does not exist is refused at once", () => {
	for (const broken of /** @type {any[]} */ ([
		{ readable: ["id", "message"] },
		{ unreadable: ["constructor"] },
		{ fault: "hnag" },
		{ mostMessages: -1 },
	]))
		assert.throws(() => breakOne(broken), TypeError, JSON.stringify(broken));
});
