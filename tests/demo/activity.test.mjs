import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { at } from "../../scripts/tools.mjs";
import {
	choose,
	inGraph,
	openDemo,
	press,
	requestsOf,
	settled,
} from "./browser.mjs";

// The panel beside the inbox: what it says is what happened.

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo({
		context: { permissions: ["clipboard-read", "clipboard-write"] },
	});
	await settled(demo.page);
});
after(() => demo.close());

test("counts and events are those of the requests that were made", async () => {
	const { page } = demo;
	await press(page, "Load more");
	await settled(page);
	const requests = await requestsOf(page);
	assert.equal(
		Number(await page.locator("#count-requests").innerText()),
		requests.length,
	);
	const events = await page.locator("#events .event.request").count();
	const answers = await page.locator("#events .event.response").count();
	assert.deepEqual([events, answers], [requests.length, requests.length]);
	const [newest] = await page.locator("#events .what").allInnerTexts();
	assert.match(newest, /^200 in \d+ ms$/);
	const text = await page.locator("#events").innerText();
	assert.match(
		text,
		/GET \/\d+\/conversations folder=inbox&platform=(MESSENGER|INSTAGRAM)&limit=50&after=\S/,
	);
	assert.match(text, /POST \//);
});

test("the meters show what the headers said last", async () => {
	const { page } = demo;
	const last = await inGraph(page, async ({ simulator }) => {
		const answer = await simulator.fetch(
			`https://graph.facebook.com/v25.0/me/conversations?access_token=${simulator.accessToken}`,
		);
		const header = answer.headers.get("x-business-use-case-usage") ?? "{}";
		return Object.values(JSON.parse(header))[0][0].call_count;
	});
	await press(page, "Refresh");
	await settled(page);
	await page.waitForFunction(
		(least) =>
			[...document.querySelectorAll("meter")].some(
				(meter) => meter.value >= least,
			),
		last,
	);
	const meter = page.getByRole("meter", {
		name: "Page, messenger: used in percent",
	});
	assert.ok(Number(await meter.getAttribute("value")) >= last);
	assert.match(
		await page.locator("#usage").innerText(),
		/calls \d+ % · time \d+ % · CPU \d+ %/,
	);
});

test("the version asked for and the one served", async () => {
	const { page } = demo;
	assert.match(await page.locator("#version-asked").innerText(), /^v\d+\.0$/);
	assert.equal(
		await page.locator("#version-served").innerText(),
		await page.locator("#version-asked").innerText(),
	);
});

const LISTED = /^INSTAGRAM .+ (meta_inbox|other_app|undefined)$/m;

for (const [
	name,
	prepare,
	printed,
] of /** @type {[string, (page: import("playwright-core").Page) => Promise<unknown>, RegExp][]} */ ([
	["the list of both platforms", () => Promise.resolve(), LISTED],
	["a folder of one platform", (page) => choose(page, "Instagram"), LISTED],
	[
		"the conversation that is open",
		(page) => page.locator(".row").nth(1).click(),
		/ (owned|idle|hidden) (meta_inbox|other_app|null)$/m,
	],
])) {
	test(`the call in code is copied, and runs as it is: ${name}`, async () => {
		const { page } = demo;
		await prepare(page);
		await settled(page);
		await press(page, "Copy");
		await page.getByRole("button", { name: "Copied" }).waitFor();
		const code = await page.evaluate(() => navigator.clipboard.readText());
		// The simulator of the page is made anew, the same by its seed.
		const simulator = createGraphSimulator({
			conversations: { messenger: 60, instagram: 40 },
		});
		const graph = await serveGraph(simulator);
		const file = at("target", "call.mjs");
		await writeFile(
			file,
			code.replace("createInbox({", `createInbox({ baseUrl: "${graph.url}",`),
		);
		try {
			const { stdout } = await promisify(execFile)(process.execPath, [file], {
				env: { ...process.env, PAGE_TOKEN: simulator.accessToken },
			});
			assert.match(stdout, printed);
			assert.ok(simulator.requests.length > 0);
			assert.ok(!code.includes(simulator.accessToken));
		} finally {
			await graph.close();
			await rm(file);
		}
		// The button is itself again before the next one.
		await page.getByRole("button", { name: "Copy", exact: true }).waitFor();
	});
}
