// One look of a watch after another, by `poll()`: what is delivered, what it costs, and where a checkpoint goes on.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { parseGraphTime } from "graph-inbox";
import {
	failureOf,
	ids,
	personOf,
	prints,
	questions,
	reasonOf,
} from "./graph.mjs";
import { countingFetch, eventLog, startPastGraph } from "./watching.mjs";

const graph = await startPastGraph({ conversations: 60 });
const { simulator, inbox, watched, receive, receiveAt, breakAt } = graph;
const all = () => simulator.conversations();
afterEach(graph.restore);

/** @param {{ conversations: { id: string }[] }} changes */
const changed = ({ conversations }) => ids(conversations);

/**
 * The number of requests that a call makes.
 *
 * @param {() => Promise<unknown>} call
 */
async function costOf(call) {
	const before = simulator.requests.length;
	await call();
	return simulator.requests.length - before;
}

/**
 * A watch whose first look is done.
 *
 * @returns {Promise<import("graph-inbox").ConversationWatch<any>>}
 */
async function begun(params = {}, client = inbox()) {
	const watch = client.watchConversations(params);
	await watch.poll();
	return watch;
}

describe("poll()", () => {
	it("sends nothing before it is called", async () => {
		inbox().watchConversations();
		await setTimeout(20);
		assert.equal(simulator.requests.length, 0);
	});

	it("delivers nothing at the first look, in one request", async () => {
		const watch = inbox().watchConversations();
		const changes = await watch.poll();
		assert.deepEqual(Object.keys(changes), ["conversations", "checkpoint"]);
		assert.deepEqual(changes.conversations, []);
		assert.equal(typeof changes.checkpoint, "string");
		assert.deepEqual(questions(simulator), ["- id,updated_time"]);
	});

	it("makes one request where there is no news", async () => {
		const watch = await begun();
		for (let look = 0; look < 3; look++)
			assert.equal(
				await costOf(async () => {
					const { conversations } = await watch.poll();
					assert.deepEqual(conversations, []);
				}),
				1,
			);
	});

	it("delivers what changed, oldest change first, each conversation once", async () => {
		const watch = await begun({ fields: ["snippet", "updated_time"] });
		const [first, second, third] = receiveAt(40, 3, 59);
		receive({ conversationId: first, text: "and one thing more" });
		const somebodyNew = receive({ name: "Somebody New" });
		const { conversations } = await watch.poll();
		assert.deepEqual(ids(conversations), [second, third, first, somebodyNew]);
		for (const conversation of conversations) {
			const { id, snippet, updated_time } = conversation;
			const now = all().find((one) => one.id === id);
			assert.deepEqual({ snippet, updated_time }, pick(now));
		}
		assert.deepEqual(changed(await watch.poll()), []);
		receive({ conversationId: third });
		assert.deepEqual(changed(await watch.poll()), [third]);
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("delivers several changes of one second", async () => {
		const watch = await begun();
		const [{ id: first }, { id: second }, { id: third }] = all();
		receive({ conversationId: third });
		// Graph's times are whole seconds; the clock of this Graph stands still meanwhile.
		for (const conversationId of [first, second])
			simulator.receiveMessage({ conversationId });
		receive();
		const delivered = changed(await watch.poll());
		assert.deepEqual(delivered.slice(0, 3), [third, first, second]);
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("delivers only the fields that were asked for", async () => {
		for (const [fields, names] of /** @type {const} */ ([
			[undefined, ["id", "updated_time"]],
			[["snippet"], ["id", "snippet"]],
			[[], ["id"]],
		])) {
			const watch = await begun({ fields });
			receive();
			const { conversations } = await watch.poll();
			assert.deepEqual(Object.keys(conversations[0]), names);
		}
	});

	it("reads as many pages as changed, and the rest not", async () => {
		const watch = await begun();
		const moved = receiveAt(...Array.from({ length: 40 }, (_, at) => 59 - at));
		// 25, then at most 50 more.
		const cost = await costOf(async () =>
			assert.deepEqual(changed(await watch.poll()), moved),
		);
		assert.equal(cost, 2);
		assert.equal(await costOf(() => watch.poll()), 1);
	});

	it("asks for the platform and the folder", async () => {
		for (const platform of /** @type {const} */ (["instagram", "INSTAGRAM"])) {
			const watch = await begun({ platform, folder: "inbox" });
			receive();
			const id = receive({ platform });
			assert.deepEqual(changed(await watch.poll()), [id]);
			const { query } = /** @type {any} */ (simulator.requests.at(-1));
			assert.equal(query.get("platform"), "INSTAGRAM");
			assert.equal(query.get("folder"), "inbox");
		}
	});

	it("begins at `since` where that is given", async () => {
		const moved = receiveAt(30, 20, 10);
		const [{ updated_time = "" }] = all().filter(({ id }) => id === moved[1]);
		const date = parseGraphTime(updated_time);
		for (const since of [date, updated_time, date.getTime()]) {
			const watch = inbox().watchConversations({ since });
			assert.deepEqual(changed(await watch.poll()), moved.slice(1));
			assert.deepEqual(changed(await watch.poll()), []);
		}
		const later = inbox().watchConversations({ since: new Date() });
		assert.deepEqual(changed(await later.poll()), []);
		const ever = inbox().watchConversations({ since: 0 });
		assert.deepEqual(changed(await ever.poll()), ids(all()).reverse());
	});

	it("watches an inbox that is empty at first", async () => {
		const empty = await startPastGraph({ conversations: 0 });
		const watch = empty.inbox().watchConversations();
		assert.deepEqual(changed(await watch.poll()), []);
		const moved = [empty.receive(), empty.receive()];
		assert.deepEqual(changed(await watch.poll()), moved);
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("begins with what is listed though the first page came empty", async () => {
		simulator.failNext("emptyPage");
		const watch = await begun();
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("goes on over an empty page", async () => {
		const watch = await begun();
		const moved = receiveAt(7, 8);
		simulator.failNext("emptyPage");
		assert.deepEqual(changed(await watch.poll()), moved);
	});

	it("delivers a conversation that moves during a look once, as it was read last", async () => {
		const watch = inbox().watchConversations({
			since: 0,
			fields: ["updated_time"],
		});
		const [last] = all().slice(-1);
		let pages = 0;
		const stop = simulator.failWhen("/conversations", (_, answer) => {
			// Between the first page and the second.
			if (++pages === 1) receive({ conversationId: last.id });
			return answer;
		});
		const first = await watch.poll();
		stop();
		assert.equal(new Set(changed(first)).size, first.conversations.length);
		// It is on a page that was read already: this look or the next one delivers it.
		const found = [
			...first.conversations,
			...(await watch.poll()).conversations,
		];
		const newest = found.findLast(({ id }) => id === last.id);
		assert.equal(newest?.updated_time, all()[0].updated_time);
	});

	it("delivers a conversation that two pages list once, in its place as it was read last", async () => {
		const page = (/** @type {[string, number][]} */ entries, next = {}) => ({
			status: 200,
			body: {
				data: entries.map(([id, second]) => ({
					id,
					updated_time: `2026-06-01T10:00:${second}+0000`,
				})),
				paging: next,
			},
		});
		const cursors = { cursors: { after: "x" }, next: "https://x?after=x" };
		simulator.failNext(
			page(
				[
					["a", 30],
					["b", 20],
				],
				cursors,
			),
		);
		simulator.failNext(
			page([
				["b", 40],
				["c", 10],
			]),
		);
		const { conversations } = await inbox()
			.watchConversations({ since: 0 })
			.poll();
		assert.deepEqual(
			conversations.map(({ id, updated_time }) => [
				id,
				updated_time?.slice(17, 19),
			]),
			[
				["c", "10"],
				["a", "30"],
				["b", "40"],
			],
		);
	});

	it("delivers a conversation of an open second again once the second is over", async () => {
		let dateMs = 0;
		const stop = simulator.failWhen("/conversations", (_, answer) => {
			answer.headers.set("date", new Date(dateMs).toUTCString());
			return answer;
		});
		const newest = () => parseGraphTime(all()[0].updated_time ?? "").getTime();
		graph.pass(60);
		dateMs = newest() + 30_000;
		const watch = await begun();
		const id = receive();
		const movedMs = newest();
		/** @type {[afterS: number, boolean][]} */
		const looks = [
			[2, true],
			[3, false],
			[4, false],
			// Now nothing of that second can be missing.
			[9, true],
			[10, false],
			[60, false],
		];
		for (const [afterS, isDelivered] of looks) {
			dateMs = movedMs + afterS * 1_000;
			const expected = isDelivered ? [id] : [];
			assert.deepEqual(changed(await watch.poll()), expected, `${afterS} s`);
		}
		stop();
	});

	it("makes one request at a time, however often it is called", async () => {
		const { fetch, counts } = countingFetch(10);
		const watch = inbox({ fetch }).watchConversations({ withOwner: true });
		await watch.poll();
		const moved = receiveAt(5, 6);
		const looks = await Promise.all([watch.poll(), watch.poll(), watch.poll()]);
		assert.deepEqual(looks.map(changed), [moved, [], []]);
		assert.equal(counts.most, 1);
		// The owners take one request.
		assert.equal(simulator.requests.length, 1 + 3 + 1);
	});

	it("looks though the look that it waited for failed", async () => {
		const watch = await begun({ maxRetries: 0 });
		const moved = receiveAt(5);
		simulator.failNext("transient");
		const [failed, good] = await Promise.allSettled([
			watch.poll(),
			watch.poll(),
		]);
		assert.equal(failed.status, "rejected");
		assert.ok(good.status === "fulfilled");
		assert.deepEqual(changed(good.value), moved);
	});

	it("of several watches of one client, each delivers all changes", async () => {
		const client = inbox();
		const watches = [await begun({}, client), await begun({}, client)];
		const moved = receiveAt(9);
		for (const watch of watches)
			assert.deepEqual(changed(await watch.poll()), moved);
	});
});

describe("a look that fails", () => {
	/** @type {import("graph-inbox/simulator").Fault[]} */
	const faults = [
		"transient",
		"connectionReset",
		"html200",
		"truncated",
		"rateLimitPage",
		"expiredToken",
		"permission",
		"blocked",
		"null",
	];
	for (const fault of faults)
		it(`rejects like any call and moves no checkpoint: ${fault}`, async () => {
			const watch = inbox({ maxRetries: 0 }).watchConversations();
			const before = await watch.poll();
			const moved = receiveAt(4, 2);
			simulator.failNext(fault);
			const error = await failureOf(watch.poll());
			simulator.failNext(fault);
			const other = await failureOf(
				inbox({ maxRetries: 0 }).listConversations(),
			);
			assert.deepEqual([error.kind, error.code], [other.kind, other.code]);
			const after = await watch.poll();
			assert.deepEqual(changed(after), moved);
			assert.notEqual(after.checkpoint, before.checkpoint);
		});

	it("at its second page delivers the first page again", async () => {
		const watch = await begun({ maxRetries: 0 });
		const moved = receiveAt(...Array.from({ length: 30 }, (_, at) => 59 - at));
		const stop = simulator.failWhen(/after=/, "transient", 1);
		assert.equal((await failureOf(watch.poll())).kind, "transient");
		stop();
		assert.deepEqual(changed(await watch.poll()), moved);
	});

	it("at the first look begins no watch", async () => {
		const watch = inbox({ maxRetries: 0 }).watchConversations();
		simulator.failNext("transient");
		assert.equal((await failureOf(watch.poll())).kind, "transient");
		receive();
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("is retried as the client retries", async () => {
		const { inbox: client, told } = watched();
		const watch = await begun({}, client);
		const moved = receiveAt(4);
		simulator.failNext("html502");
		assert.deepEqual(changed(await watch.poll()), moved);
		assert.equal(told("retry").length, 1);
	});

	it("rejects with the reason of its signal", async () => {
		for (const reason of ["left", null, new RangeError("mine")]) {
			const controller = new AbortController();
			const { signal } = controller;
			const watch = inbox().watchConversations({ signal });
			await watch.poll();
			simulator.failNext("hang");
			const pending = reasonOf(watch.poll());
			await graph.requestsReach(2);
			controller.abort(reason);
			assert.equal(await pending, reason);
			assert.equal(await reasonOf(watch.poll()), reason);
			assert.equal(simulator.requests.length, 2);
			graph.restore();
		}
	});

	it("passes on what functions of the caller throw", async () => {
		let isShut = false;
		const client = inbox({
			accessToken() {
				if (isShut) throw "vault is shut";
				return simulator.accessToken;
			},
		});
		const watch = await begun({}, client);
		const moved = receiveAt(4);
		isShut = true;
		assert.equal(await reasonOf(watch.poll()), "vault is shut");
		isShut = false;
		assert.deepEqual(changed(await watch.poll()), moved);
	});

	it("took longer than totalTimeoutMs, which is for all of its pages", async () => {
		const watch = inbox().watchConversations({ since: 0, totalTimeoutMs: 800 });
		const stop = simulator.failWhen("/conversations", { delayMs: 500 });
		const error = await failureOf(watch.poll());
		assert.equal(error.kind, "timeout");
		stop();
		// Each look has all of it: the time between two does not count.
		await setTimeout(800);
		assert.equal((await watch.poll()).conversations.length, all().length);
		assert.deepEqual(changed(await watch.poll()), []);
	});
});

describe("a checkpoint", () => {
	it("goes on in a fresh client where the watch stopped", async () => {
		let { checkpoint } = await inbox().watchConversations().poll();
		for (let process = 0; process < 4; process++) {
			const moved = receiveAt(9, 7, 8);
			const watch = inbox().watchConversations({ checkpoint });
			const changes = await watch.poll();
			assert.deepEqual(changed(changes), moved);
			assert.deepEqual(changed(await watch.poll()), []);
			// One that was stored before the conversations were goes on before them.
			const again = inbox().watchConversations({ checkpoint });
			assert.deepEqual(changed(await again.poll()), moved);
			checkpoint = changes.checkpoint;
			const after = inbox().watchConversations({ checkpoint });
			assert.equal(
				await costOf(async () =>
					assert.deepEqual(changed(await after.poll()), []),
				),
				1,
			);
		}
	});

	it("holds for other fields, intervals, clients and owners", async () => {
		const { checkpoint } = await inbox().watchConversations().poll();
		const moved = receiveAt(9);
		for (const params of /** @type {const} */ ([
			{ fields: ["snippet"] },
			{ intervalMs: 1_000 },
			{ withOwner: true },
			{ platform: "MESSENGER" },
			{ platform: "messenger", folder: "inbox" },
			{ timeoutMs: 5_000, maxRetries: 0 },
		])) {
			const client = inbox({ appSecret: "s", apiVersion: "v24.0" });
			const watch = client.watchConversations({ ...params, checkpoint });
			assert.deepEqual(changed(await watch.poll()), moved);
		}
	});

	it("is refused where it is of another Page, platform or folder", async () => {
		const { checkpoint } = await inbox().watchConversations().poll();
		/** @type {[Partial<import("graph-inbox").InboxOptions>, import("graph-inbox").WatchParams][]} */
		const others = [
			[{ pageId: "123456" }, {}],
			[{}, { platform: "instagram" }],
			[{}, { platform: "INSTAGRAM" }],
			[{}, { folder: "other" }],
			[{}, { folder: "page_done" }],
		];
		for (const [options, params] of others) {
			const watch = inbox(options).watchConversations({
				...params,
				checkpoint,
			});
			await assertRefused(watch, "checkpoint", /another Page/);
		}
	});

	it("is refused where any character of it is missing or another", async () => {
		const { checkpoint } = await inbox().watchConversations().poll();
		/** @type {string[]} */
		const damaged = ["", " ", "x", `${checkpoint} `, `${checkpoint}.1`];
		for (const [place, character] of [...checkpoint].entries()) {
			const [before, after] = [
				checkpoint.slice(0, place),
				checkpoint.slice(place + 1),
			];
			const other = character === "5" ? "6" : "5";
			damaged.push(before, before + after, before + other + after);
		}
		for (const wrong of damaged) {
			const watch = inbox().watchConversations({ checkpoint: wrong });
			await assertRefused(watch, "checkpoint", /damaged/);
		}
	});

	it("is refused together with since", async () => {
		const { checkpoint } = await inbox().watchConversations().poll();
		const watch = inbox().watchConversations({ checkpoint, since: 0 });
		await assertRefused(watch, "since", /checkpoint/);
	});

	it("holds no secret and no ID of a Page, person or conversation", async () => {
		const appSecret = "0123456789abcdef0123456789abcdef";
		const watch = inbox({ appSecret }).watchConversations({
			since: 0,
			fields: ["participants"],
		});
		const { checkpoint, conversations } = await watch.poll();
		assert.match(checkpoint, /^[\w.~-]+$/, "fit for a URL and a cookie");
		const kept = [
			checkpoint,
			Buffer.from(checkpoint, "base64").toString("latin1"),
		].join("\n");
		const people = conversations.flatMap(({ id, participants }) => [
			id,
			...ids(participants?.data ?? []),
		]);
		assert.ok(people.length > 100);
		for (const text of [
			simulator.pageId,
			simulator.accessToken,
			appSecret,
			...people,
			...people.map((id) => id.replace(/\D/g, "")),
		])
			assert.ok(!kept.includes(text), text);
		assert.ok(!prints(watch).includes(simulator.accessToken));
		assert.ok(!prints(watch).includes(appSecret));
	});

	it("is at most 2 KB, however many conversations cannot be read", async () => {
		const data = Array.from({ length: 500 }, (_, n) => ({ id: `t_1000${n}` }));
		simulator.failNext({ body: { data } });
		const watch = inbox().watchConversations({ since: 0 });
		const changes = await watch.poll();
		assert.equal(changes.conversations.length, 500);
		assert.ok(changes.checkpoint.length <= 2_048);
		const { checkpoint } = changes;
		await inbox().watchConversations({ checkpoint }).poll();
	});
});

/**
 * @param {import("graph-inbox").ConversationWatch<any>} watch
 * @param {string} option
 * @param {RegExp} [message]
 */
async function assertRefused(watch, option, message) {
	const sent = simulator.requests.length;
	for (const use of [
		() => watch.poll(),
		() => watch[Symbol.asyncIterator]().next(),
		() => watch.poll(),
	]) {
		const error = await failureOf(use);
		assert.deepEqual(
			[error.kind, error.option, error.retryable, error.attempts],
			["invalid_option", option, false, undefined],
			error.message,
		);
		if (message) assert.match(error.message, message);
	}
	assert.equal(simulator.requests.length, sent);
}

describe("parameters of a watch", () => {
	/** @type {[string, unknown, RegExp?][]} */
	const wrong = [
		["intervalMs", 999, /1000 or more/],
		["intervalMs", 0],
		["intervalMs", -1],
		["intervalMs", 1_000.5],
		["intervalMs", "1000", /"1000"/],
		["intervalMs", Number.POSITIVE_INFINITY],
		["since", "yesterday", /ISO 8601/],
		["since", Number.NaN],
		["since", new Date(Number.NaN)],
		["since", null],
		["checkpoint", 7],
		["checkpoint", null],
		["withOwner", "yes"],
		["folder", "in box"],
		["platform", "telegram"],
		["fields", "id"],
		["signal", {}],
		["timeoutMs", 0],
		["totalTimeoutMs", -1],
		["maxRetries", 0.5],
		// Of lists.
		["userId", "1"],
		["limit", 5],
		["after", "x"],
		["before", "x"],
		["maxItems", 1],
		["updatedSince", 0],
		["catchUp", true],
	];
	for (const [option, value, message] of wrong)
		it(`refuse ${option}: ${JSON.stringify(value)}`, () =>
			assertRefused(
				inbox().watchConversations(/** @type {any} */ ({ [option]: value })),
				option,
				message,
			));

	it("refuse what is no object", async () => {
		for (const params of [null, 7, "x", [], () => {}])
			await assertRefused(
				inbox().watchConversations(/** @type {any} */ (params)),
				"params",
			);
	});

	it("refuse owners where the host has none", async () => {
		const watch = inbox({
			baseUrl: "https://graph.instagram.com",
		}).watchConversations({ withOwner: true });
		await assertRefused(watch, "baseUrl");
	});

	it("are read once, when the watch is made", async () => {
		const params = { fields: ["snippet"], since: /** @type {any} */ (0) };
		const watch = inbox().watchConversations(/** @type {any} */ (params));
		params.fields.push("link");
		params.since = "yesterday";
		const [first] = (await watch.poll()).conversations;
		assert.deepEqual(Object.keys(first), ["id", "snippet"]);
	});
});

describe("a watch with owners", () => {
	it("joins what changed, and nothing else, with the owners", async () => {
		const watch = await begun({ withOwner: true, fields: ["snippet"] });
		const moved = receiveAt(11, 12);
		const { conversations } = await watch.poll();
		assert.deepEqual(ids(conversations), moved);
		for (const conversation of /** @type {any[]} */ (conversations)) {
			assert.deepEqual(Object.keys(conversation).sort(), [
				"id",
				"snippet",
				"thread_owner",
			]);
			const { recipient, owner, error } = conversation.thread_owner;
			const now = all().find(({ id }) => id === conversation.id);
			assert.equal(recipient, now && personOf(now, simulator));
			assert.equal(error, undefined);
			assert.ok(owner.state);
		}
		assert.equal(simulator.requests.at(-1)?.items.length, 2);
		const cost = await costOf(() => watch.poll());
		assert.equal(cost, 1, "nobody's owner is asked for");
	});

	it("delivers a conversation whose owner cannot be read, with the error", async () => {
		const watch = await begun({ withOwner: true, maxRetries: 0 });
		const [, second] = receiveAt(11, 12);
		const person = personOf(
			/** @type {any} */ (all().find(({ id }) => id === second)),
			simulator,
		);
		const stop = simulator.failItems(person, "permission");
		const { conversations } = await watch.poll();
		stop();
		const owners = /** @type {any[]} */ (conversations).map(
			({ thread_owner }) => thread_owner,
		);
		assert.ok(owners[0].owner);
		assert.equal(owners[1].recipient, person);
		assert.equal(owners[1].error.kind, "permission");
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("delivers conversations though the whole batch of owners fails", async () => {
		for (const fault of /** @type {const} */ (["transient", "rateLimitPage"])) {
			const watch = await begun({ withOwner: true, maxRetries: 0 });
			const moved = receiveAt(11, 12);
			const stop = simulator.failWhen(({ method }) => method === "POST", fault);
			const { conversations } = await watch.poll();
			stop();
			assert.deepEqual(ids(conversations), moved);
			for (const { thread_owner } of /** @type {any[]} */ (conversations))
				assert.ok(thread_owner.error.retryable);
		}
	});

	it("knows the role of the owner", async () => {
		const { appId } = simulator;
		const watch = await begun({ withOwner: true }, inbox({ appId }));
		const moved = receiveAt(11);
		const [conversation] = all();
		assert.equal(conversation.id, moved[0]);
		simulator.setOwner(personOf(conversation, simulator), { app_id: appId });
		const [first] = /** @type {any[]} */ ((await watch.poll()).conversations);
		assert.equal(first.thread_owner.owner.role, "self");
	});
});

describe("a watch of conversations that are hard to read", () => {
	it("delivers one of which only the ID can be read once, and again when more can be read", async () => {
		const watch = inbox({ maxRetries: 0 }).watchConversations({
			fields: ["updated_time", "snippet"],
		});
		await watch.poll();
		const moved = receiveAt(9, 8);
		const broken = breakAt(0, { readable: ["id"] });
		assert.equal(broken, moved[1]);
		const first = await watch.poll();
		assert.deepEqual(changed(first).toSorted(), moved.toSorted());
		const found = first.conversations.find(({ id }) => id === broken);
		assert.deepEqual(found, {
			id: broken,
			unreadable: ["updated_time", "snippet"],
		});
		assert.deepEqual(changed(await watch.poll()), []);
		const { checkpoint } = first;
		const resumed = inbox().watchConversations({ checkpoint, maxRetries: 0 });
		assert.deepEqual(changed(await resumed.poll()), []);

		simulator.breakConversation(broken, false);
		assert.deepEqual(changed(await watch.poll()), [broken]);
		assert.deepEqual(changed(await resumed.poll()), [broken]);
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("delivers nothing of what could not be read when it began", async () => {
		breakAt(3, { readable: ["id"] });
		const watch = await begun({ maxRetries: 0 });
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("delivers one whose messages cannot be read once, with their name", async () => {
		const watch = await begun({ fields: ["messages"], maxRetries: 0 });
		const moved = receiveAt(9, 8);
		breakAt(0, { unreadable: ["messages"] });
		const { conversations } = await watch.poll();
		assert.deepEqual(ids(conversations), moved);
		const [whole, broken] = conversations;
		assert.ok(whole.messages?.data.length && !("unreadable" in whole));
		assert.deepEqual(broken, { id: moved[1], unreadable: ["messages"] });
		assert.deepEqual(changed(await watch.poll()), []);
	});

	it("asks for less where a page is too much, in every look anew", async () => {
		const { inbox: client, sizes } = watched({ maxRetries: 0 });
		const watch = client.watchConversations();
		const stop = simulator.failWhen(
			({ query }) => Number(query.get("limit") ?? 25) > 12,
			"reduceData",
		);
		await watch.poll();
		const moved = receiveAt(59);
		assert.deepEqual(changed(await watch.poll()), moved);
		stop();
		assert.deepEqual(sizes()[0], [25, 12]);
	});
});

it("a watch emits the events of its requests, without secrets", async () => {
	const { onEvent, events } = eventLog();
	await begun({}, inbox({ onEvent }));
	assert.deepEqual(
		events.map(({ type }) => type),
		["request", "response"],
	);
	assert.ok(!prints(events).includes(simulator.accessToken));
});

/** @param {import("graph-inbox").Conversation | undefined} conversation */
function pick(conversation) {
	assert.ok(conversation);
	const { snippet, updated_time } = conversation;
	return { snippet, updated_time };
}
