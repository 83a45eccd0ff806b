// The conversation with one person: what is sent for it, what comes back, and what is refused.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { failureOf, personOf, reasonOf, startGraph } from "./graph.mjs";

const graph = await startGraph({ conversations: 30 });
const { simulator, inbox, watched, breakAt } = graph;
const all = () => simulator.conversations();
/** @param {number} place in the list */
const personAt = (place) => personOf(all()[place], simulator);
afterEach(graph.restore);

/** What the last request asked for. */
const lastQuery = () =>
	Object.fromEntries(simulator.requests.at(-1)?.query ?? []);

describe("getConversation", () => {
	it("returns the conversation with a person in one request", async () => {
		for (const place of [0, 11, 29]) {
			simulator.reset();
			const { id, updated_time } = all()[place];
			const found = await inbox().getConversation(personAt(place));
			assert.deepEqual(found, { id, updated_time });
			assert.equal(simulator.requests.length, 1);
			const [{ path }] = simulator.requests;
			assert.equal(path, `/v25.0/${simulator.pageId}/conversations`);
			assert.deepEqual(lastQuery(), { user_id: personAt(place) });
		}
	});

	it("returns null where Graph lists no conversation with the person", async () => {
		assert.equal(await inbox().getConversation("123"), null);
		assert.equal(simulator.requests.length, 1);
	});

	it("returns null where Graph answers with no data and no paging", async () => {
		simulator.failNext({ body: { data: [] } });
		assert.equal(await inbox().getConversation("123"), null);
	});

	it("sends the folder, the platform and the fields", async () => {
		const folder = "page_done";
		const [done] = simulator.conversations({ folder });
		const userId = personOf(done, simulator);
		const found = await inbox().getConversation(userId, {
			folder,
			platform: "messenger",
			fields: ["snippet", "unread_count"],
		});
		assert.equal(found?.id, done.id);
		assert.equal(found?.snippet, done.snippet);
		assert.deepEqual(lastQuery(), {
			user_id: userId,
			folder,
			platform: "MESSENGER",
			fields: "id,snippet,unread_count",
		});
	});

	it("returns the messages that were asked for, newest first", async () => {
		const found = await inbox().getConversation(personAt(0), {
			fields: [
				{
					messages: { limit: 20, fields: ["from", "message", "created_time"] },
				},
			],
		});
		const fields = "messages.limit(20){from,message,created_time}";
		assert.equal(lastQuery().fields, `id,${fields}`);
		const [{ messages }] = simulator.conversations({ fields });
		assert.deepEqual(found?.messages?.data, messages?.data);
		assert.ok(messages?.data.length);
	});

	it("reads Instagram conversations", async () => {
		const platform = "instagram";
		const [, second] = simulator.conversations({ platform });
		const userId = personOf(second, simulator);
		const found = await inbox().getConversation(userId, { platform });
		assert.equal(found?.id, second.id);
		assert.deepEqual(lastQuery(), { user_id: userId, platform: "INSTAGRAM" });
		// Messenger knows nobody of this ID.
		assert.equal(await inbox().getConversation(userId), null);
	});

	it("encodes the ID, so that it cannot become another parameter", async () => {
		const userId = "1&limit=5#/../?y={}";
		assert.equal(await inbox().getConversation(userId), null);
		assert.deepEqual(lastQuery(), { user_id: userId });
	});

	it("retries as every call does, and rejects with Graph's error", async () => {
		simulator.failNext("transient");
		assert.ok(await inbox().getConversation(personAt(0)));
		assert.equal(simulator.requests.length, 2);
		simulator.failNext("expiredToken");
		const error = await failureOf(inbox().getConversation(personAt(0)));
		assert.deepEqual(
			[error.name, error.kind, error.code, error.attempts],
			["GraphError", "authentication", 190, 1],
		);
		simulator.failNext("transient");
		const once = { maxRetries: 0 };
		const failure = await failureOf(inbox().getConversation("1", once));
		assert.deepEqual([failure.kind, failure.attempts], ["transient", 1]);
	});

	it("rejects with the reason of its signal", async () => {
		const aborted = { signal: AbortSignal.abort("enough") };
		const early = inbox().getConversation("1", aborted);
		assert.equal(await reasonOf(early), "enough");
		assert.equal(simulator.requests.length, 0);

		simulator.failNext("hang");
		const controller = new AbortController();
		const { signal } = controller;
		const pending = reasonOf(inbox().getConversation("1", { signal }));
		while (simulator.requests.length === 0) await setTimeout(5);
		controller.abort(null);
		assert.equal(await pending, null);
		assert.equal(simulator.requests.length, 1);
	});
});

