import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { replyState } from "../../pkg/dist/index.js";
import {
	idsOf,
	inGraph,
	openDemo,
	press,
	rowsOf,
	settled,
	statusIs,
	turn,
} from "./browser.mjs";

// Who waits for an answer since when, and how long one may be given.

const HOUR_MS = 60 * 60 * 1000;

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo();
	await settled(demo.page);
});
after(() => demo.close());

/** What `replyState` says of all conversations, newest first. */
async function states() {
	const { page } = demo;
	const { lists, business } = await inGraph(page, ({ simulator }) => ({
		business: [simulator.pageId, simulator.instagramAccountId],
		lists: /** @type {const} */ (["MESSENGER", "INSTAGRAM"]).map((platform) =>
			simulator.conversations({
				platform,
				fields: "id,updated_time,messages.limit(4){from,created_time}",
			}),
		),
	}));
	return lists
		.flat()
		.sort((one, other) =>
			String(other.updated_time).localeCompare(String(one.updated_time)),
		)
		.map((conversation) => ({
			id: conversation.id,
			state: replyState(conversation, business),
		}));
}

/** @param {string} id */
const row = (id) => demo.page.locator(`.row[data-id="${id}"]`);

/** Also where it is out of sight. @param {string} id */
const textOf = async (id) => (await row(id).textContent()) ?? "";

/** Those who have waited for so long, give or take the time that the test takes. @param {number} hours */
async function waiting(hours) {
	const now = Date.now();
	return (await states()).filter(({ state }) => {
		const since = state?.waiting_since?.getTime() ?? 0;
		const late = now - since - hours * HOUR_MS;
		return late >= 0 && late < 2 * 60_000;
	});
}

test("customers wait for 5 minutes and for 23 hours, and their rows count down in words", async () => {
	const [short] = await waiting(5 / 60);
	assert.match(
		await textOf(short.id),
		/5 minutes ago.*Reply window: 23 h left/s,
	);
	const long = await waiting(23);
	assert.equal(long.length, 2);
	for (const { id } of long)
		assert.match(
			await textOf(id),
			/23 hours ago.*Reply window: (1 h|5\d min) left/s,
		);
});

test("each row says what replyState says", async () => {
	const { page } = demo;
	const known = new Map((await states()).map(({ id, state }) => [id, state]));
	const shown = await page.$$eval("#conversations .row", (rows) =>
		rows.map((element) => [
			element.getAttribute("data-id") ?? "",
			element.querySelector("time.left")?.getAttribute("datetime"),
		]),
	);
	assert.equal(shown.length, 25);
	for (const [id, until] of shown)
		assert.equal(until, known.get(id ?? "")?.reply_until?.toISOString());
	for (const text of await page.locator("time.left").allTextContents())
		assert.match(text, /^(\d+ (h|min) left|closed)$/);
});

test("the opened conversation says since when somebody waits, and how long they may be answered", async () => {
	const { page } = demo;
	const line = page.locator("#conversation-state");
	const [{ id }] = await waiting(23);
	await row(id).click();
	await settled(page);
	assert.match(
		await line.innerText(),
		/^Waiting since 23 hours ago · Reply window: (1 h|5\d min) left$/,
	);
	const answered = page.locator(".row:has(.snippet.ours)").first();
	await answered.click();
	await settled(page);
	assert.match(
		await line.innerText(),
		/^Answered( · Reply window: (\d+ (h|min) left|closed))?$/,
	);
});

test("the countdown goes on, to closed", async () => {
	const at = Date.now();
	const { page, close } = await openDemo();
	// The timers that are there already are the browser's own.
	await page.clock.install({ time: at });
	await page.reload();
	await settled(page);
	const left = page.locator("time.left").first();
	const id = await page.locator(".row").first().getAttribute("data-id");
	const until = new Date((await left.getAttribute("datetime")) ?? "").getTime();
	await page.clock.runFor(until - at - 30 * 60_000);
	const text = () => page.locator(`[data-id="${id}"] time.left`).innerText();
	assert.match(await text(), /^(29|30|31) min left$/);
	await page.clock.runFor(31 * 60_000);
	assert.equal(await text(), "closed");
	await close();
});

test("unanswered shows who waits, also after a message and in what is loaded later", async () => {
	const { page } = demo;
	await page.getByRole("checkbox", { name: "Unanswered" }).setChecked(true);
	const wanted = async (/** @type {number} */ count) =>
		(await states())
			.slice(0, count)
			.filter(({ state }) => state?.last_from === "customer")
			.map(({ id }) => id);
	const first = await wanted(25);
	assert.ok(first.length > 5 && first.length < 25);
	assert.deepEqual(await idsOf(page), first);
	await statusIs(page, `${first.length} of 25 conversations shown`);
	await press(page, "Load more");
	await statusIs(page, /of 50 conversations shown$/);
	assert.deepEqual(await idsOf(page), await wanted(50));
	await settled(page);
	const answered = (await states()).find(
		({ state }) => state?.last_from === "business",
	);
	assert.equal(await row(answered?.id ?? "").isVisible(), false);
	await turn(page, "Live");
	await inGraph(
		page,
		({ simulator }, conversationId) => {
			simulator.receiveMessage({ conversationId });
		},
		answered?.id,
	);
	await row(answered?.id ?? "").waitFor();
	assert.deepEqual(await idsOf(page), await wanted(50));
	await page.getByRole("checkbox", { name: "Unanswered" }).setChecked(false);
});

test("waiting longest is an order, which Live keeps", async () => {
	const { page } = demo;
	const order = page.getByRole("combobox", { name: "Order" });
	await order.selectOption("Waiting longest");
	const wanted = async () => {
		const all = (await states()).slice(0, 50);
		const since = (/** @type {typeof all[number]} */ { state }) =>
			state?.waiting_since?.getTime() ?? Number.POSITIVE_INFINITY;
		return all
			.toSorted((one, other) => since(one) - since(other) || 0)
			.map(({ id }) => id);
	};
	assert.deepEqual(await idsOf(page), await wanted());
	assert.equal(
		await page.getByRole("listbox").getAttribute("aria-label"),
		"Conversations, waiting longest first",
	);
	// Who waits already keeps the place; who wrote after an answer waits from now on.
	const all = await rowsOf(page);
	const [first] = all;
	for (const id of [first.id, all.at(-1)?.id]) {
		await inGraph(
			page,
			({ simulator }, conversationId) => {
				simulator.receiveMessage({ conversationId, text: "Well?" });
			},
			id,
		);
		await row(id ?? "")
			.getByText("Well?")
			.waitFor();
	}
	assert.deepEqual(await idsOf(page), await wanted());
	assert.equal((await idsOf(page))[0], first.id);
	await turn(page, "Live", false);
	await order.selectOption("Newest first");
	assert.deepEqual(
		await idsOf(page),
		(await states()).slice(0, 50).map(({ id }) => id),
	);
	await settled(page);
});
