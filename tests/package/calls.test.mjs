import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createInbox } from "graph-inbox";
import { failureOf, ids, personOf, reasonOf, startGraph } from "./graph.mjs";

const graph = await startGraph();
const { simulator } = graph;

/**
 * A client that makes one request for a call.
 *
 * @param {Partial<import("graph-inbox").InboxOptions>} [options]
 */
const inbox = (options) => graph.inbox({ maxRetries: 0, ...options });
const recipient = personOf(simulator.conversations()[0], simulator);

/**
 * What a call rejects with, or its kind; fails where it does not end.
 *
 * @param {Promise<unknown>} call
 */
async function endOf(call) {
	const late = new AbortController();
	const reason = await Promise.race([
		reasonOf(call),
		setTimeout(5_000, "it hangs", { signal: late.signal }).catch(() => {}),
	]);
	late.abort();
	return /** @type {any} */ (reason)?.kind ?? reason;
}

/** Waits for the next request to have arrived, and a little longer. */
async function nextRequest() {
	const before = simulator.requests.length;
	while (simulator.requests.length === before) await setTimeout(5);
	await setTimeout(30);
}

afterEach(() => simulator.reset());

describe("signal", () => {
	const custom = new RangeError("mine");
	/** @type {[string, (controller: AbortController) => void, (reason: unknown) => boolean][]} */
	const reasons = [
		[
			"none",
			(controller) => controller.abort(),
			(reason) =>
				reason instanceof DOMException && reason.name === "AbortError",
		],
		[
			"an Error",
			(controller) => controller.abort(custom),
			(reason) => reason === custom,
		],
		[
			"a string",
			(controller) => controller.abort("left"),
			(reason) => reason === "left",
		],
		[
			"null",
			(controller) => controller.abort(null),
			(reason) => reason === null,
		],
	];
	/** @type {[string, import("graph-inbox/simulator").Fault][]} */
	const moments = [
		["in flight", "hang"],
		["in the body", "hangBody"],
	];
	for (const [name, abort, isIt] of reasons) {
		it(`aborted before with ${name} sends nothing`, async () => {
			const controller = new AbortController();
			abort(controller);
			const sent = simulator.requests.length;
			const { signal } = controller;
			assert.ok(isIt(await reasonOf(inbox().listConversations({ signal }))));
			assert.ok(
				isIt(await reasonOf(inbox().getThreadOwner(recipient, { signal }))),
			);
			assert.equal(simulator.requests.length, sent);
		});
		for (const [moment, fault] of moments) {
			it(`aborted ${moment} with ${name} rejects with that very reason`, async () => {
				for (const call of [
					(/** @type {AbortSignal} */ signal) =>
						inbox().listConversations({ signal }),
					(/** @type {AbortSignal} */ signal) =>
						inbox().getThreadOwner(recipient, { signal }),
				]) {
					const controller = new AbortController();
					simulator.failNext(fault);
					const arrived = nextRequest();
					const rejected = reasonOf(call(controller.signal));
					await arrived;
					abort(controller);
					assert.ok(isIt(await rejected));
				}
			});
		}
	}

	it("that times out rejects with its TimeoutError", async () => {
		simulator.failNext("hang");
		const reason = await reasonOf(
			inbox().listConversations({ signal: AbortSignal.timeout(300) }),
		);
		assert.equal(/** @type {Error} */ (reason).name, "TimeoutError");
	});

	it("ends the wait for a token or for schedule", async () => {
		const never = () => new Promise(() => {});
		for (const options of [{ accessToken: never }, { schedule: never }]) {
			const controller = new AbortController();
			const client = inbox(/** @type {any} */ (options));
			const rejected = reasonOf(
				client.listConversations({ signal: controller.signal }),
			);
			await setTimeout(20);
			controller.abort("enough");
			assert.equal(await rejected, "enough");
		}
	});

	it("works where fetch does not heed it", async () => {
		const controller = new AbortController();
		const client = inbox({ fetch: () => new Promise(() => {}) });
		const rejected = reasonOf(
			client.getThreadOwner(recipient, { signal: controller.signal }),
		);
		await setTimeout(20);
		controller.abort("enough");
		assert.equal(await rejected, "enough");
	});

	it("may be that of many calls, without a warning of too many listeners", async () => {
		/** @type {Error[]} */
		const warnings = [];
		const onWarning = (/** @type {Error} */ warning) => warnings.push(warning);
		process.on("warning", onWarning);
		const controller = new AbortController();
		const calls = Array.from({ length: 30 }, () =>
			reasonOf(
				inbox({ fetch: () => new Promise(() => {}) }).getThreadOwner("1", {
					signal: controller.signal,
				}),
			),
		);
		await setTimeout(1);
		controller.abort("enough");
		assert.deepEqual(await Promise.all(calls), Array(30).fill("enough"));
		await setTimeout(1);
		process.off("warning", onWarning);
		assert.deepEqual(warnings, []);
	});

	it("whose properties throw still ends the call, with what they throw", async () => {
		for (const name of ["aborted", "reason"]) {
			const controller = new AbortController();
			const thrown = new Error(`no ${name}`);
			const fetchAndAbort = () => {
				controller.abort();
				Object.defineProperty(controller.signal, name, {
					get() {
						throw thrown;
					},
				});
				return new Promise(() => {});
			};
			const call = inbox({ fetch: fetchAndAbort }).getThreadOwner("1", {
				signal: controller.signal,
				timeoutMs: 50,
			});
			assert.ok([thrown, "timeout"].includes(await endOf(call)), name);
			const again = inbox().getThreadOwner("1", { signal: controller.signal });
			const end = await endOf(again);
			// One that can not even be looked at is no AbortSignal.
			assert.ok(end === thrown || end === "invalid_option", name);
		}
	});

	it("that is never aborted keeps no listener", async () => {
		let listeners = 0;
		const { signal } = new AbortController();
		const add = signal.addEventListener.bind(signal);
		const remove = signal.removeEventListener.bind(signal);
		const fetchWithoutSignal = (
			/** @type {string} */ url,
			/** @type {RequestInit} */ init,
		) => fetch(url, { ...init, signal: null });
		Object.assign(signal, {
			addEventListener: (/** @type {[any, any]} */ ...args) => {
				listeners += 1;
				add(...args);
			},
			removeEventListener: (/** @type {[any, any]} */ ...args) => {
				listeners -= 1;
				remove(...args);
			},
		});
		await inbox({ fetch: fetchWithoutSignal }).listConversations({ signal });
		assert.equal(listeners, 0);
	});
});

