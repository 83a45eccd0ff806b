// Mixed calls, aborts and broken-off iterations for as long as is wanted: what the process holds does not grow.
import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { it } from "node:test";
import { fileURLToPath } from "node:url";
import { amount, progress, tally } from "./form.mjs";
import { slope } from "./slope.mjs";

const SECONDS = amount("MINUTES", 0.2, 20) * 60;
const CLIENTS = 1000;
const MB = 1_000_000;

/**
 * Growth in bytes a minute that is still none. At 8,000 calls a minute, 100 bytes of heap left by every fourth of them are 0.2 MB; pages
 * that the allocator keeps make RSS less exact.
 */
const FLAT = { heapUsed: 0.2 * MB, rss: 1 * MB };

/** It grows by these, and a moment that takes more than any before may come late. */
const WASM_PAGE = 65_536;

/** @typedef {{ at: number, calls: number, aborted: number, failed: number, rss: number, heapUsed: number, wasm: number, handles: number }} Sample */

/**
 * @param {string} file
 * @param {string[]} [args]
 */
const start = (file, args) =>
	fork(fileURLToPath(new URL(file, import.meta.url)), args, {
		execArgv: ["--expose-gc"],
	});

/** @param {number} bytes */
const inMB = (bytes) => `${(bytes / MB).toFixed(2)} MB`;

/** Runs the client against the server. */
async function soak() {
	const server = start("soak-server.mjs");
	const [{ access, people }] = await once(server, "message");
	const given = [
		String(SECONDS),
		JSON.stringify(access),
		JSON.stringify(people),
	];
	const client = start("soak-client.mjs", given);
	/** @type {Sample[]} */
	const samples = [];
	/** @type {{ rest: any, strange: string[] } | undefined} */
	let end;
	client.on("message", (/** @type {any} */ message) => {
		if (message.sample) {
			samples.push(message.sample);
			if (samples.length % 6 === 0) show(message.sample);
		} else if (message.worked) {
			server.once("exit", () => client.send("alone"));
			server.kill();
		} else end = message;
	});
	const [code] = await once(client, "exit");
	assert.equal(code, 0, "the client ended by itself");
	assert.ok(end);
	return { samples, ...end };
}

/** @param {Sample} sample */
function show({ at, calls, rss, heapUsed, wasm, handles }) {
	const held = `RSS ${inMB(rss)}, heap ${inMB(heapUsed)}, wasm ${inMB(wasm)}`;
	progress(`${Math.round(at)} s: ${calls} calls, ${held}, ${handles} handles`);
}

const soaked = tally("Soak: mixed calls, aborts, broken-off iterations");

it(`holds nothing more after ${SECONDS} s of mixed calls`, async () => {
	await soaked.trial(async () => {
		const { samples, rest, strange } = await soak();
		const last = samples.at(-1);
		assert.ok(last && last.calls > 0 && last.aborted > 0 && last.failed > 0);
		assert.deepEqual(strange, []);
		assert.equal(rest.handles, 0, "timers and sockets are left");
		assert.ok(rest.controllers <= 4, `${rest.controllers} calls are held`);

		// Before that engine, connections and buffers find their size.
		const warm = samples.slice(samples.length / 3);
		const perMinute = (/** @type {"rss" | "heapUsed" | "handles"} */ name) =>
			60 *
			slope(
				warm.map(({ at }) => at),
				warm.map((sample) => sample[name]),
			);
		const [rss, heapUsed] = [perMinute("rss"), perMinute("heapUsed")];
		const grown = last.wasm - warm[0].wasm;
		soaked.row.note = `${last.calls} calls in ${Math.round(SECONDS / 6) / 10} min, ${last.aborted} aborted, ${last.failed} failed as they had to; a minute: RSS ${inMB(rss)}, heap ${inMB(heapUsed)}, handles ${perMinute("handles").toFixed(2)}; wasm ${inMB(grown)} from ${inMB(last.wasm)}; RSS at last ${inMB(last.rss)}; rejections unheard 0`;
		assert.ok(grown <= 2 * WASM_PAGE, `wasm ${inMB(grown)}`);
		// While everything warms up nothing can be told of growth.
		if (SECONDS < 240) return;
		assert.ok(heapUsed < FLAT.heapUsed, `heap ${inMB(heapUsed)} a minute`);
		assert.ok(rss < FLAT.rss, `RSS ${inMB(rss)} a minute`);
	});
});

const many = tally("1,000 clients in one process");

it(`${CLIENTS} clients live in one process, and what they held is used again`, async () => {
	await many.trial(async () => {
		const child = start("clients.mjs", [String(CLIENTS)]);
		const [{ rounds }] = await once(child, "message");
		const [first, second, third] = rounds;
		many.row.note = `RSS ${inMB(first.rss)}, ${inMB(second.rss)}, ${inMB(third.rss)} with the first, second and third ${CLIENTS}; wasm ${inMB(third.wasm)}`;
		// When the engine lets go of what is left over is up to it; a thousand clients that were kept would be 16 pages.
		assert.ok(
			third.wasm <= second.wasm + 4 * WASM_PAGE,
			`${second.wasm} grew to ${third.wasm}`,
		);
		assert.ok(
			third.heapUsed < second.heapUsed + 2 * MB,
			JSON.stringify(rounds),
		);
	});
});
