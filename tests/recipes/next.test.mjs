// The recipe next as an app: built and started by Next.js, asked by HTTP and shown in Chromium.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import {
	cpSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { after, beforeEach, describe, it } from "node:test";
import { PAGE_INBOX_APP_ID } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { at } from "../../scripts/tools.mjs";
import { makeApp } from "../matrix/row.mjs";
import { ids, personOf } from "../package/graph.mjs";
import { openTab } from "./chromium.mjs";

const TOKEN = "EAATokenThatStaysOnTheServer";
const APP_SECRET = "0123456789abcdef0123456789abcdef";
const SESSION_KEY = "a key that nobody else has";

const simulator = createGraphSimulator({
	accessToken: TOKEN,
	appSecret: APP_SECRET,
	requireProof: true,
	// A page of one at the end.
	conversations: { messenger: 51, instagram: 0 },
});
/** Told when a request is given up by who made it. */
let onLeft = () => {};
const graph = await serveGraph({
	fetch(url, init) {
		init?.signal?.addEventListener("abort", () => onLeft());
		return simulator.fetch(url, init);
	},
});
after(() => graph.close());

// Next.js as the matrix has it installed, and its layout; the rest is the recipe's.
const app = await makeApp(
	new URL("../matrix/next/next.test.mjs", import.meta.url).href,
);
for (const name of readdirSync(app.path("app")))
	if (name !== "layout.js") rmSync(app.path("app", name), { recursive: true });
cpSync(at("recipes", "next"), app.folder, { recursive: true });
// Browsers ask for one, and would complain.
const icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>';
writeFileSync(app.path("app", "icon.svg"), icon);
const env = { NEXT_TELEMETRY_DISABLED: "1", PAGE_TOKEN: "" };
await app.run("next", ["build"], { env });
const server = await app.serve(
	"next",
	["start", "--hostname", "127.0.0.1", "--port", "0"],
	{
		env: {
			...env,
			...{ APP_SECRET, SESSION_KEY, GRAPH_URL: graph.url },
			...{ PAGE_ID: simulator.pageId, PAGE_TOKEN: TOKEN },
		},
		ready: /Local: +(http:\S+)\s/,
	},
);

beforeEach(() => {
	simulator.reset();
});

/** @param {string} [key] @param {number} [end] in milliseconds */
function sessionOf(key = SESSION_KEY, end = Date.now() + 3_600_000) {
	const signed = `mira.${Math.floor(end / 1000)}`;
	return `${signed}.${createHmac("sha256", key).update(signed).digest("hex")}`;
}

/**
 * @param {string} [query]
 * @param {RequestInit} [init]
 */
function ask(query = "", init) {
	const cookie = `theme=dark; session=${sessionOf()}; lang=en`;
	const headers = { cookie };
	return fetch(`${server.said}/api/inbox${query}`, { headers, ...init });
}

/** @param {string} [query] */
async function read(query) {
	const answer = await ask(query);
	const text = await answer.text();
	assert.ok(!text.includes(TOKEN));
	return { answer, body: JSON.parse(text) };
}

/** @param {string} after */
const behind = (after) => `?${new URLSearchParams({ after })}`;