describe("accessToken as a function", () => {
	it("is asked for every request", async () => {
		let asked = 0;
		const client = inbox({
			accessToken: async () => {
				asked += 1;
				return simulator.accessToken;
			},
		});
		await client.listConversations({ limit: 20 }).toArray();
		assert.equal(asked, 3);
	});

	it("lets a new token in", async () => {
		const rotating = await startGraph();
		let token = rotating.simulator.accessToken;
		const client = rotating.inbox({ accessToken: () => token });
		await client.listConversations();
		const renewed = rotating.simulator.expireToken();
		assert.equal((await failureOf(client.listConversations())).subcode, 463);
		token = renewed;
		await client.listConversations();
	});

	it("has earlier tokens taken out too, which a proxy may quote", async () => {
		let count = 0;
		const accessToken = () => `EAATESTrotating${++count}token`;
		/** @type {string[]} */
		const quoted = [];
		const fetch = async () => {
			const tokens = Array.from(
				{ length: count },
				(_, index) => `EAATESTrotating${index + 1}token`,
			);
			quoted.push(...tokens);
			const error = { code: 190, message: tokens.join(" ") };
			return new Response(JSON.stringify({ error }), { status: 400 });
		};
		const client = createInbox({ ...graph.access, accessToken, fetch });
		for (let call = 0; call < 4; call++) {
			const error = await failureOf(client.getThreadOwner("1"));
			assert.match(error.message, /^\[redacted\]( \[redacted\])*$/);
		}
		assert.equal(quoted.length, 1 + 2 + 3 + 4);
	});

	it("passes on what it throws", async () => {
		for (const accessToken of [
			() => {
				throw "vault is shut";
			},
			() => Promise.reject("vault is shut"),
		]) {
			assert.equal(
				await reasonOf(inbox({ accessToken }).listConversations()),
				"vault is shut",
			);
		}
	});

	it("must give a token", async () => {
		for (const given of [undefined, null, 7, "", "a b", "a\nb"]) {
			const accessToken = /** @type {any} */ (() => given);
			const error = await failureOf(inbox({ accessToken }).listConversations());
			assert.deepEqual(
				[error.kind, error.option],
				["invalid_option", "accessToken"],
			);
		}
	});
});

