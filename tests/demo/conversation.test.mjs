import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ids } from "../simulator/ask.mjs";
import {
	inGraph,
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

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo();
	await settled(demo.page);
});
after(() => demo.close());

const row = (/** @type {string} */ id) =>
	demo.page.locator(`.row[data-id="${id}"]`);

/** @param {string} id */
const messagesOf = (id) =>
	inGraph(
		demo.page,
		({ simulator }, wanted) => {
			for (const platform of /** @type {const} */ ([
				"MESSENGER",
				"INSTAGRAM",
			])) {
				const fields = "id,messages.limit(20){message,created_time}";
				const found = simulator
					.conversations({ platform, fields })
					.find((one) => one.id === wanted);
				if (found) return found.messages?.data ?? [];
			}
			return [];
		},
		id,
	);

test("opening one shows its latest messages, the newest last, and who answers it", async () => {
	const { page } = demo;
	const asked = (await requestsOf(page)).length;
	const rows = await rowsOf(page);
	for (const wanted of [
		rows[0],
		rows[7],
		rows.find((r) => r.owner === "This app"),
	]) {
		assert.ok(wanted);
		await row(wanted.id).click();
		await settled(page);
		const texts = await page.locator("#messages .message p").allInnerTexts();
		const known = (await messagesOf(wanted.id)).toReversed();
		assert.equal(texts.length, known.length);
		for (const [index, { message }] of known.entries())
			if (message) assert.equal(texts[index], message);
		assert.equal(
			await page.locator("#conversation-name").innerText(),
			wanted.name,
		);
		assert.ok(
			(await page.locator("#conversation-owner").innerText()).startsWith(
				wanted.owner,
			),
		);
		assert.equal(await row(wanted.id).getAttribute("aria-selected"), "true");
	}
	assert.equal(await page.locator('[aria-selected="true"]').count(), 1);
	const sent = await requestsOf(page, asked);
	assert.deepEqual(sent.map(({ edge }) => edge).toSorted(), [
		"conversations",
		"conversations",
		"conversations",
		"thread_owner",
		"thread_owner",
		"thread_owner",
	]);
});

test("messages that can not be read say why; owner and list stay", async () => {
	const { page } = demo;
	await inGraph(page, ({ simulator }) => {
		simulator.failWhen(/user_id=/, "permission", 1);
	});
	const rows = await rowsOf(page);
	await row(rows[3].id).click();
	await page.getByText("The messages could not be read").waitFor();
	await settled(page);
	assert.ok(
		(await page.locator("#conversation-owner").innerText()).startsWith(
			rows[3].owner,
		),
	);
	assert.equal(await problem(page).isVisible(), false);
	await press(page, "Read again");
	await page.locator("#messages .message").first().waitFor();
});

test("an owner that can not be read says so, and does not forget the one known", async () => {
	const { page } = demo;
	await inGraph(page, ({ simulator }) => {
		simulator.failWhen(/thread_owner/, "permission", 1);
	});
	const before = (await rowsOf(page))[4];
	await row(before.id).click();
	await page.locator("#conversation-owner .badge.failed").waitFor();
	await settled(page);
	assert.deepEqual((await rowsOf(page))[4], before);
});

test("a message to the open conversation is shown as it comes", async () => {
	const { page } = demo;
	const [{ id }] = await rowsOf(page);
	await row(id).click();
	await settled(page);
	await turn(page, "Live");
	await inGraph(
		page,
		({ simulator }, conversationId) => {
			simulator.receiveMessage({ conversationId, text: "Still there?" });
		},
		id,
	);
	await page
		.locator("#messages .message")
		.last()
		.getByText("Still there?")
		.waitFor();
	await turn(page, "Live", false);
	await settled(page);
});

test("of owners in a batch, one that fails has its own mark", async () => {
	const { page } = demo;
	await inGraph(page, ({ simulator }) => {
		simulator.failItems(/thread_owner/, "permission", 1);
	});
	await page.getByRole("combobox", { name: "Folder" }).selectOption("Done");
	await page.locator(".row .badge.failed").waitFor();
	await settled(page);
	const failed = page.locator(".row .badge.failed");
	assert.deepEqual(await failed.allInnerTexts(), ["permission"]);
	assert.match((await failed.getAttribute("title")) ?? "", /Owner not read/);
	await press(page, "Refresh");
	await failed.waitFor({ state: "detached" });
	await page.getByRole("combobox", { name: "Folder" }).selectOption("Inbox");
	await settled(page);
});

test("the filters for owner and unread take from what was read", async () => {
	const { page } = demo;
	const all = await rowsOf(page);
	const owner = page.getByRole("combobox", { name: "Owner" });
	for (const label of [
		"Meta’s inbox",
		"This app",
		"Another app",
		"Nobody",
		"Hidden",
	]) {
		await owner.selectOption(label);
		const wanted = all.filter((one) => one.owner === label);
		assert.ok(wanted.length > 0, label);
		assert.deepEqual(await rowsOf(page), wanted);
		await statusIs(
			page,
			`${wanted.length} of ${all.length} conversations shown`,
		);
	}
	await owner.selectOption("Not known");
	assert.match(await page.locator("#empty").innerText(), /None of these/);
	await owner.selectOption("Any owner");
	assert.deepEqual(await rowsOf(page), all);
});

test("opening somebody by ID shows their conversation, in the list or not, or says that there is none", async () => {
	const { page } = demo;
	const before = await rowsOf(page);
	const field = page.getByRole("searchbox", { name: "User ID" });
	const answer = page.locator("#looked-up");
	const far = (await truth(page, { platforms: ["INSTAGRAM"] }))[35];
	const near = (await truth(page, { platforms: ["MESSENGER"] }))[2];
	assert.ok(!ids(before).includes(far.id));
	for (const { id, participants } of [far, near]) {
		const person = participants?.data[0];
		const asked = (await requestsOf(page)).length;
		await field.fill(` ${person?.id} `);
		await field.press("Enter");
		const name = person?.name ?? `@${person?.username}`;
		await page.locator("#conversation-name").getByText(name).waitFor();
		await settled(page);
		assert.match(
			await page.locator("#conversation-facts").innerText(),
			new RegExp(id),
		);
		assert.ok((await page.locator("#messages .message").count()) > 0);
		assert.equal(await answer.innerText(), "");
		const people = (await requestsOf(page, asked))
			.map(({ query }) => query.user_id)
			.filter(Boolean);
		assert.deepEqual(new Set(people), new Set([person?.id]));
	}
	assert.equal(await row(near.id).getAttribute("aria-selected"), "true");
	assert.deepEqual(await rowsOf(page), before);

	await field.fill("24000000000000000");
	await press(page, "Open");
	await answer
		.getByText("No conversation with 24000000000000000 in this folder.")
		.waitFor();
	await settled(page);
	assert.deepEqual(await rowsOf(page), before);
	await inGraph(page, ({ simulator }) => simulator.failNext("permission"));
	await press(page, "Open");
	await problem(page).waitFor();
	assert.equal(await answer.innerText(), "");
	await press(page, "Refresh");
	await problem(page).waitFor({ state: "hidden" });
	await settled(page);
});
