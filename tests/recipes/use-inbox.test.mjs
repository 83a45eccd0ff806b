// The hook in Chromium, under React's StrictMode, which mounts everything twice; Graph is a simulator on a loopback port.
import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { ids, personOf } from "../package/graph.mjs";
import { bundle, openTab, serveScript } from "./chromium.mjs";

const TOKEN = "EAATokenThatNoElementShows";
/** The hook's own. */
const PAGE = 25;

/** @type {import("graph-inbox/simulator").GraphSimulator} */
let simulator;
const graph = await serveGraph({
	fetch: (...request) => simulator.fetch(...request),
});
after(() => graph.close());

const { pageId, instagramAccountId } = createGraphSimulator();
const origin = await serveScript(
	await bundle(`
		import { createInbox } from "graph-inbox";
		import { StrictMode } from "react";
		import { createRoot } from "react-dom/client";
		import { InboxList, useInbox } from "../../recipes/use-inbox.jsx";

		const inbox = createInbox({
			pageId: "${pageId}",
			accessToken: "${TOKEN}",
			baseUrl: "${graph.url}",
			callsPerSecond: false,
			maxRetries: 0,
		});
		const root = createRoot(document.querySelector("main"));
		globalThis.show = (params) => root.render(
			<StrictMode>
				<InboxList inbox={inbox} businessIds={["${pageId}", "${instagramAccountId}"]} params={params} />
			</StrictMode>
		);
		function Probe() {
			globalThis.hook = useInbox(inbox, [], { platform: "instagram" });
			return <section aria-busy={hook.isLoading} />;
		}
		globalThis.probe = () => root.render(<Probe />);
		globalThis.leave = () => root.unmount();
	`),
	"<main></main>",
);
const { page, complaints } = await openTab();
page.setDefaultTimeout(10_000);

beforeEach(async () => {
	simulator = createGraphSimulator({
		accessToken: TOKEN,
		conversations: { messenger: 60, instagram: 4 },
	});
	await page.goto(origin);
	complaints.length = 0;
});

describe("reading", () => {
	it("shows the first page, and its owners as they arrive", async () => {
		const release = hold((request) => request.items.length > 0);
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		assert.deepEqual(new Set(await owners()), new Set(["…"]));
		release();
		await page.waitForFunction(
			() => !document.querySelector("ol")?.textContent?.includes("…"),
		);
		assert.deepEqual(
			await owners(),
			await ownersOf(simulator.conversations().slice(0, PAGE)),
		);
		// The first of the two mounts is broken off before it has asked.
		assert.equal(lists().length, 1);
		await nothingIsWrong();
	});

	it("loads more to the end, each once and in order", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		await click("More");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
		await click("More");
		await rowsAre(simulator.conversations());
		assert.equal(await page.getByRole("button", { name: "More" }).count(), 0);
		await page.waitForFunction(
			() => !document.querySelector("ol")?.textContent?.includes("…"),
		);
		assert.deepEqual(await owners(), await ownersOf(simulator.conversations()));
		await nothingIsWrong();
	});

	it("asks once, however fast somebody clicks", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		const before = lists().length;
		await page.getByRole("button", { name: "More" }).evaluate((button) => {
			const { click } = /** @type {HTMLButtonElement} */ (button);
			for (let times = 0; times < 3; times += 1) click.call(button);
		});
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
		assert.equal(lists().length - before, 1);
	});

	it("loads as many in smaller pages, and marks what could not be read", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		const broken = simulator.conversations()[PAGE + 1];
		simulator.breakConversation(broken.id);
		await click("More");
		await page.locator(`[data-id="${broken.id}"]`).waitFor();
		await settled();
		assert.match(
			await page.locator(`[data-id="${broken.id}"]`).innerText(),
			/^\(could not be read\)/,
		);
		assert.ok((await rowIds()).length >= 2 * PAGE);
		assert.equal(await page.getByRole("alert").count(), 0);
	});

	it("goes on behind a page without conversations", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		simulator.failWhen("after=", "emptyPage", 1);
		await click("More");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
	});
});

