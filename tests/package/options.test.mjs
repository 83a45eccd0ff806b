import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
	createInbox,
	DEFAULT_API_VERSION,
	getThreadOwner,
	INSTAGRAM_INBOX_APP_ID,
	InboxError,
	listConversations,
	PAGE_INBOX_APP_ID,
	parseGraphTime,
	preload,
} from "graph-inbox";
import { failureOf, startGraph } from "./graph.mjs";

const { simulator, access, inbox } = await startGraph();
const fetch = simulator.fetch;

/**
 * @param {InboxError} error
 * @param {string} option
 */
function assertRefused(error, option) {
	assert.deepEqual(
		{
			kind: error.kind,
			option: error.option,
			retryable: error.retryable,
			attempts: error.attempts,
		},
		{ kind: "invalid_option", option, retryable: false, attempts: undefined },
		error.message,
	);
	assert.ok(error.message.startsWith(`${option}: `), error.message);
}

/** Option, wrong value, what the message must name. @type {[string, unknown, RegExp?][]} */
const clientOptions = [
	["pageId", undefined, /missing/],
	["pageId", null, /null/],
	["pageId", 106540352242922, /number/],
	["pageId", ""],
	["pageId", ".."],
	["pageId", "1/2", /position 2/],
	["pageId", "1?access_token=x"],
	["accessToken", undefined, /missing/],
	["accessToken", null, /null/],
	["accessToken", ""],
	["accessToken", "EAA B", /position 4/],
	["accessToken", "EAA\n"],
	["accessToken", "EAA\u0000"],
	["accessToken", "EAÄ"],
	["accessToken", { token: "EAA" }, /object/],
	["appSecret", ""],
	["appSecret", "s s"],
	["appSecret", 7],
	["apiVersion", "latest", /v25\.0/],
	["apiVersion", 19, /number 19/],
	["apiVersion", "v19.0/me"],
	["baseUrl", "http://graph.facebook.com", /loopback/],
	["baseUrl", "https://user:password@graph.facebook.com", /password/],
	["baseUrl", "https://graph.facebook.com?x=1"],
	["baseUrl", "graph.facebook.com", /https/],
	["tokenTransport", "cookie", /header, query/],
	["tokenTransport", null],
	["appId", PAGE_INBOX_APP_ID, /Meta's own/],
	["appId", INSTAGRAM_INBOX_APP_ID, /Meta's own/],
	["appId", ""],
	["appId", "app", /digits/],
	["appId", "77118822 5544331", /digits/],
	["appId", "-771188225544331", /digits/],
	["appId", 771188225544331, /number/],
	["appId", null, /null/],
	["fetch", "fetch", /function/],
	["fetch", null],
	["callsPerSecond", 0, /a number above 0, or false; got the number 0/],
	["callsPerSecond", -1, /number -1/],
	["callsPerSecond", Number.NaN, /number NaN/],
	["callsPerSecond", Number.POSITIVE_INFINITY, /number Infinity/],
	["callsPerSecond", "2", /"2"/],
	["callsPerSecond", true, /boolean/],
	["callsPerSecond", null, /null/],
	["schedule", {}, /function/],
	["onEvent", true, /function/],
	["pageid", "1", /pageId/],
	["retries", 3, /unknown/],
];

/** @type {[string, unknown, RegExp?][]} */
const listParams = [
	["folder", "in box", /letters, digits and _/],
	["folder", "inbox&user_id=1"],
	["folder", "../inbox"],
	["folder", "\u00fcbrig"],
	["folder", ""],
	["folder", null],
	["folder", ["inbox"], /array/],
	["platform", "telegram", /MESSENGER, INSTAGRAM/],
	["platform", "Messenger"],
	["userId", 4711, /number 4711/],
	["userId", ""],
	["userId", "1 2"],
	["limit", 0, /1 or more/],
	["limit", -5],
	["limit", 2.5, /number 2\.5/],
	["limit", Number.NaN],
	["limit", Number.POSITIVE_INFINITY],
	["limit", "25", /"25"/],
	["limit", 25n],
	["limit", null],
	["after", ""],
	["after", "a\nb", /position 2/],
	["after", "\u0000"],
	["after", 7],
	["before", "\u007f"],
	["before", ""],
	["maxItems", -1],
	["maxItems", "all"],
	["updatedSince", "yesterday", /ISO 8601/],
	["updatedSince", "2026-01-01"],
	["updatedSince", new Date(Number.NaN)],
	["updatedSince", Number.NaN],
	["updatedSince", {}],
	["fields", "id", /array/],
	["fields", null],
	["fields", [7], /number 7/],
	["fields", [null]],
	["fields", [""]],
	["fields", ["id,snippet"], /entries of their own/],
	["fields", ["id&x=1"]],
	["fields", ["messages{id"], /closed/],
	["fields", ["messages.limit(0)"]],
	["fields", Array.from({ length: 251 }, (_, at) => `f${at}`), /250/],
	["fields", ["messages", { messages: { limit: 2 } }], /twice/],
	["fields", [{ messages: { limit: "5" } }], /"5"/],
	["fields", [{ messages: { limit: 0 } }]],
	["fields", [{ messages: { limit: 2.5 } }]],
	["fields", [{ messages: { first: 5 } }], /limit, fields, after and before/],
	["fields", [{ messages: { after: 5 } }], /number 5/],
	["fields", [{ messages: { after: "" } }]],
	["fields", [{ messages: { after: "a", before: "b" } }], /one of them/],
	["fields", [{ messages: { before: "a)" } }]],
	["fields", [{ messages: { after: "a{id" } }]],
	["fields", [{ messages: { before: "a\n" } }]],
	["fields", [{ messages: true }]],
	["fields", [{ messages: { fields: "id" } }]],
	["fields", [{ "messages){": {} }]],
	["signal", {}, /AbortSignal/],
	["signal", null],
	["since", 1700000000, /time-based pagination does not exist/],
	["until", "yesterday", /updatedSince/],
	["Limit", 5, /unknown/],
];

/** @param {unknown} value in the title of a test */
const shown = (value) =>
	typeof value === "number" || typeof value === "bigint"
		? value
		: JSON.stringify(value);

describe("options of a client", () => {
	for (const [option, value, message] of clientOptions) {
		it(`refuse ${option}: ${shown(value)}`, async () => {
			const options = /** @type {any} */ ({
				...access,
				fetch,
				[option]: value,
			});
			const sent = simulator.requests.length;
			const thrown = await failureOf(() => createInbox(options));
			assertRefused(thrown, option);
			if (message) assert.match(thrown.message, message);
			assertRefused(await failureOf(listConversations(options)), option);
			assertRefused(
				await failureOf(getThreadOwner({ ...options, recipient: "1" })),
				option,
			);
			assert.equal(simulator.requests.length, sent);
		});
	}

	it("take any number above 0 for callsPerSecond, fractions too, or false", async () => {
		const rates = /** @type {const} */ ([0.5, 0.1, 1, 2.5, 1e-9, 1e9, false]);
		for (const callsPerSecond of rates) {
			const client = inbox({ callsPerSecond });
			assert.ok((await client.listConversations({ limit: 1 })).data.length);
			const options = { ...access, callsPerSecond, limit: 1 };
			assert.ok((await listConversations(options)).data.length);
		}
	});

	it("name those that there are, where one is unknown", async () => {
		const client =
			"pageId, accessToken, appSecret, apiVersion, baseUrl, tokenTransport, instagramAccountId, appId, fetch, maxRateLimitWaitMs, callsPerSecond, schedule, onEvent";
		const list =
			"folder, platform, userId, fields, limit, after, before, maxItems, updatedSince, catchUp";
		const limits = "timeoutMs, totalTimeoutMs, maxRetries";
		const person = "userId, folder, platform, fields";
		const watch =
			"folder, platform, fields, checkpoint, since, intervalMs, withOwner";
		const odd = /** @type {any} */ ({ retries: 3 });
		const all = { ...access, ...odd, recipient: "1" };
		/** @type {[string, PromiseLike<unknown> | (() => unknown)][]} */
		const calls = [
			[`${client}, ${limits}`, () => createInbox({ ...access, ...odd })],
			[
				`${client}, ${list}, signal, ${limits}`,
				listConversations({ ...access, ...odd }),
			],
			[`${client}, recipient, signal, ${limits}`, getThreadOwner(all)],
			[`${list}, signal, ${limits}`, inbox().listConversations(odd)],
			[`${list}, signal, ${limits}`, inbox().listConversationsWithOwner(odd)],
			[`${person}, signal, ${limits}`, inbox().getConversation("1", odd)],
			[`${watch}, signal, ${limits}`, inbox().watchConversations(odd).poll()],
			[`signal, ${limits}`, inbox().getThreadOwner("1", odd)],
			[`signal, ${limits}`, inbox().getThreadOwners(["1"], odd)],
		];
		for (const [known, call] of calls)
			assert.equal(
				(await failureOf(call)).message,
				`retries: unknown option; known are ${known}`,
			);
	});

	it("throw where they are wrong, and reject where a plain function has them", () => {
		assert.throws(() => createInbox(/** @type {any} */ ({})), InboxError);
		listConversations(/** @type {any} */ ({}));
		getThreadOwner(/** @type {any} */ ({})).catch(() => {});
	});

	it("refuse what is no object", async () => {
		for (const options of [null, "1", 7, [], true]) {
			assertRefused(
				await failureOf(() => createInbox(/** @type {any} */ (options))),
				"options",
			);
		}
	});

	it("take undefined for not given", async () => {
		const client = createInbox(
			/** @type {any} */ ({
				...access,
				appSecret: undefined,
				apiVersion: undefined,
				nothing: undefined,
			}),
		);
		const list = client.listConversations(
			/** @type {any} */ ({
				limit: undefined,
				since: undefined,
				fields: undefined,
			}),
		);
		assert.ok((await list).data.length > 0);
	});

	it("never show what could be a token in the wrong place", async () => {
		const token = "EAATESTTOKENinTheWrongPlace|x";
		for (const option of [
			"pageId",
			"apiVersion",
			"baseUrl",
			"tokenTransport",
			"fetch",
			"appSecret",
		]) {
			const value = option === "appSecret" ? `${token} ` : token;
			const error = await failureOf(() =>
				createInbox(/** @type {any} */ ({ ...access, [option]: value })),
			);
			assert.ok(!JSON.stringify(error).includes("EAATEST"), error.message);
		}
		const error = await failureOf(() =>
			createInbox(/** @type {any} */ ({ ...access, [token]: 1 })),
		);
		assert.ok(!JSON.stringify(error).includes("EAATEST"), "as a name");
	});

	it("pass on what a getter throws", async () => {
		const reason = new RangeError("mine");
		const throwing = (/** @type {string} */ name) =>
			/** @type {any} */ ({
				get [name]() {
					throw reason;
				},
			});
		const isReason = (/** @type {unknown} */ error) => error === reason;
		const options = Object.defineProperties(
			throwing("apiVersion"),
			Object.getOwnPropertyDescriptors(access),
		);
		assert.throws(() => createInbox(options), isReason);
		for (const fields of [
			[throwing("messages")],
			[{ messages: throwing("limit") }],
		]) {
			const list = inbox().listConversations({ fields });
			await assert.rejects(async () => list, isReason);
		}
	});
});

describe("parameters of a list", () => {
	for (const [option, value, message] of listParams) {
		it(`refuse ${option}: ${shown(value)}`, async () => {
			const params = /** @type {any} */ ({ [option]: value });
			const sent = simulator.requests.length;
			const list = inbox().listConversations(params);
			for (const use of [
				() => list,
				() => list.toArray(),
				() => list.pages().next(),
				() => list.catch(Promise.reject.bind(Promise)),
			]) {
				const error = await failureOf(use);
				assertRefused(error, option);
				if (message) assert.match(error.message, message);
			}
			assertRefused(
				await failureOf(listConversations({ ...access, ...params })),
				option,
			);
			assert.equal(simulator.requests.length, sent);
		});
	}

	it("refuse both ends at once", async () => {
		assertRefused(
			await failureOf(inbox().listConversations({ after: "a", before: "b" })),
			"before",
		);
	});

	it("send any word as the folder: Graph decides", async () => {
		for (const folder of ["pending", "archive", "E2EE_2", "_"]) {
			const params = /** @type {any} */ ({ folder });
			const error = await failureOf(inbox().listConversations(params));
			const { query } = /** @type {any} */ (simulator.requests.at(-1));
			assert.equal(query.get("folder"), folder);
			assert.deepEqual(
				[error.kind, error.code, error.attempts],
				["invalid_request", 100, 1],
			);
		}
	});

	it("send any cursor as it is, encoded, if it has no control characters", async () => {
		for (const cursor of [
			"QVFIUk5=",
			"a b",
			"a+b/c=&limit=1#?%41",
			"{(ü🥐)}",
			"'\"\\",
		])
			for (const option of ["after", "before"]) {
				const params = { limit: 3, [option]: cursor };
				// The simulator knows none of them.
				await failureOf(inbox().listConversations(params));
				const { query } = /** @type {any} */ (simulator.requests.at(-1));
				assert.equal(query.get(option), cursor);
				assert.deepEqual([query.get("limit"), query.has("#")], ["3", false]);
			}
	});

	it("take an empty selection for the ID alone", async () => {
		const { data } = await inbox().listConversations({ fields: [], limit: 1 });
		assert.deepEqual(Object.keys(data[0]), ["id"]);
	});
});

describe("parameters of a thread owner", () => {
	for (const recipient of [
		undefined,
		null,
		"",
		" ",
		"1 2",
		24051967,
		{ id: "1" },
		["1"],
	]) {
		it(`refuse the recipient ${JSON.stringify(recipient)}`, async () => {
			const sent = simulator.requests.length;
			assertRefused(
				await failureOf(inbox().getThreadOwner(/** @type {any} */ (recipient))),
				"recipient",
			);
			const options = /** @type {any} */ ({ ...access, recipient });
			assertRefused(await failureOf(getThreadOwner(options)), "recipient");
			assert.equal(simulator.requests.length, sent);
		});
	}

	it("refuse unknown options", async () => {
		const error = await failureOf(
			inbox().getThreadOwner("1", /** @type {any} */ ({ folder: "inbox" })),
		);
		assertRefused(error, "folder");
	});
});

describe("what needs no request", () => {
	it("constants", async () => {
		assert.equal(PAGE_INBOX_APP_ID, "263902037430900");
		assert.equal(INSTAGRAM_INBOX_APP_ID, "1217981644879628");
		await inbox().listConversations({ limit: 1 });
		assert.ok(
			simulator.requests.at(-1)?.path.startsWith(`/${DEFAULT_API_VERSION}/`),
		);
	});

	it("preload, as often as one likes", async () => {
		assert.equal(await preload(), undefined);
		assert.equal(await preload(), undefined);
	});

	it("parseGraphTime reads Graph's dates", () => {
		const cases = {
			"2021-07-23T09:28:50+0000": "2021-07-23T09:28:50.000Z",
			"2021-07-23T09:28:50-0730": "2021-07-23T16:58:50.000Z",
			"2021-07-23T09:28:50+05:30": "2021-07-23T03:58:50.000Z",
			"2021-07-23T09:28:50.25Z": "2021-07-23T09:28:50.250Z",
			"2021-07-23T09:28Z": "2021-07-23T09:28:00.000Z",
			"2024-02-29T00:00:00Z": "2024-02-29T00:00:00.000Z",
			"0099-01-01T00:00:00Z": "0099-01-01T00:00:00.000Z",
		};
		for (const [text, expected] of Object.entries(cases)) {
			assert.equal(parseGraphTime(text).toISOString(), expected, text);
		}
	});

	it("parseGraphTime refuses everything else", async () => {
		const wrong = [
			...[
				"",
				"2021-07-23",
				"2021-07-23T09:28:50",
				"2021-02-29T00:00:00Z",
				"2021-13-01T00:00:00Z",
				"1627032530",
			],
			...[
				"2021-07-23T24:00:00Z",
				"2021-07-23T09:60:00Z",
				"2021-07-23T09:28:50+2400",
				"2021-07-23T09:28:50+0060",
			],
			...[
				" 2021-07-23T09:28:50Z",
				"2021-07-23 09:28:50Z",
				"Fri Jul 23 2021",
				null,
				undefined,
				1627032530,
				new Date(),
			],
		];
		for (const value of wrong) {
			assertRefused(
				await failureOf(() => parseGraphTime(/** @type {any} */ (value))),
				"value",
			);
		}
	});
});
