// Costs as rows of the table: bare fetch as it is, everything else beside it.
import { BARE, OURS } from "./context.mjs";
import { digits, figureOf, ratio, shown } from "./stats.mjs";

/** @typedef {import("./worker.mjs").Cost} Cost */
/** @typedef {import("./context.mjs").Row} Row */

/**
 * @param {string} what
 * @param {Map<string, Cost[]>} costs
 * @param {object} how
 * @param {(cost: Cost) => number} how.of the figure
 * @param {string} how.unit
 * @param {number} [how.atMost] times bare fetch
 * @param {number} [how.atLeast] times bare fetch
 * @returns {Row}
 */
export function ratioRow(what, costs, { of, unit, atMost, atLeast }) {
	const bare = (costs.get(BARE) ?? []).map(of);
	/** @type {Record<string, string>} */
	const cells = {};
	/** @type {boolean | undefined} */
	let met;
	for (const [name, all] of costs) {
		const samples = all.map(of);
		if (name === BARE) cells[name] = shown(figureOf(samples), unit);
		else cells[name] = shown(ratio(samples, bare), "×");
		if (name !== OURS) continue;
		const { median } = ratio(samples, bare);
		if (atMost !== undefined) met = median <= atMost;
		if (atLeast !== undefined) met = median >= atLeast;
	}
	const aim =
		atMost !== undefined
			? `≤ ${digits(atMost)} ×`
			: atLeast !== undefined
				? `≥ ${digits(atLeast)} ×`
				: undefined;
	return { what, cells, aim, met };
}

/**
 * What a call costs: processor and time.
 *
 * @param {string} what
 * @param {Map<string, Cost[]>} costs
 * @param {number} calls of a block
 * @param {number} [atMost]
 * @returns {Row[]}
 */
export function callRows(what, costs, calls, atMost) {
	const rows = /** @type {const} */ ([
		["CPU", "cpuMs"],
		["wall", "wallMs"],
	]);
	return rows.map(([name, key]) =>
		ratioRow(`${what}, ${name} a call`, costs, {
			of: (cost) => (cost[key] / calls) * 1000,
			unit: "µs",
			atMost,
		}),
	);
}
