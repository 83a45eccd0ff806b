// Lists that ask for more than Graph can deliver: what the client asks for instead, step by step, and what it says of it.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { ids, personOf, questions, readings, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 30, instagram: 12 },
});
const { simulator, watched, breakAt } = graph;
const all = () => simulator.conversations();
afterEach(graph.restore);

/** Code 1 for each list that asks for more conversations than this. @param {number} most */
const refuseAbove = (most) =>
	simulator.failWhen(
		({ query }) => Number(query.get("limit") ?? 25) > most,
		"reduceData",
	);

/** @param {unknown[]} list */
const count = (list) => list.length;

for (const [way, read] of Object.entries(readings)) {
	describe(`a list that is ${way}`, () => {
		it("halves the page size until Graph answers, and loses nothing", async () => {
			refuseAbove(6);
			const { inbox, told, sizes } = watched({ maxRetries: 0 });
			const found = await read(
				inbox.listConversations({ fields: ["snippet"], limit: 50 }),
			);
			assert.deepEqual(ids(found), ids(all()));
			for (const conversation of found)
				assert.deepEqual(Object.keys(conversation), ["id", "snippet"]);
			assert.deepEqual(questions(simulator).slice(0, 4), [
				"50 id,snippet",
				"25 id,snippet",
				"12 id,snippet",
				"6 id,snippet",
			]);
			assert.deepEqual(sizes().slice(0, 3), [
				[50, 25],
				[25, 12],
				[12, 6],
			]);
			assert.deepEqual([told("retry"), told("unreadable")].map(count), [0, 0]);
		});

		it("then halves the limits of nested edges, and keeps all the rest", async () => {
			const heavy = breakAt(17, { mostMessages: 10 });
			const { inbox, told, nestedLimits } = watched({ maxRetries: 0 });
			const found = await read(
				inbox.listConversations({
					fields: ["updated_time", { messages: { limit: 50, fields: ["id"] } }],
					limit: 4,
				}),
			);
			assert.deepEqual(ids(found), ids(all()));
			for (const [place, { messages, ...rest }] of found.entries()) {
				const { id, updated_time, message_count = 0 } = all()[place];
				assert.deepEqual(rest, { id, updated_time });
				const least = Math.min(message_count, 6);
				assert.ok(messages.data.length >= least, `${messages.data.length}`);
				if (id === heavy) assert.equal(messages.data.length, least);
			}
			assert.deepEqual(nestedLimits().slice(0, 3), [
				["messages", 50, 25],
				["messages", 25, 12],
				["messages", 12, 6],
			]);
			assert.equal(told("unreadable").length, 0);
		});

		it("names what cannot be read, however little is asked for", async () => {
			const without = breakAt(3, { unreadable: ["messages"] });
			const idOnly = breakAt(20, { readable: ["id"] });
			const { inbox, told } = watched({ maxRetries: 0 });
			const found = await read(
				inbox.listConversations({
					fields: [{ messages: { limit: 3 } }, "snippet"],
					limit: 8,
				}),
			);
			assert.deepEqual(ids(found), ids(all()));
			for (const [place, conversation] of found.entries()) {
				const { id, snippet } = all()[place];
				if (id === idOnly)
					assert.deepEqual(conversation, {
						id,
						unreadable: ["messages", "snippet"],
					});
				else if (id === without)
					assert.deepEqual(conversation, {
						id,
						snippet,
						unreadable: ["messages"],
					});
				else {
					assert.deepEqual(Object.keys(conversation).sort(), [
						"id",
						"messages",
						"snippet",
					]);
					assert.equal(conversation.snippet, snippet);
				}
			}
			assert.deepEqual(
				told("unreadable").map(({ conversationId, fields }) => [
					conversationId,
					fields,
				]),
				[
					[without, ["messages"]],
					[idOnly, ["messages", "snippet"]],
				],
			);
		});
	});
}

