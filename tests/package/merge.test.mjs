// Many lists as one: in which order, how far each list is read, what ends it. A failure of the property prints its seed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
	createInbox,
	listConversations,
	mergeConversations,
	parseGraphTime,
} from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { randomFrom } from "../hard/schedule.mjs";
import { failureOf, ids, reasonOf, startGraph } from "./graph.mjs";

const SEEDS = 2_000;

/** @typedef {{ id: string, updated_time?: any }} Item */

/** @param {number} second @returns {string} as Graph writes it */
const written = (second) =>
	new Date(Date.UTC(2026, 5, 1) + second * 1000)
		.toISOString()
		.replace(".000Z", "+0000");

/** @param {string} id @param {number} [second] @returns {Item} */
const item = (id, second) =>
	second === undefined ? { id } : { id, updated_time: written(second) };

/**
 * A list made by hand, which counts what is asked of it.
 *
 * @param {Item[]} items
 * @param {{ failure?: unknown, wait?: () => Promise<unknown> }} [options] `failure` comes after the items; each step waits for
 *   `wait`
 */
function madeList(items, { failure, wait = async () => {} } = {}) {
	const counts = { iterators: 0, nexts: 0, returns: 0, mostAtOnce: 0 };
	let atOnce = 0;
	const list = {
		[Symbol.asyncIterator]() {
			counts.iterators++;
			let read = 0;
			return {
				async next() {
					counts.nexts++;
					counts.mostAtOnce = Math.max(counts.mostAtOnce, ++atOnce);
					const index = read++;
					await wait();
					atOnce--;
					if (index < items.length) return { done: false, value: items[index] };
					if (index === items.length && failure !== undefined) throw failure;
					return { done: true, value: undefined };
				},
				async return() {
					counts.returns++;
					return { done: true, value: undefined };
				},
			};
		},
	};
	return {
		list: /** @type {import("graph-inbox").ConversationList<Item>} */ (list),
		counts,
	};
}

/** @returns {{ open: () => void, wait: () => Promise<void> }} a gate that is closed until `open` */
function gate() {
	let open = () => {};
	/** @type {Promise<void>} */
	const opened = new Promise((resolve) => {
		open = resolve;
	});
	return { open, wait: () => opened };
}

/** Lets everything run that waits for nothing but promises. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

const iterate = (/** @type {AsyncIterable<any>} */ merged) =>
	/** @type {AsyncIterableIterator<any>} */ (merged[Symbol.asyncIterator]());

/** @param {AsyncIterable<{ source: string, conversation: Item }>} merged */
async function all(merged) {
	const found = [];
	for await (const { source, conversation } of merged)
		found.push(`${source} ${conversation.id}`);
	return found;
}

