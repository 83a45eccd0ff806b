import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { askBatch, outcomes, readHeaders } from "./batch.mjs";

const ITEMS = ["me", "me/conversations?limit=1", "me/conversations?limit=2"];

/** @param {import("../../pkg-template/simulator.js").GraphSimulator} simulator */
const ask = async (simulator) =>
	outcomes((await askBatch(simulator, ITEMS)).entries);

test("an item that timed out is null, as often as told", async () => {
	const simulator = createGraphSimulator({ callLimit: 100 });
	simulator.failItems("/conversations", "timedOut", 3);
	assert.deepEqual(await ask(simulator), [200, null, null]);
	const { headers, entries } = await askBatch(simulator, ITEMS);
	assert.deepEqual(outcomes(entries), [200, null, 200]);
	assert.equal(JSON.parse(headers.get("x-app-usage") ?? "").call_count, 2);
	assert.deepEqual(await ask(simulator), [200, 200, 200]);
});

test("items are matched by text, pattern and function; rules can be removed", async () => {
	const simulator = createGraphSimulator();
	const remove = simulator.failItems(/limit=[12]$/g, "permission");
	simulator.failItems((relativeUrl) => relativeUrl === "me", "transient", 1);
	simulator.failItems("limit=2", "timedOut");
	assert.deepEqual(await ask(simulator), ["500 2", "403 200", "403 200"]);
	remove();
	assert.deepEqual(await ask(simulator), [200, 200, null]);
	simulator.reset();
	assert.deepEqual(await ask(simulator), [200, 200, 200]);
});

for (const [
	fault,
	code,
	body,
] of /** @type {[import("../../pkg-template/simulator.js").ItemFault, number, RegExp][]} */ ([
	["html502", 502, /^<!DOCTYPE html>/],
	["empty200", 200, /^$/],
	["truncated", 200, /^\{"data":\[.*[^}]$/],
	["null", 200, /^null$/],
	["http429", 429, /^Too many/],
	["rateLimit613", 400, /"code":613/],
	["errorIn200", 200, /"code":190/],
	["emptyPage", 200, /^\{"data":\[\],"paging":.*"next"/],
	["foreignNext", 200, /"next":"https:\/\/graph\.elsewhere\.example\//],
	[{ error: { code: 2018234 }, status: 403 }, 403, /"code":2018234,"fbtrace/],
	[{ status: 503, body: "later" }, 503, /^later$/],
	[{ body: { data: [] } }, 200, /^\{"data":\[\]\}$/],
])) {
	test(`an item can meet ${JSON.stringify(fault)}`, async () => {
		const simulator = createGraphSimulator();
		simulator.failItems("limit=1", fault);
		const { status, entries } = await askBatch(simulator, ITEMS);
		assert.equal(status, 200);
		assert.equal(entries[1].code, code);
		assert.match(entries[1].body, body);
		assert.deepEqual([entries[0].code, entries[2].code], [200, 200]);
	});
}

test("what a fault says in headers is in the headers of the item", async () => {
	const simulator = createGraphSimulator({ regainAccessMinutes: 9 });
	simulator.failItems("limit=1", "rateLimit80006");
	const { headers, entries } = await askBatch(simulator, ITEMS);
	const minutes = (/** @type {string | null} */ usage) =>
		JSON.parse(usage ?? "")[simulator.pageId][0]
			.estimated_time_to_regain_access;
	const about = readHeaders(entries[1].headers);
	assert.equal(minutes(about["X-Business-Use-Case-Usage"]), 9);
	assert.equal(minutes(headers.get("x-business-use-case-usage")), 0);
});

test("failNext and failWhen are about the batch as a whole", async () => {
	const simulator = createGraphSimulator();
	simulator.failNext("html502").failNext("connectionReset");
	const status = async () =>
		(await simulator.fetch("https://graph.facebook.com/", { method: "POST" }))
			.status;
	assert.equal(await status(), 502);
	await assert.rejects(askBatch(simulator, ITEMS), TypeError);
	simulator.failWhen(({ items }) => items.length > 2, "transient", 1);
	assert.deepEqual(
		outcomes((await askBatch(simulator, ["me"])).entries),
		[200],
	);
	const { status: whole, entries } = await askBatch(simulator, ITEMS);
	assert.deepEqual([whole, entries.error.code], [500, 2]);
	simulator.failNext("truncated");
	await assert.rejects(askBatch(simulator, ITEMS), SyntaxError);
});

test("a fault that is unknown, or that a connection has and not an item, is refused at once", () => {
	const simulator = createGraphSimulator();
	// @ts-expect-error: the types refuse it too
	assert.throws(() => simulator.failItems("me", "timeout"), TypeError);
	// @ts-expect-error: the types refuse it too
	assert.throws(() => simulator.failItems("me", "hang"), TypeError);
});
