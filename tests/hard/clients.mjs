// The process that is watched: 1,000 clients that all live, then 1,000 more. node --expose-gc clients.mjs <clients>
import assert from "node:assert/strict";
import { watchWasm } from "./wasm-memory.mjs";

const { bytes: wasmBytes } = watchWasm();
const { createInbox } = await import("graph-inbox");
const { createGraphSimulator } = await import("graph-inbox/simulator");
const { serveGraph } = await import("../../scripts/graph-server.mjs");
const { ids } = await import("../package/graph.mjs");
const clients = Number(process.argv[2]);

const simulator = createGraphSimulator({ conversations: 5 });
const expected = ids(simulator.conversations());
const server = await serveGraph(simulator);
const { pageId, accessToken } = simulator;
const access = { pageId, accessToken, baseUrl: server.url };

/** Clients that each read a list, fifty at a time, and all live until the last has. */
async function round() {
	const all = Array.from({ length: clients }, () => createInbox(access));
	const waiting = [...all];
	const work = async () => {
		for (let inbox = waiting.pop(); inbox; inbox = waiting.pop()) {
			const { data } = await inbox.listConversations();
			assert.deepEqual(ids(data), expected);
			simulator.requests.length = 0;
		}
	};
	await Promise.all(Array.from({ length: 50 }, work));
	globalThis.gc?.();
	return { alive: all.length, ...process.memoryUsage(), wasm: wasmBytes() };
}

/** A turn of the event loop, in which finalizers run. */
const turn = () => new Promise((resolve) => setTimeout(resolve, 10));

const rounds = [];
for (let count = 0; count < 3; count++) {
	rounds.push(await round());
	for (let turns = 0; turns < 20; turns++) {
		globalThis.gc?.();
		await turn();
	}
}
await server.close();
process.send?.({ rounds }, () => process.disconnect());
