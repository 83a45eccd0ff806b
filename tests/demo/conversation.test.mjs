import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import {
	choose,
	idsOf,
	inGraph,
	openDemo,
	press,
	problem,
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
		rows.find((r) => r.owner === "Our bot"),
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
	const platform = (await truth(page)).find((one) => one.id === id)?.platform;
	// As the switch does it: the webhook tells who wrote.
	const person = await page
		.locator("#conversation-facts div", { hasText: "User ID" })
		.locator("dd")
		.innerText();
	await inGraph(
		page,
		({ simulator, receive }, given) => {
			receive({
				conversationId: given.id,
				platform: given.platform,
				text: "Still there?",
			});
			return simulator.requests.length;
		},
		{ id, platform, person },
	);
	await page
		.locator("#messages .message")
		.last()
		.getByText("Still there?")
		.waitFor();
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
	for (const [
		label,
		matches,
	] of /** @type {[string, (owner: string) => boolean][]} */ ([
		["Meta’s inbox", (name) => / Inbox$/.test(name)],
		["Our bot", (name) => name === "Our bot"],
		["Another app", (name) => /^App \d+$/.test(name)],
		["Idle", (name) => name === "Idle"],
		["Hidden", (name) => name === "Hidden"],
	])) {
		await owner.selectOption(label);
		const wanted = all.filter((one) => matches(one.owner));
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

test("looking up a user ID shows that person's conversation, or that there is none", async () => {
	const { page } = demo;
	const all = await idsOf(page);
	const field = page.getByRole("searchbox", { name: "User ID" });
	const far = (await truth(page, { platforms: ["INSTAGRAM"] }))[35];
	const person = far.participants?.data.find(
		({ username }) => !username?.startsWith("lantern"),
	);
	await field.fill(` ${person?.id} `);
	await field.press("Enter");
	await statusIs(page, "1 conversation shown, no more to load");
	await settled(page);
	const [found] = await rowsOf(page);
	assert.deepEqual([found.id, found.name], [far.id, `@${person?.username}`]);
	assert.notEqual(found.owner, "—");
	await field.fill("24000000000000000");
	await press(page, "Look up");
	await page.locator("#empty").getByText("Nobody found").waitFor();
	await field.fill("");
	await statusIs(page, `${all.length} conversations shown`);
	await settled(page);
	await choose(page, "All");
});
