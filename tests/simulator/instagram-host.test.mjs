import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ids, personOf } from "./ask.mjs";

const simulator = createGraphSimulator({ host: "instagram", callLimit: 1000 });

/** @param {string} path @param {RequestInit} [init] @param {typeof simulator} [graph] */
async function ask(path, init, graph = simulator) {
	const sign = path.includes("?") ? "&" : "?";
	const response = await graph.fetch(
		`https://graph.instagram.com/v25.0${path}${sign}access_token=${graph.accessToken}`,
		init,
	);
	const { status, headers } = response;
	return { status, headers, body: await response.json() };
}

test("the Instagram host lists Instagram conversations of the account and of me", async () => {
	const all = simulator.conversations({ fields: "id,updated_time" });
	assert.ok(all.length > 25);
	for (const owner of ["me", simulator.instagramAccountId])
		for (const query of ["", "?platform=instagram", "?platform=INSTAGRAM"]) {
			const { body } = await ask(`/${owner}/conversations${query}`);
			assert.deepEqual(body.data, all.slice(0, 25));
		}
	const { body } = await ask("/me/conversations?limit=5&fields=id");
	const next = new URL(body.paging.next);
	assert.equal(
		next.origin + next.pathname,
		`https://graph.instagram.com/v25.0/${simulator.instagramAccountId}/conversations`,
	);
	const second = await (await simulator.fetch(next)).json();
	assert.deepEqual(ids(second.data), ids(all.slice(5, 10)));
});

test("the Instagram host reads one conversation and one person's", async () => {
	const [, chosen] = simulator.conversations();
	assert.equal("unread_count" in chosen, false);
	const one = await ask(`/${chosen.id}?fields=participants`);
	assert.deepEqual(one.body.participants, chosen.participants);
	const found = await ask(
		`/me/conversations?user_id=${personOf(chosen).id}&platform=instagram`,
	);
	assert.deepEqual(ids(found.body.data), [chosen.id]);
	const written = simulator.receiveMessage({ from: personOf(chosen).id });
	assert.equal(written.id, chosen.id);
	assert.match(simulator.receiveMessage().id, /^aWdf/);
});

test("the Instagram host names its version and its usage in its own words", async () => {
	const { headers } = await ask("/me/conversations?limit=1");
	assert.equal(headers.get("instagram-api-version"), "v25.0");
	assert.equal(headers.get("facebook-api-version"), null);
	assert.equal(headers.get("x-business-use-case-usage"), null);
	const usage = JSON.parse(headers.get("x-app-usage") ?? "");
	assert.deepEqual(Object.keys(usage), ["call_volume", "cpu_time"]);
	assert.ok(usage.call_volume >= 1);
});

test("beyond callLimit the Instagram host answers code 4", async () => {
	const own = createGraphSimulator({ host: "instagram", callLimit: 1 });
	await ask("/me/conversations", undefined, own);
	const { status, body } = await ask("/me/conversations", undefined, own);
	assert.deepEqual([status, body.error.code], [403, 4]);
});

for (const [path, code, message] of /** @type {const} */ ([
	[
		"/me/thread_owner?recipient=1",
		100,
		"Tried accessing nonexisting field (thread_owner)",
	],
	[
		"/me/conversations?fields=unread_count",
		100,
		"Tried accessing nonexisting field (unread_count)",
	],
	[
		"/me/conversations/more",
		2500,
		"Unknown path components: /conversations/more",
	],
	[
		"/me/conversations?platform=messenger",
		100,
		"Param platform must be one of {INSTAGRAM}",
	],
])) {
	test(`on the Instagram host ${path} is an IGApiException`, async () => {
		const { status, body } = await ask(path);
		assert.equal(status, 400);
		const { fbtrace_id, ...error } = body.error;
		assert.deepEqual(error, { message, type: "IGApiException", code });
	});
}

test("the Instagram host takes no batches", async () => {
	const { status, body } = await ask("/", {
		method: "POST",
		body: new URLSearchParams({ batch: "[]" }),
	});
	assert.equal(status, 400);
	const { fbtrace_id, ...error } = body.error;
	assert.deepEqual(error, {
		message: "Unsupported request - method type: post",
		type: "IGApiException",
		code: 100,
	});
});

test("the Instagram host knows no Page, no Messenger conversation and no other token", async () => {
	const elsewhere = createGraphSimulator();
	const [messenger] = elsewhere.conversations();
	for (const path of [
		`/${simulator.pageId}/conversations`,
		`/${messenger.id}?fields=id`,
	]) {
		const { error } = (await ask(path)).body;
		assert.deepEqual(
			[error.code, error.error_subcode, error.type],
			[100, 33, "IGApiException"],
		);
	}
	assert.equal((await ask("/me")).body.id, simulator.instagramAccountId);
	const response = await simulator.fetch(
		`https://graph.instagram.com/me?access_token=${elsewhere.accessToken}`,
	);
	const { error } = await response.json();
	assert.deepEqual([error.code, error.type], [190, "OAuthException"]);
});
