// A Graph fast enough to measure clients with: the simulator answers a request once, and every later one like it gets the
// same bytes again. Runs in a process of its own; start-server.mjs starts it.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { createGraphSimulator } from "../../pkg-template/simulator.js";

/** @typedef {{ latencyMs?: number, perConversationMs?: number, pages?: Record<string, Page> }} Order what to change; answered with what was done since the last one */
/** @typedef {{ requests: number, cpuMs: number }} Account */
/** @typedef {{ type: string, body: string }} Page for a browser, in base64, compressed by gzip */
/** @typedef {{ status: number, headers: string[], body: Buffer, conversations: number }} Answer `conversations` is the number of entries on a page */

/** As many as the longest stream. */
const conversations = { messenger: 100_000, instagram: 0 };
const simulator = createGraphSimulator({ conversations });
const { pageId, accessToken, appId } = simulator;

/** @type {Map<string, Answer>} */
const recorded = new Map();
/** @type {Map<string, { type: string, body: Buffer }>} */
const pages = new Map();
let latencyMs = 0;
let perConversationMs = 0;
let requests = 0;
let cpu = process.cpuUsage();

const server = createServer(async (request, response) => {
	requests++;
	const page = pages.get(request.url ?? "");
	if (page) {
		response.writeHead(200, {
			"content-type": page.type,
			"content-encoding": "gzip",
			"content-length": page.body.length,
			"cache-control": "max-age=3600",
		});
		response.end(page.body);
		return;
	}
	const body = request.method === "POST" ? await text(request) : undefined;
	const { method, url, headers } = request;
	const key = `${method} ${url} ${headers.authorization} ${body}`;
	let answer = recorded.get(key);
	if (!answer) {
		answer = await simulated(request, body);
		recorded.set(key, answer);
	}
	const { status, headers: given, body: bytes, conversations } = answer;
	const send = () => response.writeHead(status, given).end(bytes);
	const delayMs = latencyMs + perConversationMs * conversations;
	if (delayMs > 0) setTimeout(send, delayMs);
	else send();
});

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {string} [body]
 * @returns {Promise<Answer>}
 */
async function simulated({ method, url, headers }, body) {
	/** @type {Record<string, string>} */
	const passed = {};
	for (const name of ["authorization", "content-type"])
		if (headers[name]) passed[name] = `${headers[name]}`;
	const target = `http://${headers.host}${url}`;
	const answer = await simulator.fetch(target, {
		method,
		headers: passed,
		body,
	});
	const bytes = Buffer.from(await answer.arrayBuffer());
	const kept = [...answer.headers].flat();
	kept.push("content-length", `${bytes.length}`);
	const { data } = JSON.parse(bytes.toString());
	return {
		status: answer.status,
		headers: kept,
		body: bytes,
		conversations: Array.isArray(data) ? data.length : 0,
	};
}

process.on("message", (/** @type {Order} */ order) => {
	if (order.latencyMs !== undefined) latencyMs = order.latencyMs;
	if (order.perConversationMs !== undefined)
		perConversationMs = order.perConversationMs;
	for (const [path, { type, body }] of Object.entries(order.pages ?? {}))
		pages.set(path, { type, body: Buffer.from(body, "base64") });
	const { user, system } = process.cpuUsage(cpu);
	process.send?.({ requests, cpuMs: (user + system) / 1000 });
	requests = 0;
	cpu = process.cpuUsage();
});
process.on("disconnect", () => process.exit());

// Clients rest while others are measured, and must find their connections open.
server.keepAliveTimeout = 600_000;
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	// The first conversations are all that is asked about by name.
	const recipients = Array.from({ length: 4 }, () => {
		const { participants } = simulator.receiveMessage();
		const id = participants?.data.find(({ id }) => id !== pageId)?.id;
		simulator.setOwner(`${id}`, { app_id: appId });
		return id;
	});
	const [recipient] = recipients;
	const baseUrl = `http://127.0.0.1:${port}`;
	process.send?.({ baseUrl, pageId, accessToken, recipient, recipients });
});
