// Takes the pictures of the demo that the README shows: npm run screenshots. The package must be built.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, devices } from "playwright-core";
import { serveDemo } from "./serve.mjs";
import { at, isMain, say } from "./tools.mjs";

const DEVICES = {
	desktop: { viewport: { width: 1440, height: 900 } },
	phone: { ...devices["iPhone 13"], defaultBrowserType: undefined },
};

/**
 * @param {string} folder
 * @returns {Promise<string[]>} the files
 */
export async function takeScreenshots(folder) {
	mkdirSync(folder, { recursive: true });
	const demo = await serveDemo();
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--headless", "--no-sandbox", "--disable-gpu"],
	});
	const files = [];
	for (const [name, device] of Object.entries(DEVICES))
		for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
			const page = await browser.newPage({ ...device, colorScheme });
			await page.goto(demo.url);
			await page.locator(".row .owner .badge").first().waitFor();
			// On a phone a conversation covers the list.
			if (name === "desktop") await page.locator(".row").nth(4).click();
			await page.waitForFunction(() => !document.querySelector(".skeleton"));
			const path = join(folder, `${name}-${colorScheme}.png`);
			await page.screenshot({ path, animations: "disabled" });
			files.push(path);
			await page.close();
		}
	await browser.close();
	await demo.close();
	return files;
}

if (isMain(import.meta.url))
	for (const file of await takeScreenshots(at("www", "screenshots"))) say(file);