describe("mergeConversations of lists of Graph", () => {
	const simulated = () => {
		const simulator = createGraphSimulator({
			conversations: { messenger: 40, instagram: 30 },
		});
		const { pageId, accessToken, fetch } = simulator;
		const options = { pageId, accessToken, fetch, maxRetries: 0 };
		const access = { ...options, callsPerSecond: /** @type {const} */ (false) };
		const inbox = createInbox(access);
		const list = (/** @type {"messenger" | "instagram"} */ platform) =>
			inbox.listConversations({ platform, limit: 5 });
		const lists = {
			messenger: list("messenger"),
			instagram: list("instagram"),
		};
		const requestsFor = (/** @type {string} */ platform) =>
			simulator.requests.filter(
				({ query }) => query.get("platform")?.toLowerCase() === platform,
			).length;
		return { simulator, access, lists, requestsFor };
	};

	it("yields both platforms in one order, newest first", async () => {
		const { simulator, lists } = simulated();
		const found = [];
		const times = [];
		for await (const { source, conversation } of mergeConversations(lists)) {
			found.push([source, conversation.id].join(" "));
			assert.ok(conversation.updated_time);
			times.push(parseGraphTime(conversation.updated_time).getTime());
		}
		assert.deepEqual(
			times,
			times.toSorted((a, b) => b - a),
		);
		const platforms = /** @type {const} */ (["messenger", "instagram"]);
		const expected = platforms.flatMap((platform) =>
			ids(simulator.conversations({ platform })).map(
				(id) => `${platform} ${id}`,
			),
		);
		assert.ok(expected.length > 60);
		assert.deepEqual(found.toSorted(), expected.toSorted());
	});

	it("sends nothing before the first next(), then reads all beginnings at once", async () => {
		const { simulator, lists } = simulated();
		const iterator = iterate(mergeConversations(lists));
		await settle();
		assert.equal(simulator.requests.length, 0);
		const first = iterator.next();
		await settle();
		assert.ok(simulator.requests.length >= 2);
		await first;
		await iterator.return?.();
	});

	it("reads each list as far as it is used and at most one page ahead", async () => {
		const { lists, requestsFor } = simulated();
		const taken = { messenger: 0, instagram: 0 };
		for await (const { source } of mergeConversations(lists)) {
			taken[source]++;
			await settle();
			for (const platform of /** @type {const} */ ([
				"messenger",
				"instagram",
			])) {
				// The head of a list is read, and the page after it.
				const page = Math.ceil((taken[platform] + 1) / 5);
				assert.ok(requestsFor(platform) <= page + 1);
			}
		}
	});

	it("sends nothing more once the loop is left", async () => {
		const { simulator, lists } = simulated();
		let left = 12;
		for await (const _ of mergeConversations(lists)) if (--left === 0) break;
		await settle();
		const { length } = simulator.requests;
		await new Promise((resolve) => setTimeout(resolve, 30));
		assert.equal(simulator.requests.length, length);
	});

	it("sends nothing more once return() is called during next()", async () => {
		const { simulator, access } = simulated();
		const { open, wait } = gate();
		const inbox = createInbox({
			...access,
			async fetch(url, init) {
				const response = await simulator.fetch(url, init);
				await wait();
				return response;
			},
		});
		const iterator = iterate(
			mergeConversations({
				a: inbox.listConversations({ limit: 5 }),
				b: inbox.listConversations({ limit: 5, platform: "instagram" }),
			}),
		);
		const pending = iterator.next();
		await settle();
		assert.equal(simulator.requests.length, 2);
		await iterator.return?.();
		assert.equal((await pending).done, true);
		open();
		await new Promise((resolve) => setTimeout(resolve, 30));
		assert.equal(simulator.requests.length, 2);
	});

	for (const [place, isFirst] of /** @type {const} */ ([
		["first", true],
		["second", false],
	]))
		it(`cancels the ${place} pages of the lists once return() is called during next()`, async () => {
			const { simulator, access } = simulated();
			/** @type {AbortSignal[]} */
			const hanging = [];
			const inbox = createInbox({
				...access,
				timeoutMs: 1_000,
				fetch(url, init) {
					if (!isFirst && !url.includes("after="))
						return simulator.fetch(url, init);
					if (init.signal) hanging.push(init.signal);
					return new Promise(() => {});
				},
			});
			const iterator = iterate(
				mergeConversations({
					a: inbox.listConversations({ limit: 1 }),
					b: inbox.listConversations({ limit: 1, platform: "instagram" }),
				}),
			);
			if (!isFirst) await iterator.next();
			const pending = iterator.next();
			while (hanging.length < 2) await settle();
			await iterator.return?.();
			assert.equal((await pending).done, true);
			await settle();
			for (const { aborted } of hanging) assert.ok(aborted);
		});

	it("reads the lists anew in each iteration", async () => {
		const { lists } = simulated();
		const merged = mergeConversations(lists);
		const first = await all(merged);
		assert.equal(first.length, 70);
		assert.deepEqual(await all(merged), first);
	});

	it("goes on with the others where one client's token has expired", async () => {
		const { access, inbox } = await startGraph();
		const wrong = listConversations({ ...access, accessToken: "wrong" });
		/** @type {[string, any][]} */
		const failures = [];
		const found = await all(
			mergeConversations(
				{ good: inbox().listConversations({ maxItems: 30 }), wrong },
				{
					onError: (source, error) =>
						failures.push([source, /** @type {any} */ (error).kind]),
				},
			),
		);
		assert.equal(found.length, 30);
		assert.deepEqual(failures, [["wrong", "authentication"]]);
	});

	it("rejects with the error of a list, and with the reason of its signal", async () => {
		const { simulator, access, lists } = simulated();
		simulator.failNext("expiredToken");
		const error = await failureOf(() => all(mergeConversations(lists)));
		assert.equal(error.kind, "authentication");
		const signal = AbortSignal.abort("enough");
		const aborted = listConversations({ ...access, signal });
		const merged = mergeConversations({ ...lists, aborted });
		assert.equal(await reasonOf(all(merged)), "enough");
	});
});

