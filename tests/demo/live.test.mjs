import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	FAILED_ANSWER,
	openDemo,
	rowsOf,
	settled,
	statusIs,
} from "./browser.mjs";

const TOKEN = "EAALiveTokenOfSomebody0123456789";
const live = createGraphSimulator({
	seed: 7,
	pageId: "555000111222333",
	instagramAccountId: "17840000000000555",
	accessToken: TOKEN,
	conversations: { messenger: 30, instagram: 3 },
});

/** @type {Awaited<ReturnType<typeof serveGraph>>} */
let graph;
/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	graph = await serveGraph(live);
	demo = await openDemo({ liveGraphUrl: graph.url });
	await demo.page.goto(demo.url);
	await settled(demo.page);
});
after(async () => {
	await demo.close(FAILED_ANSWER);
	await graph.close();
});

/** @param {string} token */
async function connect(token) {
	await demo.page.getByLabel("Page access token").fill(token);
	await demo.page.getByRole("button", { name: "Connect", exact: true }).click();
}

/** Everywhere in the page where something typed could be left. */
async function traces() {
	const { page } = demo;
	const inside = await page.evaluate(() => [
		document.documentElement.outerHTML,
		...[...document.querySelectorAll("input")].map(({ value }) => value),
		JSON.stringify({ ...localStorage }),
		JSON.stringify({ ...sessionStorage }),
		document.cookie,
		location.href,
		JSON.stringify(history.state),
		JSON.stringify(performance.getEntries()),
		document.title,
	]);
	const databases = await page.evaluate(() => indexedDB.databases());
	const state = await page.context().storageState();
	return [...inside, JSON.stringify(databases), JSON.stringify(state)];
}

test("choosing live mode warns, asks for a token, and reads nothing yet", async () => {
	const { page } = demo;
	await choose(page, "Live Graph");
	await statusIs(page, "Not connected");
	assert.match(
		await page.locator(".warning").innerText(),
		/can be read by whoever uses that browser.*baseUrl/s,
	);
	const token = page.getByLabel("Page access token");
	assert.equal(await token.getAttribute("type"), "password");
	assert.equal(await token.getAttribute("autocomplete"), "off");
	assert.equal((await rowsOf(page)).length, 0);
	assert.equal(live.requests.length, 0);
});

test("a token that Graph refuses is told, and forgotten by disconnecting", async () => {
	const { page } = demo;
	await connect("EAAwrong");
	await page.getByRole("alert").waitFor();
	assert.equal(
		await page.getByRole("alert").getAttribute("data-kind"),
		"authentication",
	);
	await page.getByRole("button", { name: "Disconnect" }).click();
	await statusIs(page, "Not connected");
	assert.equal(await page.getByRole("alert").isVisible(), false);
});

test("an option that cannot be used is told before anything is sent", async () => {
	const { page } = demo;
	const sent = live.requests.length;
	await page.getByLabel("Page ID").fill("../me");
	await connect(TOKEN);
	const alert = page.getByRole("alert");
	await alert.waitFor();
	assert.equal(await alert.getAttribute("data-kind"), "invalid_option");
	assert.equal(live.requests.length, sent);
	await page.getByLabel("Page ID").fill("me");
});

test("with a token the Page's inbox is read, the business told apart by itself", async () => {
	const { page } = demo;
	await connect(TOKEN);
	await statusIs(page, "25 conversations shown");
	assert.equal(
		await page.inputValue("#access-token"),
		"",
		"cleared as soon as it was read",
	);
	await settled(page);
	const wanted = live.conversations().slice(0, 25);
	const rows = await rowsOf(page);
	assert.deepEqual(ids(rows), ids(wanted));
	assert.deepEqual(
		rows.map(({ name }) => name),
		wanted.map(({ participants }) => participants?.data[0].name),
	);
	await choose(page, "Instagram");
	await statusIs(page, "3 conversations shown, no more to load");
	await settled(page);
	assert.ok((await rowsOf(page)).every(({ owner }) => owner !== "—"));
});

test("the token went to Graph alone, and is nowhere in the page", async () => {
	for (const trace of await traces())
		assert.ok(!trace.includes(TOKEN), trace.slice(0, 200));
	const carriers = [];
	for (const request of demo.requests) {
		const headers = JSON.stringify(await request.allHeaders());
		const sent = [request.url(), headers, request.postData() ?? ""];
		if (sent.some((part) => part.includes(TOKEN))) carriers.push(request.url());
	}
	// Lists, and batches of owners.
	assert.ok(carriers.length >= 4);
	for (const url of carriers) assert.ok(url.startsWith(`${graph.url}/`), url);
});

test("the simulator is a click away, and the connection still there after it", async () => {
	const { page } = demo;
	await choose(page, "Simulator");
	await choose(page, "Messenger");
	await statusIs(page, "25 conversations shown");
	await settled(page);
	assert.deepEqual(
		ids(await rowsOf(page)),
		ids(demo.simulator.conversations().slice(0, 25)),
	);
	await choose(page, "Live Graph");
	await statusIs(page, "25 conversations shown");
	assert.deepEqual(
		ids(await rowsOf(page)),
		ids(live.conversations().slice(0, 25)),
	);
	await settled(page);
});

test("disconnecting forgets the token", async () => {
	const { page } = demo;
	await page.getByRole("button", { name: "Disconnect" }).click();
	await statusIs(page, "Not connected");
	const sent = live.requests.length;
	await choose(page, "Simulator");
	await settled(page);
	await choose(page, "Live Graph");
	await statusIs(page, "Not connected");
	assert.equal(live.requests.length, sent);
	for (const trace of await traces()) assert.ok(!trace.includes(TOKEN));
});
