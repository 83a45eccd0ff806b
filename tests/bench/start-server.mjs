// Starts the server in a process of its own, and tells it what to do.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { reply } from "./replies.mjs";

/** @typedef {import("./server.mjs").Order} Order */
/** @typedef {import("./server.mjs").Account} Account */
/** @typedef {{ baseUrl: string, pageId: string, accessToken: string, recipient: string, recipients: string[] }} Graph */

export async function startServer() {
	const child = fork(fileURLToPath(new URL("server.mjs", import.meta.url)));
	/** @type {Graph} */
	const graph = await reply(child, "the server");
	return {
		graph,
		/**
		 * @param {Order} [order]
		 * @returns {Promise<Account>} what it did since it was last told something
		 */
		tell(order = {}) {
			child.send(order);
			return reply(child, "the server");
		},
		close: () => child.disconnect(),
	};
}