describe("the questions become lighter", () => {
	const fields = /** @type {any} */ (["messages.limit(4){id}", "snippet"]);

	for (const maxRetries of [0, 1, 2])
		it(`down to the ID, and repeat one question only where retries are allowed: ${maxRetries}`, async () => {
			breakAt(0, { readable: ["id"] });
			const { inbox } = watched({ maxRetries });
			const { meta } = await inbox.listConversations({ fields, limit: 2 });
			const lightest = "1 id,messages.limit(1){id},snippet";
			assert.deepEqual(questions(simulator), [
				"2 id,messages.limit(4){id},snippet",
				"1 id,messages.limit(4){id},snippet",
				"1 id,messages.limit(2){id},snippet",
				lightest,
				...(maxRetries > 0 ? [lightest] : []),
				"1 id,snippet",
				"1 id,updated_time",
				"1 id",
			]);
			assert.equal(meta.attempts, simulator.requests.length);
		});

	/** Fields as they are given, as they are sent first, and as they are sent with the next limits. @type {[any[], string, string][]} */
	const writings = [
		[["messages"], "messages", "messages.limit(12)"],
		[[{ messages: {} }], "messages", "messages.limit(12)"],
		[
			[{ messages: { fields: ["id", "from"] } }],
			"messages{id,from}",
			"messages.limit(12){id,from}",
		],
		[
			[{ messages: { limit: 9, fields: ["id"] } }],
			"messages.limit(9){id}",
			"messages.limit(4){id}",
		],
		[
			["messages.limit(5){id,message}"],
			"messages.limit(5){id,message}",
			"messages.limit(2){id,message}",
		],
		[
			[{ messages: { limit: 6, fields: [{ attachments: { limit: 4 } }] } }],
			"messages.limit(6){attachments.limit(4)}",
			"messages.limit(3){attachments.limit(2)}",
		],
		[
			[{ messages: { limit: 2 } }, { participants: { limit: 8 } }],
			"messages.limit(2),participants.limit(8)",
			"messages.limit(1),participants.limit(4)",
		],
	];
	for (const [given, first, lighter] of writings)
		it(`by the limits of ${JSON.stringify(given)}`, async () => {
			simulator.failNext("reduceData");
			await graph.inbox().listConversations({ fields: given, limit: 1 });
			assert.deepEqual(questions(simulator), [
				`1 id,${first}`,
				`1 id,${lighter}`,
			]);
		});

	it("by the limits of nested edges alone where the list is of one person", async () => {
		const userId = personOf(all()[5], simulator);
		breakAt(5, { mostMessages: 1 });
		const { inbox, sizes } = watched({ maxRetries: 0 });
		const { data } = await inbox.listConversations({ userId, fields });
		assert.deepEqual(questions(simulator), [
			"- id,messages.limit(4){id},snippet",
			"- id,messages.limit(2){id},snippet",
			"- id,messages.limit(1){id},snippet",
		]);
		assert.equal(data[0].snippet, all()[5].snippet);
		assert.deepEqual(sizes(), []);
	});

	it("without the choice of fields having been made: only the time can be missing", async () => {
		const id = breakAt(0, { readable: ["id"] });
		const [first] = await graph
			.inbox({ maxRetries: 0 })
			.listConversations({ limit: 1, maxItems: 1 })
			.toArray();
		assert.deepEqual(first, { id, unreadable: ["updated_time"] });
		assert.deepEqual(questions(simulator), [
			"1 -",
			"1 id,updated_time",
			"1 id",
		]);
	});

	it("once for one passing fault, which costs no fields", async () => {
		simulator.failNext("unknown1");
		const { data, meta } = await graph
			.inbox()
			.listConversations({ fields: ["snippet"], limit: 1 });
		assert.deepEqual(Object.keys(data[0]), ["id", "snippet"]);
		assert.equal(meta.attempts, 2);
	});

	it("for no other fault, which is retried as it is", async () => {
		for (const fault of /** @type {const} */ ([
			"transient",
			"html502",
			"connectionReset",
			"truncated",
			"rateLimit613",
		])) {
			simulator.reset();
			simulator.failNext(fault);
			const { inbox, sizes } = watched();
			await inbox.listConversations({ fields, limit: 4 });
			const question = "4 id,messages.limit(4){id},snippet";
			assert.deepEqual(questions(simulator), [question, question], fault);
			assert.deepEqual(sizes(), []);
		}
	});

	it("for each of several readers of one list, without costing any of them fields", async () => {
		const list = graph
			.inbox({ maxRetries: 0 })
			.listConversations({ fields: ["snippet"], limit: 2 });
		const page = await list;
		refuseAbove(1);
		const next = await Promise.all([page.nextPage(), page.nextPage()]);
		for (const one of next)
			for (const conversation of one?.data ?? [])
				assert.deepEqual(Object.keys(conversation), ["id", "snippet"]);
	});
});

describe("a page size and nested limits that were lowered", () => {
	it("are raised again, the size step by step and never above what was asked for", async () => {
		// 16, 8, 4, 2, 1, and then 8, 4, 2 messages.
		simulator.failNext("reduceData", 7);
		const { inbox, sizes, nestedLimits } = watched();
		const found = await inbox
			.listConversations({ fields: [{ messages: { limit: 8 } }], limit: 16 })
			.toArray();
		assert.deepEqual(ids(found), ids(all()));
		assert.deepEqual(nestedLimits(), [
			["messages", 8, 4],
			["messages", 4, 2],
			["messages", 2, 1],
			["messages", 1, 8],
		]);
		const raised = sizes().slice(4);
		assert.deepEqual(raised.slice(0, 3), [
			[1, 2],
			[2, 4],
			[4, 8],
		]);
		assert.ok(
			raised.every(([, to]) => to <= 16),
			`${raised}`,
		);
	});

	it("cost no conversation messages because another one has too many", async () => {
		breakAt(3, { mostMessages: 2 });
		const found = await graph
			.inbox()
			.listConversations({ fields: [{ messages: { limit: 20 } }] })
			.toArray();
		for (const [place, { messages }] of found.entries()) {
			const { message_count = 0 } = all()[place];
			const most = place === 3 ? 2 : Math.min(message_count, 20);
			assert.equal(messages?.data.length, most, `number ${place}`);
		}
	});

	it("cost no page more requests than the halvings of both and four", async () => {
		for (const place of [0, 7, 8, 22, 29]) breakAt(place, { readable: ["id"] });
		breakAt(15, { unreadable: ["messages"] });
		breakAt(16, { mostMessages: 1 });
		for (const [limit, nested] of [
			[16, 16],
			[7, 3],
			[1, 1],
			[30, 25],
		]) {
			simulator.requests.length = 0;
			const found = await graph
				.inbox()
				.listConversations({
					fields: [{ messages: { limit: nested } }, "snippet"],
					limit,
				})
				.toArray();
			assert.deepEqual(ids(found), ids(all()));
			/** @type {Map<string | null, number>} */
			const perPage = new Map();
			for (const { query } of simulator.requests) {
				const after = query.get("after");
				perPage.set(after, (perPage.get(after) ?? 0) + 1);
			}
			const most = 1 + Math.log2(limit) + Math.log2(nested) + 4;
			for (const requests of perPage.values())
				assert.ok(requests <= most, `${requests} > ${most}`);
		}
	});
});
