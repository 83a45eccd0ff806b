import assert from "node:assert/strict";
import { chromium } from "playwright-core";
import { startDemo } from "../../scripts/start.mjs";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {NonNullable<Parameters<typeof startDemo>[0]>} DemoOptions */

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
 * @param {DemoOptions} [options]
 * @param {{ width: number, height: number }} [viewport]
 */
export async function openDemo(
	options,
	viewport = { width: 1280, height: 800 },
) {
	const demo = await startDemo(options);
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ARGUMENTS,
	});
	const page = await browser.newPage({ viewport });
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
	const ours = [demo.url, demo.graphUrl, options?.liveGraphUrl, "data:"];
	return {
		...demo,
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
			const strange = requests
				.map((request) => request.url())
				.filter((url) => !ours.some((own) => own && url.startsWith(own)));
			assert.deepEqual(strange, []);
		},
	};
}

/** What Chromium writes to the console of every answer of 400 and more. */
export const FAILED_ANSWER = /^error: Failed to load resource/;

/**
 * Waits until rows and owners are there.
 *
 * @param {Page} page
 */
export async function settled(page) {
	await page.waitForFunction(
		() => !document.querySelector("[aria-busy=true], .skeleton"),
	);
}

/**
 * The rows as a person reads them.
 *
 * @param {Page} page
 */
export function rowsOf(page) {
	return page.$$eval("#conversations tr[data-id]", (rows) =>
		rows.map((row) => {
			const read = (/** @type {string} */ selector) =>
				row.querySelector(selector)?.textContent ?? "";
			return {
				id: row.getAttribute("data-id") ?? "",
				name: read(".name"),
				platform: read(".platform"),
				snippet: read(".snippet"),
				time: row.querySelector("time")?.dateTime ?? "",
				unread: Number(read(".badge.count")),
				owner: read(".owner"),
			};
		}),
	);
}

/**
 * @param {Page} page
 * @param {string} name of a filter or source
 */
export async function choose(page, name) {
	await page.getByRole("radio", { name, exact: true }).click();
}

/**
 * Waits until the line below the table says so.
 *
 * @param {Page} page
 * @param {string} text
 */
export async function statusIs(page, text) {
	await page.waitForFunction(
		(wanted) => document.getElementById("status")?.textContent === wanted,
		text,
	);
}

/**
 * Waits until the pace holds the next two lists back no more.
 *
 * @param {Page} page
 */
export async function paceIsFree(page) {
	await page.waitForTimeout(1100);
}

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
