import assert from "node:assert/strict";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { GraphError, InboxError } from "graph-inbox";
import { failureOf, personOf, startGraph } from "./graph.mjs";

const graph = await startGraph();
const { simulator, url } = graph;
const access = { ...graph.access, maxRetries: 0 };

/**
 * A client that makes one request for a call.
 *
 * @param {Partial<import("graph-inbox").InboxOptions>} [options]
 */
const inbox = (options) => graph.inbox({ maxRetries: 0, ...options });
const recipient = personOf(simulator.conversations()[0], simulator);

/** @type {[import("graph-inbox/simulator").Fault, string, boolean, object?][]} */
const faults = [
	["transient", "transient", true, { code: 2, status: 500, isTransient: true }],
	["unknown1", "transient", true, { code: 1, status: 500 }],
	["reduceData", "transient", true, { code: 1, status: 500, type: undefined }],
	["rateLimitApp", "rate_limit", true, { code: 4 }],
	["rateLimitUser", "rate_limit", true, { code: 17 }],
	["rateLimitPage", "rate_limit", true, { code: 32 }],
	["rateLimit613", "rate_limit", true, { code: 613 }],
	["rateLimit80006", "rate_limit", true, { code: 80006 }],
	["instagramTimeout", "permission", false, { code: -2, subcode: 2534084 }],
	["permission1", "permission", false, { code: 1, subcode: 99 }],
	["termsNotAccepted", "permission", false, { code: 2, subcode: 2018344 }],
	["lostPageRole", "permission", false, { code: 190, subcode: 492 }],
	["checkpointed", "authentication", false, { code: 190, subcode: 459 }],
	["unconfirmedUser", "authentication", false, { code: 190, subcode: 464 }],
	["pageMigrated", "invalid_request", false, { code: 21 }],
	["expiredToken", "authentication", false, { code: 190, subcode: 463 }],
	["invalidToken", "authentication", false, { code: 190, subcode: undefined }],
	["errorIn200", "authentication", false, { code: 190, status: 200 }],
	["permission", "permission", false, { code: 200 }],
	["permission10", "permission", false, { code: 10 }],
	["permission230", "permission", false, { code: 230 }],
	["blocked", "blocked", false, { code: 368 }],
	[
		{ error: { code: 100, message: "m" }, status: 400 },
		"invalid_request",
		false,
		{ code: 100 },
	],
	[
		{ error: { code: 9000001 }, status: 400 },
		"unknown",
		false,
		{ code: 9000001 },
	],
	["html502", "transient", true, { status: 502 }],
	["htmlError500", "transient", true, { status: 500 }],
	["http429", "rate_limit", true, { status: 429 }],
	["html200", "response", true, { status: 200 }],
	["empty200", "response", true, { status: 200, body: undefined }],
	["truncated", "response", true, { status: 200 }],
	["null", "response", false, { status: 200, body: "null" }],
	[
		{ status: 404, body: "Not here" },
		"response",
		false,
		{ status: 404, body: "Not here" },
	],
	["redirect", "response", false, { status: 302 }],
	["connectionReset", "connection", true, { status: undefined }],
	["bodyCut", "connection", true, { status: undefined }],
];

