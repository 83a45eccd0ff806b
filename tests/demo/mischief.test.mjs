import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import {
	idsOf,
	inGraph,
	noteIs,
	openDemo,
	press,
	problem,
	requestsOf,
	rowsOf,
	settled,
	statusIs,
	truth,
	turn,
} from "./browser.mjs";

// Each switch that makes Graph misbehave: what the page says, that nothing shown is lost, and that it recovers.

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
/** @type {string[]} */
let shown;
before(async () => {
	demo = await openDemo();
	await settled(demo.page);
	shown = await idsOf(demo.page);
});
afterEach(async () => {
	const { page } = demo;
	for (const box of await page.getByRole("switch").all())
		await box.setChecked(false);
	await settled(page);
	// The pace of the switches' refreshes.
	await page.waitForTimeout(1100);
});
after(() => demo.close());

async function nothingIsLost() {
	const now = await idsOf(demo.page);
	assert.deepEqual(
		shown.filter((id) => !now.includes(id)),
		[],
	);
}

test("slow answers: the page says it waits, and gets them", async () => {
	const { page } = demo;
	await turn(page, "Slow answers");
	await statusIs(page, "Loading…");
	await noteIs(page, /^Graph is slow; still waiting for its answer$/);
	await nothingIsLost();
	await statusIs(page, "25 conversations shown");
	await noteIs(page, /^$/);
	assert.equal(await problem(page).isVisible(), false);
});

test("errors 502: tried again, with the wait told and counted", async () => {
	const { page } = demo;
	const retries = () => page.locator("#count-retries").innerText();
	const before = Number(await retries());
	await turn(page, "Errors 502");
	await page.waitForFunction(
		(count) =>
			Number(document.getElementById("count-retries")?.innerText) > count,
		before,
	);
	await settled(page);
	await nothingIsLost();
	const events = await page.locator("#events").innerText();
	assert.match(events, /502 in \d+ ms/);
	assert.match(events, /Retry in .*: (transient|response)/);
});

test("no connection: told after three attempts, and trying again recovers", async () => {
	const { page } = demo;
	await turn(page, "No connection");
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "connection");
	assert.match(await problem(page).innerText(), /No answer.*3 attempts/s);
	await nothingIsLost();
	await settled(page);
	await inGraph(page, ({ simulator }) => simulator.reset());
	await press(page, "Try again");
	await problem(page).waitFor({ state: "hidden" });
});

test("rate limit: counts down, sends nothing meanwhile, and goes on by itself", async () => {
	const { page } = demo;
	await turn(page, "Rate limit");
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "rate_limit");
	assert.match(
		await problem(page).innerText(),
		/Nothing is sent until calls may resume, at \d+:\d\d:\d\d [AP]M/,
	);
	const timer = page.getByRole("timer");
	assert.match(await timer.innerText(), /^Resumes in 0:(20|1\d)/);
	const fuller = await page
		.getByRole("meter", { name: "Page, messenger" })
		.getAttribute("aria-label");
	assert.ok(fuller);
	const asked = (await requestsOf(page)).length;
	await press(page, "Refresh");
	await press(page, "Load more");
	await settled(page);
	assert.match(await timer.innerText(), /^Resumes in 0:\d\d/);
	assert.equal((await requestsOf(page)).length, asked, "sent in spite of it");
	await nothingIsLost();
	await problem(page).waitFor({ state: "hidden", timeout: 30_000 });
	// It ended by itself, and the switch says so.
	assert.equal(
		await page.getByRole("switch", { name: "Rate limit" }).isChecked(),
		false,
	);
	assert.ok((await requestsOf(page)).length > asked);
});

test("expired token: one request, never retried, and a new token is a press away", async () => {
	const { page } = demo;
	const asked = (await requestsOf(page)).length;
	await turn(page, "Expired token");
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "authentication");
	assert.match(
		await problem(page).innerText(),
		/token is not accepted.*code 190\/463.*fbtrace \S+/s,
	);
	await nothingIsLost();
	await settled(page);
	const refused = (await requestsOf(page, asked)).filter(
		({ edge }) => edge === "conversations",
	);
	assert.deepEqual(
		refused.map(({ status }) => status),
		[400, 400],
	);
	await press(page, "Use a new token");
	await problem(page).waitFor({ state: "hidden" });
	assert.equal(
		await page.getByRole("switch", { name: "Expired token" }).isChecked(),
		false,
	);
});

