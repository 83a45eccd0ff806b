// nodeFetch of graph-inbox/node, against loopback servers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { getEventListeners, once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import { nodeFetch } from "graph-inbox/node";
import { cert, key } from "./certificate.mjs";
import { prints, reasonOf } from "./graph.mjs";

/** @typedef {import("node:net").Socket} Socket */
/** @typedef {import("node:http").RequestListener} Listener */

const execute = promisify(execFile);
const MIB = 2 ** 20;

/**
 * Listens on a loopback port until the tests of the file are done.
 *
 * @param {import("node:net").Server} server
 */
async function listen(server, protocol = "http") {
	/** @type {Set<Socket>} */
	const sockets = new Set();
	let connections = 0;
	server.on("connection", (/** @type {Socket} */ socket) => {
		connections++;
		sockets.add(socket);
		socket.on("error", () => {});
		socket.on("close", () => sockets.delete(socket));
	});
	server.listen(0, "127.0.0.1");
	await once(server, "listening");
	after(() => {
		server.close();
		for (const socket of sockets) socket.destroy();
	});
	const { port } = /** @type {import("node:net").AddressInfo} */ (
		server.address()
	);
	return {
		url: `${protocol}://127.0.0.1:${port}/v25.0/me?fields=id%2Cname`,
		/** Those that are open. */
		sockets,
		/** How many there were so far. */
		connections: () => connections,
	};
}

/** @param {Listener} listener */
const serve = (listener) => listen(createServer(listener));

/** @param {(socket: Socket) => void} onConnection */
const serveSockets = (onConnection) => listen(createSocketServer(onConnection));

/** @param {Response} response */
async function readBody(response) {
	const reader = response.body?.getReader();
	assert.ok(reader);
	/** @type {Uint8Array[]} */
	const pieces = [];
	for (;;) {
		const { done, value } = await reader.read();
		if (done) return Buffer.concat(pieces);
		pieces.push(value);
	}
}

/** @param {Promise<unknown>} promise */
async function assertLost(promise, code = "ECONNRESET") {
	const error = /** @type {any} */ (await reasonOf(promise));
	assert.ok(error instanceof TypeError, String(error));
	assert.match(error.message, /^(fetch failed|terminated)$/);
	assert.equal(/** @type {any} */ (error.cause)?.code, code);
}

/** @param {() => boolean} isTrue */
async function eventually(isTrue) {
	for (let waited = 0; !isTrue(); waited += 5) {
		assert.ok(waited < 5000, `never: ${isTrue}`);
		await sleep(5);
	}
}

describe("a request", () => {
	/** @type {{ method?: string, url?: string, headers: import("node:http").IncomingHttpHeaders, body: string }[]} */
	const received = [];
	const starting = serve(async (request, response) => {
		const { method, url, headers } = request;
		let body = "";
		for await (const piece of request) body += piece;
		received.push({ method, url, headers, body });
		response.end("{}");
	});
	const fetch = nodeFetch();

	/** @param {RequestInit} [init] */
	async function arriving(init) {
		const { url } = await starting;
		await (await fetch(url, init ?? {})).text();
		const [last] = received.splice(0);
		assert.ok(url.endsWith(String(last.url)));
		return last;
	}

	it("has its method, path and headers", async () => {
		const Authorization = "Bearer 12|token";
		const { method, headers, body } = await arriving({
			headers: { Authorization },
		});
		assert.deepEqual([method, body], ["GET", ""]);
		const { host, ...others } = headers;
		assert.match(String(host), /^127\.0\.0\.1:\d+$/);
		assert.deepEqual(others, {
			authorization: Authorization,
			accept: "*/*",
			"accept-encoding": "gzip",
			"user-agent": "node",
			connection: "keep-alive",
		});
	});

	it("has its body with the length in bytes", async () => {
		for (const body of ["batch=[…]", new TextEncoder().encode("batch=[…]")]) {
			const {
				method,
				headers,
				body: sent,
			} = await arriving({
				method: "POST",
				headers: { "Content-Type": "application/x-www-form-urlencoded" },
				body,
			});
			assert.deepEqual([method, sent], ["POST", "batch=[…]"]);
			assert.equal(headers["content-length"], "11");
			assert.equal(headers["transfer-encoding"], undefined);
			assert.equal(
				headers["content-type"],
				"application/x-www-form-urlencoded",
			);
		}
	});

	it("takes headers in every form, also in place of its own", async () => {
		for (const given of [
			new Headers({ "User-Agent": "mine" }),
			{ "USER-AGENT": "mine" },
			/** @type {[string, string][]} */ ([["User-agent", "mine"]]),
		])
			assert.equal(
				(await arriving({ headers: given })).headers["user-agent"],
				"mine",
			);
	});

	it("is refused where it cannot be sent as it is", async () => {
		for (const [input, init, message] of /** @type {const} */ ([
			["/relative?access_token=secret", {}, /parse the URL/],
			["ftp://127.0.0.1/?access_token=secret", {}, /https: or http:/],
			["http://me:secret@127.0.0.1/", {}, /user or a password/],
			[
				"http://127.0.0.1/?access_token=secret",
				{ method: "POST", body: new FormData() },
				/string or bytes/,
			],
			[
				"http://127.0.0.1/",
				{ headers: { Authorization: "secret\n" } },
				/Invalid character/,
			],
		])) {
			const { signal } = new AbortController();
			const error = /** @type {any} */ (
				await reasonOf(fetch(input, { signal, ...init }))
			);
			assert.ok(error instanceof TypeError);
			assert.match(error.message, message);
			assert.ok(!prints(error).includes("secret"), prints(error));
			assert.equal(getEventListeners(signal, "abort").length, 0);
		}
	});
});

