// Servers that a test is attacked by: of bytes, or of HTTP.
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";

/**
 * @typedef {object} Attack
 * @property {string} what
 * @property {(socket: import("node:net").Socket) => void} [bytes] answers with bytes, once a request has arrived
 * @property {(request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse) => unknown} [http] answers
 * @property {Partial<Record<CallName, Ending>>} ends what must come out of which call
 */

/** @typedef {"await" | "iterate" | "pages" | "withOwner" | "catchUp" | "owner" | "owners"} CallName */
/** @typedef {string | ((value: any) => void)} Ending kinds of errors (a|b: which one is the runtime's to say), or a look at the right answer */

/** @param {Attack} attack */
export async function serve({ bytes, http }) {
	/** @type {Set<import("node:net").Socket>} */
	const sockets = new Set();
	/** @type {string[]} */
	const asked = [];
	const server = http
		? createHttpServer((request, response) => {
				asked.push(`${request.method} ${request.url}`);
				response.on("error", () => {});
				http(request, response);
			})
		: createServer((socket) => {
				socket.once("data", (data) => {
					asked.push(String(data).split("\r\n", 1)[0]);
					bytes?.(socket);
				});
			});
	server.on("connection", (/** @type {import("node:net").Socket} */ socket) => {
		sockets.add(socket);
		// The client may leave whenever it likes.
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	return {
		url: `http://127.0.0.1:${port}`,
		asked,
		async close() {
			const closed = once(server, "close");
			server.close();
			for (const socket of sockets) socket.destroy();
			await closed;
		},
	};
}

/**
 * Writes for as long as anybody reads, and no faster.
 *
 * @param {import("node:stream").Writable} to
 * @param {(count: number) => string | Uint8Array | undefined} piece `undefined` is the end
 */
export function pour(to, piece) {
	let count = 0;
	const more = () => {
		while (!to.destroyed) {
			const next = piece(count++);
			if (next === undefined) return void to.end();
			if (!to.write(next)) return void to.once("drain", more);
		}
	};
	more();
}

/** @type {CallName[]} */
const LISTS = ["await", "iterate", "pages", "withOwner", "catchUp"];

/** @param {Ending} ending */
export const lists = (ending) =>
	Object.fromEntries(LISTS.map((name) => [name, ending]));

/** @param {Ending} ending */
export const every = (ending) => ({
	...lists(ending),
	owner: ending,
	owners: ending,
});

/**
 * Answers with a body as it is, under 200 as JSON, unless told otherwise.
 *
 * @param {string | Uint8Array} body
 * @param {Record<string, string | string[]>} [headers]
 * @param {number} [status]
 * @returns {NonNullable<Attack["http"]>}
 */
export const answering =
	(body, headers = {}, status = 200) =>
	(_, response) => {
		response.writeHead(status, {
			"content-type": "application/json",
			...headers,
		});
		response.end(body);
	};

/** The good answer to every call: a page, its threads' owners. @type {NonNullable<Attack["http"]>} */
export function good(request, response) {
	const owner = '{"data":[{"thread_owner":{"app_id":"7"}}]}';
	const item = { code: 200, body: owner };
	const page = {
		data: [{ id: "t_1", participants: { data: [{ id: "1" }, { id: "2" }] } }],
	};
	const isList = request.url?.includes("/conversations");
	if (request.method === "POST")
		return answering(JSON.stringify([item, item]))(request, response);
	return answering(isList ? JSON.stringify(page) : owner)(request, response);
}
