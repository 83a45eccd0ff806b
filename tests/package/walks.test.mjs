// Whole lists: page sizes that Graph can not deliver, conversations that can not be read, and a list that moves.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { failureOf, ids, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 60, instagram: 4 },
	dataLimit: 100,
});
const { simulator, watched } = graph;
const all = () => ids(simulator.conversations());
afterEach(() => simulator.reset());

/** The `limit` of every request so far. */
const limits = () => simulator.requests.map(({ query }) => query.get("limit"));

describe("too much data", () => {
	const fields = /** @type {const} */ ([
		{ messages: { limit: 7, fields: ["id"] } },
	]);

	it("halves the page size before anything is retried, and loses nothing", async () => {
		// 100 allows for 12 conversations with 7 messages each.
		const { inbox, told, sizes } = watched({ maxRetries: 0 });
		const found = await inbox
			.listConversations({ fields, limit: 50 })
			.toArray();
		assert.deepEqual(ids(found), all());
		assert.deepEqual(limits().slice(0, 3), ["50", "25", "12"]);
		assert.deepEqual(sizes().slice(0, 2), [
			[50, 25],
			[25, 12],
		]);
		assert.equal(told("retry").length, 0);
	});

	it("begins with Graph's own page size where none was asked for", async () => {
		const { inbox, told } = watched();
		await inbox.listConversations({ fields, maxItems: 1 }).toArray();
		assert.deepEqual(limits(), [null, "12"]);
		assert.equal(told("page_size")[0].from, 25);
	});

	it("is over some time: the page size is raised again", async () => {
		simulator.failNext("reduceData", 3);
		const { inbox, told } = watched();
		const found = await inbox.listConversations({ limit: 16 }).toArray();
		assert.deepEqual(ids(found), all());
		const sizes = told("page_size").map(({ to }) => to);
		assert.deepEqual(sizes.slice(0, 3), [8, 4, 2]);
		assert.ok(sizes.slice(3).includes(16), `${sizes}`);
	});

	it("makes a page that is awaited smaller, as it does one that is iterated", async () => {
		for (const first of ["awaited", "iterated"]) {
			simulator.reset();
			const { inbox, sizes } = watched({ maxRetries: 0 });
			const list = inbox.listConversations({ fields, limit: 50 });
			const found = first === "iterated" ? await list.toArray() : [];
			const page = await list;
			assert.equal(page.data.length, 12, first);
			const next = await page.nextPage();
			assert.equal(next?.data.length, 12, first);
			assert.deepEqual(sizes().slice(0, 2), [
				[50, 25],
				[25, 12],
			]);
			if (first === "awaited") found.push(...(await list.toArray()));
			assert.deepEqual(ids(found), all(), first);
		}
	});

	it("is an error where a single conversation is too much", async () => {
		const { inbox } = watched({ maxRetries: 1 });
		simulator.failNext("reduceData", 50);
		const error = await failureOf(inbox.listConversations({ limit: 2 }));
		assert.deepEqual([error.kind, error.code], ["transient", 1]);
	});

	it("belongs to one list", async () => {
		const { inbox } = watched();
		await inbox.listConversations({ fields, limit: 50, maxItems: 1 }).toArray();
		simulator.reset();
		await inbox.listConversations({ limit: 50 });
		assert.deepEqual(limits(), ["50"]);
	});
});