describe("schedule", () => {
	it("wraps every request, body included", async () => {
		/** @type {string[]} */
		const log = [];
		const client = inbox({
			schedule: async (call) => {
				log.push("before");
				const result = await call();
				log.push("after");
				return result;
			},
			onEvent: ({ type }) => log.push(type),
		});
		await client.listConversations({ limit: 30 }).toArray();
		const one = ["before", "request", "after", "response"];
		assert.deepEqual(log, [...one, ...one]);
	});

	it("is told of a lost connection, and need not pass anything on", async () => {
		/** @type {unknown[]} */
		const seen = [];
		const schedule = /** @type {any} */ (
			(/** @type {() => Promise<unknown>} */ call) =>
				call().then(
					() => {},
					(error) => void seen.push(error),
				)
		);
		const client = inbox({ schedule });
		assert.ok((await client.listConversations()).data.length);
		simulator.failNext("connectionReset");
		const error = await failureOf(client.listConversations());
		assert.equal(error.kind, "connection");
		assert.equal(/** @type {any} */ (seen[0]).kind, "connection");
	});

	it("passes on what it throws", async () => {
		for (const schedule of [
			() => {
				throw "queue is full";
			},
			() => Promise.reject("queue is full"),
		]) {
			assert.equal(
				await reasonOf(inbox({ schedule }).listConversations()),
				"queue is full",
			);
		}
	});

	it("passes on whatever it throws after it ran the call, undefined too", async () => {
		for (const reason of [undefined, null, false, "", "queue is full"])
			for (const isLost of [false, true]) {
				if (isLost) simulator.failNext("connectionReset");
				const schedule = async (/** @type {() => Promise<unknown>} */ call) => {
					await call().catch(() => {});
					throw reason;
				};
				const client = inbox({ schedule: /** @type {any} */ (schedule) });
				assert.equal(await reasonOf(client.listConversations()), reason);
			}
	});

	it("may pass on the error of the call", async () => {
		simulator.failNext("connectionReset");
		const error = await failureOf(
			inbox({ schedule: (call) => call() }).listConversations(),
		);
		assert.equal(error.kind, "connection");
	});

	it("must run the call", async () => {
		const error = await failureOf(
			inbox({
				schedule: /** @type {any} */ (async () => {}),
			}).listConversations(),
		);
		assert.deepEqual(
			[error.kind, error.option],
			["invalid_option", "schedule"],
		);
	});
});

describe("onEvent", () => {
	it("tells of requests, answers and versions", async () => {
		/** @type {any[]} */
		const events = [];
		const client = inbox({
			apiVersion: "v19.0",
			onEvent: (event) => events.push(event),
		});
		await client.listConversations({ limit: 2 });
		simulator.failNext("html502");
		await client.listConversations({ limit: 2 }).catch(() => {});
		simulator.failNext("connectionReset");
		await client.listConversations({ limit: 2 }).catch(() => {});
		const path = `/v19.0/${simulator.pageId}/conversations?limit=2`;
		assert.deepEqual(
			events.map(({ type }) => type),
			["request", "response", "version", "request", "response", "request"],
		);
		assert.deepEqual(events[0], {
			type: "request",
			method: "GET",
			path,
			attempt: 1,
		});
		const { durationMs, usage, ...response } = events[1];
		assert.deepEqual(response, {
			type: "response",
			path,
			status: 200,
			attempt: 1,
			apiVersion: "v21.0",
		});
		assert.ok(durationMs >= 0 && usage.length === 2);
		assert.deepEqual(events[2], {
			type: "version",
			requested: "v19.0",
			served: "v21.0",
		});
		assert.equal(events[4].status, 502);
	});

	it("changes nothing by failing", async () => {
		for (const onEvent of [
			() => {
				throw new Error("mine");
			},
			() => Promise.reject(new Error("mine")),
			() => ({
				// biome-ignore lint/suspicious/noThenProperty: this one is out to do harm
				get then() {
					throw new Error("mine");
				},
			}),
		]) {
			const page = await inbox({ onEvent }).listConversations({ limit: 1 });
			assert.deepEqual(
				ids(page.data),
				ids(simulator.conversations()).slice(0, 1),
			);
		}
	});
});