test("too much data: smaller pages, until Graph is content", async () => {
	const { page } = demo;
	const asked = (await requestsOf(page)).length;
	await turn(page, "Too much data");
	await noteIs(
		page,
		/too much at once for Graph; asking for \d+ instead of \d+$/,
	);
	await settled(page);
	assert.equal(await problem(page).isVisible(), false);
	await nothingIsLost();
	const limits = (await requestsOf(page, asked))
		.filter(
			({ edge, query }) =>
				edge === "conversations" && query.platform === "MESSENGER",
		)
		.map(({ query, status }) => [query.limit, status]);
	assert.deepEqual(limits.slice(0, 3), [
		[undefined, 500],
		["12", 500],
		["6", 200],
	]);
	assert.match(await page.locator("#events").innerText(), /Page size 25 → 12/);
});

test("one unreadable: marked, what was known of it stays, the others are read", async () => {
	const { page } = demo;
	const [newest] = await truth(page, { platforms: ["MESSENGER"] });
	await turn(page, "Broken thread");
	const row = page.locator(`[data-id="${newest.id}"]`);
	const note = row.getByText(
		"Participants, snippet, unread count, message count, link, and messages could not be read",
	);
	await note.waitFor({ timeout: 30_000 });
	await settled(page);
	await nothingIsLost();
	const read = (await rowsOf(page)).find(({ id }) => id === newest.id);
	assert.equal(read?.snippet, newest.snippet);
	assert.equal(await problem(page).isVisible(), false);

	await turn(page, "Broken thread", false);
	await note.waitFor({ state: "detached" });
	await settled(page);
});

test("heavy messages: rows and the open conversation name what could not be read, until they can be", async () => {
	const { page } = demo;
	const [, none, few] = await truth(page, { platforms: ["INSTAGRAM"] });
	const row = (/** @type {string} */ id) => page.locator(`[data-id="${id}"]`);
	const note = row(none.id).getByText("Messages could not be read");
	await turn(page, "Heavy messages");
	await note.waitFor({ timeout: 30_000 });
	await settled(page);
	await nothingIsLost();
	const read = (await rowsOf(page)).find(({ id }) => id === none.id);
	assert.equal(read?.snippet, none.snippet);
	assert.equal(await row(few.id).locator(".unreadable").count(), 0);
	assert.match(await row(none.id).ariaSnapshot(), /Messages could not be read/);
	assert.equal(await problem(page).isVisible(), false);

	await row(none.id).click();
	await noteIs(
		page,
		// Each step shows for as long as it lasts; the events below name the first.
		/too much at once for Graph; asking for \d+ messages? instead of \d+$/,
	);
	const opened = page.locator("#messages");
	await opened.getByText("Messages could not be read").waitFor();
	const events = await page.locator("#events").innerText();
	assert.match(events, /Limit of messages 20 → 10/);
	assert.ok(events.includes(`Messages could not be read: ${none.id}`));

	await row(few.id).click();
	await settled(page);
	assert.equal(await opened.locator(".message").count(), 5);
	assert.match(
		await opened.innerText(),
		/The latest 5 of \d+; Graph returned no older ones/,
	);

	await turn(page, "Heavy messages", false);
	await note.waitFor({ state: "detached" });
	await row(none.id).click();
	await settled(page);
	assert.ok((await opened.locator(".message").count()) > 0);
});

test("unreadable from the start: what Graph gives of it is shown all the same", async () => {
	const other = await openDemo({ query: "messenger=8&instagram=0&latency=0" });
	const { page } = other;
	await settled(page);
	const [, , third] = await truth(page, { platforms: ["MESSENGER"] });
	await inGraph(
		page,
		({ simulator }, id) => simulator.breakConversation(id),
		third.id,
	);
	await page.getByRole("radio", { name: "Messenger" }).click();
	await statusIs(page, "8 conversations shown, no more to load");
	await settled(page);
	const row = page.locator(`[data-id="${third.id}"]`);
	assert.match(await row.innerText(), /snippet.* could not be read/);
	await row.click();
	await page
		.locator("#messages")
		.getByText(/snippet.* could not be read/)
		.waitFor();
	await other.close();
});

test("new messages: Live shows each as it comes", async () => {
	const { page } = demo;
	await turn(page, "Live");
	await turn(page, "New messages");
	await page.waitForFunction(
		(count) => document.querySelectorAll(".row[data-id]").length > count + 1,
		(await idsOf(page)).length,
		{ timeout: 15_000 },
	);
	await turn(page, "New messages", false);
	const [newest] = await truth(page);
	await page
		.locator(".row:first-child")
		.and(page.locator(`[data-id="${newest.id}"]`))
		.waitFor();
	await settled(page);
	const [top] = await rowsOf(page);
	assert.equal(top.snippet, newest.snippet);
	assert.equal(top.unread, newest.unread_count);
	await nothingIsLost();
});
