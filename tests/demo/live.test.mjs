import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import {
	idsOf,
	inGraph,
	openDemo,
	press,
	problem,
	requestsOf,
	rowsOf,
	settled,
	statusIs,
	turn,
} from "./browser.mjs";

// The Live switch, who waits for an answer, and how long one may be given.

/** @typedef {import("../../pkg-template/simulator.js").IncomingMessage} IncomingMessage */

/** Between two looks of the demo, and some more. */
const LOOK_MS = 3000;

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo();
	await settled(demo.page);
});
beforeEach(() => demo.page.keyboard.press("Shift"));
after(() => demo.close());

/** @param {IncomingMessage} message */
function receive(message) {
	return inGraph(
		demo.page,
		({ simulator }, given) => simulator.receiveMessage(given).id,
		message,
	);
}

/** @param {string} id */
const row = (id) => demo.page.locator(`.row[data-id="${id}"]`);

/** @param {string} id */
async function isFirst(id) {
	await demo.page.locator(".row:first-child").and(row(id)).waitFor();
}

const lists = async () =>
	(await requestsOf(demo.page)).filter(({ edge }) => edge === "conversations")
		.length;

/** @param {boolean} hidden as when another tab is shown */
function hide(hidden) {
	return demo.page.evaluate((isHidden) => {
		Object.defineProperty(document, "hidden", {
			value: isHidden,
			configurable: true,
		});
		document.dispatchEvent(new Event("visibilitychange"));
	}, hidden);
}

test("without Live nothing is asked for by itself", async () => {
	const { page } = demo;
	await page.waitForTimeout(1500);
	const asked = await lists();
	await receive({ text: "Nobody sees this yet" });
	await page.waitForTimeout(LOOK_MS);
	assert.equal(await lists(), asked);
	assert.equal(await page.title(), "Inbox · graph-inbox demo");
});

test("Live shows what came meanwhile, moves a row up as it gets a message, and counts in the title", async () => {
	const { page } = demo;
	const [first] = await rowsOf(page);
	await turn(page, "Live");
	await page.getByText("Nobody sees this yet").waitFor();
	assert.equal(await page.title(), "(1) Inbox · graph-inbox demo");
	assert.equal((await rowsOf(page))[1].id, first.id);

	const [, , , , moving] = await rowsOf(page);
	// The same element: its avatar and owner do not flicker.
	const kept = await row(moving.id).elementHandle();
	await receive({ conversationId: moving.id, text: "And another thing" });
	await receive({ conversationId: moving.id, text: "Or two" });
	await isFirst(moving.id);
	assert.ok(await kept?.evaluate((element) => element.isConnected));
	const [top] = await rowsOf(page);
	assert.deepEqual(
		[top.snippet, top.unread, top.owner],
		["Or two", moving.unread + 2, moving.owner],
	);
	assert.equal(await page.title(), "(3) Inbox · graph-inbox demo");
	// Graph's second was still open, so the watch delivers it once more: that is no news.
	await page.waitForTimeout(8000);
	assert.equal(await page.title(), "(3) Inbox · graph-inbox demo");
	await page.mouse.move(400, 300);
	await page.mouse.move(410, 310);
	assert.equal(await page.title(), "Inbox · graph-inbox demo");
});

test("a look without news is one request for each platform", async () => {
	const { page } = demo;
	const asked = (await requestsOf(page)).length;
	await page.waitForTimeout(2 * LOOK_MS);
	const sent = await requestsOf(page, asked);
	assert.ok(sent.length >= 4 && sent.length <= 8, `${sent.length} requests`);
	for (const { edge } of sent) assert.equal(edge, "conversations");
	assert.equal(await page.textContent("#note"), "");
});

