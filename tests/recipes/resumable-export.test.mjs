// The export, invocation after invocation, against a simulator on a loopback port.
import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { exportSome } from "../../recipes/resumable-export.mjs";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { failureOf, ids, prints } from "../package/graph.mjs";

const TOKEN = "EAATokenOfTheExportThatStaysInside";
const MINUTE = 60_000;
const PAGE = 5;

/** @typedef {import("../../recipes/resumable-export.mjs").State} State */

/** @type {import("graph-inbox/simulator").GraphSimulator} */
let simulator;
const server = await serveGraph({
	fetch: (...request) => simulator.fetch(...request),
});
after(() => server.close());
/** @type {import("graph-inbox").Inbox} */
let inbox;
/**
 * By ID, as a sink that replaces would hold them.
 *
 * @type {Map<string, import("graph-inbox").Conversation>}
 */
let sink;
/** As stored. */
let stored = "{}";
/** Of the invocations; a page takes a minute to be written. */
let clock = 0;
beforeEach(() => {
	const conversations = { messenger: 37, instagram: 0 };
	simulator = createGraphSimulator({ accessToken: TOKEN, conversations });
	inbox = newInbox();
	sink = new Map();
	stored = "{}";
	clock = 0;
});

/** @param {Partial<import("graph-inbox").InboxOptions>} [options] */
function newInbox(options) {
	const { pageId } = simulator;
	const access = { pageId, accessToken: TOKEN, baseUrl: server.url };
	return createInbox({
		...{ ...access, callsPerSecond: false, maxRetries: 0 },
		...options,
	});
}

/**
 * One invocation, which has time for two pages.
 *
 * @param {Partial<Parameters<typeof exportSome>[0]>} [options]
 */
function invoke(options) {
	return exportSome({
		inbox,
		state: JSON.parse(stored),
		write,
		store,
		deadline: clock + 1.5 * MINUTE,
		now: () => clock,
		params: { limit: PAGE },
		...options,
	});
}

/** @param {import("graph-inbox").Conversation[]} conversations */
async function write(conversations) {
	clock += MINUTE;
	for (const conversation of conversations)
		sink.set(conversation.id, conversation);
}

/** @param {State} state */
async function store(state) {
	stored = JSON.stringify(state);
	assert.ok(!stored.includes(TOKEN));
}

/**
 * Invocations until the state says that it is done.
 *
 * @param {Partial<Parameters<typeof exportSome>[0]>} [options]
 * @returns {Promise<number>} how many that took
 */
async function invokeToTheEnd(options) {
	for (let count = 1; count <= 30; count += 1)
		if ((await invoke(options)).done) return count;
	return assert.fail("it does not end");
}

/** The newest state of every conversation is in the sink. */
function assertWhole() {
	const all = simulator.conversations();
	assert.deepEqual(new Set(sink.keys()), new Set(ids(all)));
	for (const { id, snippet, updated_time } of all) {
		const { snippet: text, updated_time: time } = sink.get(id) ?? {};
		assert.deepEqual(
			{ id, text, time },
			{ id, text: snippet, time: updated_time },
		);
	}
	assert.ok(!JSON.stringify([...sink.values()]).includes(TOKEN));
}