describe("a response", () => {
	it("has the status and the headers that were sent", async () => {
		const { url } = await serve((_, response) => {
			response.writeHead(404, "Not There", [
				...["X-App-Usage", '{"call_count":1}', "Set-Cookie", "a=1"],
				...["Set-Cookie", "b=2", "x-app-usage", "second"],
			]);
			response.end('{"name":"Bäckerei"}');
		});
		const response = await nodeFetch()(url, {});
		const { status, statusText, ok, headers, redirected, type } = response;
		assert.deepEqual([status, statusText, ok], [404, "Not There", false]);
		assert.deepEqual([redirected, type, response.url], [false, "default", url]);
		assert.equal(headers.get("X-APP-usage"), '{"call_count":1}, second');
		assert.equal(headers.get("set-cookie"), "a=1, b=2");
		assert.equal(headers.get("x-none"), null);
		assert.deepEqual(
			[headers.has("Set-Cookie"), headers.has("x-none")],
			[true, false],
		);
		assert.equal(new Headers(headers).get("x-app-usage")?.slice(-6), "second");
		assert.deepEqual(await response.json(), { name: "Bäckerei" });
	});

	it("is the redirect itself", async () => {
		const { url } = await serve((_, response) => {
			response.writeHead(302, { location: "http://127.0.0.1:1/" }).end();
		});
		for (const redirect of /** @type {const} */ (["manual", "follow"])) {
			const { status, headers } = await nodeFetch()(url, { redirect });
			assert.equal(status, 302);
			assert.equal(headers.get("location"), "http://127.0.0.1:1/");
		}
	});

	const body = Buffer.from("snippet 🥐");
	/** @type {Record<string, Listener>} */
	const transfers = {
		"with a length": (_, response) => {
			response.setHeader("content-length", body.length);
			response.end(body);
		},
		"in chunks, divided within a character": async (_, response) => {
			for (const byte of body) {
				response.write(Buffer.of(byte));
				await sleep(1);
			}
			response.end();
		},
		"until the connection is closed": (_, response) => {
			response.shouldKeepAlive = false;
			response.useChunkedEncodingByDefault = false;
			response.write(body.subarray(0, 3));
			response.end(body.subarray(3));
		},
	};
	for (const [how, listener] of Object.entries(transfers))
		it(`has its body, sent ${how}`, async () => {
			const { url } = await serve(listener);
			const fetch = nodeFetch();
			assert.equal(await (await fetch(url, {})).text(), String(body));
			assert.deepEqual(await readBody(await fetch(url, {})), body);
		});

	it("may have no body", async () => {
		const { url } = await serve((request, response) => {
			response.writeHead(request.method === "HEAD" ? 200 : 204, {
				...(request.method === "HEAD" && { "content-encoding": "gzip" }),
			});
			response.end();
		});
		for (const method of ["HEAD", "GET"])
			assert.equal(await (await nodeFetch()(url, { method })).text(), "");
	});

	it("fails where the server switches protocols", async () => {
		const { url } = await serveSockets((socket) => {
			socket.write(
				"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n",
			);
		});
		const error = await reasonOf(nodeFetch()(url, {}));
		assert.match(String(error), /fetch failed/);
	});

	it("fails where it is no HTTP", async () => {
		const { url } = await serveSockets((socket) => socket.end("220 smtp\r\n"));
		await assertLost(nodeFetch()(url, {}), "HPE_INVALID_CONSTANT");
	});

	it("fails where nobody listens", async () => {
		const server = createSocketServer().listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = /** @type {any} */ (server.address());
		server.close();
		await once(server, "close");
		await assertLost(
			nodeFetch()(`http://127.0.0.1:${port}/`, {}),
			"ECONNREFUSED",
		);
	});
});

