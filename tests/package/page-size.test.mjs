// The page size that the client chooses by itself, where a list is iterated and nobody gave a `limit`.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { failureOf, ids, questions, readings, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 1_000, instagram: 0 },
});
const { simulator, inbox, watched } = graph;
const all = () => ids(simulator.conversations());
afterEach(graph.restore);

/** The `limit` of every list request, in order; `-` where it was left to Graph. */
const limits = (graph = simulator) =>
	questions(graph).map((question) => question.split(" ")[0]);

const { "awaited and read on by nextPage()": readByHand, ...iterations } =
	readings;

for (const [way, read] of Object.entries(iterations))
	describe(`a list without limit that is ${way}`, () => {
		it("doubles the page size from Graph's 25 to 200", async () => {
			assert.deepEqual(ids(await read(inbox().listConversations())), all());
			// 25, 50, 100, 200, 200, 200, 200 and the rest.
			assert.deepEqual(limits(), ["-", "50", "100", ...Array(5).fill("200")]);
		});

		it("asks for at most 1,000 conversations and nested items a page", async () => {
			for (const [limit, largest] of [
				[4, 200],
				[5, 166],
				[9, 100],
				[24, 40],
			]) {
				simulator.reset();
				const fields = /** @type {any} */ ([
					{ messages: { limit, fields: ["id"] } },
				]);
				const found = await read(inbox().listConversations({ fields }));
				assert.deepEqual(ids(found), all());
				assert.equal(
					Math.max(...limits().slice(1).map(Number)),
					largest,
					`${limit} messages`,
				);
			}
		});

		it("takes a limit that is given for the most", async () => {
			const list = inbox().listConversations({ limit: 40 });
			assert.deepEqual(ids(await read(list)), all());
			assert.deepEqual([...new Set(limits())], ["40"]);
		});
	});

describe("the page size that is chosen", () => {
	it("reads 10,000 conversations in at most 70 requests", async () => {
		const large = await startGraph({
			conversations: { messenger: 10_000, instagram: 0 },
		});
		const found = await large.inbox().listConversations().toArray();
		assert.deepEqual(ids(found), ids(large.simulator.conversations()));
		const { length } = large.simulator.requests;
		assert.ok(length <= 70, `${length} requests`);
	});

	it("counts messages without a limit as 25, however they are written", async () => {
		for (const [field, largest] of /** @type {[any, number][]} */ ([
			["messages", 38],
			[{ messages: {} }, 38],
			[{ messages: { fields: ["id"] } }, 38],
			["messages.limit(3){id}", 200],
			[{ messages: { limit: 3, fields: [{ attachments: { limit: 9 } }] } }, 32],
		])) {
			simulator.reset();
			const list = inbox().listConversations({ fields: [field] });
			await list.toArray();
			const largestAsked = Math.max(...limits().slice(1).map(Number));
			assert.equal(largestAsked, largest, JSON.stringify(field));
		}
	});

	it("stays at Graph's own where that is more already", async () => {
		const fields = /** @type {any} */ ([{ messages: { limit: 50 } }]);
		await inbox().listConversations({ fields, maxItems: 60 }).toArray();
		// 25 × 51 is more than 1,000, which the simulator refuses.
		assert.deepEqual(limits().slice(0, 2), ["-", "12"]);
		assert.ok(
			limits()
				.slice(1)
				.every((limit) => Number(limit) <= 25),
		);
	});

	it("is Graph's own for pages that are awaited, whatever an iteration chose", async () => {
		assert.deepEqual(ids(await readByHand(inbox().listConversations())), all());
		assert.deepEqual([...new Set(limits())], ["-"]);
		assert.equal(simulator.requests.length, 40);

		simulator.reset();
		const list = inbox().listConversations();
		await list.toArray();
		const page = await list;
		simulator.requests.length = 0;
		assert.equal((await page.nextPage())?.data.length, 25);
		assert.deepEqual(limits(), ["-"]);
	});

	it("does not grow after an answer that took more than two seconds", async () => {
		simulator.failNext({ delayMs: 2_100 });
		const list = inbox().listConversations({ maxItems: 120 });
		assert.equal((await list.toArray()).length, 120);
		assert.deepEqual(limits(), ["-", "-", "50", "100"]);
	});

	it("does not grow after a page that failed, and is lowered and raised like any", async () => {
		const { inbox, sizes } = watched();
		simulator.failWhen(
			({ query }) => Number(query.get("limit")) > 50,
			"reduceData",
		);
		const list = inbox.listConversations();
		assert.deepEqual(ids(await list.toArray()), all());
		assert.deepEqual(limits().slice(0, 4), ["-", "50", "100", "50"]);
		assert.deepEqual(sizes().slice(0, 2), [
			[100, 50],
			[50, 100],
		]);
		assert.ok(limits().every((limit) => limit === "-" || Number(limit) <= 100));
		// 1,000 conversations are 20 pages of 50; what is too much is tried less and less often.
		assert.ok(simulator.requests.length <= 26, `${simulator.requests.length}`);
	});

	it("begins with Graph's own in each walk of its own list", async () => {
		const client = inbox();
		await client.listConversations({ maxItems: 300 }).toArray();
		simulator.requests.length = 0;
		await client.listConversations({ maxItems: 30 }).toArray();
		assert.deepEqual(limits(), ["-", "50"]);
	});

	it("loses nothing where another size follows a cursor", async () => {
		const first = await inbox().listConversations({ limit: 7 });
		const after = first.nextCursor;
		simulator.requests.length = 0;
		const rest = await inbox().listConversations({ after }).toArray();
		assert.deepEqual(ids(rest), all().slice(7));
		assert.deepEqual(limits().slice(0, 3), ["-", "50", "100"]);
	});
});

