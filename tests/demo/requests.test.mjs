import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	noteIs,
	openDemo,
	paceIsFree,
	rowsOf,
	settled,
	statusIs,
} from "./browser.mjs";

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

test("rows come first, then their owners in one request", async () => {
	const { simulator, page } = demo;
	const stopHanging = simulator.failWhen(
		({ items }) => items.length > 0,
		"hang",
	);
	const asked = simulator.requests.length;
	await choose(page, "Instagram");
	await statusIs(page, "25 conversations shown");
	await page.waitForTimeout(200);
	const sent = simulator.requests.slice(asked);
	assert.deepEqual(
		sent.map(({ method, items }) => [method, items.length]),
		[
			["GET", 0],
			["POST", 25],
		],
	);
	assert.equal(await page.locator("td[aria-busy=true]").count(), 25);
	stopHanging();
	await page.getByRole("button", { name: "Refresh" }).click();
	await settled(page);
});

test("a choice that another one overtook leaves nothing behind", async () => {
	const { page, simulator } = demo;
	await paceIsFree(page);
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
	await paceIsFree(page);
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

test("while the pace is waited for the page says so, and another choice ends the wait", async () => {
	const { page, simulator } = demo;
	const refresh = page.getByRole("button", { name: "Refresh" });
	await paceIsFree(page);
	const asked = simulator.requests.length;
	for (let click = 0; click < 2; click += 1) {
		await refresh.click();
		await settled(page);
	}
	await choose(page, "Spam");
	await noteIs(page, /^Waiting [\d.]+ s: two lists a second is Graph’s pace$/);
	await choose(page, "Done");
	await settled(page);
	await noteIs(page, /^$/);
	assert.deepEqual(
		ids(await rowsOf(page)),
		ids(
			simulator
				.conversations({ folder: "page_done", platform: "INSTAGRAM" })
				.slice(0, 25),
		),
	);
	const lists = simulator.requests
		.slice(asked)
		.filter(({ path }) => path.endsWith("/conversations"));
	assert.deepEqual(
		lists.map(({ query }) => query.get("folder")),
		["other", "other", "page_done"],
	);
});

test("only pages that are shown are read", async () => {
	const { page, simulator } = demo;
	const asked = simulator.requests.length;
	await choose(page, "Inbox");
	await settled(page);
	await page.getByRole("button", { name: "Load more" }).click();
	await statusIs(page, "50 conversations shown");
	await settled(page);
	const sent = simulator.requests.slice(asked);
	assert.deepEqual(
		sent.map(({ method }) => method),
		["GET", "POST", "GET", "POST"],
	);
});
