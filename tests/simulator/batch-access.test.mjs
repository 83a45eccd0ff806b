import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { askBatch, outcomes } from "./batch.mjs";

for (const [what, parameters, code, type] of /** @type {const} */ ([
	["that is no JSON", { batch: "[{" }, 100, "GraphBatchException"],
	["that is no array", { batch: "{}" }, 100, "GraphBatchException"],
	["that is empty", { batch: "" }, 100, "GraphBatchException"],
	["with null in it", { batch: "[null]" }, 100, "GraphBatchException"],
	[
		"without a relative URL",
		{ batch: '[{"method":"GET"}]' },
		100,
		"GraphBatchException",
	],
	[
		"without a method",
		{ batch: '[{"relative_url":"me"}]' },
		100,
		"GraphBatchException",
	],
	["without a token", { access_token: "" }, 104, "OAuthException"],
	["with a wrong token", { access_token: "other" }, 190, "OAuthException"],
])) {
	test(`a batch ${what} fails as a whole`, async () => {
		const simulator = createGraphSimulator({ callLimit: 1 });
		// The item's own token does not make up for the batch's.
		const item = `me?access_token=${simulator.accessToken}`;
		const { status, entries } = await askBatch(simulator, [item], parameters);
		assert.equal(status, 400);
		assert.deepEqual([entries.error.code, entries.error.type], [code, type]);
		assert.ok(entries.error.fbtrace_id);
	});
}

test("50 items are the most", async () => {
	const simulator = createGraphSimulator();
	const most = await askBatch(simulator, new Array(50).fill("me"));
	assert.equal(most.entries.length, 50);
	const more = await askBatch(simulator, new Array(51).fill("me"));
	assert.equal(more.status, 400);
	assert.equal(more.entries.error.code, 100);
	assert.match(more.entries.error.message, /Maximum batch size is 50$/);
	assert.deepEqual((await askBatch(simulator, [])).entries, []);
});

test("an item's own token goes before the batch's", async () => {
	const simulator = createGraphSimulator();
	const old = simulator.accessToken;
	const token = simulator.expireToken();
	const { entries } = await askBatch(simulator, [
		`me?access_token=${token}`,
		`me?access_token=${old}`,
		"me?access_token=other",
		"me",
	]);
	assert.deepEqual(outcomes(entries), [200, "400 190", "400 190", 200]);
	assert.equal(JSON.parse(entries[1].body).error.error_subcode, 463);
});

test("the batch's proof covers the items that use its token", async () => {
	const now = () => 1_790_000_000_000;
	const simulator = createGraphSimulator({
		accessToken: "token",
		appSecret: "a made-up secret",
		requireProof: true,
		now,
	});
	const sign = (/** @type {string} */ text) =>
		createHmac("sha256", "a made-up secret").update(text).digest("hex");
	const proof = { appsecret_proof: sign("token") };
	const { entries } = await askBatch(
		simulator,
		[
			"me",
			`me?appsecret_proof=${sign("token")}`,
			"me?appsecret_proof=0",
			"me?access_token=token",
			`me?access_token=token&appsecret_proof=${sign("token")}`,
		],
		proof,
	);
	assert.deepEqual(outcomes(entries), [200, 200, "400 100", "400 100", 200]);
	const timed = {
		appsecret_proof: sign("token|1789999990"),
		appsecret_time: "1789999990",
	};
	assert.equal((await askBatch(simulator, ["me"], timed)).status, 200);
	for (const wrong of /** @type {Record<string, string>[]} */ ([
		{},
		{ appsecret_proof: sign("another") },
		{ ...timed, appsecret_time: "1789999991" },
	])) {
		const { status, entries } = await askBatch(simulator, ["me"], wrong);
		assert.deepEqual([status, entries.error?.code], [400, 100]);
	}
});
