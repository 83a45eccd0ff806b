// Conversations that Graph can return only in part, or not at all: what is kept of them, and what is named.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { failureOf, ids, personOf, readings, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 30, instagram: 0 },
});
const { simulator, watched, breakAt } = graph;
const all = () => simulator.conversations();
afterEach(graph.restore);

describe("a conversation that cannot be read wholly", () => {
	const fields = /** @type {const} */ ([
		"updated_time",
		{ messages: { limit: 2 } },
		"snippet",
	]);

	/** What is broken, the properties that come, and those that are named. @type {[import("graph-inbox/simulator").BrokenConversation, string[], string[]][]} */
	const cases = [
		[
			{ unreadable: ["messages"] },
			["id", "updated_time", "snippet"],
			["messages"],
		],
		[
			{ unreadable: ["snippet"] },
			["id", "updated_time"],
			["messages", "snippet"],
		],
		[{ readable: ["id"] }, ["id"], ["updated_time", "messages", "snippet"]],
	];
	for (const [how, kept, unreadable] of cases)
		it(`keeps what was asked for and delivered: ${JSON.stringify(how)}`, async () => {
			breakAt(0, how);
			const { data } = await graph
				.inbox()
				.listConversations({ fields, limit: 1 });
			const [first] = /** @type {any[]} */ (data);
			assert.deepEqual(
				Object.keys(first).sort(),
				[...kept, "unreadable"].sort(),
			);
			assert.deepEqual(first.unreadable, unreadable);
			for (const name of kept)
				assert.equal(first[name], /** @type {any} */ (all()[0])[name]);
		});

	it("comes without the time, where that was not asked for", async () => {
		const id = breakAt(0, { readable: ["id", "updated_time"] });
		for (const updatedSince of [undefined, 0]) {
			const [first] = await graph
				.inbox()
				.listConversations({
					fields: ["snippet"],
					limit: 1,
					maxItems: 1,
					updatedSince,
				})
				.toArray();
			assert.deepEqual(first, { id, unreadable: ["snippet"] });
		}
	});

	it("is the only one that has the mark, whatever Graph answers", async () => {
		simulator.failNext(async (_, answer) => {
			const body = await answer.json();
			body.data[0].unreadable = ["everything"];
			return Response.json(body);
		});
		const { data } = await graph.inbox().listConversations({ limit: 2 });
		assert.ok(data.every((one) => !("unreadable" in one)));
	});

	for (const [way, read] of Object.entries(readings))
		it(`ends the list only where Graph cannot even tell its ID: ${way}`, async () => {
			breakAt(12, { readable: [] });
			const { inbox } = watched({ maxRetries: 1 });
			const first = await inbox.listConversations({ limit: 12 });
			simulator.requests.length = 0;
			const list = inbox.listConversations({
				fields: ["snippet"],
				limit: 12,
			});
			const error = await failureOf(() => read(list));
			assert.deepEqual(
				[error.kind, error.code, error.retryable, error.cursor],
				["transient", 1, true, first.nextCursor],
			);
			const [, ...failed] = simulator.requests;
			assert.equal(error.attempts, failed.length);
		});
});

describe("a list with owners", () => {
	it("is lightened like any, and reads the participants as long as it can", async () => {
		const without = breakAt(2, {
			readable: ["id", "updated_time", "participants"],
		});
		const idOnly = breakAt(5, { readable: ["id"] });
		const { inbox, told } = watched();
		const found = /** @type {any[]} */ (
			await inbox
				.listConversationsWithOwner({ fields: ["snippet"], limit: 8 })
				.toArray()
		);
		assert.deepEqual(ids(found), ids(all()));
		for (const [place, { id, thread_owner, unreadable }] of found.entries()) {
			const isBroken = id === without || id === idOnly;
			assert.deepEqual(unreadable, isBroken ? ["snippet"] : undefined);
			if (id === idOnly) {
				assert.deepEqual(
					[thread_owner.recipient, thread_owner.error.kind],
					["", "response"],
				);
				assert.match(thread_owner.error.message, /no participants/);
			} else {
				assert.equal(thread_owner.recipient, personOf(all()[place], simulator));
				assert.ok(thread_owner.owner, String(thread_owner.error));
			}
		}
		assert.deepEqual(
			told("unreadable").map(({ fields }) => fields),
			[["snippet"], ["snippet"]],
		);
	});
});
