import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
	INSTAGRAM_INBOX_APP_ID,
	PAGE_INBOX_APP_ID,
	parseGraphTime,
} from "../../pkg/dist/index.js";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	idsOf,
	inGraph,
	openDemo,
	press,
	requestsOf,
	rowsOf,
	settled,
	statusIs,
	truth,
} from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo();
});
after(() => demo.close());

/** @param {Awaited<ReturnType<typeof truth>>[number]} conversation */
async function expected(conversation) {
	const { person, owner, ours } = await inGraph(
		demo.page,
		async ({ simulator }, participants) => {
			const own = [simulator.pageId, simulator.instagramAccountId];
			const found = participants.find(({ id }) => !own.includes(id));
			const answer = await simulator.fetch(
				`https://graph.facebook.com/me/thread_owner?recipient=${found?.id}&access_token=${simulator.accessToken}`,
			);
			const text = await answer.text();
			// Unquoted IDs are too long for a number.
			const { data } = JSON.parse(text.replace(/:(\d{15,})/g, ':"$1"'));
			simulator.requests.pop();
			return {
				person: found,
				owner: data[0]?.thread_owner,
				ours: simulator.appId,
			};
		},
		conversation.participants?.data ?? [],
	);
	const names = {
		[PAGE_INBOX_APP_ID]: "Meta’s inbox",
		[INSTAGRAM_INBOX_APP_ID]: "Meta’s inbox",
		[ours]: "This app",
	};
	return {
		id: conversation.id,
		name: person?.name ?? `@${person?.username}`,
		platform: conversation.platform === "MESSENGER" ? "Messenger" : "Instagram",
		snippet: conversation.snippet ?? "",
		time: parseGraphTime(conversation.updated_time ?? "").toISOString(),
		unread: conversation.unread_count ?? 0,
		owner: owner
			? owner.app_id
				? (names[owner.app_id] ?? "Another app")
				: "Hidden"
			: "Nobody",
	};
}

test("both platforms, newest first: who wrote what, when, what is unread, who answers", async () => {
	const { page } = demo;
	await settled(page);
	await statusIs(page, "25 conversations shown");
	const rows = await rowsOf(page);
	const wanted = (await truth(page)).slice(0, 25);
	assert.deepEqual(rows, await Promise.all(wanted.map(expected)));
	assert.equal(new Set(rows.map(({ platform }) => platform)).size, 2);
	const owners = new Set(rows.map(({ owner }) => owner));
	for (const kind of [
		"Nobody",
		"Hidden",
		"This app",
		"Another app",
		"Meta’s inbox",
	])
		assert.ok(owners.has(kind), kind);
	assert.equal(await page.textContent("#business"), "Lantern Street Bakery");
	// Of each platform the first page and the next one, which a list reads ahead; and the owners in a batch.
	assert.deepEqual(
		(await requestsOf(page)).map(({ method }) => method).toSorted(),
		["GET", "GET", "GET", "GET", "POST"],
	);
});

test("a row says where the business wrote last", async () => {
	const { page } = demo;
	const all = await idsOf(page);
	const written = await inGraph(page, ({ simulator }) => {
		const own = [simulator.pageId, simulator.instagramAccountId];
		const fields = "id,messages.limit(1){from}";
		return /** @type {const} */ (["MESSENGER", "INSTAGRAM"])
			.flatMap((platform) => simulator.conversations({ platform, fields }))
			.filter(({ messages }) => own.includes(messages?.data[0]?.from?.id ?? ""))
			.map(({ id }) => id);
	});
	const wanted = written.filter((id) => all.includes(id));
	const ours = page.locator(".row:has(.snippet.ours)");
	const shown = await ours.evaluateAll((rows) =>
		rows.map((row) => row.getAttribute("data-id")),
	);
	assert.deepEqual(shown.toSorted(), wanted.toSorted());
	assert.match(await ours.first().ariaSnapshot(), /You: /);
});

