// Watches that are iterated: what ends a pause or makes it longer, what is waited out, and that nothing is left when the loop is.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { failureOf, ids, reasonOf } from "./graph.mjs";
import { countingFetch, eventLog, startPastGraph } from "./watching.mjs";

// Tests wait for real seconds, so they do it together.
const together = { concurrency: true };
const DONE = { done: true, value: undefined };
/** The shortest. */
const intervalMs = 1_000;

/**
 * A watch of an inbox of its own, which makes one request for each look where nothing fails.
 *
 * @param {import("graph-inbox").WatchParams<any>} [params]
 * @param {Partial<import("graph-inbox").InboxOptions>} [options]
 */
async function startWatch(params, options) {
	const graph = await startPastGraph({ conversations: 60 });
	const log = eventLog();
	const inbox = graph.inbox({
		onEvent: log.onEvent,
		maxRetries: 0,
		...options,
	});
	const watch = inbox.watchConversations({ intervalMs, ...params });
	return {
		...graph,
		log,
		watch,
		/** An iterator of the watch, which a test that fails does not leave behind. */
		iterate() {
			const iterator =
				/** @type {AsyncIterableIterator<import("graph-inbox").Changes<any>> & { return(): Promise<unknown> }} */ (
					watch[Symbol.asyncIterator]()
				);
			after(() => iterator.return());
			return iterator;
		},
	};
}

/** @param {any} result of an iterator */
const changed = ({ done, value }) => {
	assert.equal(done, false);
	return ids(value.conversations);
};

