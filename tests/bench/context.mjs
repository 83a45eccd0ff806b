// What every case is given, and the rows it gives back.
import { PEERS } from "../../scripts/peers.mjs";
import { startWorker } from "./start-worker.mjs";

/** @typedef {import("./start-worker.mjs").Contender} Contender */
/** @typedef {import("./start-worker.mjs").Worker} Worker */

/**
 * A row of the table. `aims` are what graph-inbox is to reach, and whether it did; without them a row is only reported.
 *
 * @typedef {{ text: string, met: boolean }} Aim
 * @typedef {{ what: string, cells: Record<string, string>, aims?: Aim[] }} Row
 */

/**
 * @typedef {object} Context
 * @property {Contender[]} contenders the first is bare fetch, the second graph-inbox
 * @property {Awaited<ReturnType<typeof import("./start-server.mjs").startServer>>} server
 * @property {boolean} quick whether it only tries that the benchmark works
 * @property {(text: string) => void} note tells of progress
 * @property {(name: string, samples: unknown) => void} keep for the file that holds every sample
 */

/**
 * @typedef {object} Case
 * @property {string[]} notes what a reader of its rows must know
 * @property {(context: Context) => Promise<Row[]>} run
 */

export const BARE = "bare fetch";
export const OURS = "graph-inbox";
/** The package with `nodeFetch` in place of the global `fetch`. */
export const WITH_NODE_FETCH = "graph-inbox with nodeFetch";
/** The peer of 5 KB: a package with WebAssembly in it cannot load as fast. */
export const SMALLEST_PEER = "@warriorteam/messenger-sdk";

/**
 * Tells whether a contender is another package.
 *
 * @param {string} name
 */
export const isPeer = (name) => name in PEERS;

/**
 * Tells whether a contender is a package that graph-inbox must stay below.
 *
 * @param {string} name
 */
export const isLargerPeer = (name) => isPeer(name) && name !== SMALLEST_PEER;

/**
 * Runs something with the contenders that can do it, each in a process of its own.
 *
 * @template T
 * @param {Context} context
 * @param {keyof import("./clients/client.d.ts").Client} ability
 * @param {(workers: Worker[]) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withWorkers({ contenders }, ability, work) {
	const all = await Promise.all(contenders.map(startWorker));
	try {
		return await work(all.filter(({ can }) => can.includes(ability)));
	} finally {
		await Promise.all(all.map((worker) => worker.close()));
	}
}
