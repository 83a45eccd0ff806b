import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { ids } from "../simulator/ask.mjs";
import {
	choose,
	FAILED_ANSWER,
	idsOf,
	inGraph,
	openDemo,
	press,
	problem,
	rowsOf,
	settled,
	statusIs,
	truth,
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
	await choose(page, "Graph API");
	assert.equal(await page.locator("#status").textContent(), "Not connected");
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
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "authentication");
	await statusIs(page, "Nothing could be read");
	assert.equal(await page.locator(".skeleton:visible").count(), 0);
	await press(page, "Disconnect");
	assert.equal(await problem(page).isVisible(), false);
	assert.equal(await page.getByRole("listbox").isVisible(), false);
});

test("an option that cannot be used is told before anything is sent", async () => {
	const { page } = demo;
	const sent = live.requests.length;
	await page.getByLabel("Page ID").fill("../me");
	await connect(TOKEN);
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "invalid_option");
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
	await choose(page, "Messenger");
	await statusIs(page, "25 conversations shown");
	await settled(page);
	const wanted = live.conversations().slice(0, 25);
	const rows = await rowsOf(page);
	assert.deepEqual(ids(rows), ids(wanted));
	assert.deepEqual(
		rows.map(({ name }) => name),
		wanted.map(({ participants }) => participants?.data[0].name),
	);
	// What Graph's headers say stays hidden, as CORS has it.
	assert.match(await page.locator("#usage").innerText(), /hidden.*CORS/);
	assert.match(await page.locator("#version-served").innerText(), /CORS/);
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

test("the switches that make Graph misbehave are the simulator's alone", async () => {
	const { page } = demo;
	const names = await page
		.getByRole("switch")
		.evaluateAll((boxes) => boxes.map(({ id }) => id));
	assert.deepEqual(names, ["live"]);
});

test("the simulator is a click away, and the connection still there after it", async () => {
	const { page } = demo;
	await choose(page, "Simulator");
	await choose(page, "Messenger");
	await statusIs(page, "25 conversations shown");
	await settled(page);
	const simulated = await truth(page, { platforms: ["MESSENGER"] });
	assert.deepEqual(await idsOf(page), ids(simulated.slice(0, 25)));
	await choose(page, "Graph API");
	await statusIs(page, "25 conversations shown");
	assert.deepEqual(await idsOf(page), ids(live.conversations().slice(0, 25)));
	await settled(page);
});

test("a rate limit that Graph's headers hide is told without a time", async () => {
	const { page } = demo;
	live.failWhen(/./, "rateLimitPage", 1);
	await press(page, "Refresh");
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "rate_limit");
	assert.match(await problem(page).innerText(), /Wait a while/);
	assert.equal(await page.getByRole("timer").isVisible(), false);
	await press(page, "Try again");
	await problem(page).waitFor({ state: "hidden" });
	await settled(page);
});

test("a permission that is missing for one platform leaves the other one readable", async () => {
	const { page } = demo;
	live.failWhen(/platform=INSTAGRAM/, "permission", 1);
	await choose(page, "All");
	await problem(page).waitFor();
	assert.equal(await problem(page).getAttribute("data-kind"), "permission");
	await settled(page);
	assert.deepEqual(await idsOf(page), ids(live.conversations().slice(0, 25)));
	await press(page, "Try again");
	await statusIs(page, "28 conversations shown");
	await settled(page);
});

test("disconnecting forgets the token", async () => {
	const { page } = demo;
	await press(page, "Disconnect");
	const sent = live.requests.length;
	await choose(page, "Simulator");
	await settled(page);
	await choose(page, "Graph API");
	await page.getByLabel("Page access token").waitFor();
	assert.equal(live.requests.length, sent);
	for (const trace of await traces()) assert.ok(!trace.includes(TOKEN));
	const simulated = await inGraph(page, ({ simulator }) =>
		JSON.stringify(
			simulator.requests.map(({ url, body, headers }) => [
				url,
				body,
				[...headers],
			]),
		),
	);
	assert.ok(!simulated.includes(TOKEN));
});
