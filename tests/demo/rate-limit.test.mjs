import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FAILED_ANSWER, openDemo, settled, statusIs } from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo({ simulator: { conversations: 30 } });
	await demo.page.goto(demo.url);
	await settled(demo.page);
});
after(() => demo.close(FAILED_ANSWER));

/** @param {number} seconds */
function limitedFor(seconds) {
	return {
		error: { code: 80006, message: "Too many calls" },
		headers: {
			"access-control-expose-headers": "retry-after",
			"retry-after": String(seconds),
		},
	};
}

test("a rate limit given up on: when calls may resume, and nothing sent until then", async () => {
	const { page, simulator } = demo;
	simulator.failNext(limitedFor(12));
	const refresh = page.getByRole("button", { name: "Refresh" });
	const before = Date.now();
	await refresh.click();
	const banner = page.getByRole("alert");
	await banner.waitFor();
	const advice = page.locator("#banner-advice");
	const told = await advice.innerText();
	const [, time] =
		/^Calls may resume at (\d+:\d\d:\d\d [AP]M)\.$/.exec(told) ?? [];
	assert.ok(time, told);
	const day = new Date(before).toDateString();
	const wait = Date.parse(`${day} ${time}`) - before;
	assert.ok(wait >= 12_000 && wait < 15_000, String(wait));
	await statusIs(page, "25 conversations shown");

	const sent = simulator.requests.length;
	await page.getByRole("button", { name: "Try again" }).click();
	await page.getByRole("button", { name: "Load more" }).click();
	await statusIs(page, "25 conversations shown");
	assert.match(await advice.innerText(), /^Calls may resume at/);
	assert.equal(simulator.requests.length, sent);

	await page.waitForTimeout(before + wait - Date.now());
	await page.getByRole("button", { name: "Try again" }).click();
	await banner.waitFor({ state: "hidden" });
	await settled(page);
	assert.ok(simulator.requests.length > sent);
});

test("a limit that lasts into another day is told with its date", async () => {
	const { page, simulator } = demo;
	simulator.failNext(limitedFor(2 * 86_400));
	await page.getByRole("button", { name: "Refresh" }).click();
	await page.getByRole("alert").waitFor();
	const date = new Date(Date.now() + 2 * 86_400_000);
	assert.ok(
		(await page.locator("#banner-advice").innerText()).includes(
			String(date.getFullYear()),
		),
	);
});
