// Many owners at once.
import { inBlocks } from "../blocks.mjs";
import { withWorkers } from "../context.mjs";
import { ratioRow } from "../rows.mjs";

/** How many calls a second there must be beside bare fetch, for each number of calls in flight. */
const TOGETHER = [
	{ together: 1, atLeast: 0.9 },
	{ together: 10, atLeast: 0.9 },
	{ together: 100, atLeast: 0.95, nodeFetchAtLeast: 1.2 },
	{ together: 1000, atLeast: 0.9 },
];

/** @type {string[]} */
export const notes = [];

/** @type {import("../context.mjs").Case["run"]} */
export async function run(context) {
	const { quick, note, keep } = context;
	return withWorkers(context, "owner", async (workers) => {
		const rows = [];
		for (const { together, atLeast, nodeFetchAtLeast } of TOGETHER) {
			const what = `${together} in flight`;
			note(what);
			const count = quick ? 2 * together : Math.max(500, 2 * together);
			const task = { name: /** @type {const} */ ("flight"), count, together };
			const how = { rounds: quick ? 2 : 11, warmUp: quick ? 1 : 2 };
			const costs = await inBlocks(workers, task, how);
			keep(what, Object.fromEntries(costs));
			rows.push(
				ratioRow(`${what}, calls a second`, costs, {
					of: ({ wallMs }) => (count / wallMs) * 1000,
					unit: "",
					aim: { atLeast },
					nodeFetchAim: { atLeast: nodeFetchAtLeast },
				}),
				ratioRow(`${what}, p99`, costs, {
					of: ({ p99 = Number.NaN }) => p99,
					unit: "ms",
					aim: { atMost: 1.1 },
				}),
			);
		}
		return rows;
	});
}
