import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	idsOf,
	inGraph,
	openDemo,
	press,
	problem,
	requestsOf,
	settled,
	statusIs,
	truth,
} from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo({ query: "messenger=1225&instagram=925&latency=0" });
	await settled(demo.page);
});
after(() => demo.close());

/** @param {import("playwright-core").Page} page */
const progress = (page) =>
	page.$eval("#progress", (bar) =>
		bar instanceof HTMLProgressElement ? [bar.value, bar.max] : [],
	);

test("load all shows how far it came, and can be stopped", async () => {
	const { page } = demo;
	await press(page, "Load all");
	await page.waitForFunction(
		() => document.querySelectorAll(".row[data-id]").length > 300,
	);
	const [value, max] = await progress(page);
	assert.equal(max, 2150);
	assert.ok(value > 300 && value < max, String(value));
	assert.match(
		await page.locator("#progress-text").innerText(),
		/^[\d,]+ of 2,150$/,
	);
	const before = (await requestsOf(page)).length;
	await press(page, "Stop");
	await page.locator("#loading-all").waitFor({ state: "hidden" });
	await statusIs(page, /^[\d,]+ conversations shown$/);
	assert.equal(await problem(page).isVisible(), false);
	await settled(page);
	// What was on its way, and the page that each list reads ahead; nothing after that.
	await page.waitForTimeout(1500);
	const asked = (await requestsOf(page)).length;
	assert.ok(asked <= before + 4, `${asked - before} more`);
	await page.waitForTimeout(1500);
	assert.equal((await requestsOf(page)).length, asked);
});

test("what broke on the way is told, what was read stays, and trying again goes on there", async () => {
	const { page } = demo;
	const before = (await idsOf(page)).length;
	await inGraph(page, ({ simulator }) => {
		simulator.failWhen(/platform=INSTAGRAM/, "permission", 1);
	});
	const asked = (await requestsOf(page)).length;
	await press(page, "Load all");
	await problem(page).waitFor({ timeout: 60_000 });
	assert.equal(await problem(page).getAttribute("data-kind"), "permission");
	// The other platform was read to its end.
	const shown = await idsOf(page);
	assert.ok(shown.length >= before);
	const wanted = ids(await truth(page, { platforms: ["MESSENGER"] }));
	assert.deepEqual(
		wanted.filter((id) => !shown.includes(id)),
		[],
	);
	await press(page, "Try again");
	await statusIs(page, "2,150 conversations shown, no more to load");
	assert.deepEqual(
		(await idsOf(page)).toSorted(),
		ids(await truth(page)).toSorted(),
	);
	const lists = (await requestsOf(page, asked)).filter(
		({ method }) => method === "GET",
	);
	// Pages of 25, 50, 100, and 200 from then on, for each platform; and the one that failed.
	assert.ok(lists.length <= (2150 - before) / 200 + 8, String(lists.length));
	await settled(page);
});

test("of thousands of rows only those in sight are drawn", async () => {
	const { page } = demo;
	const drawn = () =>
		page.$$eval(
			".row[data-id]",
			(rows) =>
				rows.filter((row) =>
					row.firstElementChild?.checkVisibility({
						contentVisibilityAuto: true,
					}),
				).length,
		);
	for (const place of [0, 0.5, 1]) {
		await page.$eval(
			"#scroller",
			(box, part) => {
				box.scrollTop = part * box.scrollHeight;
			},
			place,
		);
		await page.evaluate(
			() =>
				new Promise((resolve) =>
					requestAnimationFrame(() => requestAnimationFrame(resolve)),
				),
		);
		const count = await drawn();
		assert.ok(count > 3 && count < 150, `${count} of 2150 at ${place}`);
	}
});

test("filters work on all that was read", async () => {
	const { page } = demo;
	const all = await truth(page);
	await page.getByRole("checkbox", { name: "Unread" }).setChecked(true);
	const unread = all.filter(({ unread_count = 0 }) => unread_count > 0);
	await statusIs(
		page,
		`${unread.length.toLocaleString("en")} of 2,150 conversations shown, no more to load`,
	);
	assert.deepEqual((await idsOf(page)).toSorted(), ids(unread).toSorted());
	await page.getByRole("checkbox", { name: "Unread" }).setChecked(false);
	await choose(page, "Messenger");
	await settled(page);
});
