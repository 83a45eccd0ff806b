// Costs as rows of the table: bare fetch as it is, everything else beside it.
import {
	BARE,
	isLargerPeer,
	OURS,
	SMALLEST_PEER,
	WITH_NODE_FETCH,
} from "./context.mjs";
import { digits, figureOf, ratio, shown } from "./stats.mjs";

/** @typedef {import("./worker.mjs").Cost} Cost */
/** @typedef {import("./context.mjs").Row} Row */

/**
 * Bounds in multiples of bare fetch. With `isBelowPeers` the median must also be below that of every peer but the smallest.
 *
 * @typedef {{ atMost?: number, atLeast?: number, isBelowPeers?: boolean }} Bounds
 */

/**
 * @template C
 * @param {string} what
 * @param {Map<string, C[]>} costs
 * @param {object} how
 * @param {(cost: C) => number} how.of the figure
 * @param {string} how.unit
 * @param {Bounds} [how.aim] of graph-inbox
 * @param {Bounds} [how.nodeFetchAim] of graph-inbox with nodeFetch
 * @returns {Row}
 */
export function ratioRow(what, costs, { of, unit, aim, nodeFetchAim }) {
	const bare = (costs.get(BARE) ?? []).map(of);
	/** @type {Record<string, string>} */
	const cells = {};
	for (const [name, all] of costs) {
		const samples = all.map(of);
		if (name === BARE) cells[name] = shown(figureOf(samples), unit);
		else cells[name] = shown(ratio(samples, bare), "×");
	}
	const medians = new Map(
		[...costs].map(([name, all]) => [name, ratio(all.map(of), bare).median]),
	);
	const aims = [
		...aimsOf("", medians, OURS, aim),
		...aimsOf("nodeFetch ", medians, WITH_NODE_FETCH, nodeFetchAim),
	];
	return { what, cells, ...(aims.length > 0 && { aims }) };
}

/**
 * Returns the aims of one contender that was measured, each with its text and whether it is met.
 *
 * @param {string} prefix of the text
 * @param {Map<string, number>} medians beside bare fetch
 * @param {string} name of the contender
 * @param {Bounds} [bounds]
 */
function aimsOf(prefix, medians, name, bounds = {}) {
	const median = medians.get(name);
	if (median === undefined) return [];
	const { atMost, atLeast, isBelowPeers } = bounds;
	const aims = [];
	if (atMost !== undefined)
		aims.push({
			text: `${prefix}≤ ${digits(atMost)} ×`,
			met: median <= atMost,
		});
	if (atLeast !== undefined)
		aims.push({
			text: `${prefix}≥ ${digits(atLeast)} ×`,
			met: median >= atLeast,
		});
	const peers = [...medians].filter(([peer]) => isLargerPeer(peer));
	if (isBelowPeers && peers.length > 0)
		aims.push({
			text: `${prefix}below every peer${medians.has(SMALLEST_PEER) ? " but the smallest" : ""}`,
			met: peers.every(([, other]) => median < other),
		});
	return aims;
}

/**
 * What a call costs: processor and time.
 *
 * @param {string} what
 * @param {Map<string, Cost[]>} costs
 * @param {number} calls of a block
 * @param {{ aim?: Bounds, nodeFetchAim?: Bounds }} aims
 * @returns {Row[]}
 */
export function callRows(what, costs, calls, aims) {
	const rows = /** @type {const} */ ([
		["CPU", "cpuMs"],
		["wall", "wallMs"],
	]);
	return rows.map(([name, key]) =>
		ratioRow(`${what}, ${name} a call`, costs, {
			of: (cost) => (cost[key] / calls) * 1000,
			unit: "µs",
			...aims,
		}),
	);
}
