// Serves a folder as any web server would: what a bundler built, or an app that needs none.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { after } from "node:test";
import { settings } from "./row.mjs";

/** @type {Record<string, string>} */
const MIME_TYPES = {
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".wasm": "application/wasm",
};

/**
 * @param {string} folder
 * @param {Record<string, string>} [headers] of every answer
 * @returns {Promise<string>} its URL, which holds until the tests around the call are over
 */
export async function serve(folder, headers = {}) {
	const server = createServer(async ({ url = "/" }, response) => {
		const path = new URL(url, "http://localhost").pathname;
		const body = await contents(folder, path.replace(/\/$/, "/index.html"));
		const type = MIME_TYPES[extname(path) || ".html"];
		response.writeHead(body === undefined ? 404 : 200, {
			...headers,
			"content-type": (body && type) ?? "text/plain",
		});
		response.end(body);
	});
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
	return `http://127.0.0.1:${port}/`;
}

/**
 * @param {string} folder
 * @param {string} path
 * @returns {Promise<string | Uint8Array | undefined>}
 */
async function contents(folder, path) {
	if (path === "/settings.json") return JSON.stringify(settings);
	const file = join(folder, decodeURIComponent(path));
	if (!file.startsWith(resolve(folder) + sep)) return undefined;
	return readFile(file).catch(() => undefined);
}