describe("baseUrl", () => {
	it("has its path in the paths of errors and events", async () => {
		/** @type {any[]} */
		const events = [];
		/** @type {string[]} */
		const urls = [];
		const client = createInbox({
			...graph.access,
			baseUrl: "https://proxy.example/graph",
			maxRetries: 0,
			onEvent: (event) => events.push(event),
			async fetch(url) {
				urls.push(String(url));
				return new Response("{}", { status: 400 });
			},
		});
		const error = await failureOf(client.getThreadOwner("1"));
		const path = `/graph/v25.0/${graph.access.pageId}/thread_owner?recipient=1`;
		assert.equal(error.path, path);
		assert.ok(urls[0].startsWith(`https://proxy.example${path}`));
		assert.deepEqual(
			events.map(({ type, path }) => [type, path]),
			[
				["request", path],
				["response", path],
			],
		);
	});
});

describe("fetch", () => {
	it("is called with a string and plain options", async () => {
		/** @type {any[]} */
		let given = [];
		const client = inbox({
			fetch: (...args) => {
				given = args;
				return fetch(...args);
			},
		});
		await client.listConversations({ limit: 1 });
		assert.equal(
			given[0],
			`${graph.url}/v25.0/${simulator.pageId}/conversations?limit=1`,
		);
		assert.deepEqual(Object.keys(given[1]).sort(), [
			"headers",
			"method",
			"redirect",
			"signal",
		]);
		assert.deepEqual(given[1].headers, {
			Authorization: `Bearer ${simulator.accessToken}`,
		});
		assert.equal(given[1].redirect, "manual");
	});

	it("may give a response whose properties call the client", async () => {
		const person = personOf(simulator.conversations()[0], simulator);
		/** @type {Promise<unknown>[]} */
		const inner = [];
		const client = graph.inbox({
			onEvent() {},
			async fetch(url, init) {
				const response = await fetch(url, init);
				return /** @type {Response} */ ({
					status: response.status,
					text: () => response.text(),
					headers: {
						get(name) {
							if (inner.length < 3) inner.push(client.getThreadOwner(person));
							return response.headers.get(name);
						},
					},
				});
			},
		});
		const { meta } = await client.listConversations();
		assert.equal(meta.apiVersion, "v25.0");
		await Promise.all(inner);
		assert.equal(inner.length, 3);
	});

	it("is the global one at the time of the call", async (t) => {
		const client = inbox();
		t.mock.method(globalThis, "fetch", simulator.fetch);
		assert.ok((await client.listConversations()).data.length);
		t.mock.method(globalThis, "fetch", () => Promise.reject("mock"));
		assert.match((await failureOf(client.listConversations())).message, /mock/);
	});

	it("may reject with anything: that is a lost connection", async () => {
		const causes = [
			undefined,
			null,
			"gone",
			7,
			{},
			new Error("gone"),
			Object.create(null),
			Symbol("gone"),
		];
		for (const cause of causes) {
			for (const fetch of [
				() => Promise.reject(cause),
				() => {
					throw cause;
				},
			]) {
				const error = await failureOf(inbox({ fetch }).listConversations());
				assert.deepEqual([error.kind, error.retryable], ["connection", true]);
			}
		}
	});

	it("may reject with what can not be looked at", async () => {
		const trap = () => {
			throw new Error("look away");
		};
		const thrown = new Proxy({}, { get: trap, has: trap, ownKeys: trap });
		const rejects = async () => {
			throw thrown;
		};
		const lost = await endOf(inbox({ fetch: rejects }).getThreadOwner("1"));
		assert.equal(lost, "connection");
		const given = /** @type {any} */ ({
			status: 200,
			get headers() {
				return trap();
			},
		});
		const gives = async () => given;
		const odd = await endOf(inbox({ fetch: gives }).getThreadOwner("1"));
		assert.equal(odd, "invalid_option");
	});

	it("must give a Response", async () => {
		for (const given of [
			undefined,
			null,
			7,
			"ok",
			{},
			{ status: 200 },
			{ status: 200, headers: {}, text() {} },
		]) {
			const fetch = /** @type {any} */ (async () => given);
			const error = await failureOf(inbox({ fetch }).listConversations());
			assert.deepEqual([error.kind, error.option], ["invalid_option", "fetch"]);
		}
		const fetch = /** @type {any} */ (
			async () => ({ status: 200, headers: new Headers(), text: async () => 7 })
		);
		assert.equal(
			(await failureOf(inbox({ fetch }).listConversations())).option,
			"fetch",
		);
	});
});
