// Lists that Graph does not answer in time, and those that it gives up on by itself with code -2, "Timeout".
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { failureOf, ids, questions, readings, startGraph } from "./graph.mjs";

/** Long enough for an answer on a busy machine. */
const timeoutMs = 400;
const size = { conversations: { messenger: 30, instagram: 20 } };

/** The `limit` of every list request, in order. @param {import("graph-inbox/simulator").GraphSimulator} simulator */
const limits = (simulator) =>
	questions(simulator).map((question) => Number(question.split(" ")[0]));

describe("a page that never answers", async () => {
	const graph = await startGraph({
		...size,
		pageLimit: { limit: 10, fault: "hang" },
	});
	const { simulator, watched } = graph;
	const all = () => ids(simulator.conversations());
	afterEach(graph.restore);

	for (const [way, read] of Object.entries(readings))
		it(`is asked for with fewer conversations: ${way}`, async () => {
			const { inbox, told, sizes } = watched({ timeoutMs, maxRetries: 0 });
			const found = await read(
				inbox.listConversations({ fields: ["snippet"], limit: 40 }),
			);
			assert.deepEqual(ids(found), all());
			assert.ok(found.every((one) => Object.keys(one).join() === "id,snippet"));
			assert.deepEqual(limits(simulator).slice(0, 3), [40, 20, 10]);
			assert.deepEqual(sizes().slice(0, 2), [
				[40, 20],
				[20, 10],
			]);
			assert.equal(told("retry").length, 0);
		});

	it("is never asked for again in a size that was not answered", async () => {
		const { inbox } = watched({ timeoutMs });
		const found = await inbox.listConversations({ limit: 24 }).toArray();
		assert.deepEqual(ids(found), all());
		const larger = limits(simulator).filter((limit) => limit > 12);
		assert.deepEqual(larger, [24]);
		// 24 and 12 are not answered, so what follows is 6: doubled, it would be refused again.
		assert.deepEqual([...new Set(limits(simulator))], [24, 12, 6]);
	});

	it("tells by the ID alone, after three timeouts, that somebody answers, and goes on where it was", async () => {
		const { inbox } = watched({ timeoutMs, maxRetries: 0 });
		const page = await inbox.listConversations({
			fields: ["snippet"],
			limit: 48,
		});
		assert.deepEqual(questions(simulator), [
			"48 id,snippet",
			"24 id,snippet",
			"12 id,snippet",
			"1 id",
			"6 id,snippet",
		]);
		assert.equal(page.data.length, 6);
		assert.equal(page.meta.attempts, 5);
	});
});