describe("an answer that is not what was asked for", () => {
	for (const [fault, kind, retryable, details] of faults) {
		// Code 1 (but for 1/99) and code -2 make a list ask for less.
		const lightens = ["unknown1", "reduceData", "instagramTimeout"].some(
			(name) => name === fault,
		);
		const isGraphs = /** @type {any} */ (details)?.code !== undefined;
		it(`${JSON.stringify(fault)} is ${isGraphs ? "a GraphError" : "an InboxError"} of kind ${kind}`, async () => {
			const calls = [
				...(lightens
					? []
					: [
							() => inbox().listConversations({ limit: 5 }),
							() => inbox().listConversations({ limit: 5 }).toArray(),
						]),
				() => inbox().getThreadOwner(recipient),
			];
			for (const call of calls) {
				simulator.failNext(fault);
				const sent = simulator.requests.length;
				const error = await failureOf(call);
				assert.equal(simulator.requests.length, sent + 1);
				assert.equal(error instanceof GraphError, isGraphs);
				assert.equal(error.name, isGraphs ? "GraphError" : "InboxError");
				assert.deepEqual([error.kind, error.retryable], [kind, retryable]);
				for (const [name, value] of Object.entries(details ?? {})) {
					assert.deepEqual(/** @type {any} */ (error)[name], value, name);
				}
				const { path, query } = /** @type {any} */ (simulator.requests.at(-1));
				query.delete("access_token");
				assert.equal(error.path, query.size ? `${path}?${query}` : path);
				assert.deepEqual([error.method, error.attempts], ["GET", 1]);
				assert.ok(error.message && error instanceof Error);
			}
		});
	}

	it("is no error when only the content type is wrong", async () => {
		for (const fault of /** @type {const} */ ([
			"wrongContentType",
			"textJavascript",
			"slowBody",
		])) {
			simulator.failNext(fault);
			assert.equal(
				(await inbox().listConversations({ limit: 5 })).data.length,
				5,
			);
		}
	});

	/** Codes and subcodes of Graph's, from and to. @type {[number, number, number | undefined, string][]} */
	const codes = [
		[1, 1, 99, "permission"],
		[2, 2, 2018344, "permission"],
		[21, 21, undefined, "invalid_request"],
		[100, 100, 21, "invalid_request"],
		[190, 190, 492, "permission"],
		[190, 190, 459, "authentication"],
		[190, 190, 464, "authentication"],
		[458, 467, undefined, "authentication"],
		[80015, 80099, undefined, "rate_limit"],
	];
	for (const [from, to, error_subcode, kind] of codes)
		it(`has kind ${kind} for ${from === to ? `code ${from}` : `the codes ${from} to ${to}`}${error_subcode ? ` with subcode ${error_subcode}` : ""}, after one request`, async () => {
			for (let code = from; code <= to; code++) {
				// As clients have it: retries would show.
				const client = graph.inbox({ maxRateLimitWaitMs: 0 });
				simulator.failNext({ error: { code, error_subcode }, status: 500 });
				const sent = simulator.requests.length;
				const error = await failureOf(client.listConversations({ limit: 5 }));
				assert.deepEqual(
					[error.kind, error.code, error.subcode, error.attempts],
					[kind, code, error_subcode, 1],
				);
				assert.equal(error.retryable, kind === "rate_limit");
				assert.equal(simulator.requests.length, sent + 1);
			}
		});

	it("has the path as it was sent, that of baseUrl included, and so have events", async () => {
		/** @type {any[]} */
		const events = [];
		const client = inbox({
			baseUrl: `${url}/proxy/graph/`,
			onEvent: (event) => events.push(event),
		});
		for (const call of [
			() => client.listConversations({ limit: 3 }),
			() => client.getThreadOwner(recipient),
		]) {
			const error = await failureOf(call);
			const { path, query } = /** @type {any} */ (simulator.requests.at(-1));
			assert.match(path, /^\/proxy\/graph\/v25\.0\//);
			assert.equal(error.path, `${path}?${query}`);
			for (const type of ["request", "response"]) {
				const event = events.findLast((event) => event.type === type);
				assert.equal(event.path, error.path);
			}
		}
	});

	it("says that the person must log in where a new token would not help", async () => {
		for (const [fault, advises] of /** @type {const} */ ([
			["checkpointed", true],
			["unconfirmedUser", true],
			["expiredToken", false],
			["lostPageRole", false],
		])) {
			simulator.failNext(fault);
			const { message } = await failureOf(inbox().listConversations());
			const advice = /the person must log in at facebook\.com/;
			assert.equal(advice.test(message), advises, message);
		}
	});

	it("has the reason of code -2 first in its message, where Graph gives one", async () => {
		const error = { code: -2, error_subcode: 2534084, message: "Timeout" };
		for (const [error_user_msg, message] of /** @type {const} */ ([
			["Ask for Advanced Access.", "Ask for Advanced Access. (Timeout)"],
			[undefined, "Timeout"],
		])) {
			simulator.failNext({ error: { ...error, error_user_msg } });
			const failure = await failureOf(inbox().getThreadOwner(recipient));
			assert.equal(failure.message, message);
			assert.equal(failure.userMessage, error_user_msg);
		}
	});

	it("has the whole of Graph's report", async () => {
		simulator.failNext({
			error: {
				code: 190,
				message: "Sitzung abgelaufen",
				type: "OAuthException",
				error_subcode: 460,
				error_user_title: "Titel",
				error_user_msg: "Bitte neu anmelden",
				is_transient: false,
			},
			headers: { "x-app-usage": '{"call_count":97}' },
		});
		const error = await failureOf(inbox().listConversations());
		assert.deepEqual(error.toJSON(), {
			name: "GraphError",
			message: "Sitzung abgelaufen",
			kind: "authentication",
			retryable: false,
			status: 400,
			attempts: 1,
			method: "GET",
			path: `/v25.0/${simulator.pageId}/conversations`,
			code: 190,
			subcode: 460,
			type: "OAuthException",
			userTitle: "Titel",
			userMessage: "Bitte neu anmelden",
			isTransient: false,
			traceId: error.traceId,
			usage: error.usage,
		});
		assert.equal(typeof error.traceId, "string");
		assert.equal(error.usage[0].callCount, 97);
		assert.deepEqual(JSON.parse(JSON.stringify(error)), error.toJSON());
	});

	it("is of kind response when a conversation has no ID", async () => {
		for (const data of [[{ id: 7 }], [null], ["t_1"], [{}], {}, "x", null]) {
			simulator.failNext({ body: { data } });
			const error = await failureOf(inbox().listConversations());
			assert.deepEqual(
				[error.kind, error.retryable, error.status],
				["response", false, 200],
			);
			assert.equal(error.body, JSON.stringify({ data }));
		}
	});

	it("is of kind connection when nobody listens", async () => {
		const closed = createServer().listen(0, "127.0.0.1");
		await once(closed, "listening");
		const { port } = /** @type {import("node:net").AddressInfo} */ (
			closed.address()
		);
		await once(closed.close(), "close");
		const baseUrl = `http://127.0.0.1:${port}`;
		const error = await failureOf(inbox({ baseUrl }).listConversations());
		assert.deepEqual([error.kind, error.retryable], ["connection", true]);
		assert.match(error.message, /ECONNREFUSED/);
	});
});

describe("documented errors", () => {
	/** @type {[string, () => unknown, string, number][]} */
	const provoked = [
		[
			"a wrong token",
			() => inbox({ accessToken: "wrong" }).listConversations(),
			"authentication",
			190,
		],
		[
			"an unknown field",
			() =>
				inbox().listConversations({ fields: /** @type {any} */ (["nope"]) }),
			"invalid_request",
			100,
		],
		[
			"too much data, whatever is asked for,",
			() => {
				simulator.failNext("reduceData", 50);
				return inbox().listConversations({ limit: 1 });
			},
			"transient",
			1,
		],
		[
			"an expired cursor",
			() => inbox().listConversations({ after: "QVFIUgone" }),
			"invalid_request",
			100,
		],
	];
	for (const [name, call, kind, code] of provoked) {
		it(`${name} is ${kind}`, async (t) => {
			t.after(() => simulator.reset());
			const error = await failureOf(call);
			assert.deepEqual([error.kind, error.code], [kind, code]);
		});
	}

	it("too many calls are rate_limit, with what the headers say", async () => {
		const limited = await startGraph({ callLimit: 2, regainAccessMinutes: 7 });
		const client = limited.inbox();
		await client.listConversations();
		await client.listConversations();
		const error = await failureOf(client.listConversations());
		assert.deepEqual([error.kind, error.code], ["rate_limit", 80006]);
		assert.ok(error.usage.some((usage) => usage.regainAccessMinutes === 7));
		assert.equal(error.retryAfterMs, 7 * 60_000);
	});
});

describe("the error classes", () => {
	it("hold across the ESM and the CommonJS copy", async () => {
		const copy = createRequire(import.meta.url)("graph-inbox");
		simulator.failNext("blocked");
		const error = await copy
			.createInbox(access)
			.listConversations()
			.catch((/** @type {unknown} */ e) => e);
		assert.ok(
			error instanceof copy.GraphError &&
				error instanceof GraphError &&
				error instanceof InboxError,
		);
		assert.notEqual(copy.GraphError, GraphError);
	});

	it("tell theirs from other values", async () => {
		/** @type {unknown} */
		const refused = await failureOf(() => inbox({ pageId: "" }));
		assert.ok(!(refused instanceof GraphError));
		/** @type {any[]} */
		const others = [new Error("x"), null, undefined, "x", {}, 7];
		for (const value of others) {
			assert.ok(!(value instanceof InboxError));
		}
		class Derived extends GraphError {}
		assert.ok(!(refused instanceof Derived));
	});

	it("are named in stack traces", async () => {
		const error = await failureOf(
			inbox({ baseUrl: url, pageId: "404" }).listConversations(),
		);
		assert.match(String(error.stack), /^GraphError: /);
	});
});
