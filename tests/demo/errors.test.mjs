import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	FAILED_ANSWER,
	openDemo,
	rowsOf,
	settled,
	statusIs,
} from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo({ simulator: { conversations: 60 } });
	await demo.page.goto(demo.url);
	await settled(demo.page);
});
afterEach(() => demo.simulator.reset());
after(() => demo.close(FAILED_ANSWER));

/** @param {string} name */
const press = (name) => demo.page.getByRole("button", { name }).click();

const banner = () => demo.page.getByRole("alert");

/** Attempts, until the client gives up on what may pass. */
const ATTEMPTS = 3;

for (const [fault, kind, title, small, attempts] of /** @type {const} */ ([
	[
		"expiredToken",
		"authentication",
		/token is not accepted/,
		/code 190\/463/,
		1,
	],
	["permission", "permission", /permission is missing/, /code 200/, 1],
	["rateLimit80006", "rate_limit", /Too many requests/, /code 80006/, 1],
	["blocked", "blocked", /blocked/, /code 368/, 1],
	["transient", "transient", /for a moment/, /3 attempts/, ATTEMPTS],
	// Not "connectionReset": Chromium sends such a request once more by itself.
	["bodyCut", "connection", /No answer/, /connection/, ATTEMPTS],
	["html200", "response", /did not come from Graph/, /HTTP 200/, ATTEMPTS],
])) {
	test(`${fault}: one banner, the rows stay, and trying again recovers`, async () => {
		const rows = ids(await rowsOf(demo.page));
		demo.simulator.failNext(fault, attempts);
		await press("Refresh");
		await banner().waitFor();
		assert.equal(await banner().getAttribute("data-kind"), kind);
		assert.match(await banner().innerText(), title);
		assert.match(await banner().locator("small").innerText(), small);
		assert.deepEqual(ids(await rowsOf(demo.page)), rows);
		await statusIs(demo.page, `${rows.length} conversations shown`);

		await press("Try again");
		await banner().waitFor({ state: "hidden" });
		await settled(demo.page);
		assert.deepEqual(ids(await rowsOf(demo.page)), rows);
	});
}

test("Graph's trace is in the small print", async () => {
	demo.simulator.failNext("expiredToken");
	await press("Refresh");
	await banner().waitFor();
	assert.match(await banner().locator("small").innerText(), /fbtrace \S+/);
	await press("Try again");
	await settled(demo.page);
});

test("a page that failed is read by trying again, after the rows shown", async () => {
	demo.simulator.failNext("transient", ATTEMPTS);
	await press("Load more");
	await banner().waitFor();
	assert.equal((await rowsOf(demo.page)).length, 25);
	await press("Try again");
	await statusIs(demo.page, "50 conversations shown");
	assert.deepEqual(
		ids(await rowsOf(demo.page)),
		ids(demo.simulator.conversations().slice(0, 50)),
	);
	await settled(demo.page);
});

test("a first page that failed leaves no skeletons", async () => {
	demo.simulator.failWhen(/folder=spam/, "transient", ATTEMPTS);
	await choose(demo.page, "Spam");
	await banner().waitFor();
	assert.equal(await demo.page.locator(".skeleton:visible").count(), 0);
	await statusIs(demo.page, "Nothing could be read");
	await press("Try again");
	await statusIs(demo.page, "3 conversations shown, no more to load");
	await choose(demo.page, "Inbox");
	await settled(demo.page);
});

test("an owner that failed says so in its cell, the others are read", async () => {
	// The first lasts, the second passes.
	demo.simulator.failItems(/thread_owner/, "permission", 1);
	demo.simulator.failItems(/thread_owner/, "transient", 1);
	await press("Refresh");
	await demo.page.locator(".badge.failed").waitFor();
	await settled(demo.page);
	assert.equal(await banner().isVisible(), false);
	const failed = demo.page.locator(".badge.failed");
	assert.deepEqual(await failed.allInnerTexts(), ["permission"]);
	assert.ok(await failed.getAttribute("title"));
	await press("Refresh");
	await failed.waitFor({ state: "detached" });
	await settled(demo.page);
});

test("once Graph limits the questions about owners, no more are asked", async () => {
	const { simulator, page } = demo;
	simulator.failItems(/thread_owner/, "rateLimit80006");
	await press("Refresh");
	await page.waitForFunction(
		() => document.querySelectorAll(".badge.failed").length === 25,
	);
	const asked = simulator.requests.filter(({ items }) => items.length > 0);
	assert.equal(asked.length, 1);
	simulator.reset();
	await press("Refresh");
	await demo.page
		.locator(".badge.failed")
		.first()
		.waitFor({ state: "detached" });
	await settled(page);
});