describe("the order of mergeConversations", () => {
	it("takes the list that was given first where times are equal", async () => {
		const lists = {
			b: madeList([item("1", 9), item("2", 7)]).list,
			a: madeList([item("3", 9), item("4", 8)]).list,
		};
		assert.deepEqual(await all(mergeConversations(lists)), [
			...["b 1", "a 3", "a 4", "b 2"],
		]);
	});

	it("takes a conversation without a readable time as soon as it is met", async () => {
		const odd = [undefined, null, "", "yesterday", 1_780_000_000];
		for (const updated_time of odd) {
			const lists = {
				a: madeList([item("1", 9), item("2", 5)]).list,
				b: madeList([item("3", 8), { id: "4", updated_time }, item("5", 1)])
					.list,
			};
			assert.deepEqual(await all(mergeConversations(lists)), [
				...["a 1", "b 3", "b 4", "a 2", "b 5"],
			]);
		}
	});

	it("compares times, not the strings that they are written as", async () => {
		const early = { id: "1", updated_time: "2026-06-01T10:00:00+0300" };
		const late = { id: "2", updated_time: "2026-06-01T09:00:00Z" };
		const lists = { a: madeList([early]).list, b: madeList([late]).list };
		assert.deepEqual(await all(mergeConversations(lists)), ["b 2", "a 1"]);
	});

	it("ends at once where there are no lists, or only empty ones", async () => {
		assert.deepEqual(await all(mergeConversations({})), []);
		const { list, counts } = madeList([]);
		const iterator = iterate(mergeConversations({ list }));
		for (let n = 0; n < 3; n++)
			assert.deepEqual(await iterator.next(), {
				done: true,
				value: undefined,
			});
		assert.deepEqual([counts.nexts, counts.returns], [1, 0]);
	});

	it("keeps to the lists that it was called with", async () => {
		/** @type {Record<string, import("graph-inbox").ConversationList<Item>>} */
		const lists = { a: madeList([item("1", 1)]).list };
		const merged = mergeConversations(lists);
		lists.b = madeList([item("2", 2)]).list;
		assert.deepEqual(await all(merged), ["a 1"]);
	});
});

describe("concurrent calls of next()", () => {
	it("are answered in order, without a second read of a list meanwhile", async () => {
		const { open, wait } = gate();
		const a = madeList([item("1", 9), item("2", 7)], { wait });
		const b = madeList([item("3", 8)], { wait });
		const iterator = iterate(mergeConversations({ a: a.list, b: b.list }));
		/** @type {string[]} */
		const found = [];
		const calls = Array.from({ length: 5 }, () =>
			iterator
				.next()
				.then(({ done, value }) =>
					found.push(done ? "done" : value.conversation.id),
				),
		);
		await settle();
		assert.deepEqual([a.counts.nexts, b.counts.nexts], [1, 1]);
		open();
		await Promise.all(calls);
		assert.deepEqual(found, ["1", "3", "2", "done", "done"]);
		assert.equal(a.counts.mostAtOnce, 1);
	});

	it("are done after the one that rejects", async () => {
		const { list, counts } = madeList([], { failure: "broken" });
		const iterator = iterate(mergeConversations({ list }));
		const calls = await Promise.allSettled([iterator.next(), iterator.next()]);
		assert.deepEqual(calls, [
			{ status: "rejected", reason: "broken" },
			{ status: "fulfilled", value: { done: true, value: undefined } },
		]);
		assert.equal((await iterator.next()).done, true);
		assert.equal(counts.nexts, 1);
	});
});

describe("a list that fails", () => {
	it("ends all lists, without waiting for those that are busy", async () => {
		const { wait } = gate();
		const good = madeList([item("1", 1)], { wait });
		const bad = madeList([], { failure: "broken" });
		const merged = mergeConversations({ good: good.list, bad: bad.list });
		assert.equal(await reasonOf(all(merged)), "broken");
		assert.equal(good.counts.returns, 1);
	});

	it("is left out where onError is given, which is called once", async () => {
		const lists = {
			good: madeList([item("1", 9), item("2", 5)]).list,
			bad: madeList([item("3", 7)], { failure: "broken" }).list,
			worse: madeList([], { failure: undefined, wait: reject }).list,
		};
		/** @type {unknown[]} */
		const failures = [];
		const found = await all(
			mergeConversations(lists, {
				onError: (...args) => failures.push(args),
			}),
		);
		assert.deepEqual(found, ["good 1", "bad 3", "good 2"]);
		assert.deepEqual(failures, [
			["worse", "refused"],
			["bad", "broken"],
		]);
	});

	it("ends everything where onError throws or rejects", async () => {
		for (const onError of [
			() => {
				throw "enough";
			},
			async () => {
				throw "enough";
			},
		]) {
			const good = madeList([item("1", 1)]);
			const bad = madeList([], { failure: "broken" });
			const lists = { good: good.list, bad: bad.list };
			const iterator = iterate(mergeConversations(lists, { onError }));
			assert.equal(await reasonOf(iterator.next()), "enough");
			assert.equal((await iterator.next()).done, true);
			assert.equal(good.counts.returns, 1);
		}
	});

	it("may throw where its iterator is made", async () => {
		const list = /** @type {any} */ ({
			[Symbol.asyncIterator]() {
				throw "broken";
			},
		});
		const good = madeList([item("1", 1)]).list;
		assert.equal(
			await reasonOf(all(mergeConversations({ good, list }))),
			"broken",
		);
		const found = await all(
			mergeConversations({ good, list }, { onError() {} }),
		);
		assert.deepEqual(found, ["good 1"]);
	});
});