describe("the route", () => {
	it("gives page after page, and who answers", async () => {
		const all = simulator.conversations();
		const owners = [
			{ app_id: PAGE_INBOX_APP_ID },
			{ app_id: simulator.appId },
			null,
			/** @type {const} */ ("hidden"),
		];
		for (const [index, owner] of owners.entries())
			simulator.setOwner(personOf(all[index], simulator), owner);
		simulator.failItems(personOf(all[4], simulator), "permission");
		const rows = [];
		let query = "";
		for (let page = 1; page <= 3; page += 1) {
			const { answer, body } = await read(query);
			assert.equal(answer.status, 200);
			assert.equal(answer.headers.get("cache-control"), "no-store");
			rows.push(...body.conversations);
			query = behind(body.after);
			assert.equal(body.after === undefined, page === 3);
		}
		assert.deepEqual(ids(rows), ids(all));
		assert.deepEqual(
			rows.slice(0, 5).map(({ answeredBy }) => answeredBy),
			["Meta's inbox", "an app", "nobody", "an app", "not known"],
		);
		assert.notEqual(rows[50].answeredBy, "not known");
		const [{ answeredBy: _, ...first }] = rows;
		const { id, updated_time, snippet, unread_count } = all[0];
		assert.deepEqual(first, { id, updated_time, snippet, unread_count });
	});

	it("asks Graph anew each time", async () => {
		const { id } = simulator.receiveMessage();
		const first = (await read()).body.conversations[0];
		assert.equal(first.id, id);
		simulator.receiveMessage({ conversationId: id });
		const again = (await read()).body.conversations[0];
		assert.equal(again.unread_count, first.unread_count + 1);
	});

	it("refuses who is not signed in, and asks nothing", async () => {
		const good = sessionOf();
		const cookies = [
			undefined,
			"session=",
			`other${good}`,
			`session=${sessionOf("another key")}`,
			`session=${sessionOf(SESSION_KEY, Date.now() - 1_000)}`,
			`session=${good.replace("mira", "otto")}`,
			`session=${good.slice(0, -1)}`,
			`session=${good}00`,
			`xsession=${good}`,
		];
		for (const cookie of cookies) {
			const headers = cookie ? { cookie } : undefined;
			const answer = await ask("", { headers });
			assert.equal(answer.status, 401, cookie);
			assert.deepEqual(await answer.json(), { kind: "session" });
		}
		assert.deepEqual(simulator.requests, []);
	});

	it("tells a cursor that is none from other refusals", async () => {
		const { answer, body } = await read(behind("not-a-cursor"));
		assert.deepEqual([answer.status, body], [400, { kind: "cursor" }]);
		simulator.failNext({ error: { code: 100 } });
		const other = await read();
		assert.equal(other.answer.status, 502);
		assert.deepEqual(other.body, { kind: "invalid_request" });
	});

	it("tells the reader the kind, and the rest to who runs it", async () => {
		simulator.failNext({ error: { code: 190, message: `Bad token ${TOKEN}` } });
		const { answer, body } = await read();
		assert.deepEqual([answer.status, body], [502, { kind: "authentication" }]);
		assert.match(server.printed(), /"kind":"authentication"/);
		assert.match(server.printed(), /Bad token/);
		assert.ok(!server.printed().includes(TOKEN));
		assert.ok(!server.printed().includes(APP_SECRET));
	});

	it("stops asking when its reader leaves", async () => {
		simulator.failNext("hang");
		const controller = new AbortController();
		const left = new Promise((resolve, reject) => {
			onLeft = () => resolve("left");
			// The route's own deadline would end it too, in 25 s.
			setTimeout(reject, 15_000, new Error("it asks on")).unref();
		});
		const asking = ask("", {
			signal: controller.signal,
			headers: { cookie: `session=${sessionOf()}` },
		});
		while (simulator.requests.length === 0)
			await new Promise((resolve) => setTimeout(resolve, 10));
		controller.abort();
		await assert.rejects(asking, { name: "AbortError" });
		assert.equal(await left, "left");
	});
});

