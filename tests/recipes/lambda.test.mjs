// The function as Lambda calls it; Graph is a simulator on a loopback port, and so is the extension that knows the token.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import { inspect } from "node:util";
import { ids, personOf, startGraph } from "../package/graph.mjs";
import { listen } from "./chromium.mjs";

const TOKEN = "EAATokenThatStaysInTheFunction";
const SECRET_NAME = "inbox/page token";
const { simulator, access } = await startGraph({
	accessToken: TOKEN,
	conversations: { messenger: 30, instagram: 0 },
});
Object.assign(process.env, {
	GRAPH_URL: access.baseUrl,
	PAGE_ID: access.pageId,
	PAGE_TOKEN: TOKEN,
});

/** @type {import("node:test").Mock<(...printed: unknown[]) => void>} */
let log;
/** @type {typeof import("../../recipes/lambda.mjs").handler} */
let handler;
let starts = 0;
beforeEach(async () => {
	simulator.reset();
	process.env.PAGE_TOKEN = TOKEN;
	log = mock.method(console, "error", () => {});
	// The client of another test may know of a rate limit.
	await coldStart();
});
afterEach(() => log.mock.restore());

async function coldStart() {
	starts += 1;
	({ handler } = await import(`../../recipes/lambda.mjs?${starts}`));
}

/**
 * @param {string} [after]
 * @param {number} [remainingMs]
 */
async function call(after, remainingMs = 20_000) {
	const queryStringParameters = after === undefined ? undefined : { after };
	const answer = await handler(
		{ queryStringParameters },
		{ getRemainingTimeInMillis: () => remainingMs },
	);
	const printed = log.mock.calls.map(({ arguments: all }) => all);
	assert.ok(!inspect([answer, printed], { depth: 9 }).includes(TOKEN));
	assert.equal(answer.headers["content-type"], "application/json");
	assert.equal(answer.headers["cache-control"], "no-store");
	return { ...answer, body: JSON.parse(answer.body), printed };
}

describe("a page", () => {
	it("comes with owners, and with the cursor of the next one", async () => {
		const all = simulator.conversations();
		const first = await call();
		const second = await call(first.body.after);
		assert.equal(first.statusCode, 200);
		assert.deepEqual(
			ids([...first.body.conversations, ...second.body.conversations]),
			ids(all),
		);
		assert.equal(second.body.after, null);
		const [conversation] = first.body.conversations;
		const { id, updated_time, snippet, unread_count, participants } = all[0];
		const { owner, ...rest } = conversation;
		assert.deepEqual(rest, {
			...{ id, updated_time, snippet, unread_count, participants },
		});
		assert.equal(owner.recipient, personOf(all[0], simulator));
		assert.deepEqual(first.printed, []);
		assert.ok(simulator.requests.every(({ url }) => !url.includes(TOKEN)));
	});

	it("names the next one, wherever Graph does", async () => {
		const next = "https://graph.facebook.com/v25.0/me/conversations";
		for (const paging of [
			{ next: `${next}?after=abc` },
			{ next, cursors: { after: "abc" } },
		]) {
			simulator.failNext({ status: 200, body: { data: [], paging } });
			assert.equal((await call()).body.after, "abc");
		}
	});

	it("is of the token's own Page where none is named", async () => {
		delete process.env.PAGE_ID;
		await coldStart();
		process.env.PAGE_ID = access.pageId;
		const context = { getRemainingTimeInMillis: () => 900_000 };
		const timeout = mock.method(AbortSignal, "timeout");
		assert.equal((await handler({}, context)).statusCode, 200);
		assert.equal(simulator.requests[0].path, "/v25.0/me/conversations");
		// API Gateway gives up after 30 s.
		assert.deepEqual(timeout.mock.calls[0].arguments, [29_000]);
		timeout.mock.restore();
	});

	it("comes without the owners that are not to be had", async () => {
		simulator.failItems(/./, "permission");
		const { statusCode, body } = await call();
		assert.equal(statusCode, 200);
		assert.equal(body.conversations.length, 25);
		for (const { owner } of body.conversations) assert.equal(owner, null);
	});

	it("names what Graph could not deliver, and has all that it could", async () => {
		const [first] = simulator.conversations();
		simulator.breakConversation(first.id, { unreadable: ["snippet"] });
		const { statusCode, body } = await call();
		simulator.breakConversation(first.id, false);
		assert.equal(statusCode, 200);
		const { id, updated_time, participants } = first;
		const { owner, ...rest } = body.conversations[0];
		const unreadable = ["snippet", "unread_count"];
		assert.deepEqual(rest, { id, updated_time, participants, unreadable });
		assert.ok(owner);
		assert.ok(body.after);
	});

	it("is paced over all calls of a warm function", async () => {
		const calls = [call(), call(), call(undefined, 1_100)];
		const answers = await Promise.all(calls);
		// The third in a second has to wait for longer than it has.
		assert.deepEqual(
			answers.map(({ statusCode }) => statusCode),
			[200, 200, 504],
		);
		// It says so at once, and does not wait in vain.
		assert.equal(JSON.parse(String(answers[2].printed[0])).kind, "timeout");
		const lists = simulator.requests.filter(({ method }) => method === "GET");
		assert.equal(lists.length, 2);
	});
});

