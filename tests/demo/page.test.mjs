import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { choose, openDemo, settled } from "./browser.mjs";

/** @type {Awaited<ReturnType<typeof openDemo>>} */
let demo;
before(async () => {
	demo = await openDemo({ simulator: { conversations: 30 } });
	await demo.page.goto(demo.url);
	await settled(demo.page);
});
after(() => demo.close());

/**
 * @param {string} path sent as it is, which `fetch` would not
 * @param {string} [method]
 * @returns {Promise<{ status?: number, headers: import("node:http").IncomingHttpHeaders }>}
 */
function get(path, method = "GET") {
	return new Promise((resolve, reject) => {
		const { hostname, port } = new URL(demo.url);
		request({ hostname, port, path, method }, (response) => {
			response.resume();
			resolve({ status: response.statusCode, headers: response.headers });
		})
			.on("error", reject)
			.end();
	});
}

for (const width of [360, 375, 640, 768, 821, 1024, 1920]) {
	test(`nothing scrolls sideways at ${width} px`, async () => {
		const { page } = demo;
		await page.setViewportSize({ width, height: 800 });
		for (const source of ["Live Graph", "Simulator"]) {
			await choose(page, source);
			if (source === "Simulator") await settled(page);
			const wide = await page.evaluate(() => {
				const { scrollWidth, clientWidth } = document.documentElement;
				return scrollWidth - clientWidth;
			});
			assert.equal(wide, 0, source);
		}
	});
}

test("on a phone each row is a card, with all that the table tells", async () => {
	const { page } = demo;
	await page.setViewportSize({ width: 360, height: 800 });
	const row = page.locator("tr[data-id]").first();
	const box = await row.boundingBox();
	for (const cell of await row.locator("> *").all()) {
		const inside = await cell.boundingBox();
		assert.ok(box && inside);
		assert.ok(inside.x >= box.x && inside.y >= box.y);
		assert.ok(inside.x + inside.width <= box.x + box.width);
		assert.ok(inside.y + inside.height <= box.y + box.height);
	}
	await page.setViewportSize({ width: 1280, height: 800 });
});

test("the head of the table stays in sight", async () => {
	const { page } = demo;
	await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
	const head = page.getByRole("columnheader", { name: "Owner" });
	assert.equal((await head.boundingBox())?.y, 0);
	await page.evaluate(() => scrollTo(0, 0));
});

test("the keyboard reaches every control", async () => {
	const { page } = demo;
	await page.locator("body").click({ position: { x: 2, y: 2 } });
	const reached = [];
	for (let press = 0; press < 5; press += 1) {
		await page.keyboard.press("Tab");
		reached.push(
			await page.evaluate(() => {
				const element = document.activeElement;
				return element instanceof HTMLInputElement
					? element.name
					: element?.textContent;
			}),
		);
	}
	assert.deepEqual(reached, [
		"source",
		"folder",
		"platform",
		"Refresh",
		"Load more",
	]);
	await page.keyboard.press("Enter");
	await page.waitForFunction(
		() => document.querySelectorAll("tr[data-id]").length === 30,
	);
	// The button is gone; what it did is where the focus is.
	assert.equal(await page.evaluate(() => document.activeElement?.id), "status");
	await settled(page);
});

test("the server says what may run, and caches nothing", async () => {
	const { status, headers } = await get("/");
	assert.equal(status, 200);
	assert.equal(headers["cache-control"], "no-store");
	assert.equal(
		headers["content-security-policy"],
		`default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src 'self' ${demo.graphUrl} https://graph.facebook.com; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
	);
	for (const [path, type] of [
		["/main.js", "text/javascript; charset=utf-8"],
		["/graph-inbox/index.js", "text/javascript; charset=utf-8"],
		["/graph-inbox/graph_inbox.wasm", "application/wasm"],
		["/style.css?x=1", "text/css; charset=utf-8"],
		["/demo.json", "application/json; charset=utf-8"],
	])
		assert.equal((await get(path)).headers["content-type"], type);
});

for (const path of [
	"/../package.json",
	"/%2e%2e/package.json",
	"/..%2fpackage.json",
	"/graph-inbox/../../package.json",
	"/graph-inbox/%2e%2e/package.json",
	"/..%5cpackage.json",
	"//etc/passwd",
	"/%00",
	"/graph-inbox/",
	"/graph-inbox",
	"/nothing.js",
]) {
	test(`${path} is not found`, async () => {
		assert.equal((await get(path)).status, 404);
	});
}

test("what is no path is refused, and so is writing", async () => {
	assert.equal((await get("/%zz")).status, 400);
	assert.equal((await get("/", "POST")).status, 405);
	assert.equal((await get("/", "HEAD")).status, 200);
});
