import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
	INSTAGRAM_INBOX_APP_ID,
	PAGE_INBOX_APP_ID,
	parseGraphTime,
} from "../../pkg/dist/index.js";
import { ask, ids } from "../simulator/ask.mjs";
import { choose, openDemo, rowsOf, settled, statusIs } from "./browser.mjs";

/** @typedef {import("../../pkg-template/index.js").Conversation} Conversation */

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo();
	await demo.page.goto(demo.url);
});
after(() => demo.close());

/**
 * What a row should say of a conversation.
 *
 * @param {Conversation} conversation
 * @param {string} platform
 */
function expected(conversation, platform) {
	const business = [demo.simulator.pageId, demo.simulator.instagramAccountId];
	const person = conversation.participants?.data.find(
		({ id }) => !business.includes(id),
	);
	return {
		id: conversation.id,
		name: person?.name ?? `@${person?.username}`,
		platform,
		snippet: conversation.snippet ?? "",
		time: parseGraphTime(conversation.updated_time ?? "").toISOString(),
		unread: conversation.unread_count ?? 0,
	};
}

async function rowsWithoutOwner() {
	return (await rowsOf(demo.page)).map(({ owner: _, ...row }) => row);
}

/** @param {Conversation} conversation */
async function ownerName({ participants }) {
	const recipient = participants?.data[0].id;
	const { body } = await ask(
		demo.simulator,
		`/me/thread_owner?recipient=${recipient}`,
	);
	const owner = body.data[0]?.thread_owner;
	if (!owner) return "Idle";
	const app = owner.app_id && String(owner.app_id);
	if (!app) return "Hidden";
	/** @type {Record<string, string>} */
	const names = {
		[PAGE_INBOX_APP_ID]: "Page Inbox",
		[INSTAGRAM_INBOX_APP_ID]: "Instagram Inbox",
		[demo.simulator.appId]: "This app",
	};
	return names[app] ?? `App ${app}`;
}

test("the first page shows who wrote what, when, and what is unread", async () => {
	await settled(demo.page);
	const wanted = demo.simulator.conversations().slice(0, 25);
	assert.deepEqual(
		await rowsWithoutOwner(),
		wanted.map((conversation) => expected(conversation, "Messenger")),
	);
	await statusIs(demo.page, "25 conversations shown");
	assert.equal(
		await demo.page.textContent("#business"),
		"Lantern Street Bakery",
	);
});

for (const platform of /** @type {const} */ (["Messenger", "Instagram"])) {
	test(`${platform}: owners fill in as Graph knows them`, async () => {
		await choose(demo.page, platform);
		await settled(demo.page);
		const shown = (await rowsOf(demo.page)).map(({ owner }) => owner);
		const conversations = demo.simulator.conversations({
			platform: platform === "Messenger" ? "MESSENGER" : "INSTAGRAM",
		});
		const wanted = await Promise.all(conversations.slice(0, 25).map(ownerName));
		assert.deepEqual(shown, wanted);
		for (const kind of ["Idle", "Hidden", "This app", `${platform} Inbox`])
			assert.ok(shown.includes(kind.replace("Messenger", "Page")), kind);
	});
}

for (const [name, folder] of /** @type {const} */ ([
	["Other", "other"],
	["Done", "page_done"],
	["Spam", "spam"],
	["Inbox", "inbox"],
])) {
	test(`folder ${name}, on both platforms`, async () => {
		await choose(demo.page, name);
		for (const platform of /** @type {const} */ (["Instagram", "Messenger"])) {
			await choose(demo.page, platform);
			await settled(demo.page);
			const wanted = demo.simulator.conversations({
				folder,
				platform: platform === "Messenger" ? "messenger" : "instagram",
			});
			assert.deepEqual(
				await rowsWithoutOwner(),
				wanted
					.slice(0, 25)
					.map((conversation) => expected(conversation, platform)),
			);
		}
	});
}

test("load more goes on to the end, each conversation once", async () => {
	const { page, simulator } = demo;
	const more = page.getByRole("button", { name: "Load more" });
	// Moves the pages by one, so that Graph lists a conversation twice.
	const moved = simulator.receiveMessage({
		conversationId: simulator.conversations()[60].id,
	});
	for (let count = 25; await more.isVisible(); ) {
		await more.click();
		await page.waitForFunction(
			(before) =>
				document.querySelectorAll("tr[data-id]").length > before &&
				document.querySelector("#conversations[aria-busy=false]"),
			count,
		);
		count = (await rowsOf(page)).length;
	}
	const shown = ids(await rowsOf(page));
	assert.equal(new Set(shown).size, shown.length);
	const wanted = simulator.conversations().filter(({ id }) => id !== moved.id);
	assert.deepEqual(shown, ids(wanted));
	await statusIs(page, "179 conversations shown, no more to load");
	await settled(page);
});

test("a new message is on top after a refresh", async () => {
	const { page, simulator } = demo;
	simulator.receiveMessage({ name: "Ada Márquez", text: "<b>¿Abren hoy?</b>" });
	await page.getByRole("button", { name: "Refresh" }).click();
	await statusIs(page, "25 conversations shown");
	const [top] = await rowsOf(page);
	assert.deepEqual(
		[top.name, top.snippet, top.unread],
		["Ada Márquez", "<b>¿Abren hoy?</b>", 1],
	);
	await settled(page);
});
