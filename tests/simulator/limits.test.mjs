import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask } from "./ask.mjs";

/**
 * @param {Headers} headers
 * @param {string} pageId
 */
function usageOf(headers, pageId) {
	const business = JSON.parse(headers.get("x-business-use-case-usage") ?? "");
	assert.deepEqual(Object.keys(business), [pageId]);
	return {
		app: JSON.parse(headers.get("x-app-usage") ?? ""),
		page: business[pageId][0],
	};
}

test("usage rises with calls, up to error 80006, until the limit is lifted", async () => {
	const simulator = createGraphSimulator({
		callLimit: 4,
		regainAccessMinutes: 12,
	});
	const call = async () => {
		const { status, headers, body } = await ask(
			simulator,
			"/me/conversations?limit=1",
		);
		const { page } = usageOf(headers, simulator.pageId);
		assert.equal(page.type, "messenger");
		return [
			status,
			body.error?.code,
			page.call_count,
			page.estimated_time_to_regain_access,
		];
	};
	assert.deepEqual(await call(), [200, undefined, 25, 0]);
	assert.deepEqual(await call(), [200, undefined, 50, 0]);
	await call();
	assert.deepEqual(await call(), [200, undefined, 100, 0]);
	assert.deepEqual(await call(), [400, 80006, 125, 12]);
	assert.deepEqual(await call(), [400, 80006, 150, 12]);
	simulator.liftLimit();
	assert.deepEqual(await call(), [200, undefined, 25, 0]);
});

test("without a limit the figures rise all the same, and stay below full", async () => {
	const simulator = createGraphSimulator();
	const read = async () =>
		usageOf(
			(await ask(simulator, "/me/conversations?limit=1")).headers,
			simulator.pageId,
		);
	const first = await read();
	for (let count = 0; count < 1200; count += 1)
		await ask(simulator, "/me/thread_owner");
	const last = await read();
	assert.ok(first.page.call_count < last.page.call_count);
	assert.ok(first.app.call_count < last.app.call_count);
	assert.equal(last.page.call_count, 95);
});

test("lists of one platform beyond the pace are error 613, until a second has passed", async () => {
	let time = 1_790_000_000_000;
	const simulator = createGraphSimulator({
		callsPerSecond: 2,
		now: () => time,
	});
	const code = async (platform = "MESSENGER") => {
		const { body } = await ask(
			simulator,
			`/me/conversations?platform=${platform}`,
		);
		return body.error?.code;
	};
	assert.deepEqual(
		[await code(), await code(), await code()],
		[undefined, undefined, 613],
	);
	assert.equal(await code("INSTAGRAM"), undefined);
	time += 999;
	assert.equal(await code(), 613);
	time += 1;
	assert.equal(await code(), undefined);
});
