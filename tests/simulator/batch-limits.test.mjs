import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { askBatch, outcomes } from "./batch.mjs";

const LIST = "me/conversations?limit=1";

test("every item counts as a call, the batch does not, and those beyond the limit are 80006", async () => {
	const simulator = createGraphSimulator({
		callLimit: 4,
		regainAccessMinutes: 8,
	});
	const usage = (/** @type {Headers} */ headers) => {
		const text = headers.get("x-business-use-case-usage") ?? "";
		const [page] = JSON.parse(text)[simulator.pageId];
		return [page.call_count, page.estimated_time_to_regain_access];
	};
	const first = await askBatch(simulator, ["me", "me", "t_1"]);
	assert.deepEqual(usage(first.headers), [75, 0]);
	const second = await askBatch(simulator, ["me", "me", LIST]);
	assert.equal(second.status, 200);
	assert.deepEqual(outcomes(second.entries), [200, "400 80006", "400 80006"]);
	assert.deepEqual(usage(second.headers), [150, 8]);
	simulator.liftLimit();
	const third = await askBatch(simulator, ["me"]);
	assert.deepEqual(usage(third.headers), [25, 0]);
});

test("lists in a batch keep the pace of their platform", async () => {
	const simulator = createGraphSimulator({
		callsPerSecond: 2,
		now: () => 1_790_000_000_000,
	});
	const { entries } = await askBatch(simulator, [
		LIST,
		LIST,
		`${LIST}&platform=INSTAGRAM`,
		LIST,
		"me",
	]);
	assert.deepEqual(outcomes(entries), [200, 200, 200, "400 613", 200]);
});
