import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import {
	choose,
	openDemo,
	press,
	problem,
	rowsOf,
	settled,
	turn,
} from "./browser.mjs";

// For everybody: by keyboard, by ear, on a phone, in the dark, and without motion.

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(
	createRequire(import.meta.url).resolve("axe-core"),
	"utf8",
);

/**
 * @param {Page} page
 * @param {string} state
 */
async function isAccessible(page, state) {
	// Colours are judged as they are once they stand still.
	await page.evaluate(() =>
		Promise.all(
			document
				.getAnimations()
				.filter(
					({ effect }) => effect?.getComputedTiming().endTime !== Infinity,
				)
				.map(({ finished }) => finished),
		),
	);
	const violations = await page.evaluate(`${axe};
		axe.run({ resultTypes: ["violations"] }).then(({ violations }) =>
			violations.map(({ id, nodes }) => id + ": " + nodes.map(({ html }) => html).join(" ")))`);
	assert.deepEqual(violations, [], state);
}

/** @param {Page} page @param {string} state */
async function nothingSticksOut(page, state) {
	const wide = await page.evaluate(() => {
		const { scrollWidth, clientWidth } = document.documentElement;
		return scrollWidth - clientWidth;
	});
	assert.equal(wide, 0, state);
}

for (const [device, viewport] of /** @type {const} */ ([
	["phone", { width: 360, height: 780 }],
	["tablet", { width: 900, height: 700 }],
	["desktop", { width: 1440, height: 900 }],
]))
	for (const colorScheme of /** @type {const} */ (["light", "dark"]))
		test(`axe finds nothing: ${device}, ${colorScheme}`, async () => {
			const demo = await openDemo({ context: { viewport, colorScheme } });
			const { page } = demo;
			const check = async (/** @type {string} */ state) => {
				await isAccessible(page, state);
				await nothingSticksOut(page, state);
			};
			await settled(page);
			await check("the list");
			await page.locator(".row").first().click();
			await settled(page);
			await check("an open conversation");
			if (device === "phone") await press(page, "Back to the list");
			if (device !== "desktop") {
				await press(page, "Client");
				await check("the panel");
				await turn(page, "Expired token");
				await press(page, "Close");
			} else await turn(page, "Expired token");
			await problem(page).waitFor();
			await check("a problem");
			await press(page, "Use a new token");
			await problem(page).waitFor({ state: "hidden" });
			await settled(page);
			if (device !== "desktop") await press(page, "Client");
			await turn(page, "Heavy messages");
			if (device !== "desktop") await press(page, "Close");
			await page.locator(".row .unreadable").first().click();
			await page.locator("#messages .empty").waitFor({ timeout: 30_000 });
			await check("messages that could not be read");
			if (device === "phone") {
				await press(page, "Back to the list");
				await check("rows whose messages could not be read");
			}
			await page
				.getByRole("combobox", { name: "Owner" })
				.selectOption("Not known");
			await check("nothing shown");
			await page
				.getByRole("combobox", { name: "Owner" })
				.selectOption("Any owner");
			await page.getByRole("checkbox", { name: "Unanswered" }).check();
			await page
				.getByRole("combobox", { name: "Order" })
				.selectOption("Waiting longest");
			await turn(page, "Live");
			await page.getByRole("searchbox", { name: "User ID" }).fill("1");
			await press(page, "Open");
			await page.getByText("No conversation with 1 in").waitFor();
			await settled(page);
			await check("live, who waits longest, nobody found");
			await choose(page, "Graph API");
			await check("live mode");
			await demo.close();
		});

describe("at every width", () => {
	/** @type {Awaited<ReturnType<typeof openDemo>>} */
	let demo;
	before(async () => {
		demo = await openDemo();
		await settled(demo.page);
	});
	after(() => demo.close());

	for (const width of [320, 360, 600, 759, 760, 1024, 1199, 1200, 2560])
		test(`nothing scrolls sideways at ${width} px`, async () => {
			const { page } = demo;
			await page.setViewportSize({ width, height: 800 });
			for (const source of ["Graph API", "Simulator"]) {
				await choose(page, source);
				await settled(page);
				await nothingSticksOut(page, source);
			}
			for (const row of (await page.locator(".row").all()).slice(0, 8)) {
				const box = await row.boundingBox();
				for (const cell of await row.locator("> *").all()) {
					const inside = await cell.boundingBox();
					assert.ok(box && inside);
					assert.ok(
						inside.x >= box.x && inside.x + inside.width <= box.x + box.width,
					);
				}
			}
		});
});

describe("on the narrowest phones", () => {
	for (const width of [320, 360, 375, 390])
		test(`what is chosen can be read at ${width} px`, async () => {
			const demo = await openDemo();
			const { page } = demo;
			await settled(page);
			await page.setViewportSize({ width, height: 800 });
			const cut = await page.evaluate(() => {
				const context = document.createElement("canvas").getContext("2d");
				const isCut = (/** @type {HTMLSelectElement} */ select) => {
					if (!context) return true;
					const style = getComputedStyle(select);
					context.font = style.font;
					const text = select.selectedOptions[0].text;
					const padding = Number.parseFloat(style.paddingInlineStart);
					const arrow = 18;
					const needed = padding + context.measureText(text).width + arrow;
					return needed > select.clientWidth;
				};
				return [...document.querySelectorAll("select")]
					.filter((select) => select.checkVisibility() && isCut(select))
					.map(({ id }) => id);
			});
			assert.deepEqual(cut, []);
			await demo.close();
		});
});

