import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask } from "./ask.mjs";

const GRAPH = "https://graph.facebook.com/v25.0";

/** @param {Response} response */
const outcome = async (response) => {
	const { error } = await response.json();
	return error
		? `${response.status} ${[error.code, error.error_subcode].filter(Boolean).join("/")}`
		: response.status;
};

test("the token is taken from query, form and header; a missing or wrong one is told apart", async () => {
	const simulator = createGraphSimulator({ accessToken: "page-token" });
	const form = new URLSearchParams({ access_token: "page-token" });
	for (const [
		path,
		init,
		expected,
	] of /** @type {[string, RequestInit, string | number][]} */ ([
		["/me/conversations?access_token=page-token", {}, 200],
		[
			"/me/conversations",
			{ headers: { authorization: "Bearer page-token" } },
			200,
		],
		[
			"/me/conversations",
			{ headers: { authorization: "OAuth page-token" } },
			200,
		],
		[`/${simulator.pageId}/conversations`, {}, "400 104"],
		["/me/conversations", {}, "400 2500"],
		["/me/conversations?access_token=other", {}, "400 190"],
		[
			"/me/conversations",
			{ headers: { authorization: "Basic page-token" } },
			"400 2500",
		],
		// It got past the token: only writing is what Graph does not know here.
		["/me/conversations", { method: "POST", body: form }, "400 100/33"],
	])) {
		assert.equal(
			await outcome(await simulator.fetch(GRAPH + path, init)),
			expected,
			`${path} ${JSON.stringify(init)}`,
		);
	}
});

test("an expired token is 190/463, and the one in its place works", async () => {
	const simulator = createGraphSimulator();
	const old = simulator.accessToken;
	const ask = async (/** @type {string} */ token) =>
		outcome(
			await simulator.fetch(`${GRAPH}/me/conversations?access_token=${token}`),
		);
	const renewed = simulator.expireToken();
	assert.notEqual(renewed, old);
	assert.equal(simulator.accessToken, renewed);
	assert.equal(await ask(old), "400 190/463");
	assert.equal(await ask(renewed), 200);
	simulator.reset();
	assert.equal(await ask(old), 200);
});

const now = () => 1_790_000_000_000;
const secret = "a made-up secret";
const sign = (/** @type {string} */ text) =>
	createHmac("sha256", secret).update(text).digest("hex");
const INVALID = "Invalid appsecret_proof provided in the API argument";

for (const [what, requireProof, query, message] of /** @type {const} */ ([
	["right", true, `appsecret_proof=${sign("page-token")}`, undefined],
	["wrong", false, `appsecret_proof=${sign("another")}`, INVALID],
	[
		"in capitals",
		true,
		`appsecret_proof=${sign("page-token").toUpperCase()}`,
		INVALID,
	],
	["missing, not required", false, "", undefined],
	[
		"missing, required",
		true,
		"",
		"API calls from the server require an appsecret_proof argument",
	],
	[
		"timed",
		true,
		`appsecret_proof=${sign("page-token|1789999800")}&appsecret_time=1789999800`,
		undefined,
	],
	[
		"timed, too old",
		true,
		`appsecret_proof=${sign("page-token|1789999600")}&appsecret_time=1789999600`,
		INVALID,
	],
	[
		"timed, of another time",
		true,
		`appsecret_proof=${sign("page-token|1789999800")}&appsecret_time=1789999801`,
		INVALID,
	],
])) {
	test(`a proof that is ${what}`, async () => {
		const simulator = createGraphSimulator({
			accessToken: "page-token",
			appSecret: secret,
			requireProof,
			now,
		});
		const { status, body } = await ask(simulator, `/me/conversations?${query}`);
		assert.equal(status, message ? 400 : 200);
		if (message) {
			const { fbtrace_id, ...error } = body.error;
			assert.deepEqual(error, {
				message,
				type: "GraphMethodException",
				code: 100,
			});
		}
	});
}

test("the proof is not in the next URL", async () => {
	const simulator = createGraphSimulator({
		accessToken: "page-token",
		appSecret: secret,
	});
	const { body } = await ask(
		simulator,
		`/me/conversations?appsecret_proof=${sign("page-token")}`,
	);
	assert.ok(!body.paging.next.includes("appsecret"));
});

test("a preflight fails without a valid token in the URL, and allows no header with one", async () => {
	const simulator = createGraphSimulator();
	const preflight = (/** @type {string} */ token) =>
		simulator.fetch(`${GRAPH}/me/conversations?access_token=${token}`, {
			method: "OPTIONS",
		});
	assert.equal((await preflight("")).status, 400);
	assert.equal((await preflight("other")).status, 400);
	const allowed = await preflight(simulator.accessToken);
	assert.equal(allowed.status, 200);
	assert.equal(allowed.headers.get("access-control-allow-headers"), null);
});
