import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids, walk } from "./ask.mjs";

/** @typedef {import("../../pkg-template/simulator.js").Fault} Fault */

const LIST =
	"https://graph.facebook.com/v25.0/me/conversations?access_token=token";
const simulate = () => createGraphSimulator({ accessToken: "token" });

for (const [
	name,
	status,
	type,
	body,
] of /** @type {[import("../../pkg-template/simulator.js").FaultName, number, RegExp, RegExp][]} */ ([
	["html502", 502, /^text\/html/, /^<!DOCTYPE html>/],
	["html200", 200, /^text\/html/, /^<!DOCTYPE html>/],
	["htmlError500", 500, /^text\/html/, /^<!DOCTYPE html>/],
	["empty200", 200, /^application\/json/, /^$/],
	["truncated", 200, /^application\/json/, /^\{"data":\[.*[^}]$/],
	["null", 200, /^application\/json/, /^null$/],
	["wrongContentType", 200, /^text\/html/, /^\{"data":\[.*\}$/],
	["textJavascript", 200, /^text\/javascript/, /^\{"data":\[.*\}$/],
	["slowBody", 200, /^application\/json/, /^\{"data":\[.*\}$/],
	["http429", 429, /^text\/plain/, /^Too many/],
])) {
	test(`${name} is ${status} ${type}`, async () => {
		const simulator = simulate().failNext(name);
		const response = await simulator.fetch(LIST);
		assert.equal(response.status, status);
		assert.match(response.headers.get("content-type") ?? "", type);
		assert.match(await response.text(), body);
		assert.equal(response.headers.get("access-control-allow-origin"), "*");
		assert.equal((await simulator.fetch(LIST)).status, 200);
		assert.deepEqual(
			simulator.requests.map((request) => request.status),
			[status, 200],
		);
	});
}

for (const [
	name,
	status,
	code,
	subcode,
] of /** @type {[import("../../pkg-template/simulator.js").FaultName, number, number, number?][]} */ ([
	["transient", 500, 2],
	["unknown1", 500, 1],
	["reduceData", 500, 1],
	["instagramTimeout", 400, -2, 2534084],
	["rateLimitApp", 403, 4],
	["rateLimitUser", 403, 17],
	["rateLimitPage", 403, 32],
	["rateLimit613", 400, 613],
	["rateLimit80006", 400, 80006],
	["expiredToken", 400, 190, 463],
	["invalidToken", 400, 190],
	["checkpointed", 400, 190, 459],
	["unconfirmedUser", 400, 190, 464],
	["lostPageRole", 400, 190, 492],
	["permission", 403, 200],
	["permission10", 403, 10],
	["permission230", 403, 230],
	["permission1", 500, 1, 99],
	["termsNotAccepted", 500, 2, 2018344],
	["pageMigrated", 400, 21],
	["blocked", 400, 368],
	["errorIn200", 200, 190],
])) {
	test(`${name} is ${status}, code ${code}`, async () => {
		const response = await simulate().failNext(name).fetch(LIST);
		const { error } = await response.json();
		assert.deepEqual(
			[response.status, error.code, error.error_subcode],
			[status, code, subcode],
		);
		assert.equal(
			error.is_transient,
			name === "transient" || name === "rateLimitApp" ? true : undefined,
		);
	});
}

test("instagramTimeout says why in error_user_msg alone", async () => {
	const response = await simulate().failNext("instagramTimeout").fetch(LIST);
	const { fbtrace_id, error_user_msg, ...rest } = (await response.json()).error;
	assert.match(error_user_msg, /no role on the app.*Advanced Access/);
	assert.deepEqual(rest, {
		message: "Timeout",
		type: "OAuthException",
		code: -2,
		error_subcode: 2534084,
	});
});

test("pageMigrated names the old ID and the new one", async () => {
	const simulator = simulate().failNext("pageMigrated");
	const { error } = await (await simulator.fetch(LIST)).json();
	const [, before, after] =
		/^\(#21\) Page ID (\d+) was migrated to page ID (\d+)\./.exec(
			error.message,
		) ?? [];
	assert.equal(before, simulator.pageId);
	assert.ok(after && after !== before);
});

test("rateLimit80006 estimates when it ends", async () => {
	const simulator = createGraphSimulator({
		accessToken: "token",
		regainAccessMinutes: 9,
	});
	const { headers } = await simulator.failNext("rateLimit80006").fetch(LIST);
	const usage = JSON.parse(headers.get("x-business-use-case-usage") ?? "");
	assert.equal(usage[simulator.pageId][0].estimated_time_to_regain_access, 9);
});

test("connectionReset rejects as fetch does, and no status is recorded", async () => {
	const simulator = simulate().failNext("connectionReset");
	await assert.rejects(simulator.fetch(LIST), TypeError);
	assert.equal(simulator.requests[0].status, null);
});

test("bodyCut breaks the body after its headers and a part", async () => {
	const response = await simulate().failNext("bodyCut").fetch(LIST);
	const reader = response.body?.getReader();
	const first = await reader?.read();
	assert.equal(
		(first?.value?.length ?? 0) * 2 <=
			Number(response.headers.get("content-length")),
		true,
	);
	await assert.rejects(async () => reader?.read(), TypeError);
});

test("hang and hangBody end when aborted, with the reason given", async () => {
	for (const name of /** @type {const} */ (["hang", "hangBody"])) {
		const controller = new AbortController();
		const simulator = simulate().failNext(name);
		const reading = simulator
			.fetch(LIST, { signal: controller.signal })
			.then((response) => response.text());
		setTimeout(() => controller.abort("enough"), 20);
		await assert.rejects(reading, (reason) => reason === "enough", name);
	}
});

test("an abort ends a wait, and what is aborted already is not sent", async () => {
	const simulator = createGraphSimulator({
		accessToken: "token",
		latencyMs: 10_000,
	});
	const started = performance.now();
	await assert.rejects(
		simulator.fetch(LIST, { signal: AbortSignal.timeout(20) }),
		{ name: "TimeoutError" },
	);
	assert.ok(performance.now() - started < 2000);
	await assert.rejects(simulator.fetch(LIST, { signal: AbortSignal.abort() }), {
		name: "AbortError",
	});
	assert.equal(simulator.requests.length, 1);
});

test("a redirect is handed out, refused or followed as asked, without the header to the other host", async () => {
	const simulator = simulate().failNext("redirect", 3);
	const headers = { authorization: "Bearer token" };
	const handed = await simulator.fetch(LIST, { redirect: "manual", headers });
	assert.equal(handed.status, 302);
	assert.match(
		handed.headers.get("location") ?? "",
		/^https:\/\/graph\.elsewhere\.example\/v25\.0\/me\/conversations/,
	);
	await assert.rejects(
		simulator.fetch(LIST, { redirect: "error", headers }),
		TypeError,
	);
	simulator.requests.length = 0;
	await simulator.fetch(LIST, { headers }).catch(() => {});
	assert.equal(
		new URL(simulator.requests[1].url).host,
		"graph.elsewhere.example",
	);
	assert.equal(simulator.requests[1].headers.get("authorization"), null);
});

test("emptyPage is followed by what it left out", async () => {
	const simulator = simulate();
	simulator.failWhen((request) => request.query.has("after"), "emptyPage", 2);
	/** @type {number[]} */
	const sizes = [];
	const found = await walk(simulator, "/me/conversations?limit=20", (page) =>
		sizes.push(page.data.length),
	);
	assert.deepEqual(sizes, [20, 0, 0, 20]);
	assert.deepEqual(ids(found), ids(simulator.conversations()));
});

test("repeatCursor names the cursor it was reached by", async () => {
	const simulator = simulate();
	const { body: first } = await ask(simulator, "/me/conversations?limit=5");
	simulator.failNext("repeatCursor");
	const { paging } = await (await simulator.fetch(first.paging.next)).json();
	assert.equal(paging.cursors.after, first.paging.cursors.after);
	assert.equal(
		new URL(paging.next).searchParams.get("after"),
		first.paging.cursors.after,
	);
});

test("foreignNext leads to another host, on a last page too", async () => {
	for (const limit of [5, 100]) {
		const { body } = await ask(
			simulate().failNext("foreignNext"),
			`/me/conversations?limit=${limit}`,
		);
		const next = new URL(body.paging.next);
		assert.equal(next.host, "graph.elsewhere.example");
		assert.equal(next.searchParams.get("after"), body.paging.cursors.after);
	}
});

test("a fault can change the good answer, be an error, or be computed", async () => {
	const simulator = simulate();
	simulator
		.failNext({ status: 418, headers: { "x-added": "yes" } })
		.failNext({ body: { data: "none" } })
		.failNext({
			error: { code: 341, message: "Zu viel", error_data: { a: 1 } },
			headers: { "retry-after": "3" },
		})
		.failNext(
			async (request, answer) =>
				new Response(`${request.method} ${(await answer.json()).data.length}`, {
					status: 203,
				}),
		);
	const [changed, replaced, error, computed] = [
		await simulator.fetch(LIST),
		await simulator.fetch(LIST),
		await simulator.fetch(LIST),
		await simulator.fetch(LIST),
	];
	assert.deepEqual(
		[
			changed.status,
			changed.headers.get("x-added"),
			(await changed.json()).data.length,
		],
		[418, "yes", 25],
	);
	assert.deepEqual(
		[replaced.status, await replaced.json()],
		[200, { data: "none" }],
	);
	const { fbtrace_id, ...rest } = (await error.json()).error;
	assert.deepEqual(rest, {
		message: "Zu viel",
		type: "OAuthException",
		code: 341,
		error_data: { a: 1 },
	});
	assert.deepEqual(
		[error.status, error.headers.get("retry-after")],
		[400, "3"],
	);
	assert.deepEqual([computed.status, await computed.text()], [203, "GET 25"]);
});

test("a fault can come late", async () => {
	for (const fault of /** @type {Fault[]} */ ([
		{ delayMs: 40 },
		{ name: "html502", delayMs: 40 },
	])) {
		const started = performance.now();
		await simulate().failNext(fault).fetch(LIST);
		assert.ok(performance.now() - started >= 39);
	}
});

test("failNext goes before failWhen, each as often as told; rules can be removed", async () => {
	const simulator = simulate();
	const remove = simulator.failWhen("/conversations", { status: 503 });
	simulator.failWhen(/thread_owner/, { status: 504 }, 1);
	simulator.failNext({ status: 501 }, 2);
	const status = async (url = LIST) => (await simulator.fetch(url)).status;
	assert.deepEqual(
		[await status(), await status(), await status()],
		[501, 501, 503],
	);
	const owner = LIST.replace("conversations", "thread_owner");
	assert.deepEqual([await status(owner), await status(owner)], [504, 400]);
	remove();
	assert.equal(await status(), 200);
	simulator.failNext("html502");
	simulator.reset();
	assert.deepEqual([simulator.requests.length, await status()], [0, 200]);
});

test("an unknown fault is refused at once", () => {
	// @ts-expect-error: the types refuse it too
	assert.throws(() => simulate().failNext("htlm502"), TypeError);
});

test("requests are recorded as they were sent", async () => {
	const simulator = createGraphSimulator({ now: () => 5000 });
	const url =
		"https://graph.facebook.com/v25.0/me/conversations?fields=id,messages.limit(1){id}&folder=spam";
	await simulator.fetch(url, { headers: { "x-test": "1" } });
	await simulator.fetch(new URL("https://graph.facebook.com/"), {
		method: "POST",
		body: "batch=[]",
	});
	await simulator.fetch(new Request("https://graph.facebook.com/me"));
	const [first, second, third] = simulator.requests;
	assert.equal(first.url, url);
	assert.equal(first.path, "/v25.0/me/conversations");
	assert.equal(first.query.get("fields"), "id,messages.limit(1){id}");
	assert.equal(first.headers.get("x-test"), "1");
	assert.deepEqual(
		[first.method, first.body, first.status, first.at],
		["GET", null, 400, 5000],
	);
	assert.deepEqual([second.method, second.body], ["POST", "batch=[]"]);
	assert.equal(third.path, "/me");
});