describe("an export over many invocations", () => {
	it("writes every conversation", async () => {
		// Eight pages at two to an invocation, and a look at what is newer.
		assert.equal(await invokeToTheEnd(), 5);
		assertWhole();
		// Each invocation that ran out of time had begun to read one page more.
		assert.ok(simulator.requests.length <= 9 + 4);
	});

	it("does it in one that has the time", async () => {
		assert.equal(await invokeToTheEnd({ deadline: 1_000 * MINUTE }), 1);
		assertWhole();
		assert.ok(simulator.requests.length <= 9 + 1);
	});

	it("asks nothing more when it is done", async () => {
		await invokeToTheEnd();
		const before = simulator.requests.length;
		assert.deepEqual(await invoke(), { done: true });
		assert.equal(simulator.requests.length, before);
	});

	it("asks nothing after its deadline", async () => {
		assert.deepEqual(await invoke({ deadline: 0 }), {});
		assert.equal(simulator.requests.length, 0);
	});

	it("takes an inbox without conversations", async () => {
		for (const paging of [{ next: "https://graph.facebook.com/x?after=a" }, {}])
			simulator.failNext({ status: 200, body: { data: [], paging } });
		assert.equal(await invokeToTheEnd(), 1);
		assert.equal(simulator.requests.length, 2);
	});

	it("needs one request where one page holds all", async () => {
		await invokeToTheEnd({ params: { limit: 50 } });
		assertWhole();
		assert.equal(simulator.requests.length, 1);
	});

	it("goes on where Graph names the next page alone", async () => {
		simulator.failWhen("/conversations", async (_, answer) => {
			const { data, paging } = await answer.json();
			const { cursors: _cursors, ...rest } = paging;
			return Response.json({ data, paging: rest });
		});
		assert.equal(await invokeToTheEnd(), 5);
		assertWhole();
	});

	it("leaves the size of the pages to the client", async () => {
		await invokeToTheEnd({ params: {}, deadline: 1_000 * MINUTE });
		assertWhole();
		const limits = simulator.requests.map(({ query }) => query.get("limit"));
		assert.deepEqual(limits.slice(0, 2), [null, "50"]);
	});

	it("writes the fields asked for", async () => {
		await invoke({ params: { limit: PAGE, fields: ["unread_count"] } });
		const [first] = simulator.conversations();
		assert.deepEqual(sink.get(first.id), {
			id: first.id,
			updated_time: first.updated_time,
			unread_count: first.unread_count,
		});
	});
});

describe("what Graph cannot deliver", () => {
	const newest = { messages: { limit: 3 } };

	it("is marked, so that no messages and messages not read are two things", async () => {
		const fields = "id,updated_time,messages.limit(3){id}";
		const all = simulator.conversations({ fields });
		const [heavy, empty] = [all[7], all[9]];
		simulator.breakConversation(heavy.id, { mostMessages: 0 });
		inbox = newInbox({
			async fetch(url, init) {
				const answer = await fetch(url, init);
				const body = await answer.json();
				for (const conversation of body.data ?? [])
					if (conversation.id === empty.id) delete conversation.messages;
				return Response.json(body, { status: answer.status });
			},
		});
		const params = { limit: PAGE, fields: [newest] };
		await invokeToTheEnd({ params, deadline: 1_000 * MINUTE });
		assert.deepEqual(new Set(sink.keys()), new Set(ids(all)));
		for (const { id, updated_time, messages } of all) {
			const written = sink.get(id);
			const plain = { id, updated_time };
			if (id === heavy.id)
				assert.deepEqual(written, { ...plain, unreadable: ["messages"] });
			else if (id === empty.id) assert.deepEqual(written, plain);
			else {
				// Those that come after the heavy one have fewer, and say so.
				const { data = [], paging } = written?.messages ?? {};
				const isWhole = data.length === messages?.data.length;
				assert.ok(isWhole || (data.length > 0 && paging?.next), id);
			}
		}
	});

	it("is left behind in one invocation, also where Graph never answers", async () => {
		const [{ id }] = simulator.conversations();
		const hung = /** @type {const} */ ({ readable: ["id"], fault: "hang" });
		simulator.breakConversation(id, hung);
		await invoke({ deadline: clock + 4_000 });
		const unreadable = ["participants", "snippet", "message_count"];
		const { id: written, unreadable: fields } = sink.get(id) ?? {};
		assert.equal(written, id);
		assert.deepEqual(fields, ["updated_time", ...unreadable]);
		assert.ok(JSON.parse(stored).after);
		simulator.breakConversation(id, false);
	});
});

