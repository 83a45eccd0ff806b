import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { serveDemo } from "../../scripts/serve.mjs";

/** @type {Awaited<ReturnType<typeof serveDemo>>} */
let demo;
before(async () => {
	demo = await serveDemo();
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

test("the page says what may run, and the server that nobody frames or keeps it", async () => {
	const { status, headers } = await get("/");
	assert.equal(status, 200);
	assert.equal(headers["cache-control"], "no-store");
	assert.equal(headers["content-security-policy"], "frame-ancestors 'none'");
	assert.equal(headers["x-content-type-options"], "nosniff");
	const page = await (await fetch(demo.url)).text();
	const [, policy] =
		/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
	assert.equal(
		policy,
		"default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src https://graph.facebook.com; base-uri 'none'; form-action 'none'",
	);
	// Nothing of it comes from elsewhere.
	assert.deepEqual(
		[...page.matchAll(/(?:src|href)="([^"]*)"/g)]
			.map(([, url]) => url)
			.filter((url) => !/^[a-z-]+[./][\w./-]*$/.test(url)),
		[],
	);
});

test("each file comes as what it is", async () => {
	for (const [path, type] of [
		["/main.js", "text/javascript; charset=utf-8"],
		["/graph-inbox/index.js", "text/javascript; charset=utf-8"],
		["/graph-inbox/graph_inbox.wasm", "application/wasm"],
		["/styles/base.css?x=1", "text/css; charset=utf-8"],
		["/icon.svg", "image/svg+xml"],
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
