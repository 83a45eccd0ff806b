// The process that a huge answer is sent to: makes one call, and tells what came out and what that took.
// node victim.mjs <address> <call> <timeoutMs>
import { watchWasm } from "./wasm-memory.mjs";

const { bytes: wasmBytes } = watchWasm();
const { createInbox } = await import("graph-inbox");
const [, , baseUrl, name, timeoutMs] = process.argv;
const inbox = createInbox({
	pageId: "1",
	accessToken: "EAAHostile",
	baseUrl,
	maxRetries: 0,
	timeoutMs: Number(timeoutMs),
});
/** @type {Record<string, () => PromiseLike<any>>} */
const calls = {
	list: () => inbox.listConversations(),
	owner: () => inbox.getThreadOwner("2"),
	async owners() {
		const [{ error, owner }] = await inbox.getThreadOwners(["2"]);
		if (error) throw error;
		return owner;
	},
};
// At work before it is counted what the answer takes.
const start = { rss: process.memoryUsage().rss, wasm: wasmBytes() };
const outcome = await calls[name]().then(
	() => "a right answer",
	(error) => error.kind ?? String(error),
);
process.send?.(
	{
		outcome,
		rss: process.resourceUsage().maxRSS * 1024 - start.rss,
		wasm: wasmBytes() - start.wasm,
	},
	() => process.disconnect(),
);
