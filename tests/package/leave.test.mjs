// Leaving a list that is iterated: what was asked for is cancelled, and nothing more is sent.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { failureOf, ids, reasonOf, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 60, instagram: 4 },
	dataLimit: 100,
});
const { simulator } = graph;
const all = () => ids(simulator.conversations());
afterEach(() => simulator.reset());

const DONE = { done: true, value: undefined };

/**
 * Waits until so many requests have arrived, and a little longer.
 *
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 * @param {number} count
 */
async function requestsReach({ requests }, count) {
	while (requests.length < count) await setTimeout(5);
	await setTimeout(20);
}

describe("return() of an iterator of a list", () => {
	/** @type {Record<string, (list: import("graph-inbox").ConversationList<any>) => AsyncIterator<any>>} */
	const kinds = {
		"a list": (list) => list[Symbol.asyncIterator](),
		"its pages": (list) => list.pages(),
	};
	for (const [kind, iterate] of Object.entries(kinds)) {
		const leave = (/** @type {AsyncIterator<any>} */ iterator) =>
			/** @type {any} */ (iterator).return();

		it(`before the first next() sends nothing: ${kind}`, async () => {
			const iterator = iterate(graph.inbox().listConversations());
			assert.deepEqual(await leave(iterator), DONE);
			assert.deepEqual(await iterator.next(), DONE);
			assert.equal(simulator.requests.length, 0);
		});

		/** A list from whose first page so many are taken that `next()` has to wait for the second one. */
		const taken = kind === "a list" ? 5 : 1;
		/**
		 * An iterator that has to wait for its first page or for its second one, and the signals of all requests.
		 *
		 * @param {boolean} isFirst
		 * @param {import("graph-inbox/simulator").Fault} fault of that page
		 * @param {Partial<import("graph-inbox").InboxOptions>} [options]
		 */
		async function pendingAt(isFirst, fault, options) {
			const { simulator, watched } = await startGraph();
			/** @type {AbortSignal[]} */
			const signals = [];
			const { inbox, events } = watched({
				fetch(url, init) {
					if (init.signal) signals.push(init.signal);
					return fetch(url, init);
				},
				...options,
			});
			simulator.failWhen(isFirst ? "/conversations" : /after=/, fault);
			const iterator = iterate(inbox.listConversations({ limit: 5 }));
			for (let count = 0; !isFirst && count < taken; count++)
				assert.equal((await iterator.next()).done, false);
			const pending = [iterator.next(), iterator.next()];
			const sent = isFirst ? 1 : 2;
			return {
				simulator,
				signals,
				events,
				sent,
				/** Resolves with all that is pending, or fails where that takes long. */
				async left() {
					const all = Promise.all([
						leave(iterator),
						leave(iterator),
						...pending,
						iterator.next(),
					]);
					const late = setTimeout(400, "late", { ref: false });
					const ends = await Promise.race([all, late]);
					assert.deepEqual(ends, Array(5).fill(DONE));
				},
			};
		}

		for (const [place, isFirst] of /** @type {const} */ ([
			["the first page", true],
			["a later page", false],
		])) {
			for (const fault of /** @type {const} */ (["hang", "hangBody"]))
				it(`while ${place} is read cancels its request at once: ${kind}, ${fault}`, async () => {
					const limits = { timeoutMs: 1_000, maxRetries: 0 };
					const { left, simulator, signals, sent } = await pendingAt(
						isFirst,
						fault,
						limits,
					);
					await requestsReach(simulator, sent);
					assert.equal(signals.at(-1)?.aborted, false);
					await left();
					assert.equal(signals.at(-1)?.aborted, true);
					await setTimeout(30);
					assert.equal(simulator.requests.length, sent);
				});

			it(`while a retry of ${place} is waited for sends no retry: ${kind}`, async () => {
				const { left, simulator, events, sent } = await pendingAt(
					isFirst,
					"transient",
					{
						maxRetries: 1,
					},
				);
				while (!events.some(({ type }) => type === "retry"))
					await setTimeout(5);
				const { delayMs } = events.at(-1);
				await left();
				await setTimeout(delayMs + 50);
				assert.equal(simulator.requests.length, sent);
			});

			it(`while ${place} waits for its turn sends nothing: ${kind}`, async () => {
				const callsPerSecond = isFirst ? 2 : 1;
				const { simulator, watched } = await startGraph();
				const { inbox, events } = watched({ callsPerSecond });
				if (isFirst) await inbox.listConversations();
				if (isFirst) await inbox.listConversations();
				const iterator = iterate(inbox.listConversations({ limit: 5 }));
				for (let count = 0; !isFirst && count < taken; count++)
					await iterator.next();
				const pending = iterator.next();
				while (!events.some(({ type }) => type === "wait")) await setTimeout(5);
				const { delayMs } = events.at(-1);
				const sent = simulator.requests.length;
				const late = setTimeout(400, "late", { ref: false });
				const all = Promise.all([leave(iterator), pending]);
				assert.deepEqual(await Promise.race([all, late]), [DONE, DONE]);
				await setTimeout(delayMs + 30);
				assert.equal(simulator.requests.length, sent);
			});
		}

		it(`while a page is read ahead cancels that page: ${kind}`, async () => {
			simulator.failWhen(/after=/, "hang");
			/** @type {AbortSignal[]} */
			const signals = [];
			const inbox = graph.inbox({
				fetch(url, init) {
					if (init.signal) signals.push(init.signal);
					return fetch(url, init);
				},
			});
			const iterator = iterate(inbox.listConversations({ limit: 5 }));
			await iterator.next();
			await requestsReach(simulator, 2);
			assert.deepEqual(await leave(iterator), DONE);
			assert.equal(signals.at(-1)?.aborted, true);
			assert.equal(simulator.requests.length, 2);
		});
	}

	it("resolves with the value that it is given", async () => {
		for (const isPending of [false, true]) {
			const list = graph.inbox().listConversations({ limit: 5 });
			const iterator = /** @type {any} */ (list.pages());
			const stop = simulator.failWhen(/after=/, "hang");
			if (isPending) await iterator.next();
			const pending = isPending ? iterator.next() : undefined;
			const left = await iterator.return("enough");
			assert.deepEqual(left, { done: true, value: "enough" });
			if (isPending) assert.deepEqual(await pending, DONE);
			stop();
		}
	});

	it("while owners are read cancels that request", async () => {
		simulator.failWhen(({ method }) => method === "POST", "hang");
		const list = graph.inbox().listConversationsWithOwner({ limit: 5 });
		const iterator = /** @type {any} */ (list[Symbol.asyncIterator]());
		const pending = iterator.next();
		// Two pages and the owners of the first.
		await requestsReach(simulator, 3);
		await iterator.return();
		assert.deepEqual(await pending, DONE);
		assert.equal(simulator.requests.length, 3);
	});

	it("ends one iteration and no other of the same list", async () => {
		const list = graph.inbox().listConversations({ limit: 20 });
		const first = /** @type {any} */ (list[Symbol.asyncIterator]());
		await first.next();
		const others = [list.toArray(), list.toArray()];
		await first.return();
		for (const found of await Promise.all(others))
			assert.deepEqual(ids(found), all());
		assert.deepEqual(ids(await list.toArray()), all());
	});

	it("leaves the pages that were delivered as they are", async () => {
		const list = graph.inbox().listConversations({ limit: 20 });
		/** @type {import("graph-inbox").ConversationPage<any> | null} */
		let page = null;
		for await (page of list.pages()) break;
		const next = await page?.nextPage();
		assert.deepEqual(ids(next?.data ?? []), all().slice(20, 40));
	});

	it("is no match for an error that came before", async () => {
		const list = graph.inbox({ maxRetries: 0 }).listConversations();
		const iterator = /** @type {any} */ (list[Symbol.asyncIterator]());
		simulator.failNext("expiredToken");
		const error = await failureOf(iterator.next());
		assert.equal(error.kind, "authentication");
		assert.deepEqual(await iterator.return(), DONE);
		const signal = AbortSignal.abort("enough");
		const aborted = graph.inbox().listConversations({ signal });
		assert.equal(await reasonOf(aborted.toArray()), "enough");
	});
});

