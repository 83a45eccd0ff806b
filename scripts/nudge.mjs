// Nudges the server of wasm-bindgen-test. Its task pool counts a thread as idle until that thread has woken up, so that of
// more than four connections at once one may wait until another connection ends. A browser opens six for the files of
// src/host, and keeps them open. https://docs.rs/tiny_http/0.12.0/src/tiny_http/util/task_pool.rs.html
import { connect } from "node:net";
import { freePort } from "./free-port.mjs";

/** How often, in milliseconds. */
const PAUSE_MS = 100;
const host = "127.0.0.1";

/**
 * Runs something that starts such a server, and nudges the server meanwhile.
 *
 * @template T
 * @param {(env: Record<string, string>) => Promise<T>} work takes the environment that tells the server its address
 */
export async function withNudges(work) {
	const port = await freePort();
	const nudges = setInterval(() => {
		const nudge = connect(port, host);
		// Nobody listens before the server is up.
		nudge.on("error", () => {});
		nudge.end();
	}, PAUSE_MS);
	try {
		return await work({ WASM_BINDGEN_TEST_ADDRESS: `${host}:${port}` });
	} finally {
		clearInterval(nudges);
	}
}
