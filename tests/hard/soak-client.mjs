// The process that is watched: mixed calls for so many seconds, and a look at what it holds, now and again.
// node --expose-gc soak-client.mjs <seconds> <access as JSON> <people as JSON>
import { queryObjects } from "node:v8";
import { watchWasm } from "./wasm-memory.mjs";

/** The pipes of the process itself. */
const own = process.getActiveResourcesInfo().length;
const wasm = watchWasm();
const { createInbox, InboxError } = await import("graph-inbox");
const { calls } = await import("./soak-calls.mjs");

const WORKERS = 16;
const seconds = Number(process.argv[2]);
const access = JSON.parse(process.argv[3]);
const people = JSON.parse(process.argv[4]);
const options = {
	...access,
	callsPerSecond: false,
	maxRetries: 1,
	timeoutMs: 200,
};
const pick = (/** @type {number} */ below) => Math.floor(Math.random() * below);

/** @type {string[]} */
const strange = [];
for (const event of ["unhandledRejection", "uncaughtException", "warning"])
	process.on(event, (what) => {
		// Of our own way of counting.
		if (what?.name !== "ExperimentalWarning")
			strange.push(`${event}: ${what?.stack ?? what}`);
	});

/** A signal outlives thousands of calls. */
const lasting = new AbortController().signal;
const count = { calls: 0, aborted: 0, failed: 0 };

/** @returns {{ call: import("graph-inbox").CallOptions, reason?: object }} how it is left: not, by an abort, or by a limit */
function leaving() {
	const how = pick(6);
	if (how < 2) return { call: {} };
	if (how === 2) return { call: { signal: lasting } };
	if (how === 3) return { call: { totalTimeoutMs: 1 + pick(60) } };
	const controller = new AbortController();
	const reason = {};
	setTimeout(() => controller.abort(reason), pick(25));
	return { call: { signal: controller.signal }, reason };
}

/** @param {() => boolean} goesOn */
async function work(goesOn) {
	const names = Object.keys(calls);
	let inbox = createInbox(options);
	while (goesOn()) {
		// A rate limit is remembered by its client.
		if (pick(50) === 0) inbox = createInbox(options);
		const { call, reason } = leaving();
		count.calls += 1;
		const name = names[pick(names.length)];
		try {
			await calls[name]({ inbox, options, people, call, pick });
		} catch (error) {
			if (error === reason) count.aborted += 1;
			else if (error instanceof InboxError) count.failed += 1;
			else if (error !== call)
				strange.push(`${name}: ${/** @type {any} */ (error)?.stack ?? error}`);
		}
	}
}

/** What it holds when nothing is under way, and what nobody holds any more is gone. */
async function look() {
	// What hangs together across the border to Rust goes one after the other.
	for (let round = 0; round < 10; round++) {
		globalThis.gc?.();
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	const { rss, heapUsed, external } = process.memoryUsage();
	const handles = process.getActiveResourcesInfo().length - own;
	return { rss, heapUsed, external, wasm: wasm.bytes(), handles };
}

const start = performance.now();
const elapsed = () => (performance.now() - start) / 1000;
const slice = Math.min(5, seconds / 12);
while (elapsed() < seconds) {
	const end = elapsed() + slice;
	const workers = Array.from({ length: WORKERS }, () =>
		work(() => elapsed() < end),
	);
	await Promise.all(workers);
	process.send?.({ sample: { at: elapsed(), ...count, ...(await look()) } });
}
process.send?.({ worked: true });
// The server is gone when this arrives, and every connection with it.
process.once("message", async () => {
	const held = () => queryObjects(AbortController, { format: "count" });
	const rest = { ...(await look()), controllers: held() };
	process.send?.({ rest, strange }, () => process.disconnect());
});
