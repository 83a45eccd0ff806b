// What `npm start` runs: builds the package, then shows it reading a simulated inbox in the browser.
// Usage: node scripts/start.mjs [--port N]

import { parseArgs } from "node:util";
import { createGraphSimulator } from "../pkg-template/simulator.js";
import { build } from "./build.mjs";
import { serveGraph } from "./graph-server.mjs";
import { serveDemo } from "./serve.mjs";
import { isMain, say } from "./tools.mjs";

/** @typedef {import("../pkg-template/simulator.js").GraphSimulator} GraphSimulator */

/**
 * Starts the simulator and the page that reads it, each on a port of its own, so that CORS is the real one.
 *
 * @param {object} [options]
 * @param {number} [options.port] of the page; 0 for any
 * @param {import("../pkg-template/simulator.js").GraphSimulatorOptions} [options.simulator]
 * @param {string} [options.liveGraphUrl] what live mode asks in place of Meta's Graph
 * @param {number} [options.messageEveryMs] 0: nobody writes
 */
export async function startDemo({
	port = 0,
	simulator: simulatorOptions,
	liveGraphUrl,
	messageEveryMs = 0,
} = {}) {
	const simulator = createGraphSimulator({
		conversations: { messenger: 180, instagram: 120 },
		...simulatorOptions,
	});
	const graph = await serveGraph(simulator);
	const demo = await serveDemo({
		port,
		graphUrl: graph.url,
		liveGraphUrl,
		pageId: simulator.pageId,
		accessToken: simulator.accessToken,
		instagramAccountId: simulator.instagramAccountId,
		appId: simulator.appId,
	}).catch(async (error) => {
		await graph.close();
		throw error;
	});
	const nobodyWrites = letPeopleWrite(simulator, messageEveryMs);
	return {
		url: demo.url,
		graphUrl: graph.url,
		simulator,
		async close() {
			nobodyWrites();
			await Promise.all([demo.close(), graph.close()]);
		},
	};
}

/**
 * @param {GraphSimulator} simulator
 * @param {number} everyMs
 * @returns {() => void} ends it
 */
function letPeopleWrite(simulator, everyMs) {
	if (!everyMs) return () => {};
	let count = 0;
	const timer = setInterval(() => {
		const platform = count % 2 ? "INSTAGRAM" : "MESSENGER";
		const known = simulator.conversations({ platform });
		// By turns somebody new and somebody from further down the list.
		const conversationId =
			count % 4 < 2 ? known[(count * 7) % known.length]?.id : undefined;
		simulator.receiveMessage({ platform, conversationId });
		count += 1;
	}, everyMs);
	return () => clearInterval(timer);
}

/** @param {number} wanted the first port tried; those above it follow */
async function startOnFreePort(wanted) {
	for (let port = wanted; ; port += 1) {
		try {
			return await startDemo({
				port,
				simulator: { latencyMs: 250 },
				messageEveryMs: 15_000,
			});
		} catch (error) {
			const { code } = /** @type {NodeJS.ErrnoException} */ (error);
			if (code !== "EADDRINUSE" || port >= wanted + 20) throw error;
		}
	}
}

/** @param {string} text */
function readPort(text) {
	const port = Number(text);
	if (/^\d+$/.test(text) && port < 65_536) return port;
	throw new Error(`--port must be a number from 0 to 65535, not ${text}`);
}

async function main() {
	const { values } = parseArgs({
		options: { port: { type: "string", default: "8080" } },
	});
	const wanted = readPort(values.port);
	await build();
	const demo = await startOnFreePort(wanted);
	say(`The demo is at ${demo.url}`);
	console.log(
		`It reads a simulated inbox (${demo.graphUrl}) where somebody writes every 15 s. Ctrl-C ends it.`,
	);
	for (const signal of ["SIGINT", "SIGTERM"])
		process.once(signal, () => demo.close());
}

if (isMain(import.meta.url)) await main();