describe("getConversation of a conversation that is too heavy", () => {
	const fields = /** @type {const} */ ([
		"updated_time",
		"snippet",
		{ messages: { limit: 16, fields: ["id"] } },
	]);

	it("asks for fewer messages, and never for a smaller page", async () => {
		breakAt(4, { mostMessages: 5 });
		const { inbox, told, nestedLimits } = watched({ maxRetries: 0 });
		const found = await inbox.getConversation(personAt(4), { fields });
		assert.equal(found?.id, all()[4].id);
		assert.equal(found?.snippet, all()[4].snippet);
		assert.ok(found?.messages?.data.length);
		assert.deepEqual(
			simulator.requests.map(({ query }) => query.get("fields")),
			[16, 8, 4].map(
				(limit) => `id,updated_time,snippet,messages.limit(${limit}){id}`,
			),
		);
		assert.deepEqual(nestedLimits().slice(0, 2), [
			["messages", 16, 8],
			["messages", 8, 4],
		]);
		assert.deepEqual(told("page_size"), []);
		for (const { query } of simulator.requests)
			assert.ok(!query.has("limit"), `${query}`);
	});

	it("names the fields that cannot be read, and emits an event", async () => {
		const id = breakAt(4, { unreadable: ["messages"] });
		const { inbox, told } = watched({ maxRetries: 0 });
		const found = await inbox.getConversation(personAt(4), { fields });
		const { updated_time, snippet } = all()[4];
		const unreadable = ["messages"];
		assert.deepEqual(found, { id, updated_time, snippet, unreadable });
		assert.deepEqual(told("unreadable"), [
			{ type: "unreadable", conversationId: id, fields: unreadable },
		]);
	});

	it("rejects where Graph cannot return even its ID", async () => {
		breakAt(4, { readable: [] });
		const error = await failureOf(
			inbox({ maxRetries: 0 }).getConversation(personAt(4), { fields }),
		);
		assert.deepEqual(
			[error.kind, error.code, error.attempts],
			["transient", 1, simulator.requests.length],
		);
	});
});

describe("getConversation refuses before any request", () => {
	/**
	 * @param {unknown} userId
	 * @param {unknown} params
	 * @param {string} option
	 */
	async function assertRefused(userId, params, option) {
		const { requests } = simulator;
		const sent = requests.length;
		const call = /** @type {any} */ (inbox()).getConversation(userId, params);
		const error = await failureOf(call);
		assert.deepEqual(
			[error.kind, error.option, error.retryable, error.attempts],
			["invalid_option", option, false, undefined],
			error.message,
		);
		assert.ok(error.message.startsWith(`${option}: `), error.message);
		assert.equal(requests.length, sent);
	}

	for (const userId of [null, "", " ", "1 2", "1\n", 4711, 47n, {}, ["1"]])
		it(`the userId ${typeof userId === "bigint" ? "47n" : JSON.stringify(userId)}`, () =>
			assertRefused(userId, undefined, "userId"));

	it("a missing userId", async () => {
		await assertRefused(undefined, undefined, "userId");
		await assertRefused(undefined, { fields: ["snippet"] }, "userId");
	});

	/** @type {[string, unknown][]} */
	const wrong = [
		["folder", "in box"],
		["folder", null],
		["platform", "telegram"],
		["fields", "id"],
		["fields", [""]],
		["signal", {}],
		["timeoutMs", 0],
		["totalTimeoutMs", "1"],
		["maxRetries", -1],
		// Of other calls.
		["limit", 1],
		["after", "x"],
		["before", "x"],
		["maxItems", 1],
		["updatedSince", 0],
		["catchUp", true],
		["withOwner", true],
		["checkpoint", "1"],
		["pageId", "1"],
		["user_id", "1"],
	];
	for (const [option, value] of wrong)
		it(`${option}: ${JSON.stringify(value)}`, () =>
			assertRefused("1", { [option]: value }, option));

	it("parameters that are no object", async () => {
		for (const params of [null, 7, true, "folder", [], () => {}])
			await assertRefused("1", params, "params");
	});

	it("a userId among the parameters", () =>
		assertRefused("1", { userId: "2" }, "userId"));

	it("nothing that is undefined", async () => {
		const params = { folder: undefined, fields: undefined, limit: undefined };
		assert.ok(await inbox().getConversation(personAt(0), params));
	});
});

it("getConversation passes on what a getter of its parameters throws", async () => {
	const reason = new RangeError("mine");
	const params = {
		get fields() {
			throw reason;
		},
	};
	const call = inbox().getConversation("1", /** @type {any} */ (params));
	assert.equal(await reasonOf(call), reason);
});
