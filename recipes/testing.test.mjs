// Tests of your own code against a Graph that does what the test says, without account, token or network.
// Needs: npm install graph-inbox. Goes beside your code: node --test finds it by its name.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createInbox, PAGE_INBOX_APP_ID } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";

/**
 * Your own code, which a project would import: how many unread Messenger threads wait in Meta's inbox, for people or Meta's AI, and of
 * how many that is not known.
 *
 * @param {import("graph-inbox").Inbox} inbox
 * @param {AbortSignal} [signal]
 */
async function countWaiting(inbox, signal) {
	const count = { waiting: 0, unknown: 0 };
	const list = inbox.listConversationsWithOwner({
		fields: ["unread_count"],
		catchUp: true,
		signal,
	});
	for await (const { unread_count, unreadable, thread_owner } of list) {
		const { owner, error } = thread_owner;
		if (unreadable) count.unknown += 1;
		if (!unread_count) continue;
		if (error) count.unknown += 1;
		else if (owner.app_id === PAGE_INBOX_APP_ID) count.waiting += 1;
	}
	return count;
}

/** @typedef {import("graph-inbox/simulator").SimulatedOwner} Owner */
/** @type {Owner} */
const META_INBOX = { app_id: PAGE_INBOX_APP_ID };
/** @type {Owner} */
const BOT = { app_id: "555000111222333" };

/** @type {import("graph-inbox/simulator").GraphSimulator} */
let simulator;
/** @type {import("graph-inbox").Inbox} */
let inbox;
/** What your code would keep in a secret store. */
let token = "";
/** Graph's. */
let clock = 0;
beforeEach(() => {
	clock = Date.parse("2026-03-02T08:00:00Z");
	// Empty, so that each test says all that is in it.
	simulate({ conversations: 0 });
});

/** @param {import("graph-inbox/simulator").GraphSimulatorOptions} options */
function simulate(options) {
	simulator = createGraphSimulator({ ...options, now: () => clock });
	token = simulator.accessToken;
	inbox = createInbox({
		pageId: simulator.pageId,
		accessToken: () => token,
		fetch: simulator.fetch,
		// Tests need not keep Graph's pace.
		callsPerSecond: false,
	});
}

/**
 * Somebody writes to the Page for the first time.
 *
 * @param {Owner | null} owner who has the thread from then on
 * @returns {string} the page-scoped ID
 */
function somebodyWrites(owner) {
	clock += 60_000;
	const person = personOf(simulator.receiveMessage());
	simulator.setOwner(person, owner);
	return person;
}

/**
 * @param {import("graph-inbox").Conversation} conversation
 * @returns {string} the page-scoped ID
 */
function personOf({ participants }) {
	const person = participants?.data.find(({ id }) => id !== simulator.pageId);
	assert.ok(person);
	return person.id;
}

/** @param {number} times */
function manyWrite(times) {
	return Array.from({ length: times }, () => somebodyWrites(META_INBOX));
}

describe("an inbox as it should be", () => {
	it("counts what is in Meta's inbox, and nothing else", async () => {
		for (const owner of [META_INBOX, BOT, null, META_INBOX])
			somebodyWrites(owner);
		assert.deepEqual(await countWaiting(inbox), { waiting: 2, unknown: 0 });
	});

	it("counts what is unread", async () => {
		// People, messages and owners of its own, the same each time.
		simulate({ conversations: 100 });
		const all = simulator.conversations();
		for (const thread of all) simulator.setOwner(personOf(thread), META_INBOX);
		const waiting = all.filter(({ unread_count }) => unread_count).length;
		assert.ok(waiting > 0 && waiting < 100);
		assert.deepEqual(await countWaiting(inbox), { waiting, unknown: 0 });
	});

	it("counts nothing where nobody has written", async () => {
		assert.deepEqual(await countWaiting(inbox), { waiting: 0, unknown: 0 });
	});

	it("asks for owners by the page, not one by one", async () => {
		manyWrite(60);
		assert.equal((await countWaiting(inbox)).waiting, 60);
		// Two pages, then the newest again, with a batch of owners to each.
		assert.ok(simulator.requests.length <= 8);
	});
});

describe("an inbox that people write to meanwhile", () => {
	it("counts a thread that moves to where it has already looked", async () => {
		const [first] = manyWrite(100);
		const isSecondPage = /after=/;
		simulator.failWhen(
			isSecondPage,
			(_, answer) => {
				clock += 60_000;
				simulator.receiveMessage({ from: first });
				return answer;
			},
			1,
		);
		// The oldest would be on the third page, had its message not made it the newest.
		assert.equal((await countWaiting(inbox)).waiting, 100);
	});
});

describe("a Graph that fails", () => {
	it("for a moment: the count is the same", async () => {
		manyWrite(60);
		// One after the other, whatever is asked.
		simulator.failNext("html502").failNext("bodyCut").failNext("reduceData");
		assert.deepEqual(await countWaiting(inbox), { waiting: 60, unknown: 0 });
	});

	it("for one owner: that one is not known", async () => {
		const [first] = manyWrite(3);
		simulator.failItems(first, "permission");
		assert.deepEqual(await countWaiting(inbox), { waiting: 2, unknown: 1 });
	});

	it("for one thread: that one is not known either", async () => {
		manyWrite(3);
		const [{ id }] = simulator.conversations();
		simulator.breakConversation(id);
		assert.deepEqual(await countWaiting(inbox), { waiting: 2, unknown: 1 });
	});

	it("with its rate limit: it tells when to come back, and asks no more", async () => {
		simulator.failNext("rateLimit80006");
		const { kind, retryAfterMs } = await failure(countWaiting(inbox));
		assert.equal(kind, "rate_limit");
		assert.equal(retryAfterMs, 5 * 60_000);
		assert.equal((await failure(countWaiting(inbox))).kind, "rate_limit");
		assert.equal(simulator.requests.length, 1);
	});

	it("with an expired token: it says so, and goes on with a new one", async () => {
		somebodyWrites(META_INBOX);
		const renewed = simulator.expireToken();
		assert.equal((await failure(countWaiting(inbox))).kind, "authentication");
		token = renewed;
		assert.equal((await countWaiting(inbox)).waiting, 1);
	});

	it("by never answering: it ends when it is told to", async () => {
		const controller = new AbortController();
		const reason = new Error("the function's time is up");
		simulator.failNext(() => {
			controller.abort(reason);
			return new Promise(() => {});
		});
		await assert.rejects(countWaiting(inbox, controller.signal), reason);
	});
});

/**
 * @param {Promise<unknown>} counting
 * @returns {Promise<import("graph-inbox").InboxError>}
 */
async function failure(counting) {
	const count = await counting.catch((error) => ({ error }));
	const { error } = /** @type {any} */ (count);
	assert.ok(error, `no failure, but ${JSON.stringify(count)}`);
	return error;
}
