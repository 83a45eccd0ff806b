// The simulator behind a socket: for what only a real connection can show, and for clients in other processes.
// Run by itself it prints where it listens: node scripts/graph-server.mjs [--port N]

import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { createGraphSimulator } from "../pkg-template/simulator.js";
import { isMain } from "./tools.mjs";

/**
 * Serves a simulator. Its connection faults become the socket's: `connectionReset` resets it, `bodyCut` ends it before the promised
 * `content-length`.
 *
 * @param {Pick<import("../pkg-template/simulator.js").GraphSimulator, "fetch">} simulator
 * @param {{ port?: number, host?: string, beforeReset?: string }} [options] `beforeReset` is sent before a connection is reset
 */
export async function serveGraph(
	simulator,
	{ port = 0, host = "127.0.0.1", beforeReset } = {},
) {
	const server = createServer((request, response) => {
		answer(simulator, request, response).catch((error) => {
			// Faults of a connection are asked for; anything else is a mistake that must be seen.
			if (!isConnectionFault(error)) console.error(error);
			// A reset would take from the client what already reached it.
			const { socket } = request;
			if (response.headersSent) socket.destroy();
			else if (beforeReset)
				socket.write(beforeReset, () => socket.resetAndDestroy());
			else socket.resetAndDestroy();
		});
	});
	server.listen(port, host);
	await once(server, "listening");
	const address = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	return {
		url: `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`,
		port: address.port,
		async close() {
			const closed = once(server, "close");
			server.close();
			// Hanging answers would keep it open.
			server.closeAllConnections();
			await closed;
		},
	};
}

/**
 * @param {Pick<import("../pkg-template/simulator.js").GraphSimulator, "fetch">} simulator
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
async function answer(simulator, request, response) {
	const gone = new AbortController();
	response.once("close", () => gone.abort());
	const hasBody = request.method !== "GET" && request.method !== "HEAD";
	const body = hasBody ? await text(request) : undefined;
	const answered = await simulator.fetch(
		`http://${request.headers.host}${request.url}`,
		{
			method: request.method,
			headers: readHeaders(request),
			body,
			redirect: "manual",
			signal: gone.signal,
		},
	);
	response.writeHead(answered.status, [...answered.headers].flat());
	response.flushHeaders();
	for await (const piece of answered.body ?? []) {
		// A piece must be on its way before the connection is broken, or the client would not see it.
		await new Promise((resolve) => response.write(piece, resolve));
	}
	response.end();
}

/** @param {import("node:http").IncomingMessage} request */
function readHeaders({ rawHeaders }) {
	/** @type {[string, string][]} */
	const headers = [];
	for (let index = 0; index < rawHeaders.length; index += 2)
		headers.push([rawHeaders[index], rawHeaders[index + 1]]);
	return headers;
}

/** @param {unknown} error */
function isConnectionFault(error) {
	return (
		error instanceof Error &&
		(error.name === "AbortError" ||
			/^(fetch failed|terminated)$/.test(error.message))
	);
}

if (isMain(import.meta.url)) {
	const { values } = parseArgs({
		options: { port: { type: "string", default: "0" } },
	});
	const simulator = createGraphSimulator();
	const { url } = await serveGraph(simulator, { port: Number(values.port) });
	console.log(
		`Graph      ${url}\nPage ID    ${simulator.pageId}\nPage token ${simulator.accessToken}`,
	);
}
