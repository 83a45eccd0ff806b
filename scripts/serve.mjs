// Serves the demo: www/ as it is, with the built package under /graph-inbox/. Any server of files would do as well.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, sep } from "node:path";
import { at } from "./tools.mjs";

/** @type {Record<string, string>} */
const MIME_TYPES = {
	".css": "text/css; charset=utf-8",
	".html": "text/html; charset=utf-8",
	".js": "text/javascript; charset=utf-8",
	".svg": "image/svg+xml",
	".wasm": "application/wasm",
};

/** Longest prefix first. */
const FOLDERS = [
	{ prefix: "/graph-inbox/", folder: at("pkg", "dist") },
	{ prefix: "/", folder: at("www") },
];

/** The Graph of live mode, as the page and its policy name it. */
const GRAPH = "https://graph.facebook.com";

/** Besides the policy that the page states itself: what only headers can say. */
const HEADERS = {
	"cache-control": "no-store",
	"content-security-policy": "frame-ancestors 'none'",
	"x-content-type-options": "nosniff",
};

/**
 * @param {object} [options]
 * @param {number} [options.port] 0 for any
 * @param {string} [options.liveGraphUrl] what live mode asks in place of Meta's Graph
 */
export async function serveDemo({ port = 0, liveGraphUrl = GRAPH } = {}) {
	const server = createServer(async (request, response) => {
		const { status, type, body } = await answer(request, liveGraphUrl);
		response.writeHead(status, { ...HEADERS, "content-type": type });
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
 * @param {string} liveGraphUrl
 */
async function answer({ method, url = "/" }, liveGraphUrl) {
	if (method !== "GET" && method !== "HEAD") return plain(405);
	const path = readPath(url);
	if (path === undefined) return plain(400);
	const file = findFile(path === "/" ? "/index.html" : path);
	const type = file && MIME_TYPES[extname(file)];
	if (!type) return plain(404);
	try {
		const body = await readFile(file);
		if (!file.endsWith(".html")) return { status: 200, type, body };
		const page = body.toString().replaceAll(GRAPH, liveGraphUrl);
		return { status: 200, type, body: page };
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