describe("a compressed body", () => {
	/**
	 * @param {Buffer} bytes
	 * @param {{ encoding?: string, pieces?: number }} [how]
	 */
	const compressed = (bytes, { encoding = "gzip", pieces = 1 } = {}) =>
		serve(async (_, response) => {
			response.setHeader("content-encoding", encoding);
			const size = Math.ceil(bytes.length / pieces) || 1;
			for (let at = 0; at < bytes.length; at += size) {
				response.write(bytes.subarray(at, at + size));
				if (pieces > 1) await sleep(2);
			}
			response.end();
		});

	for (const [what, length] of /** @type {const} */ ([
		["short", 30_000],
		["longer than is inflated at once", 5 * MIB],
	]))
		it(`is inflated: ${what}`, async () => {
			const text = "Zwölf Brötchen 🥐 – שלום ".repeat(length / 38);
			for (const how of [{}, { pieces: 7 }, { encoding: "X-GZip" }]) {
				const { url } = await compressed(gzipSync(text), how);
				const fetch = nodeFetch();
				assert.equal(await (await fetch(url, {})).text(), text);
				assert.equal(String(await readBody(await fetch(url, {}))), text);
			}
		});

	it("of several members is inflated to its end", async () => {
		const long = Buffer.alloc(3 * MIB, "m");
		const members = [gzipSync(long), gzipSync("end")];
		const { url } = await compressed(Buffer.concat(members));
		const body = await readBody(await nodeFetch()(url, {}));
		assert.equal(body.length, 3 * MIB + 3);
		assert.equal(String(body.subarray(-4)), "mend");
	});

	it("may be empty", async () => {
		const { url } = await compressed(Buffer.alloc(0));
		assert.equal(await (await nodeFetch()(url, {})).text(), "");
	});

	it("without encoding is passed on", async () => {
		const { url } = await compressed(Buffer.from("{}"), {
			encoding: "identity",
		});
		assert.equal(await (await nodeFetch()(url, {})).text(), "{}");
	});

	it("rejects where it is damaged, cut off, or in another encoding", async () => {
		const whole = gzipSync("m".repeat(100_000));
		for (const [bytes, code] of /** @type {const} */ ([
			[whole.subarray(0, -9), "Z_BUF_ERROR"],
			[whole.subarray(0, 3), "Z_BUF_ERROR"],
			[Buffer.from("no gzip"), "Z_DATA_ERROR"],
		])) {
			const { url } = await compressed(bytes);
			await assertLost((await nodeFetch()(url, {})).text(), code);
		}
		const { url } = await compressed(whole, { encoding: "br" });
		const response = await nodeFetch()(url, {});
		const error = await reasonOf(response.text());
		assert.match(String(error), /TypeError: .*content-encoding br/);
	});

	it("of 512 MiB is inflated as far as somebody reads", async () => {
		const part = Buffer.alloc(MIB);
		const one = gzipSync(part);
		// Members one after the other: the last four bytes say one MiB.
		const bomb = Buffer.concat(Array(512).fill(one));
		const { url } = await compressed(bomb);
		const before = process.memoryUsage().rss;
		const response = await nodeFetch()(url, {});
		const reader = response.body?.getReader();
		let size = 0;
		while (size < 16 * MIB) size += (await reader?.read())?.value?.length ?? 0;
		await reader?.cancel();
		assert.ok(size < 20 * MIB);
		const more = process.memoryUsage().rss - before;
		assert.ok(more < 150 * MIB, `${more} bytes more`);
	});
});

