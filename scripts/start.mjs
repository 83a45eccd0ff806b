// What `npm start` runs: builds the package, then serves the demo, where it reads a simulated inbox in the browser.
// Usage: node scripts/start.mjs [--port N]

import { parseArgs } from "node:util";
import { build } from "./build.mjs";
import { serveDemo } from "./serve.mjs";
import { isMain, say } from "./tools.mjs";

/** @param {number} wanted the first port tried; those above it follow */
async function serveOnFreePort(wanted) {
	for (let port = wanted; ; port += 1) {
		try {
			return await serveDemo({ port });
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
	const demo = await serveOnFreePort(wanted);
	say(`The demo is at ${demo.url}`);
	console.log("It reads a simulated inbox. Ctrl-C ends it.");
	for (const signal of ["SIGINT", "SIGTERM"])
		process.once(signal, () => demo.close());
}

if (isMain(import.meta.url)) await main();
