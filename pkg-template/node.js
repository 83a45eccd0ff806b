// The entry graph-inbox/node: a `fetch` on node:http and node:https. No other entry imports a module of Node.
import { setMaxListeners } from "node:events";
import { pipeline } from "node:stream";

/** @typedef {import("node:http").Agent} Agent */
/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:net").Socket} Socket */
/** @typedef {{ request: typeof import("node:http").request, agent: Agent }} Transport */

/** An idle connection is closed after this time, or a second before the server says that it closes it. */
const IDLE_MS = 60_000;
const MOST_IDLE_SOCKETS = 1024;
/** The bytes of a body that are received before somebody reads them. Beyond that the connection is paused. */
const MOST_BYTES_AHEAD = 2 ** 18;
/** The longest body that is inflated at once, in bytes: some milliseconds, in which nothing else runs. */
const MOST_BYTES_AT_ONCE = 2 ** 21;

/** @type {typeof import("./node.d.ts").nodeFetch} */
export function nodeFetch(options = {}) {
	const maxSockets = readMaxSockets(options);
	/** @type {Map<string, Promise<Transport>>} */
	const transports = new Map();
	return async (input, init = {}) => {
		const url = parseUrl(input);
		const { protocol } = url;
		let transport = transports.get(protocol);
		if (!transport) {
			transport = loadTransport(protocol, maxSockets);
			transports.set(protocol, transport);
		}
		const response = await send(await transport, url, init);
		// It has the members of a `Response` that this package and most callers use, and not the others.
		return /** @type {any} */ (response);
	};
}

/** @param {import("./node.d.ts").NodeFetchOptions} options */
function readMaxSockets(options) {
	for (const name of Object.keys(options))
		if (name !== "maxSockets")
			throw new TypeError(`nodeFetch has no option ${name}`);
	const { maxSockets = Number.POSITIVE_INFINITY } = options;
	const isCount = Number.isSafeInteger(maxSockets) && maxSockets > 0;
	if (!isCount && maxSockets !== Number.POSITIVE_INFINITY)
		throw new TypeError("maxSockets must be an integer above 0, or Infinity");
	return maxSockets;
}

/** @param {unknown} input */
function parseUrl(input) {
	/** @type {URL} */
	let url;
	try {
		url = new URL(String(input));
	} catch {
		// Node's own error holds the URL, which can have a token in it.
		throw new TypeError("nodeFetch cannot parse the URL");
	}
	if (!/^https?:$/.test(url.protocol))
		throw new TypeError("nodeFetch needs a URL with https: or http:");
	if (url.username || url.password)
		throw new TypeError("nodeFetch takes no URL with a user or a password");
	return url;
}

/** The bytes that a connection had received when it was last reused. @type {WeakMap<object, number>} */
const bytesBefore = new WeakMap();

/**
 * Loads one of the two modules, because each takes milliseconds.
 *
 * @param {string} protocol
 * @param {number} maxSockets
 * @returns {Promise<Transport>}
 */
async function loadTransport(protocol, maxSockets) {
	const { Agent, request } =
		protocol === "https:"
			? await import("node:https")
			: await import("node:http");
	const agent = new Agent({
		keepAlive: true,
		maxSockets,
		maxFreeSockets: MOST_IDLE_SOCKETS,
		// Ends idle connections only: a request that takes longer goes on.
		timeout: IDLE_MS,
	});
	const { reuseSocket } = agent;
	agent.reuseSocket = (socket, request) => {
		bytesBefore.set(socket, /** @type {Socket} */ (socket).bytesRead);
		reuseSocket.call(agent, socket, request);
	};
	return { request, agent };
}

/**
 * Sends a request and returns its response as soon as the headers have arrived.
 *
 * @param {Transport} transport
 * @param {URL} url
 * @param {RequestInit} init
 * @returns {Promise<NodeResponse>}
 */