describe("errors", () => {
	/** @type {[fault: import("graph-inbox/simulator").Fault, status: number, kind: string][]} */
	const faults = [
		["expiredToken", 502, "authentication"],
		["permission", 502, "permission"],
		["blocked", 502, "blocked"],
		["html200", 502, "response"],
		["transient", 502, "transient"],
		["connectionReset", 502, "connection"],
		["rateLimitPage", 503, "rate_limit"],
		[{ error: { code: 100 } }, 502, "invalid_request"],
	];
	for (const [fault, status, kind] of faults)
		it(`${kind} is ${status}, and in the log`, async () => {
			simulator.failWhen(/./, fault);
			const { statusCode, body, headers, printed } = await call();
			assert.equal(statusCode, status);
			assert.deepEqual(body, { error: kind });
			assert.equal(headers["retry-after"], undefined);
			assert.equal(printed.length, 1);
			assert.equal(JSON.parse(String(printed[0])).kind, kind);
		});

	it("say when a rate limit lifts, in whole seconds", async () => {
		simulator.failNext("rateLimit80006");
		const limited = await call();
		assert.equal(limited.statusCode, 503);
		assert.equal(limited.headers["retry-after"], "300");
		// A warm function does not ask again until then.
		const again = await call();
		assert.equal(again.statusCode, 503);
		assert.match(again.headers["retry-after"] ?? "", /^(?:300|29\d)$/);
		assert.equal(simulator.requests.length, 1);
	});

	it("tell of a rate limit in place of waiting", async () => {
		simulator.failNext({ status: 429, headers: { "retry-after": "4" } });
		const { statusCode, headers } = await call();
		assert.equal(statusCode, 503);
		assert.equal(headers["retry-after"], "4");
	});

	it("are the caller's where the cursor is", async () => {
		for (const after of ["", "not a cursor"]) {
			const { statusCode, printed } = await call(after);
			assert.equal(statusCode, 400);
			assert.deepEqual(printed, []);
		}
		const { body } = await call();
		simulator.expireCursors();
		const expired = await call(body.after);
		assert.equal(expired.statusCode, 400);
		assert.deepEqual(expired.body, { error: "invalid_request" });
	});

	it("are the function's own where its settings are wrong", async () => {
		process.env.PAGE_TOKEN = "a token\nin two lines";
		const { statusCode, body } = await call();
		assert.equal(statusCode, 500);
		assert.deepEqual(body, { error: "invalid_option" });
	});

	it("leave time to answer when Graph does not", async () => {
		simulator.failWhen(/./, "hang");
		const { statusCode, body } = await call(undefined, 1_200);
		assert.equal(statusCode, 504);
		assert.deepEqual(body, { error: "timeout" });
		assert.equal((await call(undefined, 10)).statusCode, 504);
	});

	it("leave time also when but the owners do not come", async () => {
		simulator.failWhen(({ items }) => items.length > 0, "hang");
		assert.equal((await call(undefined, 1_500)).statusCode, 504);
	});
});

describe("a token in Secrets Manager", () => {
	let token = "";
	/** @type {unknown[]} */
	const asked = [];
	const extension = createServer(({ url, headers }, response) => {
		asked.push([url, headers["x-aws-parameters-secrets-token"]]);
		response.statusCode = token ? 200 : 400;
		response.end(JSON.stringify({ Name: SECRET_NAME, SecretString: token }));
	});

	beforeEach(async () => {
		delete process.env.PAGE_TOKEN;
		asked.length = 0;
	});

	it("is asked of the extension, and may be replaced", async () => {
		const { port } = new URL(await listen(extension));
		Object.assign(process.env, {
			PARAMETERS_SECRETS_EXTENSION_HTTP_PORT: port,
			PAGE_TOKEN_SECRET: SECRET_NAME,
			AWS_SESSION_TOKEN: "of the function's role",
		});
		token = TOKEN;
		assert.equal((await call()).statusCode, 200);
		assert.deepEqual(asked[0], [
			"/secretsmanager/get?secretId=inbox%2Fpage%20token",
			"of the function's role",
		]);

		token = simulator.expireToken();
		assert.equal((await call()).statusCode, 200);

		token = "";
		await assert.rejects(call(), /^Error: The secret is not to be had: 400$/);
	});
});