describe("a Graph that does not answer", async () => {
	const graph = await startGraph(size);
	const { simulator, watched, breakAt } = graph;
	const all = () => simulator.conversations();
	afterEach(graph.restore);

	for (const maxRetries of [0, 2])
		it(`is asked three times and once for the ID alone: maxRetries ${maxRetries}`, async () => {
			const { inbox } = watched({ timeoutMs: 100, maxRetries });
			simulator.failWhen("/conversations", "hang");
			const error = await failureOf(
				inbox.listConversations({
					fields: ["snippet"],
					limit: 40,
					after: "Qw",
				}),
			);
			assert.deepEqual(questions(simulator), [
				"40 id,snippet",
				"20 id,snippet",
				"10 id,snippet",
				"1 id",
			]);
			assert.deepEqual(
				[error.kind, error.retryable, error.attempts, error.cursor],
				["timeout", true, 4, "Qw"],
			);
		});

	it("but for the ID alone is not asked for the ID again", async () => {
		const id = breakAt(0, { readable: ["id"], fault: "hang" });
		const { inbox, told } = watched({ timeoutMs, maxRetries: 2 });
		const { data, meta } = await inbox.listConversations({
			fields: ["snippet"],
			limit: 1,
		});
		assert.deepEqual(questions(simulator), [
			"1 id,snippet",
			"1 id,snippet",
			"1 id,updated_time",
			"1 id",
		]);
		assert.deepEqual(data, [{ id, unreadable: ["snippet"] }]);
		assert.equal(meta.attempts, 4);
		assert.equal(told("unreadable").length, 1);
	});

	it("makes a list lighter when the body does not end as well", async () => {
		simulator.failNext("hangBody");
		const { inbox, told } = watched({ timeoutMs, maxRetries: 0 });
		const { data } = await inbox.listConversations({ limit: 20 });
		assert.equal(data.length, 10);
		assert.deepEqual(questions(simulator), ["20 -", "10 -"]);
		assert.equal(told("retry").length, 0);
	});

	it("is asked for less after the ID was answered, and every request counts", async () => {
		const id = breakAt(0, { readable: ["id"], fault: "hang" });
		const { inbox } = watched({ timeoutMs, maxRetries: 1 });
		const { data, meta } = await inbox.listConversations({
			fields: ["snippet", { messages: { limit: 2 } }],
			limit: 1,
		});
		assert.deepEqual(questions(simulator), [
			"1 id,snippet,messages.limit(2)",
			"1 id,snippet,messages.limit(1)",
			"1 id,snippet,messages.limit(1)",
			"1 id",
			"1 id,snippet",
			"1 id,updated_time",
		]);
		assert.deepEqual(data, [{ id, unreadable: ["snippet", "messages"] }]);
		assert.equal(meta.attempts, 6);
	});

	it("is asked for fewer messages, and then for none", async () => {
		const id = breakAt(0, { unreadable: ["messages"], fault: "hang" });
		const { inbox } = watched({ timeoutMs, maxRetries: 0 });
		const { data } = await inbox.listConversations({
			fields: ["snippet", { messages: { limit: 2 } }],
			limit: 1,
		});
		assert.deepEqual(questions(simulator), [
			"1 id,snippet,messages.limit(2)",
			"1 id,snippet,messages.limit(1)",
			"1 id,snippet",
		]);
		const { snippet } = all()[0];
		assert.deepEqual(data, [{ id, snippet, unreadable: ["messages"] }]);
	});

	it("is given up on after totalTimeoutMs, which covers all questions of a page", async () => {
		simulator.failWhen("/conversations", "hang");
		const { inbox } = watched({ timeoutMs: 200, totalTimeoutMs: 500 });
		const error = await failureOf(inbox.listConversations({ limit: 40 }));
		assert.equal(error.kind, "timeout");
		assert.match(error.message, /totalTimeoutMs/);
		assert.equal(error.attempts, simulator.requests.length);
		assert.ok(error.attempts >= 2 && error.attempts <= 3, `${error.attempts}`);
	});

	it("is waited for 60 seconds by default, because Graph's own Timeout takes up to 40", async (t) => {
		const started = t.mock.method(globalThis, "setTimeout");
		const longest = () =>
			Math.max(
				...started.mock.calls.map((call) => Number(call.arguments[1] ?? 0)),
			);
		await watched().inbox.listConversations({ limit: 1 });
		assert.ok(longest() > 59_000 && longest() <= 60_000, `${longest()}`);
		started.mock.resetCalls();
		await watched({ timeoutMs: 7_000 }).inbox.listConversations({ limit: 1 });
		assert.ok(longest() > 6_000 && longest() <= 7_000, `${longest()}`);
	});
});