const reject = () => Promise.reject("refused");

describe("return()", () => {
	it("ends all lists and resolves every pending next() as done, without waiting", async () => {
		const { wait } = gate();
		const a = madeList([item("1", 1)], { wait });
		const b = madeList([item("2", 2)]);
		const iterator = iterate(mergeConversations({ a: a.list, b: b.list }));
		const pending = [iterator.next(), iterator.next()];
		await settle();
		const done = { done: true, value: undefined };
		assert.deepEqual(await iterator.return?.(), done);
		assert.deepEqual(await Promise.all(pending), [done, done]);
		assert.deepEqual(await iterator.next(), done);
		assert.deepEqual([a.counts.returns, b.counts.returns], [1, 1]);
		assert.deepEqual([a.counts.nexts, b.counts.nexts], [1, 1]);
	});

	it("makes onError deaf to lists that fail later", async () => {
		const { open, wait } = gate();
		const { list } = madeList([], { failure: "broken", wait });
		/** @type {unknown[]} */
		const failures = [];
		const onError = (/** @type {unknown[]} */ ...args) => failures.push(args);
		const iterator = iterate(mergeConversations({ list }, { onError }));
		const pending = iterator.next();
		await iterator.return?.();
		open();
		await settle();
		assert.equal((await pending).done, true);
		assert.deepEqual(failures, []);
	});

	it("sends nothing where nothing was read", async () => {
		const { list, counts } = madeList([item("1", 1)]);
		const iterator = iterate(mergeConversations({ list }));
		await iterator.return?.();
		assert.equal((await iterator.next()).done, true);
		assert.deepEqual([counts.iterators, counts.returns], [0, 0]);
	});

	it("ignores a list that fails to end, or that has nothing to end", async () => {
		for (const end of [
			undefined,
			reject,
			() => {
				throw "broken";
			},
		]) {
			const list = /** @type {any} */ ({
				[Symbol.asyncIterator]: () => ({
					next: async () => ({ done: false, value: item("1", 1) }),
					return: end,
				}),
			});
			for await (const _ of mergeConversations({ list })) break;
			await settle();
		}
	});
});

it("mergeConversations refuses wrong arguments at the call", async () => {
	const { list } = madeList([]);
	/** @type {[option: string, args: any[]][]} */
	const wrong = [
		["lists", []],
		["lists", [null]],
		["lists", ["EAABsbCS1iHgBO"]],
		["lists", [list]],
		["lists", [{ list, other: undefined }]],
		["lists", [{ list: [] }]],
		["lists", [{ list: Promise.resolve(list) }]],
		["options", [{ list }, null]],
		["options", [{ list }, () => {}]],
		["options", [{ list }, { onerror() {} }]],
		["onError", [{ list }, { onError: null }]],
		["onError", [{ list }, { onError: true }]],
	];
	for (const [option, args] of wrong) {
		const error = await failureOf(() =>
			/** @type {any} */ (mergeConversations)(...args),
		);
		assert.equal(error.kind, "invalid_option");
		assert.equal(error.option, option);
		assert.equal(error.retryable, false);
		assert.ok(error.message.startsWith(`${option}: expected `));
	}
	mergeConversations({ list }, undefined);
	mergeConversations({ list }, { onError: undefined });
});

/**
 * What merging should yield, computed from the lists as they are.
 *
 * @param {{ name: string, items: Item[], failure?: string }[]} lists
 * @param {boolean} goesOn whether a failure leaves the others
 */
