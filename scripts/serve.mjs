// Serves the demo: www/ as it is, with the built package under /graph-inbox/ and the whereabouts of Graph at /demo.json.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { at } from "./tools.mjs";

/**
 * What the page is told, as JSON at /demo.json.
 *
 * @typedef {object} DemoSettings
 * @property {string} graphUrl where the simulator is
 * @property {string} pageId
 * @property {string} accessToken the simulator's, which opens nothing real
 * @property {string} instagramAccountId
 * @property {string} appId
 * @property {string} [liveGraphUrl] default: Meta's own
 */

/** @type {Record<string, string>} */
const MIME_TYPES = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".json": "application/json; charset=utf-8",
	".wasm": "application/wasm",
};

/** Longest prefix first. */
const FOLDERS = [
	{ prefix: "/graph-inbox/", folder: at("pkg", "dist") },
	{ prefix: "/", folder: at("www") },
];

/** @param {DemoSettings & { port?: number }} options */
export async function serveDemo({ port = 0, ...settings }) {
	const headers = safetyHeaders(settings);
	const server = createServer(async (request, response) => {
		const { status, type, body } = await answer(request, settings);
		response.writeHead(status, { ...headers, "content-type": type });
		response.end(request.method === "HEAD" ? undefined : body);
	});
	server.listen(port, "127.0.0.1");
	await once(server, "listening");
	const address = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	return {
		url: `http://127.0.0.1:${address.port}/`,
		async close() {
			const closed = once(server, "close");
			server.close();
			// Browsers keep connections open for the next page.
			server.closeAllConnections();
			await closed;
		},
	};
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {DemoSettings} settings
 */
async function answer({ method, url = "/" }, settings) {
	if (method !== "GET" && method !== "HEAD") return plain(405);
	const path = readPath(url);
	if (path === undefined) return plain(400);
	if (path === "/demo.json") {
		const body = JSON.stringify(settings);
		return { status: 200, type: MIME_TYPES[".json"], body };
	}
	const file = findFile(path === "/" ? "/index.html" : path);
	const type = file && MIME_TYPES[extname(file)];
	if (!type) return plain(404);
	try {
		return { status: 200, type, body: await readFile(file) };
	} catch {
		return plain(404);
	}
}

/** @param {number} status */
function plain(status) {
	return { status, type: "text/plain; charset=utf-8", body: `${status}\n` };
}

/** @param {string} url */
function readPath(url) {
	try {
		return decodeURIComponent(url.split("?", 1)[0]);
	} catch {
		return undefined;
	}
}

/** @param {string} path decoded, so that `..` cannot hide */
function findFile(path) {
	const found = FOLDERS.find(({ prefix }) => path.startsWith(prefix));
	if (!found || path.includes("\0")) return undefined;
	const file = join(found.folder, path.slice(found.prefix.length));
	return file.startsWith(found.folder + sep) ? file : undefined;
}

/** @param {DemoSettings} settings */
function safetyHeaders({ graphUrl, liveGraphUrl }) {
	const graphs = [graphUrl, liveGraphUrl, "https://graph.facebook.com"];
	return {
		"cache-control": "no-store",
		"content-security-policy": [
			"default-src 'none'",
			"script-src 'self' 'wasm-unsafe-eval'",
			"style-src 'self'",
			"img-src 'self' data:",
			`connect-src 'self' ${graphs.filter(Boolean).join(" ")}`,
			"base-uri 'none'",
			"form-action 'none'",
			"frame-ancestors 'none'",
		].join("; "),
		"referrer-policy": "no-referrer",
		"x-content-type-options": "nosniff",
	};
}