describe("an inbox that changes", () => {
	it("shows nobody twice, and all after a refresh", async () => {
		await show();
		const shown = simulator.conversations().slice(0, PAGE);
		await rowsAre(shown);
		// As if five had been pushed to the next page.
		/** @type {import("graph-inbox/simulator").FaultFunction} */
		const pushed = async (_, answer) => {
			const { data, paging } = await answer.json();
			const body = { data: [...shown.slice(-5), ...data], paging };
			return Response.json(body, { headers: answer.headers });
		};
		simulator.failWhen("after=", pushed, 1);
		await click("More");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));

		const [last] = simulator.conversations().slice(-1);
		simulator.receiveMessage({ conversationId: last.id });
		await click("Refresh");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
		await nothingIsWrong();
	});

	it("goes on after cursors have expired", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		simulator.expireCursors();
		await click("More");
		await page.getByRole("alert").waitFor();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		await click("Refresh");
		await settled();
		await click("More");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
		assert.equal(await page.getByRole("alert").count(), 0);
	});

	it("lets a refresh overtake what is under way", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		const release = hold(({ query }) => query.has("after"));
		await click("More");
		await page.locator("section[aria-busy=true]").waitFor();
		simulator.receiveMessage();
		await click("Refresh");
		await rowsAre(simulator.conversations().slice(0, PAGE));
		release();
		await settled();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		await click("More");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
		await nothingIsWrong();
	});

	it("follows owners", async () => {
		await show({ limit: 2 });
		const [first] = simulator.conversations();
		const person = first.participants?.data[0].id ?? "";
		simulator.setOwner(person, null);
		await click("Refresh");
		await page.locator("li").first().getByText("idle").waitFor();
		simulator.setOwner(person, { app_id: simulator.appId });
		await click("Refresh");
		await page.locator("li").first().getByText("owned").waitFor();

		// Until the new ones arrive, the old ones stay.
		const release = hold(({ items }) => items.length > 0);
		simulator.receiveMessage();
		await click("Refresh");
		await rowsAre(simulator.conversations().slice(0, 2));
		assert.deepEqual(await owners(), ["…", "owned"]);
		release();
	});
});

describe("live", () => {
	const live = { live: true, intervalMs: 1_000 };

	it("moves conversations to the top as they get a message, with their owners", async () => {
		await show(live);
		await rowsAre(simulator.conversations().slice(0, PAGE));
		const all = simulator.conversations();
		// One that is shown, one that is not, and somebody new.
		for (const conversationId of [all[3].id, all[40].id])
			simulator.receiveMessage({ conversationId, text: "Still open?" });
		simulator.receiveMessage();
		await rowsAre(simulator.conversations().slice(0, PAGE + 2));
		await page.waitForFunction(
			() => !document.querySelector("ol")?.textContent?.includes("…"),
		);
		const shown = simulator.conversations().slice(0, PAGE + 2);
		assert.deepEqual(await owners(), await ownersOf(shown));
		assert.match(await page.locator("li").nth(1).innerText(), /^Still open\?/);
		await nothingIsWrong();
	});

	it("keeps the newer state where an older page arrives late", async () => {
		await show(live);
		await rowsAre(simulator.conversations().slice(0, PAGE));
		const { id } = simulator.conversations()[PAGE + 1];
		// As Graph answered before the message.
		let release = () => {};
		/** @type {Promise<void>} */
		const released = new Promise((resolve) => {
			release = resolve;
		});
		simulator.failWhen("after=", async (_, answer) => {
			const body = await answer.text();
			await released;
			return new Response(body, answer);
		});
		await click("More");
		await page.locator("section[aria-busy=true]").waitFor();
		simulator.receiveMessage({ conversationId: id, text: "Newer" });
		await page.locator("li").first().getByText("Newer").waitFor();
		release();
		await settled();
		await page
			.locator(`[data-id="${simulator.conversations()[PAGE + 2].id}"]`)
			.waitFor();
		assert.equal((await rowIds())[0], id);
		assert.match(await page.locator("li").first().innerText(), /^Newer/);
	});

	it("waits out what passes, and shows what does not", async () => {
		await show(live);
		await rowsAre(simulator.conversations().slice(0, PAGE));
		await settled();
		simulator.failNext("html502", 1);
		simulator.receiveMessage();
		await rowsAre(simulator.conversations().slice(0, PAGE + 1));
		assert.equal(await page.getByRole("alert").count(), 0);
		const lift = simulator.failWhen("/conversations", "permission");
		await page.getByRole("alert").waitFor();
		lift();
		await click("Refresh");
		// Whole pages, so that all 26 are there again.
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
		simulator.receiveMessage();
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE + 1));
		assert.equal(await page.getByRole("alert").count(), 0);
	});

	it("asks nothing more once the component is gone", async () => {
		await show(live);
		await rowsAre(simulator.conversations().slice(0, PAGE));
		await settled();
		await page.evaluate("leave()");
		const before = simulator.requests.length;
		await new Promise((resolve) => setTimeout(resolve, 1_500));
		assert.equal(simulator.requests.length, before);
		assert.deepEqual(complaints, []);
	});
});

