// Answers that are meant to use up the memory, each sent to a process of its own.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { amount, progress, tally } from "./form.mjs";
import { pour, serve } from "./hostile-server.mjs";

const MB = 1_000_000;
const SIZE = amount("BODY_MB", 5, 200) * MB;
const TIMEOUT_MS = 30_000;
/** So much of a body is read. */
const MOST = 16 * 1024 * 1024;
const isCut = SIZE > MOST;
/** What an answer may take: itself as bytes, as text and as values, each of them two or three times for a moment; and the engine's own. */
const RSS = 9 * Math.min(SIZE, MOST) + 150 * MB;
/** Of what is no answer the start is shown, and nothing needs the rest. */
const WASM = 2 * MB;
/** What Rust looks through as a whole: the text, and what it makes of it. */
const READ = isCut ? 0 : 3 * SIZE;
/** How it ends where all of it is read. */
const read = (/** @type {string} */ ending) => (isCut ? "response" : ending);

/** @typedef {import("node:http").ServerResponse} ServerResponse */

/**
 * Pours so much of the same between two ends.
 *
 * @param {string} start
 * @param {string} piece
 * @param {string} [end]
 */
const body = (start, piece, end = "") => {
	const megabyte = piece.repeat(Math.ceil(MB / piece.length));
	return (/** @type {import("node:stream").Writable} */ to) => {
		to.write(start);
		pour(to, (count) => {
			if (count * MB < SIZE) return megabyte;
			return count * MB < SIZE + MB ? end : undefined;
		});
	};
};
const page = (/** @type {string} */ piece) =>
	body('{"data":[{"id":"t_1","snippet":"', piece, '"}]}');
const owner = body('{"data":[],"more":"', "m", '"}');
const html = body("<html>", "<p>sorry");

/**
 * @typedef {object} Flood
 * @property {string} what
 * @property {(to: import("node:stream").Writable) => void} body
 * @property {number} [status]
 * @property {boolean} [gzipped]
 * @property {Partial<Record<"list" | "owner" | "owners", string>>} ends
 * @property {boolean} [isRead] whether Rust has to look through it
 */

const all = (/** @type {string} */ kind) => ({
	list: kind,
	owner: kind,
	owners: kind,
});

/** @type {Flood[]} */
const floods = [
	{
		what: "a page with one long text",
		body: page("m"),
		ends: { list: read("a right answer") },
	},
	{
		what: "a page with one long text of surrogates",
		body: page("\u{1F600}".repeat(2)),
		ends: { list: read("a right answer") },
	},
	{
		what: "an owner beside one long text",
		body: owner,
		ends: { owner: read("a right answer") },
		isRead: true,
	},
	{ what: "HTML", body: html, ends: all("response") },
	{ what: "HTML under 502", body: html, status: 502, ends: all("transient") },
	{
		what: "an error's message",
		body: body('{"error":{"code":190,"message":"', "m", '"}}'),
		status: 400,
		ends: all(read("authentication")),
		isRead: true,
	},
	{
		what: "numbers in a list",
		body: body('{"data":[0', ",123456789012345", "]}"),
		ends: { list: "response", owner: "response" },
	},
	{
		what: "HTML that comes gzipped",
		body: html,
		gzipped: true,
		ends: all("response"),
	},
];

const { row, trial } = tally(`Answers of ${SIZE / MB} MB`);
let most = { rss: 0, wasm: 0 };

/**
 * One call in a process of its own.
 *
 * @param {string} url
 * @param {string} call
 * @param {number} timeoutMs
 * @returns {Promise<{ outcome: string, rss: number, wasm: number }>}
 */
async function victim(url, call, timeoutMs) {
	const file = fileURLToPath(new URL("victim.mjs", import.meta.url));
	const child = fork(file, [url, call, String(timeoutMs)], {
		execArgv: ["--max-old-space-size=1024"],
	});
	const [ended] = await Promise.race([
		once(child, "message"),
		once(child, "exit"),
	]);
	assert.equal(typeof ended, "object", `the process ended with ${ended}`);
	return ended;
}

/**
 * @param {Flood} flood
 * @param {string} call
 */
async function flooded({ body, status = 200, gzipped = false }, call) {
	const server = await serve({
		what: "",
		ends: {},
		http(request, response) {
			request.resume();
			response.writeHead(status, {
				"content-type": "application/json",
				...(gzipped && { "content-encoding": "gzip" }),
			});
			const packed = createGzip({ level: 1 });
			if (gzipped) packed.pipe(response);
			body(gzipped ? packed : response);
		},
	});
	const ended = await victim(server.url, call, TIMEOUT_MS);
	await server.close();
	const { rss, wasm } = ended;
	most = { rss: Math.max(most.rss, rss), wasm: Math.max(most.wasm, wasm) };
	row.note = `at most ${Math.round(most.rss / MB)} MB of RSS, ${Math.round(most.wasm / MB)} MB of wasm memory`;
	return ended;
}

for (const flood of floods) {
	describe(`${SIZE / MB} MB: ${flood.what}`, () => {
		for (const [call, ending] of Object.entries(flood.ends)) {
			it(call, () =>
				trial(async () => {
					const start = performance.now();
					const { outcome, rss, wasm } = await flooded(flood, call);
					const took = `${Math.round((performance.now() - start) / 1000)} s, RSS ${Math.round(rss / MB)} MB, wasm ${Math.round(wasm / MB)} MB`;
					progress(`${flood.what}, ${call}: ${outcome}, ${took}`);
					assert.equal(outcome, ending);
					assert.ok(rss < RSS, took);
					const isRead = flood.isRead || call === "owner";
					assert.ok(wasm < (isRead ? READ : 0) + WASM, took);
				}),
			);
		}
	});
}

it("a body without end, in the smallest pieces, is not kept piece by piece", () =>
	trial(async () => {
		// Each a chunk of its own for HTTP, and so for whoever reads.
		const pieces = "1\r\n \r\n".repeat(10_000);
		const server = createServer((socket) => {
			socket.on("error", () => {});
			socket.write(
				"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
			);
			pour(socket, () => pieces);
		});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		const { port } = /** @type {import("node:net").AddressInfo} */ (
			server.address()
		);
		const ended = await victim(`http://127.0.0.1:${port}`, "list", 5000);
		server.close();
		progress(
			`in the smallest pieces: ${ended.outcome}, RSS ${Math.round(ended.rss / MB)} MB`,
		);
		assert.match(ended.outcome, /^(timeout|response)$/);
		assert.ok(ended.rss < 300 * MB, `RSS ${Math.round(ended.rss / MB)} MB`);
	}));

it("a body without end, as fast as it can be read, is not read to the end of the time", () =>
	trial(async () => {
		const endless = (/** @type {import("node:stream").Writable} */ to) =>
			pour(to, () => " ".repeat(MB));
		const server = await serve({
			what: "",
			ends: {},
			http(_, response) {
				endless(response);
			},
		});
		const { outcome, rss } = await victim(server.url, "list", TIMEOUT_MS);
		await server.close();
		progress(`without end: ${outcome}, RSS ${Math.round(rss / MB)} MB`);
		assert.equal(outcome, "response");
		assert.ok(rss < 9 * MOST + 150 * MB, `RSS ${Math.round(rss / MB)} MB`);
	}));
