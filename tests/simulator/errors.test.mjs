import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask } from "./ask.mjs";

const simulator = createGraphSimulator();

for (const [
	path,
	status,
	code,
	message,
] of /** @type {[string, number, number, RegExp][]} */ ([
	[
		"/me/conversations?fields=id,colour",
		400,
		100,
		/^\(#100\) Tried accessing nonexisting field \(colour\) on node type \(UnifiedThread\)$/,
	],
	[
		"/me/conversations?fields=constructor",
		400,
		100,
		/\(constructor\) on node type \(UnifiedThread\)$/,
	],
	[
		"/me/conversations?fields=messages{id,mood}",
		400,
		100,
		/\(mood\) on node type \(Message\)$/,
	],
	[
		"/me/conversations?fields=participants{age}",
		400,
		100,
		/\(age\) on node type \(User\)$/,
	],
	["/me/conversations?fields=snippet{id}", 400, 100, /snippet/],
	[
		"/me/conversations?fields=id,,snippet",
		400,
		2500,
		/^Syntax error "Expected name\." at character 3: id,,snippet$/,
	],
	[
		"/me/conversations?fields=messages.limit(2{id}",
		400,
		2500,
		/at character 16/,
	],
	["/me/conversations?fields=messages{id", 400, 2500, /at character 11/],
	["/me/conversations?fields=id}", 400, 2500, /Expected end of string/],
	["/me/conversations?fields=messages.limit(few)", 400, 100, /limit/],
	["/me/conversations?limit=ten", 400, 100, /limit/],
	["/me/conversations?limit=-1", 400, 100, /limit/],
	[
		"/me/conversations?folder=INBOX",
		400,
		100,
		/folder must be one of \{inbox, other, page_done, spam\}/,
	],
	[
		"/me/conversations?platform=telegram",
		400,
		100,
		/platform must be one of \{MESSENGER, INSTAGRAM\}/,
	],
	["/me/likes", 400, 100, /nonexisting field \(likes\) on node type \(Page\)/],
	[
		"/me/conversations/more",
		400,
		2500,
		/^Unknown path components: \/conversations\/more$/,
	],
	["/1/conversations", 400, 100, /Object with ID '1' does not exist/],
	["/t_1", 400, 100, /Object with ID 't_1' does not exist/],
	["/lantern.street/conversations", 404, 803, /^\(#803\) .*lantern\.street/],
	["/%E0%A4%A/conversations", 400, 2500, /Unknown path components/],
])) {
	test(`${path} is ${status}, code ${code}`, async () => {
		const answer = await ask(simulator, path);
		assert.equal(answer.status, status);
		assert.equal(answer.body.error.code, code);
		assert.match(answer.body.error.message, message);
		assert.equal(
			answer.body.error.fbtrace_id,
			answer.headers.get("x-fb-trace-id"),
		);
		assert.match(
			answer.headers.get("www-authenticate") ?? "",
			/^OAuth "Facebook Platform" "invalid_request" "/,
		);
	});
}

test("an unknown object has subcode 33", async () => {
	assert.equal((await ask(simulator, "/1")).body.error.error_subcode, 33);
});

for (const [asked, served] of /** @type {const} */ ([
	["/v25.0", "v25.0"],
	["/v26.0", "v26.0"],
	["/v19.0", "v21.0"],
	["", "v21.0"],
])) {
	test(`version ${asked || "left out"} is served by ${served}`, async () => {
		const url = `https://graph.facebook.com${asked}/me/conversations?access_token=${simulator.accessToken}`;
		const response = await simulator.fetch(url);
		assert.equal(response.status, 200);
		assert.equal(response.headers.get("facebook-api-version"), served);
		assert.ok((await response.json()).paging.next.includes(`/${served}/`));
	});
}

test("a version to come is error 2500", async () => {
	const response = await simulator.fetch(
		`https://graph.facebook.com/v27.0/me/conversations?access_token=${simulator.accessToken}`,
	);
	assert.equal((await response.json()).error.code, 2500);
});

test("too much data is code 1, without type and trace", async () => {
	const own = createGraphSimulator({ dataLimit: 60 });
	const code = async (/** @type {string} */ query) =>
		(await ask(own, `/me/conversations?${query}`)).body.error?.code;
	assert.equal(await code("limit=60"), undefined);
	assert.equal(await code("limit=61"), 1);
	assert.equal(await code("limit=10&fields=messages.limit(5)"), undefined);
	assert.equal(await code("limit=11&fields=messages.limit(5)"), 1);
	assert.equal(await code("limit=3&fields=messages"), 1);
	const { status, body } = await ask(own, "/me/conversations?limit=61");
	assert.equal(status, 500);
	assert.deepEqual(Object.keys(body.error), ["code", "message"]);
});

test("answers carry Graph's headers, and let a browser read none of them", async () => {
	const { headers } = await ask(simulator, "/me/conversations");
	assert.equal(headers.get("content-type"), "application/json; charset=UTF-8");
	assert.equal(headers.get("access-control-allow-origin"), "*");
	assert.equal(headers.get("access-control-expose-headers"), null);
	for (const name of ["x-fb-trace-id", "x-fb-request-id", "x-fb-rev"])
		assert.ok(headers.get(name), name);
});