test("the absolute time is told on hover", async () => {
	const time = demo.page.locator(".row time").first();
	assert.match((await time.textContent()) ?? "", / ago$|^now$/);
	assert.match((await time.getAttribute("title")) ?? "", /\d{4}, \d+:\d\d/);
});

test("load more goes on where the list ended, to the last, each conversation once", async () => {
	const { page } = demo;
	const whole = ids(await truth(page));
	const more = page.getByRole("button", { name: "Load more" });
	for (const count of [50, 75, 100]) {
		await more.click();
		await statusIs(page, `${count} conversations shown`);
		assert.deepEqual(await idsOf(page), whole.slice(0, count));
	}
	await more.click();
	await statusIs(page, "100 conversations shown, no more to load");
	await settled(page);
	assert.deepEqual(await idsOf(page), whole);
	// The button is gone; what it did is where the focus is.
	assert.equal(await page.evaluate(() => document.activeElement?.id), "status");
});

test("a refresh brings what is new to the top, and keeps what was read", async () => {
	const { page } = demo;
	await settled(page);
	const before = (await requestsOf(page)).length;
	await inGraph(page, ({ simulator }) => {
		simulator.receiveMessage({
			name: "Ada Márquez",
			text: "<b>¿Abren hoy?</b>",
		});
	});
	await press(page, "Refresh");
	await statusIs(page, "101 conversations shown, no more to load");
	await settled(page);
	const [top] = await rowsOf(page);
	assert.deepEqual(
		[top.name, top.snippet, top.unread],
		["Ada Márquez", "<b>¿Abren hoy?</b>", 1],
	);
	// What is new is a page of each platform, however much was read before.
	const lists = (await requestsOf(page, before)).filter(
		({ method }) => method === "GET",
	);
	assert.equal(lists.length, 2);
});

for (const [name, folder] of /** @type {const} */ ([
	["Other", "other"],
	["Done", "page_done"],
	["Spam", "spam"],
	["Inbox", "inbox"],
])) {
	test(`folder ${name}, on each platform and on both`, async () => {
		const { page } = demo;
		await page.getByRole("combobox", { name: "Folder" }).selectOption(name);
		for (const [choice, platforms] of /** @type {const} */ ([
			["Instagram", ["INSTAGRAM"]],
			["Messenger", ["MESSENGER"]],
			["All", ["MESSENGER", "INSTAGRAM"]],
		])) {
			await choose(page, choice);
			await settled(page);
			const whole = await truth(page, { folder, platforms: [...platforms] });
			assert.deepEqual(await idsOf(page), ids(whole.slice(0, 25)));
		}
	});
}

test("an empty folder says so", async () => {
	const empty = await openDemo({ query: "messenger=3&instagram=0&latency=0" });
	await choose(empty.page, "Instagram");
	await statusIs(empty.page, "0 conversations shown, no more to load");
	assert.match(await empty.page.locator("#empty").innerText(), /Nothing here/);
	assert.equal(await empty.page.getByRole("listbox").isVisible(), false);
	await empty.close();
});

test("a choice that another one overtook leaves nothing behind", async () => {
	const { page } = demo;
	await settled(page);
	const folder = page.getByRole("combobox", { name: "Folder" });
	await inGraph(page, ({ simulator }) => {
		simulator.failWhen(/folder=spam/, { delayMs: 300 }, 2);
	});
	const before = (await requestsOf(page)).length;
	await folder.selectOption("Spam");
	await page.waitForTimeout(100);
	await folder.selectOption("Other");
	await settled(page);
	await page.waitForTimeout(400);
	assert.deepEqual(
		(await idsOf(page)).toSorted(),
		ids(await truth(page, { folder: "other" })).toSorted(),
	);
	for (const { query, status } of await requestsOf(page, before))
		if (query.folder === "spam") assert.equal(status, null, "not aborted");
	await folder.selectOption("Inbox");
	await settled(page);
});