describe("a watch", together, () => {
	describe("iterating a watch", together, () => {
		it("sends nothing before the first next()", async () => {
			const { simulator, iterate } = await startWatch();
			const iterator = iterate();
			await setTimeout(20);
			assert.equal(simulator.requests.length, 0);
			assert.deepEqual(await iterator.return(), DONE);
			assert.deepEqual(await iterator.next(), DONE);
			assert.equal(simulator.requests.length, 0);
		});

		it("yields changes as they come, never an empty one, and pauses before each further look", async () => {
			const { simulator, log, iterate, receiveAt } = await startWatch();
			const iterator = iterate();
			const pending = iterator.next();
			const path = `/v25.0/${simulator.pageId}/conversations`;
			const began = performance.now();
			for (let look = 1; look <= 2; look++) {
				const { delayMs, ...event } = await log.next("wait");
				assert.deepEqual(event, {
					type: "wait",
					reason: "interval",
					path: event.path,
				});
				assert.ok(event.path.startsWith(path), event.path);
				assert.equal(delayMs, intervalMs);
				assert.equal(simulator.requests.length, look);
			}
			const moved = receiveAt(8, 9);
			assert.deepEqual(changed(await pending), moved);
			assert.ok(performance.now() - began >= 2 * intervalMs - 20);
			assert.equal(simulator.requests.length, 3);
			await iterator.return();
		});

		it("yields without a pause what a first look finds", async () => {
			const { simulator, log, watch, receiveAt } = await startWatch({
				since: 0,
			});
			receiveAt(5);
			for await (const { conversations, checkpoint } of watch) {
				assert.deepEqual(
					ids(conversations),
					ids(simulator.conversations()).reverse(),
				);
				assert.equal(typeof checkpoint, "string");
				break;
			}
			assert.deepEqual(log.told("wait"), []);
		});

		it("goes on where poll() ended, and poll() where the iteration ended", async () => {
			const { watch, receiveAt, inbox } = await startWatch();
			const { checkpoint } = await watch.poll();
			const before = receiveAt(5);
			for await (const changes of watch) {
				assert.deepEqual(ids(changes.conversations), before);
				break;
			}
			const after = receiveAt(6);
			assert.deepEqual(ids((await watch.poll()).conversations), after);
			const resumed = inbox().watchConversations({ checkpoint });
			const both = [...before, ...after];
			assert.deepEqual(ids((await resumed.poll()).conversations), both);
		});

		it("delivers each change once where poll() is called meanwhile, one request at a time", async () => {
			const { fetch, counts } = countingFetch(20);
			const { watch, iterate, receive } = await startWatch({}, { fetch });
			await watch.poll();
			const iterator = iterate();
			const moved = [];
			const found = [];
			let isOver = false;
			const iterated = (async () => {
				while (!isOver) {
					const { done, value } = await iterator.next();
					if (done) return;
					found.push(...ids(value.conversations));
				}
			})();
			for (let round = 0; round < 60; round++) {
				if (round % 7 === 0) moved.push(receive());
				found.push(...ids((await watch.poll()).conversations));
			}
			isOver = true;
			await iterator.return();
			await iterated;
			found.push(...ids((await watch.poll()).conversations));
			assert.deepEqual(found.toSorted(), moved.toSorted());
			assert.equal(counts.most, 1);
		});

		it("joins what changed with the owners", async () => {
			const { watch, receiveAt, simulator } = await startWatch({
				withOwner: true,
			});
			await watch.poll();
			receiveAt(5);
			for await (const { conversations } of watch) {
				assert.ok(conversations[0].thread_owner.owner.state);
				break;
			}
			assert.equal(simulator.requests.length, 3);
		});
	});

	describe("a failure that waiting cures", together, () => {
		/** The fault, and reason and length of the pause after it. @type {[import("graph-inbox/simulator").Fault, string, number][]} */
		const faults = [
			["transient", "interval", 2_000],
			["html502", "interval", 2_000],
			["htmlError500", "interval", 2_000],
			["connectionReset", "interval", 2_000],
			["bodyCut", "interval", 2_000],
			["html200", "interval", 2_000],
			["truncated", "interval", 2_000],
			["rateLimitApp", "rate_limit", 2_000],
			["rateLimitUser", "rate_limit", 2_000],
			["rateLimitPage", "rate_limit", 2_000],
			["rateLimit613", "rate_limit", 2_000],
			["http429", "rate_limit", 2_000],
			["rateLimit80006", "rate_limit", 300_000],
			[
				{ status: 429, headers: { "retry-after": "3600" } },
				"rate_limit",
				3_600_000,
			],
		];
		for (const [fault, reason, delayMs] of faults)
			it(`is waited out, which an event reports: ${JSON.stringify(fault)}`, async () => {
				const { simulator, log, iterate } = await startWatch();
				simulator.failNext(fault);
				const iterator = iterate();
				const pending = iterator.next();
				const event = await log.next("wait");
				assert.equal(event.reason, reason);
				// Some of the time that Graph names has passed already.
				assert.ok(
					event.delayMs <= delayMs && event.delayMs > delayMs - 900,
					`${event.delayMs}`,
				);
				assert.equal(simulator.requests.length, 1);
				await iterator.return();
				assert.deepEqual(await pending, DONE);
			});

		it("is waited out where it is a timeout", async () => {
			const { simulator, log, iterate } = await startWatch({ timeoutMs: 60 });
			const stop = simulator.failWhen("/conversations", "hang");
			const iterator = iterate();
			const pending = iterator.next();
			const event = await log.next("wait");
			stop();
			assert.deepEqual([event.reason, event.delayMs], ["interval", 2_000]);
			await iterator.return();
			assert.deepEqual(await pending, DONE);
		});

		it("loses no change, and makes the pause longer for a while", async () => {
			const { simulator, log, watch, iterate, receiveAt } = await startWatch();
			await watch.poll();
			const moved = receiveAt(5);
			simulator.failNext("rateLimitPage");
			const iterator = iterate();
			assert.deepEqual(changed(await iterator.next()), moved);
			const pending = iterator.next();
			const pauses = [];
			for (let pause = 0; pause < 3; pause++) {
				const { reason, delayMs } = await log.next("wait");
				pauses.push([reason, delayMs]);
			}
			assert.deepEqual(pauses, [
				["interval", 1_000],
				["rate_limit", 2_000],
				["interval", 1_000],
			]);
			await iterator.return();
			assert.deepEqual(await pending, DONE);
		});

		it("rejects poll() meanwhile without a request, where Graph said until when", async () => {
			const { simulator, log, watch, iterate } = await startWatch();
			simulator.failNext("rateLimit80006");
			const iterator = iterate();
			const pending = iterator.next();
			await log.next("wait");
			const error = await failureOf(watch.poll());
			assert.deepEqual([error.kind, error.attempts], ["rate_limit", 0]);
			assert.equal(simulator.requests.length, 1);
			await iterator.return();
			assert.deepEqual(await pending, DONE);
		});
	});

	describe("a failure that waiting does not cure", together, () => {
		/** @type {[import("graph-inbox/simulator").Fault, string][]} */
		const faults = [
			["expiredToken", "authentication"],
			["checkpointed", "authentication"],
			["permission", "permission"],
			["termsNotAccepted", "permission"],
			["pageMigrated", "invalid_request"],
			["blocked", "blocked"],
			["null", "response"],
			["redirect", "response"],
		];
		for (const [fault, kind] of faults)
			it(`rejects the iteration, which ends it: ${fault}`, async () => {
				const { simulator, iterate, watch, receiveAt } = await startWatch();
				await watch.poll();
				const moved = receiveAt(5);
				simulator.failNext(fault);
				const iterator = iterate();
				const error = await failureOf(iterator.next());
				assert.equal(error.kind, kind);
				assert.deepEqual(await iterator.next(), DONE);
				const sent = simulator.requests.length;
				await setTimeout(50);
				assert.equal(simulator.requests.length, sent);
				// Another one goes on where this one was.
				const again = iterate();
				assert.deepEqual(changed(await again.next()), moved);
				await again.return();
			});

		it("rejects with what functions of the caller throw", async () => {
			for (const options of [
				{ accessToken: () => Promise.reject("vault is shut") },
				{ schedule: () => Promise.reject("vault is shut") },
			]) {
				const { iterate } = await startWatch({}, options);
				assert.equal(await reasonOf(iterate().next()), "vault is shut");
			}
		});
	});

	describe("the pause of a watch", together, () => {
		/** @param {number} percent */
		const usage = (percent) => ({
			headers: { "x-app-usage": JSON.stringify({ call_count: percent }) },
		});

		/**
		 * The pause after looks at these usages.
		 *
		 * @param {number[]} percents
		 */
		async function pauseAfter(...percents) {
			const { simulator, log, watch, iterate } = await startWatch();
			for (const percent of percents) {
				simulator.failNext(usage(percent));
				await watch.poll();
			}
			const iterator = iterate();
			const pending = iterator.next();
			const { reason, delayMs } = await log.next("wait");
			await iterator.return();
			assert.deepEqual(await pending, DONE);
			assert.equal(simulator.requests.length, percents.length);
			return [reason, delayMs];
		}

		/** @type {[number[], string, number][]} */
		const cases = [
			[[74], "interval", 1_000],
			[[75], "usage", 2_000],
			[[120], "usage", 2_000],
			[[80, 90, 100], "usage", 8_000],
			[[80, 90, 100, 20], "usage", 4_000],
			[[80, 90, 20, 20], "interval", 1_000],
			[Array(12).fill(80), "usage", 600_000],
		];
		for (const [percents, reason, delayMs] of cases)
			it(`is ${delayMs} ms after looks at a usage of ${percents} %`, async () => {
				assert.deepEqual(await pauseAfter(...percents), [reason, delayMs]);
			});

		it("counts the highest reading of all pages of a look", async () => {
			const { simulator, log, watch, iterate } = await startWatch({ since: 0 });
			const { "x-app-usage": high } = usage(95).headers;
			simulator.failNext({
				headers: {
					"x-app-usage": JSON.stringify({ call_count: 5, total_time: 9 }),
					"x-page-usage": high,
				},
			});
			await watch.poll();
			assert.ok(simulator.requests.length > 1);
			const iterator = iterate();
			const pending = iterator.next();
			const { reason, delayMs } = await log.next("wait");
			assert.deepEqual([reason, delayMs], ["usage", 2_000]);
			await iterator.return();
			assert.deepEqual(await pending, DONE);
		});

		it("is 15 s where no other is given", async () => {
			const { log, iterate } = await startWatch({ intervalMs: undefined });
			const iterator = iterate();
			const pending = iterator.next();
			assert.equal((await log.next("wait")).delayMs, 15_000);
			await iterator.return();
			assert.deepEqual(await pending, DONE);
		});
	});

	describe("the signal of a watch", together, () => {
		for (const reason of ["left", null, undefined, new RangeError("mine")]) {
			const isIt = (/** @type {unknown} */ thrown) =>
				reason === undefined
					? /** @type {Error} */ (thrown).name === "AbortError"
					: thrown === reason;

			it(`rejects the iteration with its reason: ${reason}`, async () => {
				for (const moment of ["before", "during a look", "during a pause"]) {
					const controller = new AbortController();
					const { signal } = controller;
					const { simulator, log, iterate, requestsReach } = await startWatch({
						signal,
					});
					if (moment === "before") controller.abort(reason);
					if (moment === "during a look") simulator.failNext("hang");
					const iterator = iterate();
					const pending = reasonOf(iterator.next());
					if (moment === "during a look") await requestsReach(1);
					if (moment === "during a pause") await log.next("wait");
					controller.abort(reason);
					assert.ok(isIt(await pending), moment);
					assert.deepEqual(await iterator.next(), DONE);
					const sent = moment === "before" ? 0 : 1;
					assert.equal(simulator.requests.length, sent, moment);
				}
			});
		}

		it("rejects the iteration though its reason is an error that waiting would cure", async () => {
			const controller = new AbortController();
			const { signal } = controller;
			const { simulator, inbox, iterate, requestsReach } = await startWatch({
				signal,
			});
			simulator.failNext("transient");
			const once = { maxRetries: 0 };
			const reason = await failureOf(inbox().listConversations(once));
			assert.ok(reason.retryable);
			simulator.failNext("hang");
			const pending = reasonOf(iterate().next());
			await requestsReach(2);
			controller.abort(reason);
			assert.equal(await pending, reason);
		});

		it("keeps no listener when the loop is left", async () => {
			let listeners = 0;
			const { signal } = new AbortController();
			const add = signal.addEventListener.bind(signal);
			const remove = signal.removeEventListener.bind(signal);
			Object.assign(signal, {
				addEventListener: (/** @type {[any, any]} */ ...args) => {
					listeners++;
					add(...args);
				},
				removeEventListener: (/** @type {[any, any]} */ ...args) => {
					listeners--;
					remove(...args);
				},
			});
			const { log, iterate, watch } = await startWatch(
				{ signal },
				{
					// The global one listens for as long as it likes.
					fetch: (url, init) => fetch(url, { ...init, signal: null }),
				},
			);
			await watch.poll();
			assert.equal(listeners, 0);
			const iterator = iterate();
			const pending = iterator.next();
			await log.next("wait");
			await iterator.return();
			assert.deepEqual(await pending, DONE);
			assert.equal(listeners, 0);
		});
	});

	describe("leaving a watch", together, () => {
		/** @type {[string, (watch: import("graph-inbox").ConversationWatch<any>) => Promise<unknown>][]} */
		const ways = [
			[
				"break",
				async (watch) => {
					for await (const _ of watch) break;
				},
			],
			[
				"an error in the loop",
				async (watch) => {
					for await (const _ of watch) throw new Error("enough");
				},
			],
		];
		for (const [name, leave] of ways)
			it(`by ${name} sends nothing more`, async () => {
				const { simulator, log, watch, receive } = await startWatch({
					since: 0,
				});
				await leave(watch).catch(() => {});
				const sent = simulator.requests.length;
				receive();
				await setTimeout(intervalMs + 200);
				assert.equal(simulator.requests.length, sent);
				assert.deepEqual(log.told("wait"), []);
			});

		it("by return() during the pause resolves next() as done at once, and sends nothing more", async () => {
			const { simulator, log, iterate, receive } = await startWatch();
			const iterator = iterate();
			const pending = [iterator.next(), iterator.next()];
			await log.next("wait");
			assert.deepEqual(await iterator.return(), DONE);
			assert.deepEqual(await Promise.all(pending), [DONE, DONE]);
			assert.deepEqual(await iterator.next(), DONE);
			const sent = simulator.requests.length;
			receive();
			await setTimeout(intervalMs + 200);
			assert.equal(simulator.requests.length, sent);
		});

		it("by return() during a look cancels its request, and sends nothing more", async () => {
			for (const fault of /** @type {const} */ (["hang", "hangBody"])) {
				/** @type {AbortSignal | null | undefined} */
				let sentWith;
				const { simulator, iterate, watch, receive, requestsReach } =
					await startWatch(
						{},
						{
							fetch: (url, init) => {
								sentWith = init.signal;
								return fetch(url, init);
							},
						},
					);
				const iterator = iterate();
				simulator.failNext(fault);
				const pending = iterator.next();
				await requestsReach(1);
				assert.equal(sentWith?.aborted, false);
				assert.deepEqual(await iterator.return(), DONE);
				assert.deepEqual(await pending, DONE);
				assert.equal(sentWith?.aborted, true);
				await setTimeout(intervalMs + 200);
				assert.equal(simulator.requests.length, 1);
				// The first look was not made.
				receive();
				assert.deepEqual(ids((await watch.poll()).conversations), []);
			}
		});

		it("by return() between two pages of a look sends no further page", async () => {
			const { simulator, iterate, requestsReach } = await startWatch({
				since: 0,
			});
			simulator.failWhen(/after=/, "hang");
			const iterator = iterate();
			const pending = iterator.next();
			await requestsReach(2);
			await iterator.return();
			assert.deepEqual(await pending, DONE);
			await setTimeout(50);
			assert.equal(simulator.requests.length, 2);
		});

		it("by return() while it waits for a retry or for its turn sends nothing more", async () => {
			const { simulator, log, iterate } = await startWatch(
				{ maxRetries: 5 },
				{ callsPerSecond: 0.5 },
			);
			simulator.failNext("transient", 9);
			const iterator = iterate();
			const pending = iterator.next();
			// A retry that comes within moments may be sent before anybody can leave.
			while ((await log.next("retry")).delayMs < 500);
			const sent = simulator.requests.length;
			await iterator.return();
			assert.deepEqual(await pending, DONE);
			const again = iterate();
			const next = again.next();
			const { reason } = await log.next("wait");
			assert.equal(reason, "pace");
			await again.return();
			assert.deepEqual(await next, DONE);
			await setTimeout(2_100);
			assert.equal(simulator.requests.length, sent);
		});

		it("by return() in the moment in which changes arrive loses none of them", async () => {
			for (const type of ["request", "response"]) {
				/** @type {(() => void) | undefined} */
				let act;
				const { watch, iterate, receiveAt } = await startWatch(
					{},
					{
						onEvent(event) {
							if (event.type !== type) return;
							act?.();
							act = undefined;
						},
					},
				);
				await watch.poll();
				const moved = receiveAt(5, 6);
				const iterator = iterate();
				/** @type {Promise<import("graph-inbox").Changes<any>[]> | undefined} */
				let polled;
				act = () => {
					iterator.return();
					polled = Promise.all([watch.poll(), watch.poll()]);
				};
				const { done, value } = await iterator.next();
				const looks = [...(done ? [] : [value]), ...((await polled) ?? [])];
				const found = looks.flatMap(({ conversations }) => ids(conversations));
				assert.deepEqual(found, moved, type);
				// What came first is not after what comes later.
				const first = looks.findIndex((look) => look.conversations.length > 0);
				assert.equal(first, 0, type);
			}
		});

		it("by return() lets a poll() that waits for the look go on by itself", async () => {
			const { simulator, iterate, watch, receiveAt, requestsReach } =
				await startWatch();
			await watch.poll();
			const moved = receiveAt(5);
			const iterator = iterate();
			simulator.failNext("hang");
			const pending = iterator.next();
			await requestsReach(2);
			const polled = watch.poll();
			await iterator.return();
			assert.deepEqual(await pending, DONE);
			assert.deepEqual(ids((await polled).conversations), moved);
		});
	});

	describe("a second iteration", together, () => {
		it("is refused while the first one goes on", async () => {
			const { simulator, log, watch, iterate } = await startWatch();
			const iterator = iterate();
			const pending = iterator.next();
			await log.next("wait");
			const second = iterate();
			const error = await failureOf(second.next());
			assert.deepEqual(
				[error.kind, error.option],
				["invalid_option", "watchConversations"],
			);
			assert.deepEqual(await second.next(), DONE);
			const loop = async () => {
				for await (const _ of watch) assert.fail("it is refused");
			};
			assert.equal((await failureOf(loop)).kind, "invalid_option");
			assert.equal(simulator.requests.length, 1);
			// Leaving what was refused does not let a third one in.
			await second.return();
			assert.equal((await failureOf(iterate().next())).kind, "invalid_option");
			await iterator.return();
			assert.deepEqual(await pending, DONE);
		});

		it("is refused between two calls of next() as well", async () => {
			const { iterate } = await startWatch({ since: 0 });
			const iterator = iterate();
			await iterator.next();
			assert.equal((await failureOf(iterate().next())).kind, "invalid_option");
			await iterator.return();
		});

		it("goes on where the first one was left", async () => {
			const { simulator, iterate, watch, receiveAt } = await startWatch({
				since: 0,
			});
			for await (const _ of watch) break;
			const moved = receiveAt(9, 4);
			const sent = simulator.requests.length;
			for await (const { conversations } of watch) {
				assert.deepEqual(ids(conversations), moved);
				break;
			}
			assert.equal(simulator.requests.length, sent + 1);
			const third = iterate();
			const pending = third.next();
			await third.return();
			assert.deepEqual(await pending, DONE);
		});

		it("of another watch of the same client is not refused", async () => {
			const { inbox, receiveAt } = await startWatch();
			const client = inbox();
			const watches = [0, 1].map(() => client.watchConversations({ since: 0 }));
			receiveAt(5);
			for await (const one of watches[0]) {
				for await (const other of watches[1]) {
					assert.deepEqual(ids(one.conversations), ids(other.conversations));
					break;
				}
				break;
			}
		});
	});

	describe("a process that watches ends", together, () => {
		/** @type {[string, string, number][]} */
		const programs = [
			["when the loop is left", "for await (const _ of watch) break;", 2],
			[
				"when a loop with owners is left by an error",
				`const owned = inbox.watchConversations({ since: 0, withOwner: true, intervalMs: 600_000 });
			try {
				for await (const _ of owned) throw new Error("enough");
			} catch {}`,
				4,
			],
			[
				"when return() ends the pause",
				`const iterator = watch[Symbol.asyncIterator]();
			await iterator.next();
			const paused = seen("wait");
			const pending = iterator.next();
			await paused;
			await iterator.return();
			if (!(await pending).done) throw new Error("it goes on");`,
				2,
			],
			[
				"when its signal ends the pause",
				`const controller = new AbortController();
			const { signal } = controller;
			seen("wait").then(() => controller.abort("enough"));
			const ending = inbox.watchConversations({ signal, intervalMs: 600_000 });
			try {
				for await (const _ of ending);
			} catch (reason) {
				if (reason !== "enough") throw reason;
			}`,
				1,
			],
			["after poll()", "await watch.poll();", 2],
			[
				"after poll() during an iteration that is left",
				`const iterator = watch[Symbol.asyncIterator]();
			await iterator.next();
			const paused = seen("wait");
			const pending = iterator.next();
			await paused;
			await watch.poll();
			iterator.return();
			await pending;`,
				3,
			],
		];
		for (const [name, program, requests] of programs)
			it(name, async () => {
				const { access, simulator } = await startPastGraph({
					conversations: 60,
				});
				const script = `
				import { createInbox } from "graph-inbox";
				let wake = {};
				const seen = (type) => new Promise((resolve) => { wake[type] = resolve; });
				const onEvent = ({ type }) => wake[type]?.();
				const inbox = createInbox({
					...${JSON.stringify(access)}, callsPerSecond: false, maxRetries: 0, onEvent,
				});
				// Ten minutes: a timer that were left would be noticed.
				const watch = inbox.watchConversations({ since: 0, intervalMs: 600_000 });
				${program}
				console.log("left");`;
				const child = spawn(
					process.execPath,
					["--input-type=module", "--eval", script],
					{
						cwd: fileURLToPath(new URL("../..", import.meta.url)),
						stdio: ["ignore", "pipe", "inherit"],
						timeout: 30_000,
					},
				);
				let printed = "";
				child.stdout.on("data", (text) => {
					printed += text;
				});
				const [code, signal] = await once(child, "close");
				assert.deepEqual([printed, code, signal], ["left\n", 0, null]);
				assert.equal(simulator.requests.length, requests);
			});
	});
});

// By itself: where many tests run at once, a look takes long.
it("totalTimeoutMs is for one look, not for the pauses between", async () => {
	const { simulator, log, iterate, watch, receiveAt } = await startWatch({
		totalTimeoutMs: 900,
	});
	await watch.poll();
	const moved = receiveAt(5);
	const iterator = iterate();
	// The pause is longer than that.
	assert.deepEqual(changed(await iterator.next()), moved);
	simulator.failNext("hang");
	const pending = iterator.next();
	const pauses = [];
	for (let pause = 0; pause < 3; pause++)
		pauses.push((await log.next("wait")).delayMs);
	assert.deepEqual(pauses, [1_000, 1_000, 2_000]);
	await iterator.return();
	assert.deepEqual(await pending, DONE);
});