describe("messages that arrive between invocations", () => {
	it("loses no conversation that moves to where the walk has been", async () => {
		const last = simulator.conversations().at(-1);
		await invoke();
		assert.ok(!sink.has(String(last?.id)));
		simulator.receiveMessage({ conversationId: last?.id });
		simulator.receiveMessage();
		await invokeToTheEnd();
		assertWhole();
		assert.equal(sink.size, 38);
	});

	it("has caught up where Graph shows nothing any more", async () => {
		while (JSON.parse(stored).since === undefined) await invoke();
		const before = sink.size;
		const next = "https://graph.facebook.com/x?after=a";
		const empty = (/** @type {object} */ paging) => ({
			status: 200,
			body: { data: [], paging },
		});
		// By what is asked: the invocation before may still be reading ahead.
		simulator.failWhen(({ query }) => !query.has("after"), empty({ next }));
		simulator.failWhen(({ query }) => query.get("after") === "a", empty({}));
		assert.equal(await invokeToTheEnd(), 1);
		assert.equal(sink.size, before);
	});

	it("loses none while it catches up", async () => {
		const [first] = simulator.conversations();
		// The catching up takes several pages itself, and in the middle of it the last ones move once more.
		const late = simulator.conversations().slice(-14);
		await invoke();
		for (const { id } of late) simulator.receiveMessage({ conversationId: id });
		while (JSON.parse(stored).since === undefined) await invoke();
		assert.equal(JSON.parse(stored).since, first.updated_time);
		await invoke();
		assert.ok(JSON.parse(stored).after, "it has caught up at once");
		simulator.receiveMessage({ conversationId: late[0].id });
		await invokeToTheEnd();
		assertWhole();
	});
});

describe("a crash", () => {
	const crash = new Error("the machine is gone");

	it("between writing and storing writes the page again", async () => {
		let left = 3;
		const storeOrCrash = async (/** @type {State} */ state) => {
			left -= 1;
			if (left === 0) throw crash;
			await store(state);
		};
		await invoke({ store: storeOrCrash });
		const before = stored;
		await assert.rejects(invoke({ store: storeOrCrash }), crash);
		assert.equal(stored, before);
		assert.equal(sink.size, 3 * PAGE);
		await invokeToTheEnd();
		assertWhole();
	});

	it("while writing leaves the page to the next invocation", async () => {
		await invoke();
		const before = stored;
		const failing = () => Promise.reject(crash);
		await assert.rejects(invoke({ write: failing }), crash);
		assert.equal(stored, before);
		await invokeToTheEnd();
		assertWhole();
	});
});

describe("what Graph refuses", () => {
	it("starts again when the stored cursor has expired", async () => {
		await invoke();
		simulator.expireCursors();
		const state = await invoke();
		assert.equal(state.after, undefined);
		assert.ok(!state.done);
		await invokeToTheEnd();
		assertWhole();
	});

	it("starts but the catching up again when that one's cursor has expired", async () => {
		while (JSON.parse(stored).since === undefined) await invoke();
		for (const { id } of simulator.conversations().slice(-14))
			simulator.receiveMessage({ conversationId: id });
		await invoke();
		const { since, after } = JSON.parse(stored);
		assert.ok(since && after);
		simulator.expireCursors();
		assert.deepEqual({ ...(await invoke()) }, { since });
		await invokeToTheEnd();
		assertWhole();
	});

	it("says when to come back after a rate limit, and keeps its place", async () => {
		await invoke();
		const before = stored;
		const lift = simulator.failWhen("/conversations", "rateLimit80006");
		inbox = newInbox();
		const { resumeAt, ...state } = await invoke();
		assert.equal(JSON.stringify(state), before);
		// The simulator's estimate; until then a client that heard of it sends nothing.
		assert.equal(resumeAt, clock + 5 * MINUTE);
		lift();
		inbox = newInbox();
		await invokeToTheEnd();
		assertWhole();
	});

	it("throws what starting again would not help", async () => {
		await invoke();
		const wrong = { params: { fields: ["no_such_field"] } };
		// The stored cursor might be to blame once, not twice.
		await invoke(/** @type {any} */ (wrong));
		const failure = await failureOf(invoke(/** @type {any} */ (wrong)));
		assert.equal(failure.kind, "invalid_request");
	});

	it("throws other errors, and keeps its place", async () => {
		await invoke();
		const before = stored;
		simulator.expireToken();
		const failure = await failureOf(invoke());
		assert.equal(failure.kind, "authentication");
		assert.ok(!prints(failure).includes(TOKEN));
		assert.equal(stored, before);
	});

	it("ends at its deadline when no answer comes", async () => {
		simulator.failNext("hang");
		const params = { timeoutMs: MINUTE };
		const deadline = Date.now() + 200;
		const state = await invoke({ deadline, now: Date.now, params });
		assert.deepEqual(state, {});
		assert.equal(simulator.requests.length, 1);
	});
});