function expectedOf(lists, goesOn) {
	const left = lists.map((list) => ({ ...list, items: [...list.items] }));
	/** @type {string[]} */
	const found = [];
	/** @type {string[]} */
	const failures = [];
	for (;;) {
		for (const list of [...left]) {
			if (list.items.length > 0) continue;
			left.splice(left.indexOf(list), 1);
			if (list.failure) failures.push(list.failure);
		}
		if (left.length === 0 || (failures.length > 0 && !goesOn))
			return { found, failures };
		const times = left.map(({ items: [{ updated_time }] }) =>
			updated_time ? Date.parse(updated_time) : Number.POSITIVE_INFINITY,
		);
		const newest = left[times.indexOf(Math.max(...times))];
		found.push(`${newest.name} ${newest.items.shift()?.id}`);
	}
}

/** @param {number} seed */
async function runSeed(seed) {
	const random = randomFrom(seed);
	const pick = (/** @type {number} */ below) => Math.floor(random() * below);
	/** Some turns of the queue of promises. */
	const wait = async () => {
		for (let turns = pick(6); turns > 0; turns--) await undefined;
	};
	const lists = Array.from({ length: pick(5) }, (_, index) => {
		let second = 1000;
		const items = Array.from({ length: pick(8) }, (_, place) => {
			second -= pick(4);
			const isDated = pick(8) > 0;
			return item(String(place), isDated ? second : undefined);
		});
		const failure = pick(5) === 0 ? `failure of ${index}` : undefined;
		return { name: `list ${index}`, items, failure };
	});
	const made = lists.map(({ items, failure }) =>
		madeList(items, { failure, wait }),
	);
	const goesOn = pick(2) === 0;
	/** @type {string[]} */
	const told = [];
	const onError = async (
		/** @type {string} */ source,
		/** @type {unknown} */ error,
	) => {
		told.push(String(error));
		assert.equal(`failure of ${source.slice(5)}`, error);
		await wait();
	};
	const merged = mergeConversations(
		Object.fromEntries(
			lists.map(({ name }, index) => [name, made[index].list]),
		),
		goesOn ? { onError } : {},
	);
	const iterator = iterate(merged);

	const expected = expectedOf(lists, goesOn);
	const stopsAfter = pick(3) === 0 ? pick(20) : Number.POSITIVE_INFINITY;
	/** @type {Promise<string>[]} */
	const calls = [];
	const isEnd = (/** @type {string} */ outcome) => !outcome.startsWith("list");
	const outcomeOf = async () => {
		try {
			const { done, value } = await iterator.next();
			return done ? "done" : `${value.source} ${value.conversation.id}`;
		} catch (error) {
			return String(error);
		}
	};
	let isStopped = false;
	for (let ended = false; !ended; ) {
		for (let together = 1 + pick(3); together > 0; together--)
			calls.push(outcomeOf());
		if (calls.length > stopsAfter) {
			await wait();
			isStopped = true;
			assert.equal((await iterator.return?.())?.done, true);
			calls.push(outcomeOf());
		}
		ended = (await Promise.all(calls)).some(isEnd);
	}
	const outcomes = await Promise.all(calls);
	const last = outcomes.findIndex(isEnd);
	const found = outcomes.slice(0, last);
	const ends = outcomes.slice(last);

	if (isStopped) {
		assert.deepEqual(found, expected.found.slice(0, found.length));
	} else {
		assert.deepEqual(found, expected.found);
		if (goesOn) assert.deepEqual(told.toSorted(), expected.failures.toSorted());
	}
	const end = ends.shift();
	if (goesOn || expected.failures.length === 0) assert.equal(end, "done");
	else if (!isStopped || end !== "done")
		assert.ok(expected.failures.includes(String(end)), end);
	for (const outcome of ends) assert.equal(outcome, "done");

	await settle();
	for (const [index, { counts }] of made.entries()) {
		const { name, items, failure } = lists[index];
		const taken = found.filter((one) => one.startsWith(`${name} `)).length;
		assert.ok(counts.iterators <= 1);
		assert.ok(counts.mostAtOnce <= 1);
		// A list is read as far as its head. One that was stopped may have been reading the conversation after it.
		assert.ok(counts.nexts <= taken + (isStopped ? 2 : 1), `${name} read on`);
		const isOver = counts.nexts > items.length;
		if (!isOver && counts.iterators > 0)
			assert.equal(counts.returns, 1, `${name} not ended`);
		assert.ok(counts.returns <= 1);
		if (!isStopped && isOver && !failure)
			assert.equal(counts.nexts, items.length + 1);
	}
}

it(`mergeConversations yields ${SEEDS} random lists in the right order, however slow, and reads no list too far`, async () => {
	for (let seed = 0; seed < SEEDS; seed++)
		await runSeed(seed).catch((error) => {
			error.message = `seed ${seed}: ${error.message}`;
			throw error;
		});
});
