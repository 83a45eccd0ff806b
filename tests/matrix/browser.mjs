// Chromium, and what a page in it answers.
import { after } from "node:test";
import { chromium } from "playwright-core";

/** Far more than any page takes, also where two rows share two cores. */
const PATIENCE_MS = 30_000;

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

/**
 * Opens a page and waits for the text of its `<output id="answer">`. A page on which something goes wrong before is an
 * error that says what.
 *
 * @param {string} url
 * @returns {Promise<string>}
 */
export async function readAnswer(url) {
	browser ??= chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
	});
	const page = await (await browser).newPage();
	const failure = new Promise((_, reject) => {
		page.on("pageerror", reject);
		page.on("console", (message) => {
			if (message.type() !== "error") return;
			// Of a missing favicon, and of the wrong token that every app tries.
			if (/^Failed to load resource: .* 40[04] /.test(message.text())) return;
			reject(new Error(`${message.text()} (${message.location().url})`));
		});
		page.on("response", (response) => {
			if (response.ok() || response.request().resourceType() !== "script")
				return;
			reject(new Error(`${response.status()} for ${response.url()}`));
		});
	});
	const answer = async () => {
		await page.goto(url);
		const output = page.locator("#answer:not(:empty)");
		return (await output.textContent({ timeout: PATIENCE_MS })) ?? "";
	};
	try {
		return await Promise.race([answer(), failure]);
	} finally {
		await page.close();
	}
}