describe("leaving", () => {
	it("drops what was asked before the parameters changed", async () => {
		const releases = ["MESSENGER", "INSTAGRAM"].map((platform) =>
			hold(({ query }) => query.get("platform") === platform),
		);
		await show({ platform: "messenger" });
		const asked = page.waitForRequest(/INSTAGRAM/);
		await show({ platform: "instagram" });
		await asked;
		const shown = await page.locator("section").getAttribute("aria-busy");
		assert.equal(shown, "true");
		assert.equal(await page.getByRole("alert").count(), 0);
		for (const release of releases) release();
		await rowsAre(simulator.conversations({ platform: "INSTAGRAM" }));
		await nothingIsWrong();
	});

	it("reads once for parameters that say the same", async () => {
		await show({ platform: "instagram" });
		await settled();
		const before = simulator.requests.length;
		await show({ platform: "instagram" });
		await settled();
		assert.equal(simulator.requests.length, before);
	});

	/** @type {[what: string, match: Parameters<typeof hold>[0], pattern: RegExp][]} */
	const underWay = [
		["a page", ({ query }) => query.has("fields"), /conversations/],
		["owners", ({ items }) => items.length > 0, /v25\.0\/$/],
	];
	for (const [what, match, pattern] of underWay)
		it(`breaks off ${what} under way`, async () => {
			const release = hold(match);
			const asked = page.waitForRequest(pattern);
			await show();
			await asked;
			const failed = page.waitForEvent("requestfailed", (request) =>
				pattern.test(request.url()),
			);
			await page.evaluate("leave()");
			assert.equal((await failed).failure()?.errorText, "net::ERR_ABORTED");
			release();
			assert.deepEqual(complaints, []);
		});
});

describe("actions", () => {
	it("do nothing once the component is gone", async () => {
		await page.evaluate("probe()");
		await settled();
		await page.evaluate("leave()");
		const before = simulator.requests.length;
		await page.evaluate("Promise.all([hook.refresh(), hook.loadMore()])");
		assert.equal(simulator.requests.length, before);
		assert.deepEqual(complaints, []);
	});

	it("load nothing behind the end", async () => {
		await page.evaluate("probe()");
		await settled();
		const before = lists().length;
		await page.evaluate("Promise.resolve(hook.loadMore())");
		assert.equal(lists().length, before);
		assert.equal(await page.evaluate("hook.conversations.length"), 4);
	});

	it("stay the same functions", async () => {
		await page.evaluate("probe()");
		const before = "globalThis.before = [hook.refresh, hook.loadMore]";
		await page.evaluate(`${before}, undefined`);
		await settled();
		const same = "before[0] === hook.refresh && before[1] === hook.loadMore";
		assert.equal(await page.evaluate(same), true);
	});
});

describe("errors", () => {
	it("are shown, and gone when it works again", async () => {
		const lift = simulator.failWhen("/conversations", "permission");
		await show();
		const alert = page.getByRole("alert");
		await alert.waitFor();
		assert.match((await alert.textContent()) ?? "", /GraphError/);
		await settled();
		lift();
		await click("Refresh");
		await rowsAre(simulator.conversations().slice(0, PAGE));
		assert.equal(await alert.count(), 0);
		assert.ok(!(await page.content()).includes(TOKEN));
	});

	it("leave the rows that are there", async () => {
		await show();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		simulator.failWhen("after=", "html502", 1);
		await click("More");
		await page.getByRole("alert").waitFor();
		await rowsAre(simulator.conversations().slice(0, PAGE));
		await click("More");
		await rowsAre(simulator.conversations().slice(0, 2 * PAGE));
	});
});

/** @param {import("../../recipes/use-inbox.jsx").Params} [params] */
async function show(params) {
	await page.evaluate(`show(${JSON.stringify(params)})`);
}

/** @param {string} name */
async function click(name) {
	await page.getByRole("button", { name }).click();
}

/**
 * Answers that match wait until they are released.
 *
 * @param {(request: import("graph-inbox/simulator").RecordedRequest) => boolean} match
 */
function hold(match) {
	let release = () => {};
	/** @type {Promise<void>} */
	const released = new Promise((resolve) => {
		release = resolve;
	});
	simulator.failWhen(match, async (_, answer) => {
		await released;
		return answer;
	});
	return release;
}

/** @param {import("graph-inbox").Conversation[]} conversations */
async function ownersOf(conversations) {
	const inbox = createInbox({
		pageId,
		accessToken: TOKEN,
		fetch: simulator.fetch,
	});
	const people = conversations.map((each) => personOf(each, simulator));
	const results = await inbox.getThreadOwners(people);
	return results.map(({ owner }) => owner?.state);
}

const lists = () =>
	simulator.requests.filter(({ path }) => path.endsWith("/conversations"));

const rowIds = () =>
	page.$$eval("li", (rows) => rows.map(({ dataset }) => dataset.id));

const owners = () =>
	page.$$eval("li small", (states) =>
		states.map(({ textContent }) => textContent),
	);

/** @param {{ id: string }[]} conversations */
async function rowsAre(conversations) {
	await page
		.waitForFunction(
			(wanted) =>
				wanted ===
				[...document.querySelectorAll("li")]
					.map(({ dataset }) => dataset.id)
					.join(),
			ids(conversations).join(),
			{ timeout: 10_000 },
		)
		.catch(async () => assert.deepEqual(await rowIds(), ids(conversations)));
}

async function settled() {
	await page.locator("section[aria-busy=false]").waitFor({ state: "attached" });
}

async function nothingIsWrong() {
	await settled();
	assert.deepEqual(complaints, []);
	assert.ok(!(await page.content()).includes(TOKEN));
}