describe("a page that fails late", () => {
	for (const [way, read] of Object.entries(readings))
		it(`has an error that says where to go on: ${way}`, async () => {
			/** @type {import("graph-inbox").ConversationPage<object>[]} */
			const pages = [];
			const params = { limit: 300 };
			for await (const page of inbox().listConversations(params).pages())
				pages.push(page);
			simulator.requests.length = 0;
			simulator.failWhen(
				({ query }) => query.get("after") === pages[1].nextCursor,
				"permission",
			);
			const error = await failureOf(() =>
				read(inbox().listConversations(params)),
			);
			assert.equal(error.kind, "permission");
			const { cursor } = error;
			assert.equal(cursor, pages[1].nextCursor);
			assert.equal(JSON.parse(JSON.stringify(error)).cursor, cursor);
			simulator.reset();
			const rest = await inbox()
				.listConversations({ ...params, after: cursor })
				.toArray();
			assert.deepEqual(ids(rest), all().slice(600));
		});

	it("has none where the list failed from its beginning, and that of after where it was resumed", async () => {
		simulator.failNext("permission", 2);
		const first = await failureOf(inbox().listConversations());
		assert.equal(first.cursor, undefined);
		assert.ok(!("cursor" in first.toJSON()));
		const resumed = await failureOf(
			inbox().listConversations({ after: "Q3Vyc29y" }),
		);
		assert.equal(resumed.cursor, "Q3Vyc29y");
	});

	it("has it whatever went wrong", async () => {
		const { nextCursor: after } = await inbox().listConversations({ limit: 3 });
		for (const fault of /** @type {const} */ ([
			"expiredToken",
			"html200",
			"null",
			"connectionReset",
			"rateLimitApp",
			"hang",
			{ body: { data: [{}] } },
		])) {
			simulator.reset();
			simulator.failNext(fault, 4);
			const client = inbox({ maxRetries: 0, timeoutMs: 100 });
			const error = await failureOf(client.listConversations({ after }));
			assert.equal(error.cursor, after, error.message);
		}
	});
});