describe("a body that is cut off", () => {
	/** @type {Record<string, string>} */
	const answers = {
		"with a length": "Content-Length: 100\r\n\r\nhalf of it",
		"in chunks": "Transfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
		"within a chunk": "Transfer-Encoding: chunked\r\n\r\nff\r\nhalf",
		compressed: "Content-Encoding: gzip\r\nContent-Length: 100\r\n\r\nhalf",
	};
	for (const [what, answer] of Object.entries(answers))
		for (const end of /** @type {const} */ (["end", "resetAndDestroy"]))
			it(`rejects: ${what}, by ${end}`, async () => {
				const { url } = await serveSockets((socket) => {
					socket.once("data", async () => {
						socket.write(`HTTP/1.1 200 OK\r\n${answer}`);
						await sleep(20);
						socket[end]();
					});
				});
				const { signal } = new AbortController();
				const response = await nodeFetch()(url, { signal });
				assert.equal(response.status, 200);
				await assertLost(response.text());
				assert.equal(getEventListeners(signal, "abort").length, 0);
			});

	it("rejects: with a chunk that is none", async () => {
		const { url } = await serveSockets((socket) => {
			socket.once("data", () =>
				socket.write(
					"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nno number\r\n",
				),
			);
		});
		await assertLost(
			nodeFetch()(url, {}).then((response) => response.text()),
			"HPE_INVALID_CHUNK_SIZE",
		);
	});
});

