import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ids } from "../simulator/ask.mjs";
import { choose, openDemo, rowsOf, settled, statusIs } from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo();
	await demo.page.goto(demo.url);
	await settled(demo.page);
});
after(() => demo.close());

test("the footer tells versions and requests", async () => {
	const { page } = demo;
	await settled(page);
	assert.match(
		(await page.textContent("#fact-version")) ?? "",
		/^v\d+\.0 asked, served: not readable in this browser \(CORS\)$/,
	);
	const shown = Number(await page.textContent("#fact-requests"));
	const sent = demo.requests.filter((request) =>
		request.url().startsWith(demo.graphUrl),
	);
	assert.equal(shown, sent.length);
});

test("rows come first, owners a few at a time", async () => {
	const { simulator, page } = demo;
	const stopHanging = simulator.failWhen(/thread_owner/, "hang");
	const asked = simulator.requests.length;
	await choose(page, "Instagram");
	await statusIs(page, "25 conversations shown");
	await page.waitForTimeout(200);
	const owners = simulator.requests
		.slice(asked)
		.filter(({ path }) => path.endsWith("/thread_owner"));
	assert.equal(owners.length, 4);
	stopHanging();
	await page.getByRole("button", { name: "Refresh" }).click();
	await settled(page);
});

test("a choice that another one overtook leaves nothing behind", async () => {
	const { page, simulator } = demo;
	simulator.failWhen(/folder=spam/, { delayMs: 400 }, 1);
	await choose(page, "Spam");
	await choose(page, "Other");
	await settled(page);
	await page.waitForTimeout(600);
	assert.deepEqual(
		ids(await rowsOf(page)),
		ids(simulator.conversations({ folder: "other", platform: "INSTAGRAM" })),
	);
	const late = demo.requests.filter((request) =>
		request.url().includes("folder=spam"),
	);
	assert.match(late.at(-1)?.failure()?.errorText ?? "", /ABORTED/);
});

test("a refresh in place of another one ends the first", async () => {
	const { page, simulator } = demo;
	const refresh = page.getByRole("button", { name: "Refresh" });
	simulator.failWhen(/conversations/, "hang", 1);
	const asked = simulator.requests.length;
	await refresh.click();
	await refresh.click();
	await settled(page);
	const lists = simulator.requests
		.slice(asked)
		.filter(({ path }) => path.endsWith("/conversations"));
	assert.deepEqual(
		lists.map(({ status }) => status),
		[null, 200],
	);
});
