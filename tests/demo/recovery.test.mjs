import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, test } from "node:test";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	FAILED_ANSWER,
	noteIs,
	openDemo,
	paceIsFree,
	rowsOf,
	settled,
	statusIs,
} from "./browser.mjs";

// What goes wrong on the way, and needs nothing done about it.

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo({ simulator: { conversations: 60 } });
	await demo.page.goto(demo.url);
	await settled(demo.page);
});
beforeEach(() => paceIsFree(demo.page));
afterEach(() => demo.simulator.reset());
after(() => demo.close(FAILED_ANSWER));

/** An answer to be tried again after a second. The header lets the browser show the other one. */
const COME_BACK = {
	status: 503,
	body: "",
	headers: {
		"access-control-expose-headers": "retry-after",
		"retry-after": "1",
	},
};

/** @param {string} name */
const press = (name) => demo.page.getByRole("button", { name }).click();

const banner = () => demo.page.getByRole("alert");

test("what passes is tried again, and the page says so meanwhile", async () => {
	const rows = ids(await rowsOf(demo.page));
	demo.simulator.failNext(COME_BACK);
	await press("Refresh");
	await noteIs(demo.page, /^Graph had a hiccup; trying again in 1 s$/);
	const region = demo.page.getByRole("status");
	assert.match(await region.innerText(), /Loading….*hiccup/s);
	await settled(demo.page);
	await noteIs(demo.page, /^$/);
	assert.equal(await banner().isVisible(), false);
	assert.deepEqual(ids(await rowsOf(demo.page)), rows);
});

test("a short rate limit is waited for", async () => {
	demo.simulator.failNext("rateLimit613");
	await press("Refresh");
	await noteIs(demo.page, /^Waiting 1 s: Graph asks for fewer requests$/);
	await settled(demo.page);
	await noteIs(demo.page, /^$/);
	assert.equal(await banner().isVisible(), false);
});

test("a choice ends the wait for another attempt", async () => {
	const { page, simulator } = demo;
	simulator.failNext(COME_BACK);
	await press("Refresh");
	await noteIs(page, /hiccup/);
	await choose(page, "Done");
	await noteIs(page, /^$/);
	await settled(page);
	await choose(page, "Inbox");
	await settled(page);
	assert.deepEqual(
		simulator.requests
			.filter(({ method }) => method === "GET")
			.map(({ query, status }) => [query.get("folder"), status]),
		[
			["inbox", 503],
			["page_done", 200],
			["inbox", 200],
		],
	);
});

test("a page too large for Graph is read in smaller ones", async () => {
	const { page, simulator } = demo;
	const remove = simulator.failWhen(
		({ query }) => !query.has("limit"),
		{ name: "reduceData" },
		1,
	);
	simulator.failWhen(/limit=12/, { delayMs: 500 }, 1);
	await press("Refresh");
	await noteIs(page, /asking for 12 instead of 25$/);
	await statusIs(page, "12 conversations shown");
	await noteIs(page, /^$/);
	remove();
	await press("Load more");
	await statusIs(page, "37 conversations shown");
	assert.deepEqual(
		ids(await rowsOf(page)),
		ids(simulator.conversations().slice(0, 37)),
	);
	await settled(page);
	await press("Refresh");
	await settled(page);
});

test("a conversation that Graph cannot show does not hide the others", async () => {
	const { page, simulator } = demo;
	const spam = { folder: /** @type {const} */ ("spam") };
	const [, broken] = simulator.conversations(spam);
	simulator.breakConversation(broken.id);
	await choose(page, "Spam");
	await statusIs(page, "1 conversation shown");
	await press("Load more");
	await statusIs(page, "2 conversations shown");
	await press("Load more");
	await statusIs(page, "3 conversations shown, no more to load");
	await settled(page);
	const rows = await rowsOf(page);
	assert.deepEqual(ids(rows), ids(simulator.conversations(spam)));
	assert.match(rows[1].snippet, /cannot show/);
	assert.equal(rows[1].owner, "—");
	simulator.breakConversation(broken.id, false);
	await choose(page, "Inbox");
	await settled(page);
});

test("an empty page with a next one is passed over", async () => {
	demo.simulator.failWhen(/conversations/, "emptyPage", 1);
	await press("Refresh");
	await settled(demo.page);
	assert.deepEqual(
		ids(await rowsOf(demo.page)),
		ids(demo.simulator.conversations().slice(0, 25)),
	);
});
