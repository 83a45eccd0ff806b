// The dashboard of the README in Chromium, as it stands there; what it sends to Graph is answered by a simulator.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createGraphSimulator } from "graph-inbox/simulator";
import { documents } from "../docs/documents.mjs";
import { personOf } from "../package/graph.mjs";
import { bundle, openTab, serveScript } from "./chromium.mjs";

const simulator = createGraphSimulator({
	conversations: { messenger: 8, instagram: 4 },
});
const readme = documents.find(({ name }) => name === "README.md");
const [{ code }] =
	readme?.blocks.filter(({ heading }) => heading === "Who has to answer") ?? [];

it("the dashboard of the README shows who waits, and follows the inbox", async () => {
	assert.ok(code.trim().split("\n").length <= 30);
	const { page, complaints } = await openTab();
	page.setDefaultTimeout(10_000);
	page.on("dialog", (dialog) => dialog.accept(simulator.accessToken));
	await page.route("https://graph.facebook.com/**", async (route) => {
		const request = route.request();
		const answer = await simulator.fetch(request.url(), {
			method: request.method(),
			headers: await request.allHeaders(),
			body: request.postData(),
		});
		await route.fulfill({
			status: answer.status,
			contentType: "application/json",
			headers: { "access-control-allow-origin": "*" },
			body: await answer.text(),
		});
	});
	// Looks follow each other faster than every 15 s.
	await page.addInitScript(() => {
		const wait = globalThis.setTimeout;
		Reflect.set(globalThis, "setTimeout", (/** @type {any} */ done, ms = 0) =>
			wait(done, Math.min(ms, 100)),
		);
	});
	await page.goto(await serveScript(await bundle(code), "<ol></ol>"));
	await page.locator("li").nth(11).waitFor();

	const changed = simulator.receiveMessage({ text: "<b>Is it open?</b>" });
	const { appId } = simulator;
	simulator.setOwner(personOf(changed, simulator), { app_id: appId });
	const row = page.locator("li", { hasText: "Is it open?" });
	await row.waitFor();
	assert.match(
		await row.innerText(),
		/^<b>Is it open\?<\/b> \(answer until .+, self\)$/,
	);
	const rows = await page.locator("li").allInnerTexts();
	const isWaiting = rows.map((text) => text.includes("(answer until "));
	assert.ok(isWaiting.includes(false));
	assert.deepEqual(isWaiting, isWaiting.toSorted().toReversed());
	assert.deepEqual(complaints, []);
});