describe("an abort", () => {
	/** A server that never answers a TLS handshake. */
	const silent = () =>
		listen(
			createSocketServer((socket) => socket.resume()),
			"https",
		);
	const quiet = () => serve(() => {});
	/** @param {Record<string, string>} [headers] */
	const halfway = (headers) =>
		serve((_, response) => {
			response.writeHead(200, headers);
			response.write("half");
		});

	/** @type {Record<string, { start: () => ReturnType<typeof listen>, inBody?: boolean }>} */
	const phases = {
		"while it connects": { start: silent },
		"while it waits for the headers": { start: quiet },
		"in the body": { start: halfway, inBody: true },
		"in a compressed body": {
			start: () => halfway({ "content-encoding": "gzip" }),
			inBody: true,
		},
	};
	const reasons = [new Error("enough"), "a string", null];
	for (const [phase, { start, inBody }] of Object.entries(phases))
		it(`${phase} rejects with its reason and closes the connection`, async () => {
			const { url, sockets, connections } = await start();
			for (const [index, reason] of reasons.entries()) {
				const controller = new AbortController();
				const { signal } = controller;
				const answer = nodeFetch()(url, { signal });
				const done = inBody
					? answer.then((response) => response.text())
					: answer;
				await eventually(() => connections() === index + 1);
				if (inBody) await answer;
				await sleep(10);
				controller.abort(reason);
				assert.equal(await reasonOf(done), reason);
				assert.equal(getEventListeners(signal, "abort").length, 0);
				await eventually(() => sockets.size === 0);
			}
		});

	it("before the request rejects and opens no connection", async () => {
		const { url, connections } = await quiet();
		for (const reason of reasons) {
			const signal = AbortSignal.abort(reason);
			assert.equal(await reasonOf(nodeFetch()(url, { signal })), reason);
		}
		const { signal } = new AbortController();
		const late = new AbortController();
		// The modules of Node are still loading.
		const first = nodeFetch()(url, { signal: late.signal });
		late.abort();
		assert.equal(/** @type {any} */ (await reasonOf(first)).name, "AbortError");
		await sleep(20);
		assert.equal(connections(), 0);
		assert.equal(getEventListeners(signal, "abort").length, 0);
	});

	it("while it waits for a free connection rejects, and the next request is sent", async () => {
		/** @type {(() => void)[]} */
		const answers = [];
		const { url, connections } = await serve((_, response) => {
			answers.push(() => response.end("{}"));
		});
		const fetch = nodeFetch({ maxSockets: 1 });
		const first = fetch(url, {});
		const controller = new AbortController();
		const second = fetch(url, { signal: controller.signal });
		const third = fetch(url, {});
		await eventually(() => answers.length === 1);
		controller.abort("enough");
		assert.equal(await reasonOf(second), "enough");
		answers[0]();
		assert.equal(await (await first).text(), "{}");
		await eventually(() => answers.length === 2);
		answers[1]();
		assert.equal(await (await third).text(), "{}");
		assert.equal(connections(), 1);
	});

	it("after the end changes nothing, and leaves no listener", async () => {
		const { url } = await serve((_, response) => response.end("{}"));
		const fetch = nodeFetch();
		for (let time = 0; time < 3; time++) {
			const controller = new AbortController();
			const response = await fetch(url, { signal: controller.signal });
			assert.equal(await response.text(), "{}");
			assert.equal(getEventListeners(controller.signal, "abort").length, 0);
			controller.abort();
		}
	});

	it("works with a signal of another class, such as jsdom's", async () => {
		const { url, sockets, connections } = await quiet();
		/** @type {Set<() => void>} */
		const listeners = new Set();
		const signal = /** @type {any} */ ({
			aborted: false,
			reason: "enough",
			addEventListener: (
				/** @type {string} */ _,
				/** @type {any} */ listener,
			) => listeners.add(listener),
			removeEventListener: (
				/** @type {string} */ _,
				/** @type {any} */ listener,
			) => listeners.delete(listener),
		});
		const call = nodeFetch()(url, { signal });
		await eventually(() => connections() === 1);
		for (const listener of listeners) listener();
		assert.equal(await reasonOf(call), "enough");
		assert.equal(listeners.size, 0);
		await eventually(() => sockets.size === 0);
	});

	it("ends all requests that share a signal, without a warning", async (t) => {
		const warned = t.mock.method(process, "emitWarning", () => {});
		const { url, sockets, connections } = await quiet();
		const fetch = nodeFetch();
		const controller = new AbortController();
		const { signal } = controller;
		const calls = Array.from({ length: 30 }, () =>
			reasonOf(fetch(url, { signal })),
		);
		await eventually(() => connections() === 30);
		controller.abort("enough");
		assert.deepEqual(new Set(await Promise.all(calls)), new Set(["enough"]));
		await eventually(() => sockets.size === 0);
		assert.equal(warned.mock.callCount(), 0);
	});
});