/** A list whose first page waits until `answer()`, with the signals of its requests. */
async function waitingList() {
	const { simulator, inbox } = await startGraph();
	/** @type {AbortSignal[]} */
	const signals = [];
	let answer = () => {};
	/** @type {Promise<void>} */
	const answered = new Promise((resolve) => {
		answer = resolve;
	});
	const client = inbox({
		async fetch(url, init) {
			if (init.signal) signals.push(init.signal);
			const response = await fetch(url, init);
			await answered;
			return response;
		},
	});
	return {
		simulator,
		signals,
		answer,
		list: client.listConversations({ limit: 5 }),
		all: () => ids(simulator.conversations()),
	};
}

/**
 * @param {PromiseLike<unknown>} promise
 * @returns {Promise<unknown>} `late` where it is not settled soon
 */
const soon = (promise) =>
	Promise.race([promise, setTimeout(400, "late", { ref: false })]);

/** @param {AsyncIterable<any>} list @returns {any} */
const iteratorOf = (list) => list[Symbol.asyncIterator]();

describe("the first page of a list", () => {
	it("is left at once, and goes on for whoever else iterates", async () => {
		const { simulator, signals, list, answer, all } = await waitingList();
		const [leaving, staying] = [iteratorOf(list), iteratorOf(list.pages())];
		const pending = [leaving.next(), staying.next()];
		await requestsReach(simulator, 1);
		assert.deepEqual(await soon(leaving.return()), DONE);
		assert.deepEqual(await soon(pending[0]), DONE);
		assert.equal(signals[0]?.aborted, false);
		answer();
		assert.deepEqual(ids((await pending[1]).value.data), all().slice(0, 5));
		await staying.return();
	});

	it("goes on for whoever awaits the list, who cannot leave", async () => {
		const { simulator, signals, list, answer, all } = await waitingList();
		const awaited = list.then((page) => page);
		const leaving = iteratorOf(list);
		const pending = leaving.next();
		await requestsReach(simulator, 1);
		await leaving.return();
		assert.deepEqual(await soon(pending), DONE);
		answer();
		assert.deepEqual(ids((await awaited).data), all().slice(0, 5));
		assert.equal(signals[0]?.aborted, false);
		assert.equal(simulator.requests.length, 1);
	});

	it("is cancelled by the last who leaves, and read again by who comes then", async () => {
		const { simulator, signals, list, answer, all } = await waitingList();
		const iterators = [iteratorOf(list), iteratorOf(list.pages())];
		const pending = iterators.map((iterator) => iterator.next());
		await requestsReach(simulator, 1);
		await iterators[0].return();
		assert.equal(signals[0]?.aborted, false);
		await iterators[1].return();
		assert.equal(signals[0]?.aborted, true);
		// At once, while the cancelled request may still be on its way to its end.
		const again = list.toArray();
		const page = list.then(({ data }) => ids(data));
		assert.deepEqual(await soon(Promise.all(pending)), [DONE, DONE]);
		answer();
		assert.deepEqual(ids(await again), all());
		assert.deepEqual(await page, all().slice(0, 5));
		const first = simulator.requests.filter(({ query }) => !query.has("after"));
		assert.equal(first.length, 2);
	});

	it("that was read is no longer ended by anybody", async () => {
		const { signals, list, answer, all } = await waitingList();
		answer();
		const reading = iteratorOf(list);
		await reading.next();
		await reading.return();
		assert.equal(signals[0]?.aborted, false);
		assert.deepEqual(ids((await list).data), all().slice(0, 5));
	});
});