describe("the page", async () => {
	const { page, complaints } = await openTab();
	await page
		.context()
		.addCookies([{ name: "session", value: sessionOf(), url: server.said }]);
	/** @type {Promise<string>[]} */
	const seen = [];
	page.on("requestfinished", async (request) => {
		const response = await request.response();
		if (response) seen.push(response.text().catch(() => ""));
	});
	/** @param {number} count */
	const rows = async (count) => {
		await page
			.locator(`section[aria-busy=false] li:nth-child(${count})`)
			.waitFor();
		return page.$$eval("li", (items) =>
			items.map(({ dataset }) => dataset.id ?? ""),
		);
	};
	const press = (/** @type {string} */ name) =>
		page.getByRole("button", { name, exact: true }).click();
	const says = (/** @type {string} */ text) =>
		page.locator("section [role=alert]").filter({ hasText: text }).waitFor();
	const all = () => ids(simulator.conversations());

	beforeEach(async () => {
		complaints.length = 0;
		await page.goto(`${server.said}/inbox`);
		await rows(25);
	});

	it("shows page after page", async () => {
		await press("More");
		assert.deepEqual(await rows(50), all().slice(0, 50));
		await press("More");
		assert.deepEqual(await rows(all().length), all());
		assert.equal(await page.getByRole("button", { name: "More" }).count(), 0);
		assert.match(
			await page.locator("li").first().innerText(),
			/ (Meta's inbox|an app|nobody)$/,
		);
		assert.deepEqual(complaints, []);
	});

	it("marks what could not be read", async () => {
		const { id } = simulator.conversations()[0];
		simulator.breakConversation(id);
		await press("Refresh");
		const row = page.locator(`[data-id="${id}"]`);
		await row.getByText("(could not be read)").waitFor();
		simulator.breakConversation(id, false);
	});

	it("shows once what comes again", async () => {
		const last = simulator.conversations()[24];
		simulator.failNext(async (_, answer) => {
			const { data, ...rest } = await answer.json();
			const again = { ...last, snippet: "it moved down" };
			return Response.json({ data: [again, ...data], ...rest });
		});
		await press("More");
		assert.deepEqual(await rows(50), all().slice(0, 50));
		const shown = await page.locator(`[data-id="${last.id}"]`).innerText();
		assert.match(shown, /^it moved down/);
		assert.deepEqual(complaints, []);
	});

	it("shows what is new after a refresh, from the top", async () => {
		await press("More");
		await rows(50);
		const { id } = simulator.receiveMessage();
		await press("Refresh");
		await page.locator(`li:first-child[data-id="${id}"]`).waitFor();
		assert.deepEqual(await rows(25), all().slice(0, 25));
	});

	it("says what went wrong, keeps what it has, and tries again", async () => {
		simulator.failNext("permission");
		await press("More");
		await says("The inbox cannot be read now (permission).");
		assert.equal((await rows(25)).length, 25);
		await press("Try again");
		assert.deepEqual(await rows(50), all().slice(0, 50));
		assert.equal(await page.locator("section [role=alert]").count(), 0);
	});

	it("starts anew where its cursor is no longer good", async () => {
		simulator.expireCursors();
		await press("More");
		await says("The list has changed: refresh it.");
		await press("Refresh");
		await rows(25);
		await press("More");
		assert.deepEqual(await rows(50), all().slice(0, 50));
	});

	it("asks to sign in where the session has ended", async () => {
		await page.context().clearCookies();
		await press("Refresh");
		await says("Sign in again.");
		await page
			.context()
			.addCookies([{ name: "session", value: sessionOf(), url: server.said }]);
	});

	it("never has the token, nor what reads Graph", async () => {
		const everything = (await Promise.all(seen)).join("\n");
		assert.ok(everything.includes("answeredBy"));
		assert.ok(!everything.includes(TOKEN));
		const folder = app.path(".next", "static");
		const files = readdirSync(folder, { withFileTypes: true, recursive: true })
			.filter((entry) => entry.isFile())
			.map(({ parentPath, name }) =>
				readFileSync(join(parentPath, name), "utf8"),
			);
		assert.ok(files.some((text) => text.includes("/api/inbox")));
		for (const text of files)
			assert.doesNotMatch(text, /PAGE_TOKEN|thread_owner|SESSION_KEY/);
	});

	// Last, for the server remembers it.
	it("is told when to come back, and Graph is left alone until then", async () => {
		simulator.failNext("rateLimit80006");
		await press("Refresh");
		await says("Come back in 300 s.");
		const { length } = simulator.requests;
		const { answer, body } = await read();
		assert.equal(answer.status, 503);
		assert.equal(body.kind, "rate_limit");
		assert.equal(answer.headers.get("retry-after"), String(body.seconds));
		assert.ok(body.seconds > 200 && body.seconds <= 300);
		assert.equal(simulator.requests.length, length);
	});
});
