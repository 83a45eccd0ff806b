import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { serveDemo } from "../../scripts/serve.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {typeof import("../../www/simulated.js")} Simulated */

const ARGUMENTS = [
	"--headless",
	"--no-sandbox",
	"--disable-gpu",
	"--no-first-run",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-sync",
];

/**
 * The demo in a browser. Closing it checks what holds whatever was done: nothing in the console, and no host asked but
 * ours.
 *
 * @param {object} [options]
 * @param {string} [options.query] of the address: size and speed of the simulated Graph
 * @param {string} [options.liveGraphUrl]
 * @param {import("playwright-core").BrowserContextOptions} [options.context]
 */
export async function openDemo({
	query = "messenger=60&instagram=40&latency=0&seed=1",
	liveGraphUrl,
	context = {},
} = {}) {
	const demo = await serveDemo({ liveGraphUrl });
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ARGUMENTS,
	});
	const page = await browser.newPage({
		viewport: { width: 1440, height: 900 },
		...context,
	});
	/** @type {string[]} */
	const complaints = [];
	/** @type {import("playwright-core").Request[]} */
	const requests = [];
	page.on("console", (message) => {
		complaints.push(`${message.type()}: ${message.text()}`);
	});
	page.on("pageerror", (error) => {
		complaints.push(String(error));
	});
	page.on("request", (request) => {
		requests.push(request);
	});
	const url = `${demo.url}?${query}`;
	await page.goto(url);
	return {
		url: demo.url,
		page,
		requests,
		/** @param {RegExp} [expected] what the browser itself writes about an answer that failed */
		async close(expected) {
			await browser.close();
			await demo.close();
			assert.deepEqual(
				complaints.filter((complaint) => !expected?.test(complaint)),
				[],
			);
			const ours = [demo.url, liveGraphUrl];
			const strange = requests
				.map((request) => request.url())
				.filter((asked) => !ours.some((own) => own && asked.startsWith(own)));
			assert.deepEqual(strange, []);
		},
	};
}

/** What Chromium writes to the console of every answer of 400 and more. */
export const FAILED_ANSWER = /^error: Failed to load resource/;

/**
 * Does something with the simulated Graph that lives in the page.
 *
 * @template T
 * @template [A=undefined]
 * @param {Page} page
 * @param {(simulated: Simulated, given: A) => T} work sent there as text, so it can use nothing from around it
 * @param {A} [given]
 * @returns {Promise<T>}
 */
export function inGraph(page, work, given) {
	const argument = JSON.stringify(given) ?? "undefined";
	return page.evaluate(
		`import("./simulated.js").then((module) => (${work})(module, ${argument}))`,
	);
}

/**
 * What Graph would list, newest first, both platforms merged.
 *
 * @param {Page} page
 * @param {{ platforms?: ("MESSENGER" | "INSTAGRAM")[], folder?: "inbox" | "other" | "page_done" | "spam" }} [filter]
 */
export async function truth(
	page,
	{ platforms = ["MESSENGER", "INSTAGRAM"], folder } = {},
) {
	const lists = await inGraph(
		page,
		({ simulator }, given) =>
			given.platforms.map((platform) =>
				simulator
					.conversations({ platform, folder: given.folder })
					.map((conversation) => ({ ...conversation, platform })),
			),
		{ platforms, folder },
	);
	return lists
		.flat()
		.sort((one, other) =>
			String(other.updated_time).localeCompare(String(one.updated_time)),
		);
}

/**
 * Waits until rows and owners are there.
 *
 * @param {Page} page
 */
export async function settled(page) {
	await page.waitForFunction(
		() =>
			!document.querySelector(
				"#conversations[aria-busy=true], #messages[aria-busy=true], .skeleton",
			),
	);
}

/**
 * The rows as a person reads them, those that are filtered out left out.
 *
 * @param {Page} page
 */
export function rowsOf(page) {
	return page.$$eval("#conversations .row:not([hidden])", (rows) =>
		rows.map((row) => {
			const read = (/** @type {string} */ selector) =>
				row.querySelector(selector)?.textContent ?? "";
			return {
				id: row.getAttribute("data-id") ?? "",
				name: read(".name"),
				platform: read(".platform-name"),
				snippet: read(".snippet"),
				time: row.querySelector("time")?.dateTime ?? "",
				unread: Number.parseInt(read(".badge.count") || "0", 10),
				owner: read(".owner"),
			};
		}),
	);
}

/** @param {Page} page */
export async function idsOf(page) {
	return (await rowsOf(page)).map(({ id }) => id);
}

/**
 * @param {Page} page
 * @param {string} name of a button
 */
export async function press(page, name) {
	await page.getByRole("button", { name, exact: true }).click();
}

/**
 * @param {Page} page
 * @param {string} name of a filter or source
 */
export async function choose(page, name) {
	await page.getByRole("radio", { name, exact: true }).click();
}

/**
 * @param {Page} page
 * @param {string} name of a switch
 * @param {boolean} [on]
 */
export async function turn(page, name, on = true) {
	await page.getByRole("switch", { name, exact: true }).setChecked(on);
}

/**
 * Waits until the line above the list says so.
 *
 * @param {Page} page
 * @param {string | RegExp} text
 */
export async function statusIs(page, text) {
	await page
		.locator("#status")
		.filter({ hasText: typeof text === "string" ? exactly(text) : text })
		.waitFor();
}

/** @param {string} text */
const exactly = (text) =>
	new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$`);

/**
 * Waits until the note below the status says so.
 *
 * @param {Page} page
 * @param {RegExp} text
 */
export async function noteIs(page, text) {
	await page.waitForFunction(
		(source) =>
			new RegExp(source).test(
				document.getElementById("note")?.textContent ?? "",
			),
		text.source,
	);
}

/** @param {Page} page */
export const problem = (page) => page.locator("#problem");

/**
 * What the simulated Graph was asked, a line each.
 *
 * @param {Page} page
 * @param {number} [from] how many are known already
 */
export function requestsOf(page, from = 0) {
	return inGraph(
		page,
		({ simulator }, first) =>
			simulator.requests.slice(first).map((request) => ({
				method: request.method,
				edge: request.path.split("/").at(-1) ?? "",
				query: Object.fromEntries(request.query),
				items: request.items.length,
				status: request.status,
			})),
		from,
	);
}
