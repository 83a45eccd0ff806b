// Costs as rows of the table: bare fetch as it is, everything else beside it.
import { BARE, OURS, WITH_NODE_FETCH } from "./context.mjs";
import { digits, figureOf, ratio, shown } from "./stats.mjs";

/** @typedef {import("./worker.mjs").Cost} Cost */
/** @typedef {import("./context.mjs").Row} Row */

/** @typedef {{ atMost?: number, atLeast?: number }} Bounds times bare fetch */

/**
 * @param {string} what
 * @param {Map<string, Cost[]>} costs
 * @param {object} how
 * @param {(cost: Cost) => number} how.of the figure
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
	const aims = [
		aimOf("", costs.get(OURS)?.map(of), bare, aim),
		aimOf(
			"nodeFetch ",
			costs.get(WITH_NODE_FETCH)?.map(of),
			bare,
			nodeFetchAim,
		),
	].flatMap((found) => found ?? []);
	if (aims.length === 0) return { what, cells };
	return {
		what,
		cells,
		aim: aims.map(({ text }) => text).join(", "),
		met: aims.every(({ met }) => met),
	};
}

/**
 * @param {string} name that the aim begins with
 * @param {number[] | undefined} samples
 * @param {number[]} bare
 * @param {Bounds} [bounds]
 */
function aimOf(name, samples, bare, { atMost, atLeast } = {}) {
	if (samples === undefined) return undefined;
	const { median } = ratio(samples, bare);
	if (atMost !== undefined)
		return { text: `${name}≤ ${digits(atMost)} ×`, met: median <= atMost };
	if (atLeast !== undefined)
		return { text: `${name}≥ ${digits(atLeast)} ×`, met: median >= atLeast };
	return undefined;
}

/**
 * What a call costs: processor and time.
 *
 * @param {string} what
 * @param {Map<string, Cost[]>} costs
 * @param {number} calls of a block
 * @param {Pick<Parameters<typeof ratioRow>[2], "aim" | "nodeFetchAim">} aims
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
