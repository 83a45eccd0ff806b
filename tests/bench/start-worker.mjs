// Starts a client in a process of its own, and has it do tasks.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { reply } from "./replies.mjs";

/** @typedef {import("./tasks.mjs").Task} Task */
/** @typedef {import("./worker.mjs").Cost} Cost */
/** @typedef {{ name: string, file: string, settings: import("./clients/client.d.ts").Settings }} Contender */

const PROGRAM = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** @param {Contender} contender */
export async function startWorker({ name, file, settings }) {
	const child = fork(PROGRAM, [file, JSON.stringify(settings)]);
	const { can } = await reply(child, name);
	return {
		name,
		/** @type {string[]} the methods of the client */
		can,
		/**
		 * @param {Task} task
		 * @returns {Promise<Cost>}
		 */
		async run(task) {
			child.send(task);
			return (await reply(child, name)).cost;
		},
		async close() {
			if (!child.connected) return;
			const ended = once(child, "exit");
			child.disconnect();
			await ended;
		},
	};
}

/** @typedef {Awaited<ReturnType<typeof startWorker>>} Worker */