test("selection, focus and scroll position stay while rows move", async () => {
	const { page } = demo;
	const chosen = (await rowsOf(page))[12];
	await row(chosen.id).click();
	await settled(page);
	await row(chosen.id).focus();
	const place = () =>
		row(chosen.id).evaluate((element) =>
			Math.round(element.getBoundingClientRect().top),
		);
	const scroller = page.locator("#scroller");
	await scroller.evaluate((box) => {
		// Safari does not hold the place by itself.
		box.style.setProperty("overflow-anchor", "none");
		box.scrollTop = 600;
	});
	// Rows that come into sight get their real height.
	await page.waitForTimeout(200);
	const before = await place();
	// One that is new, one from above what is seen, and one from below it.
	const all = await idsOf(page);
	for (const message of [
		{},
		{ conversationId: all[1] },
		{ conversationId: all[20] },
	]) {
		const id = await receive(message);
		await isFirst(id);
		assert.equal(await place(), before);
	}
	assert.equal(await row(chosen.id).getAttribute("aria-selected"), "true");
	assert.equal(await page.locator('[aria-selected="true"]').count(), 1);
	const focused = () =>
		page.evaluate(
			() => /** @type {HTMLElement} */ (document.activeElement).dataset.id,
		);
	assert.equal(await focused(), chosen.id);
	// The one that is open moves too, and shows its message.
	await receive({ conversationId: chosen.id, text: "Hello again" });
	await isFirst(chosen.id);
	await page
		.locator("#messages .message")
		.last()
		.getByText("Hello again")
		.waitFor();
	assert.equal(await row(chosen.id).getAttribute("aria-selected"), "true");
	assert.equal(await focused(), chosen.id);
	await settled(page);
	await scroller.evaluate((box) => {
		box.scrollTop = 0;
	});
});

test("while the page is hidden nothing is asked; shown again it goes on where it was", async () => {
	const { page } = demo;
	await settled(page);
	await hide(true);
	await page.waitForTimeout(500);
	const asked = (await requestsOf(page)).length;
	const ids = [
		await receive({ text: "First" }),
		await receive({ platform: "INSTAGRAM", text: "Second" }),
	];
	await page.waitForTimeout(2 * LOOK_MS);
	assert.equal((await requestsOf(page)).length, asked);
	await hide(false);
	for (const id of ids) await row(id).waitFor();
	const sent = (await requestsOf(page, asked)).filter(
		({ edge }) => edge === "conversations",
	);
	assert.ok(sent.length <= 4, `${sent.length} requests`);
	assert.equal(await page.title(), "(2) Inbox · graph-inbox demo");
	await settled(page);
});

test("what Graph fails at for a moment is waited out; what waiting does not cure is told, and Live goes on after it", async () => {
	const { page } = demo;
	await inGraph(page, ({ simulator }) => {
		simulator.failWhen(/conversations/, "html502", 8);
	});
	const patient = await receive({ text: "Patience" });
	await row(patient).waitFor();
	assert.equal(await problem(page).isVisible(), false);

	await turn(page, "Expired token");
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "authentication");
	const late = await receive({ text: "Still there?" });
	await press(page, "Use a new token");
	await problem(page).waitFor({ state: "hidden" });
	await row(late).waitFor();
	const later = await receive({ text: "And now?" });
	await row(later).waitFor();
});

test("another folder is followed too, and Live can be turned off", async () => {
	const { page } = demo;
	const folder = page.getByRole("combobox", { name: "Folder" });
	await folder.selectOption("Done");
	await settled(page);
	await folder.selectOption("Inbox");
	await settled(page);
	const id = await receive({ text: "Anybody?" });
	await isFirst(id);
	await turn(page, "Live", false);
	await settled(page);
	await page.waitForTimeout(500);
	const asked = (await requestsOf(page)).length;
	await receive({});
	await page.waitForTimeout(LOOK_MS);
	assert.equal((await requestsOf(page)).length, asked);
});

test("an inbox that was empty shows its first message", async () => {
	const empty = await openDemo({ query: "messenger=0&instagram=0&latency=0" });
	const { page } = empty;
	await statusIs(page, "0 conversations shown, no more to load");
	await turn(page, "Live");
	await page.waitForTimeout(LOOK_MS);
	await inGraph(page, ({ simulator }) => {
		simulator.receiveMessage({ text: "The very first" });
	});
	await page.getByText("The very first").waitFor();
	assert.equal(await page.title(), "(1) Inbox · graph-inbox demo");
	await empty.close();
});
