// Answers that are meant to use up the memory, each sent to a process of its own.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { createGzip } from "node:zlib";
import { amount, progress, tally } from "./form.mjs";
import { pour, serve } from "./hostile-server.mjs";

const MB = 1_000_000;
const SIZE = amount("BODY_MB", 5, 200) * MB;
const TIMEOUT_MS = 30_000;
/** What an answer may take: itself as bytes, as text and as values, each of them two or three times for a moment; and the engine's own. */
const RSS = 9 * SIZE + 150 * MB;
/** Of what is no answer the start is shown, and nothing needs the rest. */
const WASM = 2 * MB;
/** What Rust looks through as a whole: the text, and what it makes of it. */
const READ = 3 * SIZE;

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
		ends: { list: "a right answer" },
	},
	{
		what: "a page with one long text of surrogates",
		body: page("\u{1F600}".repeat(2)),
		ends: { list: "a right answer" },
	},
	{
		what: "an owner beside one long text",
		body: owner,
		ends: { owner: "a right answer" },
		isRead: true,
	},
	{ what: "HTML", body: html, ends: all("response") },
	{ what: "HTML under 502", body: html, status: 502, ends: all("transient") },
	{
		what: "an error's message",
		body: body('{"error":{"code":190,"message":"', "m", '"}}'),
		status: 400,
		ends: all("authentication"),
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
	const file = fileURLToPath(new URL("victim.mjs", import.meta.url));
	const child = fork(file, [server.url, call, String(TIMEOUT_MS)], {
		execArgv: ["--max-old-space-size=1024"],
	});
	const [ended] = await Promise.race([
		once(child, "message"),
		once(child, "exit"),
	]);
	await server.close();
	assert.equal(typeof ended, "object", `the process ended with ${ended}`);
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

it("a body without end, as fast as it can be read, ends with the time", () =>
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
		const file = fileURLToPath(new URL("victim.mjs", import.meta.url));
		const child = fork(file, [server.url, "list", "2000"]);
		const [ended] = await Promise.race([
			once(child, "message"),
			once(child, "exit"),
		]);
		await server.close();
		assert.equal(typeof ended, "object", `the process ended with ${ended}`);
		const { outcome, rss } = ended;
		progress(`without end: ${outcome}, RSS ${Math.round(rss / MB)} MB`);
		assert.match(outcome, /^(timeout|connection|response)$/);
		assert.ok(rss < 6 * 200 * MB + 150 * MB, `RSS ${Math.round(rss / MB)} MB`);
	}));