describe("connections", () => {
	it("are reused by requests that follow each other, and by all clients", async () => {
		const { url, connections } = await serve((request, response) => {
			request.resume().on("end", () => response.end("{}"));
		});
		const fetch = nodeFetch();
		for (let time = 0; time < 5; time++) {
			await (await fetch(url, {})).text();
			await (await fetch(url, { method: "POST", body: "batch=[]" })).text();
		}
		assert.equal(connections(), 1);
		await (await nodeFetch()(url, {})).text();
		assert.equal(connections(), 2);
	});

	it("are reused after a body that nobody reads", async () => {
		const { url, connections } = await serve((_, response) => {
			response.end("m".repeat(10_000));
		});
		const fetch = nodeFetch();
		for (let time = 0; time < 3; time++) {
			assert.equal((await fetch(url, {})).status, 200);
			await sleep(30);
		}
		assert.equal(connections(), 1);
	});

	it("are as many as requests at a time, or as maxSockets", async () => {
		for (const [maxSockets, expected] of [
			[undefined, 12],
			[3, 3],
			[1, 1],
		]) {
			const { url, connections } = await serve((_, response) => {
				setTimeout(() => response.end("{}"), 10);
			});
			const fetch = nodeFetch({ maxSockets });
			for (let time = 0; time < 2; time++)
				assert.deepEqual(
					await Promise.all(
						Array.from({ length: 12 }, async () =>
							(await fetch(url, {})).text(),
						),
					),
					Array(12).fill("{}"),
				);
			assert.equal(connections(), expected);
		}
	});

	it("refuse a maxSockets that makes no sense, and other options", () => {
		for (const maxSockets of [0, -1, 1.5, Number.NaN, "5", null])
			assert.throws(
				() => nodeFetch(/** @type {any} */ ({ maxSockets })),
				/^TypeError: maxSockets must be/,
			);
		assert.throws(
			() => nodeFetch(/** @type {any} */ ({ maxSocket: 1 })),
			/^TypeError: nodeFetch has no option maxSocket$/,
		);
		nodeFetch({ maxSockets: Number.POSITIVE_INFINITY });
		nodeFetch({ maxSockets: undefined });
	});

	it("are closed before the server closes them, where it says when", async () => {
		const server = createServer((_, response) => response.end("{}"));
		server.keepAliveTimeout = 2000;
		const { url, sockets } = await listen(server);
		await (await nodeFetch()(url, {})).text();
		const start = Date.now();
		await once([...sockets][0], "end");
		const took = Date.now() - start;
		assert.ok(took > 500 && took < 1900, `${took} ms`);
	});

	it("are paused while nobody reads a long body, and closed by cancel", async () => {
		let written = 0;
		const { url, sockets } = await serve((_, response) => {
			const piece = Buffer.alloc(65_536);
			const pour = () => {
				do written += piece.length;
				while (response.write(piece));
			};
			response.on("drain", pour);
			pour();
		});
		const response = await nodeFetch()(url, {});
		let before = -1;
		while (before !== written) {
			before = written;
			await sleep(100);
		}
		assert.ok(written < 32 * MIB, `${written} bytes`);
		const reader = response.body?.getReader();
		for (let size = 0; size < before + MIB; ) {
			const piece = await reader?.read();
			assert.ok(piece?.value && piece.value.length < MIB);
			size += piece.value.length;
		}
		assert.ok(written > before);
		await reader?.cancel();
		await eventually(() => sockets.size === 0);
	});
});

describe("a connection that the server has closed", () => {
	/**
	 * A server that answers the first request of each connection, and does something else at the second one.
	 *
	 * @param {(socket: Socket, connection: number) => void} second
	 */
	async function answersOnce(second) {
		let requests = 0;
		const served = await serveSockets((socket) => {
			let times = 0;
			const connection = served.connections();
			socket.on("data", () => {
				requests++;
				if (times++ > 0) return second(socket, connection);
				socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
			});
		});
		return { ...served, requests: () => requests };
	}

	for (const end of /** @type {const} */ ([
		"end",
		"destroy",
		"resetAndDestroy",
	]))
		it(`is replaced without a failure: by ${end}`, async () => {
			const { url, requests, connections } = await answersOnce((socket) =>
				socket[end](),
			);
			const fetch = nodeFetch();
			for (const init of [{}, {}, { method: "POST", body: "batch=[]" }])
				assert.equal(await (await fetch(url, init)).text(), "{}");
			assert.equal(connections(), 3);
			assert.equal(requests(), 5);
		});

	it("is replaced once, by a new one and not by another idle one", async () => {
		const { url, requests, connections } = await answersOnce((socket) =>
			socket.destroy(),
		);
		const fetch = nodeFetch();
		const many = () =>
			Promise.all(
				Array.from({ length: 4 }, async () => (await fetch(url, {})).text()),
			);
		assert.deepEqual(await many(), Array(4).fill("{}"));
		assert.equal(await (await fetch(url, {})).text(), "{}");
		assert.deepEqual([connections(), requests()], [5, 6]);
	});

	it("rejects where the new one is closed too", async () => {
		let isDown = false;
		const { url, connections } = await serveSockets((socket) => {
			socket.on("data", () => {
				if (isDown) socket.destroy();
				else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}");
			});
		});
		const fetch = nodeFetch();
		await (await fetch(url, {})).text();
		isDown = true;
		await assertLost(fetch(url, {}));
		assert.equal(connections(), 2);
	});

	it("rejects where it was new, or had begun to answer", async () => {
		const fresh = await serveSockets((socket) => {
			socket.once("data", () => socket.destroy());
		});
		await assertLost(nodeFetch()(fresh.url, {}));
		assert.equal(fresh.connections(), 1);

		const { url, connections } = await answersOnce((socket) =>
			socket.end("HTTP/1.1 200 OK\r\nContent-"),
		);
		const fetch = nodeFetch();
		await (await fetch(url, {})).text();
		await assertLost(fetch(url, {}));
		assert.equal(connections(), 1);
	});

	it("is not replaced after an abort", async () => {
		const controller = new AbortController();
		const { url, connections } = await answersOnce((socket) => {
			controller.abort("enough");
			socket.destroy();
		});
		const fetch = nodeFetch();
		await (await fetch(url, {})).text();
		const call = fetch(url, { signal: controller.signal });
		assert.equal(await reasonOf(call), "enough");
		await sleep(20);
		assert.equal(connections(), 1);
	});
});