describe("code -2", async () => {
	const reason = /^Your query has timed out .*Advanced Access\. \(Timeout\)$/;

	it("lowers the page size to 1 at once, and pages that succeed raise it again", async () => {
		const { simulator, watched } = await startGraph({
			...size,
			pageLimit: { limit: 5, fault: "instagramTimeout" },
		});
		const { inbox, sizes, told } = watched({ maxRetries: 0 });
		const list = inbox.listConversations({ platform: "instagram", limit: 50 });
		const found = await list.toArray();
		const all = simulator.conversations({ platform: "instagram" });
		assert.deepEqual(ids(found), ids(all));
		assert.deepEqual(sizes().slice(0, 3), [
			[50, 1],
			[1, 2],
			[2, 4],
		]);
		assert.deepEqual([told("retry"), told("unreadable")], [[], []]);
		// Each refusal costs half a minute: no refused size comes twice.
		const refused = limits(simulator).filter((limit) => limit > 5);
		assert.deepEqual(refused, [...new Set(refused)]);
	});

	for (const [way, read] of Object.entries(readings))
		it(`reads an inbox that accepts one conversation a page: ${way}`, async () => {
			const { simulator, inbox } = await startGraph({
				conversations: { messenger: 0, instagram: 9 },
				instagramTimeout: { dataLimit: 1 },
			});
			const found = await read(
				inbox({ maxRetries: 0 }).listConversations({ platform: "instagram" }),
			);
			const all = simulator.conversations({ platform: "instagram" });
			assert.deepEqual(ids(found), ids(all));
			// 25, then one at a time, and 2 once.
			assert.equal(limits(simulator).filter((limit) => limit === 2).length, 1);
			assert.equal(simulator.requests.length, 9 + 2);
		});

	it("halves nested limits at a page size of 1, and then leaves messages out", async () => {
		const { simulator, watched } = await startGraph({
			conversations: { messenger: 0, instagram: 6 },
			instagramTimeout: { dataLimit: 3 },
		});
		const { inbox, nestedLimits, told } = watched({ maxRetries: 0 });
		const found = await inbox
			.listConversations({
				platform: "instagram",
				fields: [{ messages: { limit: 8, fields: ["id"] } }],
				limit: 6,
			})
			.toArray();
		assert.deepEqual(questions(simulator).slice(0, 4), [
			"6 id,messages.limit(8){id}",
			"1 id,messages.limit(8){id}",
			"1 id,messages.limit(4){id}",
			"1 id,messages.limit(2){id}",
		]);
		assert.deepEqual(nestedLimits(), [
			["messages", 8, 4],
			["messages", 4, 2],
		]);
		assert.equal(found.length, 6);
		assert.ok(found.every((one) => one.messages?.data.length));
		assert.equal(told("unreadable").length, 0);

		const { inbox: poor, simulator: refusing } = await startGraph({
			conversations: { messenger: 0, instagram: 1 },
			instagramTimeout: { dataLimit: 1 },
		});
		const page = await poor({ maxRetries: 0 }).listConversations({
			platform: "instagram",
			fields: ["snippet", "messages"],
			limit: 1,
		});
		const [{ id, snippet }] = refusing.conversations({ platform: "instagram" });
		assert.deepEqual(page.data, [{ id, snippet, unreadable: ["messages"] }]);
	});

	for (const [way, read] of Object.entries(readings))
		it(`that stays is of kind permission, with Graph's reason first: ${way}`, async () => {
			const { simulator, inbox } = await startGraph({
				...size,
				instagramTimeout: { dataLimit: 0, delayMs: 20 },
			});
			const list = inbox().listConversations({
				platform: "instagram",
				fields: ["snippet"],
				limit: 20,
			});
			const error = await failureOf(() => read(list));
			assert.deepEqual(questions(simulator), [
				"20 id,snippet",
				"1 id,snippet",
				"1 id,snippet",
				"1 id,updated_time",
				"1 id",
			]);
			assert.deepEqual(
				[error.kind, error.retryable, error.code, error.subcode],
				["permission", false, -2, 2534084],
			);
			assert.match(error.message, reason);
			assert.match(String(error.userMessage), /Advanced Access/);
			assert.deepEqual(
				[error.attempts, error.cursor, error.status],
				[5, undefined, 400],
			);
		});

	it("that stays for one person is of kind permission too", async () => {
		const { simulator, inbox } = await startGraph({
			...size,
			instagramTimeout: { dataLimit: 0 },
		});
		const error = await failureOf(
			inbox({ maxRetries: 0 }).listConversations({
				platform: "instagram",
				userId: "4711",
				fields: ["snippet"],
			}),
		);
		assert.deepEqual([error.kind, error.retryable], ["permission", false]);
		assert.equal(error.attempts, simulator.requests.length);
		assert.equal(error.attempts, 3);
	});

	it("of a call that is no list is one request", async () => {
		const { simulator, inbox } = await startGraph(size);
		simulator.failNext("instagramTimeout");
		const error = await failureOf(inbox().getThreadOwner("1"));
		assert.deepEqual(
			[error.kind, error.retryable, error.attempts],
			["permission", false, 1],
		);
		assert.match(error.message, reason);
	});
});