const send = ({ request, agent }, url, { method, headers, body, signal }) =>
	new Promise((resolve, reject) => {
		if (signal?.aborted) throw signal.reason;
		const content = contentOf(body);
		const options = {
			agent,
			protocol: url.protocol,
			host: url.hostname.replace(/^\[|\]$/g, ""),
			port: url.port,
			path: url.pathname + url.search,
			method: method ?? "GET",
			headers: requestHeaders(url, headers, content),
		};
		/** @type {import("node:http").ClientRequest} */
		let sent;
		/** @type {Body | undefined} */
		let received;
		let isOver = false;
		const leave = () => {
			isOver = true;
			signal?.removeEventListener("abort", onAbort);
		};
		const fail = (/** @type {unknown} */ reason) => {
			if (isOver) return;
			leave();
			reject(reason);
			received?.fail(reason);
			sent.destroy();
		};
		const onAbort = () => fail(signal?.reason);
		const attempt = (/** @type {boolean} */ mayRepeat) => {
			const current = request(options, (message) => {
				received = new Body(message, leave, fail);
				resolve(new NodeResponse(url, message, received));
			});
			sent = current;
			current.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
				if (mayRepeat && !isOver && !received && wasStale(current, error)) {
					// Whatever closed this connection has most likely closed the idle ones too.
					for (const idle of Object.values(agent.freeSockets))
						for (const socket of idle ?? []) socket.destroy();
					attempt(false);
				} else fail(lost(received, error));
			});
			current.on("close", () => {
				// After a switch of protocols there is neither a response nor an error.
				if (!received && current === sent) fail(lost(received, undefined));
			});
			current.end(content);
		};
		attempt(true);
		if (!signal) return;
		try {
			// More than ten requests may share a signal.
			setMaxListeners(0, signal);
		} catch {
			// It is the signal of jsdom or of a polyfill, for which Node warns of nothing.
		}
		signal.addEventListener("abort", onAbort);
	});

/**
 * Returns what the global `fetch` rejects with when a connection is lost, so that messages are the same with both.
 *
 * @param {unknown} received the body, if there is one
 * @param {unknown} cause
 */
const lost = (received, cause) =>
	new TypeError(received ? "terminated" : "fetch failed", { cause });

/**
 * Tells whether a request failed because the server had closed the kept-alive connection before it came, so that it can be
 * sent again.
 *
 * @param {import("node:http").ClientRequest} request
 * @param {NodeJS.ErrnoException} error
 */
const wasStale = ({ reusedSocket, socket }, { code }) =>
	reusedSocket &&
	(code === "ECONNRESET" || code === "EPIPE") &&
	socket !== null &&
	socket.bytesRead === bytesBefore.get(socket);

/** @param {RequestInit["body"]} body */
function contentOf(body) {
	if (body === undefined || body === null) return undefined;
	if (typeof body === "string" || body instanceof Uint8Array) return body;
	throw new TypeError("nodeFetch takes a body that is a string or bytes");
}

/** The headers that a request has unless the caller gives others. */
const HEADERS = [
	["accept", "*/*"],
	["accept-encoding", "gzip"],
	["user-agent", "node"],
];

/**
 * Returns the headers as Node takes them fastest: names and values by turns.
 *
 * @param {URL} url
 * @param {RequestInit["headers"]} given
 * @param {string | Uint8Array} [content]
 */
function requestHeaders({ host }, given = {}, content = undefined) {
	const headers = ["host", host];
	if (content !== undefined)
		headers.push("content-length", String(Buffer.byteLength(content)));
	const pairs = Symbol.iterator in given ? [...given] : Object.entries(given);
	for (const [name, value] of pairs) headers.push(name, value);
	for (const [name, value] of HEADERS)
		if (!pairs.some(([other]) => other.toLowerCase() === name))
			headers.push(name, value);
	return headers;
}

/** The body of a response as it arrives, still compressed. */
class Body {
	/** @type {Buffer[]} */
	#pieces = [];
	#size = 0;
	/** @type {{ resolve: (result: IteratorResult<Buffer, undefined>) => void, reject: (reason: unknown) => void } | undefined} */
	#reader;
	/** The reason in an array, because it can be any value. @type {[unknown] | undefined} */
	failure;
	/** Whether the last byte has arrived. */
	isComplete = false;
	#failRequest;

