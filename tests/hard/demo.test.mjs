// The demo page, with a marked token: whatever is done in it, no trace of the token is left anywhere.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import {
	choose,
	FAILED_ANSWER,
	openDemo,
	press,
	problem,
	settled,
} from "../demo/browser.mjs";
import { tally } from "./form.mjs";
import { accessToken, assertNoMark } from "./marks.mjs";

const graph = createGraphSimulator({
	pageId: "555000111222333",
	accessToken,
	conversations: { messenger: 30, instagram: 3 },
});
/** @type {Awaited<ReturnType<typeof serveGraph>>} */
let server;
/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
/** @type {string[]} */
const written = [];
before(async () => {
	server = await serveGraph(graph);
	demo = await openDemo({
		liveGraphUrl: server.url,
		context: { permissions: ["clipboard-read", "clipboard-write"] },
	});
	demo.page.on("console", (message) => written.push(message.text()));
	await settled(demo.page);
	await choose(demo.page, "Graph API");
});
after(async () => {
	await demo.close(FAILED_ANSWER);
	await server.close();
});

/** Everywhere in the page where something could be left. @returns {Promise<Record<string, string>>} */
async function traces() {
	const { page } = demo;
	const inside = await page.evaluate(async () => ({
		DOM: document.documentElement.outerHTML,
		inputs: [...document.querySelectorAll("input, select, textarea")]
			.map((field) => /** @type {HTMLInputElement} */ (field).value)
			.join("\n"),
		"local storage": JSON.stringify({ ...localStorage }),
		"session storage": JSON.stringify({ ...sessionStorage }),
		cookies: document.cookie,
		address: location.href,
		history: JSON.stringify(history.state),
		"performance entries": JSON.stringify(performance.getEntries()),
		title: document.title,
		globals: Object.getOwnPropertyNames(window)
			.filter((name) => typeof (/** @type {any} */ (window)[name]) === "string")
			.map((name) => /** @type {any} */ (window)[name])
			.join("\n"),
		databases: JSON.stringify(await indexedDB.databases()),
		caches: JSON.stringify(await caches.keys()),
	}));
	await press(page, "Copy");
	return {
		...inside,
		clipboard: await page.evaluate(() => navigator.clipboard.readText()),
		"stored state": JSON.stringify(await page.context().storageState()),
		console: written.join("\n"),
	};
}

/** @param {string} token */
async function connect(token) {
	const { page } = demo;
	await page.getByLabel("Page access token").fill(token);
	await press(page, "Connect");
}

const said = JSON.stringify(accessToken).slice(1, -1);
const echo = `${said} ${encodeURIComponent(accessToken)}`;

/** @type {Record<string, () => Promise<unknown>>} */
const steps = {
	async "a token that Graph refuses"() {
		// All of the token but its end, and so a token of its own.
		await connect(accessToken.slice(0, -1));
		await problem(demo.page).waitFor();
	},
	async "an option that cannot be used"() {
		await press(demo.page, "Disconnect");
		await demo.page.getByLabel("Page ID").fill("../me");
		await connect(accessToken);
		await problem(demo.page).waitFor();
	},
	async "a list that is read"() {
		await demo.page.getByLabel("Page ID").fill("me");
		await connect(accessToken);
		await settled(demo.page);
		await demo.page.locator(".row").first().waitFor();
	},
	async "a conversation that is opened"() {
		await demo.page.locator(".row").first().click();
		await settled(demo.page);
	},
	async "an error that says the token back"() {
		graph.failNext(
			{
				status: 400,
				body: `{"error":{"code":190,"message":"${echo}","error_user_title":"${echo}","error_user_msg":"${echo}","fbtrace_id":"${echo}"}}`,
			},
			2,
		);
		await press(demo.page, "Refresh");
		await problem(demo.page).waitFor();
	},
	async "HTML that says the token back"() {
		graph.failNext({ status: 404, body: `<html>${accessToken}` }, 2);
		await press(demo.page, "Refresh");
		await problem(demo.page).waitFor();
	},
	async "a redirect"() {
		const location = `${server.url}/elsewhere?access_token=mine`;
		graph.failNext({ status: 302, headers: { location }, body: "" }, 2);
		await press(demo.page, "Refresh");
		await problem(demo.page).waitFor();
		// Chromium tells of a request for it, which it does not make.
		assert.ok(graph.requests.every(({ path }) => path !== "/elsewhere"));
	},
	async "a disconnect"() {
		await press(demo.page, "Disconnect");
	},
};

const { trial } = tally("Secrets: the demo page in Chromium, step by step");

describe("nothing is left of the token after", () => {
	for (const [name, step] of Object.entries(steps))
		it(name, () =>
			trial(async () => {
				await step();
				const found = await traces();
				for (const [where, text] of Object.entries(found))
					assertNoMark(text, where);
			}),
		);
});