describe("a conversation that can not be read", () => {
	it("comes with what can be read and the names of the rest, and the list goes on", async () => {
		const broken = [all()[0], all()[13], all()[59]];
		for (const id of broken) simulator.breakConversation(id);
		const { inbox, told } = watched({ maxRetries: 0 });
		const found = await inbox
			.listConversations({ fields: ["updated_time", "snippet"], limit: 10 })
			.toArray();
		for (const id of broken) simulator.breakConversation(id, false);
		assert.deepEqual(ids(found), all());
		for (const conversation of found) {
			const isBroken = broken.includes(conversation.id);
			assert.deepEqual(
				Object.keys(conversation).sort(),
				["id", isBroken ? "unreadable" : "snippet", "updated_time"].sort(),
			);
			if (isBroken) assert.deepEqual(conversation.unreadable, ["snippet"]);
		}
		assert.deepEqual(
			told("unreadable").map(({ conversationId, fields }) => [
				conversationId,
				fields,
			]),
			broken.map((id) => [id, ["snippet"]]),
		);
	});

	it("ends the list only where Graph can not even tell its ID", async () => {
		simulator.failWhen("/conversations", "unknown1");
		const { inbox } = watched({ maxRetries: 1 });
		const error = await failureOf(
			inbox.listConversations({ limit: 2 }).toArray(),
		);
		assert.deepEqual([error.kind, error.code], ["transient", 1]);
	});
});

describe("a list that moves while it is read", () => {
	/**
	 * Reads the whole list, and lets people write while it does.
	 *
	 * @param {import("graph-inbox").ConversationsParams} params
	 * @param {Record<number, string[]>} writers who write after so many conversations were delivered
	 */
	async function readWhile(params, writers) {
		/** @type {string[]} */
		const found = [];
		for await (const { id } of graph.inbox().listConversations(params)) {
			for (const conversationId of writers[found.length] ?? [])
				simulator.receiveMessage({ conversationId });
			found.push(id);
		}
		return found;
	}

	it("is missed without catchUp, which is why there is catchUp", async () => {
		const before = all();
		const late = before[55];
		const found = await readWhile({ limit: 10 }, { 5: [late] });
		assert.ok(!found.includes(late));
	});

	it("is complete with catchUp, and gives each conversation once", async () => {
		const before = all();
		const writers = {
			5: [before[55], before[3]],
			20: [before[45]],
			40: [before[58], before[0]],
		};
		const found = await readWhile({ limit: 10, catchUp: true }, writers);
		assert.deepEqual(found.toSorted(), before.toSorted());
	});

	it("is complete when people go on writing while the newest pages are read again", async () => {
		const before = all();
		const found = await readWhile(
			{ limit: 10, catchUp: true },
			{ 5: [before[52]], 51: [before[59]], 58: [before[30]] },
		);
		assert.deepEqual(found.toSorted(), before.toSorted());
	});

	it("is complete though the first page came empty", async () => {
		const before = all();
		simulator.failNext("emptyPage");
		const writers = { 5: [before[55]] };
		const found = await readWhile({ limit: 10, catchUp: true }, writers);
		assert.deepEqual(found.toSorted(), before.toSorted());
	});

	it("costs one more page where nobody wrote", async () => {
		const found = await readWhile({ limit: 30, catchUp: true }, {});
		assert.deepEqual(found, all());
		assert.equal(simulator.requests.length, 3);
	});

	it("brings conversations that are new", async () => {
		let id = "";
		for await (const conversation of graph
			.inbox()
			.listConversations({ limit: 30, catchUp: true, fields: ["snippet"] })) {
			assert.deepEqual(
				Object.keys(conversation),
				["id", "snippet"],
				"updated_time was not asked for",
			);
			id ||= simulator.receiveMessage({ name: "Somebody New" }).id;
			if (conversation.id === id) id = "found";
		}
		assert.equal(id, "found");
	});

	it("can be resumed and caught up with", async () => {
		const inbox = graph.inbox();
		const { paging } = await inbox.listConversations({ limit: 40 });
		const rest = all().slice(40);
		const found = await readWhile(
			{ limit: 10, after: paging.cursors?.after, catchUp: true },
			{ 3: [rest.at(-1) ?? ""] },
		);
		assert.deepEqual(found.toSorted(), rest.toSorted());
	});

	it("stops at maxItems all the same", async () => {
		const found = await readWhile(
			{ limit: 10, maxItems: 15, catchUp: true },
			{ 5: [all()[50]] },
		);
		assert.equal(found.length, 15);
		assert.equal(simulator.requests.length, 2);
	});
});