	/**
	 * @param {IncomingMessage} message
	 * @param {() => void} onComplete
	 * @param {(reason: unknown) => void} fail ends the request where it is not complete, and this body
	 */
	constructor(message, onComplete, fail) {
		this.message = message;
		this.#failRequest = fail;
		message.on("data", (piece) => {
			this.#size += piece.length;
			this.#pieces.push(piece);
			if (this.#size < MOST_BYTES_AHEAD) return;
			message.pause();
			this.#deliver();
		});
		message.on("end", () => {
			this.isComplete = true;
			onComplete();
			this.#deliver();
		});
		message.on("error", (error) => fail(lost(this, error)));
	}

	/** @param {unknown} reason */
	fail(reason) {
		this.failure = [reason];
		this.#reader?.reject(reason);
		this.#reader = undefined;
	}

	/**
	 * Drops what is left, and ends the request.
	 *
	 * @param {unknown} reason what `read` rejects with from now on
	 */
	cancel(reason) {
		this.fail(reason);
		this.#failRequest(reason);
	}

	/**
	 * Returns all bytes that have arrived since the last call, as soon as there are many, or the last one is among them. Most
	 * bodies are one such piece.
	 *
	 * @returns {Promise<IteratorResult<Buffer, undefined>>}
	 */
	read() {
		return new Promise((resolve, reject) => {
			if (this.failure) return reject(this.failure[0]);
			this.#reader = { resolve, reject };
			if (this.isComplete || this.#size >= MOST_BYTES_AHEAD) this.#deliver();
		});
	}

	#deliver() {
		if (!this.#reader) return;
		const { resolve } = this.#reader;
		this.#reader = undefined;
		if (this.#size === 0) return resolve({ done: true, value: undefined });
		const pieces = this.#pieces;
		const value =
			pieces.length === 1 ? pieces[0] : Buffer.concat(pieces, this.#size);
		this.#pieces = [];
		this.#size = 0;
		if (!this.isComplete) this.message.resume();
		resolve({ done: false, value });
	}
}

/**
 * Inflates a body.
 *
 * @param {Body} body
 * @returns {AsyncGenerator<Buffer, undefined>}
 */
async function* inflated(body) {
	const { done, value } = await body.read();
	if (done) return;
	const { createGunzip, gunzipSync } = await import("node:zlib");
	// The last four bytes are the length, modulo 2³². A stream would take 200 µs more, most of it to start.
	if (
		body.isComplete &&
		value.length > 4 &&
		value.readUInt32LE(value.length - 4) <= MOST_BYTES_AT_ONCE
	) {
		let bytes;
		try {
			bytes = gunzipSync(value, {
				chunkSize: 2 ** 16,
				maxOutputLength: MOST_BYTES_AT_ONCE,
			});
		} catch (error) {
			const { code } = /** @type {NodeJS.ErrnoException} */ (error);
			if (code !== "ERR_BUFFER_TOO_LARGE") throw lost(body, error);
		}
		if (bytes) {
			yield bytes;
			return;
		}
	}
	const gunzip = createGunzip();
	const all = async function* () {
		yield value;
		for (;;) {
			const { done, value } = await body.read();
			if (done) return;
			yield value;
		}
	};
	pipeline(all, gunzip, () => {});
	try {
		yield* gunzip;
	} catch (error) {
		throw body.failure ? body.failure[0] : lost(body, error);
	}
}

/** The members of a `Response` that this package uses, and the few that others expect most. A real one takes 20 µs more. */
class NodeResponse {
	redirected = false;
	type = "default";

	/**
	 * @param {URL} url
	 * @param {IncomingMessage} message
	 * @param {Body} body
	 */
	constructor({ href }, message, body) {
		this.url = href;
		this.status = message.statusCode ?? 0;
		this.statusText = message.statusMessage ?? "";
		this.ok = this.status >= 200 && this.status < 300;
		this.headers = new ResponseHeaders(message);
		const encoding = this.headers.get("content-encoding")?.toLowerCase();
		this.body = { getReader: () => readerOf(body, encoding) };
	}

	async text() {
		const reader = this.body.getReader();
		const decoder = new TextDecoder();
		let text = "";
		for (;;) {
			const { done, value } = await reader.read();
			if (done) return text + decoder.decode();
			text += decoder.decode(value, { stream: true });
		}
	}

	async json() {
		return JSON.parse(await this.text());
	}
}

/** The headers of a response, which Node parses when one of them is asked for. */
class ResponseHeaders {
	#message;

	/** @param {IncomingMessage} message */
	constructor(message) {
		this.#message = message;
	}

	/** @param {string} name */
	get(name) {
		const value = this.#message.headers[name.toLowerCase()];
		return (Array.isArray(value) ? value.join(", ") : value) ?? null;
	}

	/** @param {string} name */
	has(name) {
		return this.get(name) !== null;
	}

	*[Symbol.iterator]() {
		for (const name of Object.keys(this.#message.headers))
			yield [name, this.get(name)];
	}
}

/**
 * @param {Body} body
 * @param {string | undefined} encoding
 */
function readerOf(body, encoding) {
	if (encoding && /^(x-)?gzip$/.test(encoding)) {
		const pieces = inflated(body);
		return {
			read: () => pieces.next(),
			async cancel(/** @type {unknown} */ reason) {
				body.cancel(reason);
				await pieces.return(undefined);
			},
		};
	}
	if (encoding && encoding !== "identity")
		body.cancel(new TypeError(`a body with content-encoding ${encoding}`));
	return {
		read: () => body.read(),
		cancel: async (/** @type {unknown} */ reason) => body.cancel(reason),
	};
}