describe("by keyboard alone", () => {
	/** @type {Awaited<ReturnType<typeof openDemo>>} */
	let demo;
	before(async () => {
		demo = await openDemo();
		await settled(demo.page);
	});
	after(() => demo.close());

	/** @returns {Promise<string>} what has the focus, as it is called */
	const focused = () =>
		demo.page.evaluate(() => {
			const element = document.activeElement;
			if (!(element instanceof HTMLElement)) return "";
			if (element.matches(".row")) return `row ${element.dataset.id}`;
			if (element instanceof HTMLInputElement && element.type === "radio")
				return element.name;
			return element.id;
		});

	test("tab reaches every control, and the list as one stop", async () => {
		const { page } = demo;
		const [{ id }] = await rowsOf(page);
		const reached = [];
		do {
			await page.keyboard.press("Tab");
			reached.push(await focused());
		} while (reached.at(-1) !== "code");
		const wanted = [
			...["source", "platform", "live", "folder", "owner", "refresh"],
			...[
				"order",
				"unread",
				"unanswered",
				"user-id",
				`row ${id}`,
				"load-more",
				"load-all",
			],
			...["switch-slow", "switch-messages", "events", "copy", "code"],
		];
		assert.deepEqual(
			reached.filter((name) => wanted.includes(name)),
			wanted,
		);
		assert.equal(reached.filter((name) => name.startsWith("row")).length, 1);
	});

	test("arrows walk the list, Enter opens, and the focus goes to what was opened", async () => {
		const { page } = demo;
		const rows = await rowsOf(page);
		await page.locator(".row").first().focus();
		for (const [key, index] of /** @type {const} */ ([
			["ArrowDown", 1],
			["ArrowDown", 2],
			["ArrowUp", 1],
			["PageDown", 11],
			["End", rows.length - 1],
			["ArrowDown", rows.length - 1],
			["Home", 0],
			["ArrowUp", 0],
		])) {
			await page.keyboard.press(key);
			assert.equal(await focused(), `row ${rows[index].id}`, key);
		}
		await page.keyboard.press("ArrowDown");
		await page.keyboard.press("Enter");
		await settled(page);
		assert.equal(await focused(), "conversation-name");
		assert.equal(
			await page.locator("#conversation-name").innerText(),
			rows[1].name,
		);
		assert.equal(
			await page.locator('.row[aria-selected="true"]').getAttribute("data-id"),
			rows[1].id,
		);
	});

	test("a row says all it shows", async () => {
		const { page } = demo;
		const [row] = await rowsOf(page);
		const name = await page.locator(".row").first().ariaSnapshot();
		for (const part of [row.name, row.snippet, row.platform, row.owner])
			assert.ok(name.includes(part), `${part} in ${name}`);
		if (row.unread) assert.match(name, /\d+ unread/);
	});

	test("what covers the page is left by Escape, and gives the focus back", async () => {
		const { page } = demo;
		await page.setViewportSize({ width: 600, height: 800 });
		await page.locator("#open-panel").focus();
		await page.keyboard.press("Enter");
		assert.equal(await focused(), "panel-title");
		assert.equal(await page.locator("main").getAttribute("inert"), "");
		await page.keyboard.press("Escape");
		assert.equal(await focused(), "open-panel");
		assert.equal(await page.locator("main").getAttribute("inert"), null);
		assert.equal(await page.locator("#panel").isVisible(), false);
	});

	test("on a phone, back leads to the row it was opened from", async () => {
		const { page } = demo;
		await page.setViewportSize({ width: 400, height: 800 });
		await press(page, "Back to the list");
		const rows = await rowsOf(page);
		await page.locator(".row").nth(3).click();
		assert.equal(await page.getByRole("listbox").isVisible(), false);
		await page.locator("#back").press("Enter");
		assert.equal(await focused(), `row ${rows[3].id}`);
		await settled(page);
	});

	test("a problem is announced, and its button leads back to the list", async () => {
		const { page } = demo;
		await page.setViewportSize({ width: 1440, height: 900 });
		const box = page.getByRole("switch", { name: "Expired token" });
		await box.focus();
		await page.keyboard.press("Space");
		await problem(page).waitFor();
		assert.match(
			await page.getByRole("alert").innerText(),
			/token is not accepted/,
		);
		await page.locator("#problem-action").press("Enter");
		await problem(page).waitFor({ state: "hidden" });
		assert.equal(await focused(), "refresh");
	});
});

test("who wants no motion gets none", async () => {
	const demo = await openDemo({
		query: "latency=400",
		context: { reducedMotion: "reduce" },
	});
	const { page } = demo;
	await page.locator(".skeleton").first().waitFor();
	const running = () => page.evaluate(() => document.getAnimations().length);
	assert.equal(await running(), 0);
	await settled(page);
	await turn(page, "Live");
	await turn(page, "New messages");
	await page.locator(".row.moved").first().waitFor({ timeout: 15_000 });
	await press(page, "Load all");
	assert.equal(await running(), 0);
	await demo.close();
});
