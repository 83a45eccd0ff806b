// A process of its own for one client: does the tasks that it is sent, and says what they cost.
import { readFileSync } from "node:fs";
import { tasks } from "./tasks.mjs";

/** @typedef {import("./tasks.mjs").Task} Task */
/** @typedef {{ wallMs: number, cpuMs: number, p99?: number, rssMb: number, wasmMb: number }} Cost */

/** @type {WebAssembly.Memory[]} */
const memories = [];
const { Instance } = WebAssembly;
/** The package keeps its memory to itself, so it is noted where it is made. */
WebAssembly.Instance = class extends Instance {
	/** @param {[WebAssembly.Module, WebAssembly.Imports?]} given */
	constructor(...given) {
		super(...given);
		// What unpacks the package imports nothing, and is dropped before the first call.
		if (!given[1]) return;
		for (const value of Object.values(this.exports))
			if (value instanceof WebAssembly.Memory) memories.push(value);
	}
};

const [, , file, settings] = process.argv;
/** @type {import("./clients/client.d.ts").ClientFile} */
const { open } = await import(file);
const client = await open(JSON.parse(settings));

const MB = 1e6;

/** The most memory that this process had; `maxRSS` also counts what its parent had when it was made. */
function peakBytes() {
	try {
		const status = readFileSync("/proc/self/status", "utf8");
		return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
	} catch {
		// Linux alone tells it.
		return process.resourceUsage().maxRSS * 1024;
	}
}

process.on("message", async (/** @type {Task} */ task) => {
	const cpu = process.cpuUsage();
	const start = performance.now();
	try {
		const more = await tasks[task.name](client, task);
		const wallMs = performance.now() - start;
		const { user, system } = process.cpuUsage(cpu);
		const bytes = memories.reduce(
			(sum, { buffer }) => sum + buffer.byteLength,
			0,
		);
		/** @type {Cost} */
		const cost = {
			...more,
			wallMs,
			cpuMs: (user + system) / 1000,
			rssMb: peakBytes() / MB,
			wasmMb: bytes / MB,
		};
		process.send?.({ cost });
	} catch (error) {
		process.send?.({ error: String(error) });
	}
});
process.on("disconnect", () => process.exit());
process.send?.({ can: Object.keys(client) });
