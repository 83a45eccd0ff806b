// A recipe's browser side, bundled as an app would bundle it and shown in Chromium.
import { once } from "node:events";
import { createServer } from "node:http";
import { after } from "node:test";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { at } from "../../scripts/tools.mjs";

/** @type {Promise<import("playwright-core").Browser> | undefined} */
let browser;
after(async () => (await browser)?.close());

/**
 * @param {string} code of a module in this folder
 * @returns {Promise<string>} one script
 */
export async function bundle(code) {
	const { outputFiles } = await build({
		stdin: {
			contents: code,
			resolveDir: at("tests", "recipes"),
			loader: "jsx",
		},
		bundle: true,
		format: "esm",
		jsx: "automatic",
		// React tells of mistakes, and mounts twice under StrictMode, in development alone.
		define: { "process.env.NODE_ENV": '"development"' },
		write: false,
	});
	return outputFiles[0].text;
}

/**
 * Serves a page that runs a script, on an origin of its own, for as long as the tests around the call run.
 *
 * @param {string} script
 * @param {string} [body]
 * @returns {Promise<string>} its origin
 */
export async function serveScript(script, body = "") {
	const html = `<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body>${body}<script type="module" src="/script.js"></script>`;
	const server = createServer(({ url }, response) => {
		const isScript = url === "/script.js";
		response.setHeader(
			"content-type",
			isScript ? "text/javascript" : "text/html",
		);
		response.end(isScript ? script : html);
	});
	return listen(server);
}

/**
 * @param {import("node:http").Server} server closed with the tests around the call
 * @returns {Promise<string>} its origin
 */
export async function listen(server) {
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	after(() => {
		server.close();
		// Browsers keep connections open for the next page.
		server.closeAllConnections();
	});
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	return `http://127.0.0.1:${port}`;
}

/**
 * An empty tab, and what goes wrong in it.
 *
 * @returns {Promise<{ page: import("playwright-core").Page, complaints: string[] }>}
 */
export async function openTab() {
	browser ??= chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
	});
	const page = await (await browser).newPage();
	/** @type {string[]} */
	const complaints = [];
	page.on("console", (message) => {
		if (["error", "warning"].includes(message.type()))
			complaints.push(message.text());
	});
	page.on("pageerror", (error) => complaints.push(String(error)));
	return { page, complaints };
}
