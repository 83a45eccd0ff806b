// A build that panics on demand, asked by a recipient or by an answer: no promise hangs, no process dies, the next call works.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { after, afterEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import {
	createInbox,
	getThreadOwner,
	InboxError,
	listConversations,
} from "../../target/pkg-test-panics/dist/index.js";
import { ids, personOf } from "../package/graph.mjs";

const AT_THE_CALL = "panic at the call";
const AT_THE_ANSWER = "panic at the answer";

const simulator = createGraphSimulator({ conversations: 60 });
const recipient = personOf(simulator.conversations()[0], simulator);
const access = {
	pageId: simulator.pageId,
	accessToken: simulator.accessToken,
	fetch: simulator.fetch,
	callsPerSecond: /** @type {const} */ (false),
};
const all = ids(simulator.conversations());
afterEach(() => simulator.reset());

/** @type {unknown[]} */
const unheard = [];
const hear = (/** @type {unknown} */ error) => unheard.push(error);
process.on("unhandledRejection", hear);
process.on("uncaughtException", hear);
after(() => assert.deepEqual(unheard, []));

/** @param {unknown} error */
function isContained(error) {
	assert.ok(error instanceof InboxError, String(error));
	assert.equal(error.kind, "unknown");
	assert.equal(error.retryable, true);
	assert.match(error.message, /^graph-inbox failed within \(unreachable/);
	return true;
}

/** @param {ReturnType<typeof createInbox>} inbox */
async function works(inbox) {
	assert.equal((await inbox.getThreadOwner(recipient)).recipient, recipient);
	const read = [];
	for await (const { id } of inbox.listConversations()) read.push(id);
	assert.deepEqual(read, all);
	const results = await inbox.getThreadOwners([recipient]);
	assert.ok(results[0].owner);
}

test("in the call itself", async () => {
	const inbox = createInbox(access);
	await assert.rejects(inbox.getThreadOwner(AT_THE_CALL), isContained);
	await works(inbox);
});

test("when the answer is here, whatever was called", async () => {
	const inbox = createInbox(access);
	for (const call of [
		() => inbox.getThreadOwner(recipient),
		() => inbox.listConversations(),
		() => inbox.listConversations().toArray(),
		() => inbox.listConversationsWithOwner().pages().next(),
		() => inbox.getThreadOwners([recipient]),
		() => getThreadOwner({ ...access, recipient }),
		() => listConversations(access),
	]) {
		simulator.failNext({ body: AT_THE_ANSWER });
		await assert.rejects(Promise.resolve(call()), isContained, String(call));
		await works(inbox);
	}
});

test("with calls under way, of this client and of another one: each is told", async () => {
	const [inbox, other] = [createInbox(access), createInbox(access)];
	simulator.failWhen(/thread_owner|limit=7/, "hang", 4);
	const walk = other.listConversations({ limit: 10 }).pages();
	assert.equal((await walk.next()).value?.data.length, 10);
	const calls = [
		inbox.getThreadOwner(recipient),
		inbox.getThreadOwner(recipient, { timeoutMs: 60_000 }),
		other.getThreadOwner(recipient, { signal: new AbortController().signal }),
		other.listConversations({ limit: 7 }),
	].map((call) => Promise.resolve(call));
	await sleep(20);
	assert.equal(simulator.requests.filter(({ status }) => !status).length, 4);
	const failed = inbox.getThreadOwner(AT_THE_CALL);
	for (const call of [...calls, failed])
		await assert.rejects(call, isContained);
	await assert.rejects(async () => {
		for await (const _ of walk);
	}, isContained);
	simulator.reset();
	await works(inbox);
	await works(other);
});

test("while a call waits for a retry, for the pace, or in `schedule`", async () => {
	const retrying = createInbox(access);
	const paced = createInbox({ ...access, callsPerSecond: 1 });
	const queued = createInbox({
		...access,
		schedule: (call) => sleep(50).then(call),
	});
	simulator.failWhen(
		/thread_owner/,
		{ status: 503, headers: { "retry-after": "5" } },
		1,
	);
	const calls = [
		retrying.getThreadOwner(recipient),
		paced.listConversations(),
		paced.listConversations(),
		queued.listConversations(),
	].map((call) =>
		Promise.resolve(call).then(
			() => "good",
			(error) => isContained(error) && "told",
		),
	);
	await sleep(20);
	await assert.rejects(retrying.getThreadOwner(AT_THE_CALL), isContained);
	assert.deepEqual(await Promise.all(calls), ["told", "good", "told", "told"]);
	await sleep(100);
	await works(queued);
	await works(paced);
});

test("a list made before is read by the new instance, one that is broken off ends in peace", async () => {
	const inbox = createInbox(access);
	const list = inbox.listConversations({ limit: 20 });
	const begun = inbox.listConversations({ limit: 20 })[Symbol.asyncIterator]();
	await begun.next();
	await assert.rejects(inbox.getThreadOwner(AT_THE_CALL), isContained);
	assert.deepEqual(await begun.return?.(), { done: true, value: undefined });
	assert.deepEqual(ids(await list.toArray()), all);
	assert.equal((await list).data.length, 20);
});

test("a first page that was on its way is read again", async () => {
	const inbox = createInbox(access);
	const list = inbox.listConversations({ limit: 9 });
	simulator.failNext("hang");
	const begun = Promise.resolve(list);
	await sleep(20);
	await assert.rejects(inbox.getThreadOwner(AT_THE_CALL), isContained);
	await assert.rejects(begun, isContained);
	assert.equal((await list).data.length, 9);
});

test("a page of a list that is lost says so", async () => {
	const inbox = createInbox(access);
	const page = await inbox.listConversations({ limit: 20 });
	await assert.rejects(inbox.getThreadOwner(AT_THE_CALL), isContained);
	assert.equal(page.hasNextPage(), true);
	await assert.rejects(page.nextPage(), isContained);
});

for (const entry of ["index.js", "index.node.js"])
	test(`again and again: ${entry}`, async () => {
		const { createInbox } = await import(
			`../../target/pkg-test-panics/dist/${entry}`
		);
		const inbox = createInbox(access);
		for (let count = 0; count < 30; count += 1) {
			await assert.rejects(inbox.getThreadOwner(AT_THE_CALL), isContained);
			await inbox.getThreadOwner(recipient);
		}
	});

test("what is thrown through Rust counts as one too", async () => {
	const inbox = createInbox(access);
	const { now } = Date;
	Date.now = () => {
		throw new Error("no clock today");
	};
	try {
		await assert.rejects(inbox.getThreadOwner(recipient), /no clock today/);
	} finally {
		Date.now = now;
	}
	await works(inbox);
});

test("a stack that is used up leaves the package usable", async () => {
	// In a process of its own, because Node writes of each promise that rejects there.
	const file = fileURLToPath(new URL("deep.mjs", import.meta.url));
	const { stdout } = await promisify(execFile)(process.execPath, [file], {
		maxBuffer: Number.POSITIVE_INFINITY,
	});
	assert.match(stdout, /^\d+ calls, 60 conversations after them$/m);
});

test("nothing is left that keeps a process alive", () => {
	const timers = process
		.getActiveResourcesInfo()
		.filter((name) => name === "Timeout");
	// The test runner has one of its own.
	assert.ok(timers.length <= 2, String(timers.length));
});