describe("a process", () => {
	const folder = mkdtempSync(join(tmpdir(), "graph-inbox-"));
	after(() => rmSync(folder, { recursive: true }));
	const entry = import.meta.resolve("graph-inbox/node");

	/**
	 * @param {string} url
	 * @param {string} code with `fetch` and `url`
	 * @param {Record<string, string>} [env]
	 */
	async function inProcess(url, code, env) {
		const program = `import { nodeFetch } from ${JSON.stringify(entry)};
			const url = ${JSON.stringify(url)};
			const fetch = nodeFetch();
			${code}`;
		const { stdout } = await execute(
			process.execPath,
			["--input-type=module", "--eval", program],
			{ env: { ...process.env, ...env }, timeout: 20_000 },
		);
		return stdout.trim();
	}

	it("is enough by itself: Node's own fetch is not loaded", async () => {
		const { url } = await serve((_, response) => response.end("{}"));
		const printed = await inProcess(
			url,
			`const { createInbox } = await import("graph-inbox");
			let reads = 0;
			for (const name of ["Response", "Request", "Headers", "FormData"])
				Object.defineProperty(globalThis, name, { get: () => void reads++ });
			const baseUrl = new URL(url).origin;
			const inbox = createInbox({ accessToken: "page-token", pageId: "1", baseUrl, fetch });
			await inbox.listConversations().catch(({ kind }) => console.log(kind));
			console.log(reads);`,
		);
		assert.equal(printed, "response\n0");
	});

	it("ends by itself while connections are idle", async () => {
		const server = createServer((_, response) => response.end("{}"));
		server.keepAliveTimeout = 60_000;
		const { url, connections } = await listen(server);
		const printed = await inProcess(
			url,
			`await Promise.all([1, 2, 3].map(async () => (await fetch(url)).text()));
			process.on("exit", () => console.log("ended", performance.now() - at < 1000));
			const at = performance.now();`,
		);
		assert.equal(printed, "ended true");
		assert.equal(connections(), 3);
	});

	it("speaks TLS, and reuses the connection", async () => {
		const server = createSecureServer({ key, cert }, (_, response) =>
			response.end("{}"),
		);
		const { url, connections } = await listen(server, "https");
		const file = join(folder, "cert.pem");
		writeFileSync(file, cert);
		const printed = await inProcess(
			url,
			"for (let time = 0; time < 3; time++) console.log(await (await fetch(url)).text());",
			{ NODE_EXTRA_CA_CERTS: file },
		);
		assert.equal(printed, "{}\n{}\n{}");
		assert.equal(connections(), 1);
		// Without the certificate the server is a stranger.
		await assertLost(nodeFetch()(url, {}), "DEPTH_ZERO_SELF_SIGNED_CERT");
	});

	it("replaces a TLS connection that the server has closed", async () => {
		let isDone = false;
		const server = createSecureServer({ key, cert }, (request, response) => {
			const { socket } = request;
			if (isDone) return socket.end();
			isDone = true;
			response.end("{}");
			socket.once("close", () => {
				server.removeAllListeners("request");
				server.on("request", (_, response) => response.end("{}"));
			});
		});
		const { url, connections } = await listen(server, "https");
		const file = join(folder, "cert.pem");
		writeFileSync(file, cert);
		const printed = await inProcess(
			url,
			"for (let time = 0; time < 2; time++) console.log(await (await fetch(url)).text());",
			{ NODE_EXTRA_CA_CERTS: file },
		);
		assert.equal(printed, "{}\n{}");
		assert.equal(connections(), 2);
	});
});
