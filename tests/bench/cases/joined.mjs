// A thousand conversations with their owners, from far away.
import { byTurns } from "../blocks.mjs";
import { BARE, OURS, withWorkers } from "../context.mjs";
import { digits, figureOf, ratio, shown } from "../stats.mjs";

/** @typedef {import("../context.mjs").Row} Row */
/** @typedef {import("../start-worker.mjs").Worker} Worker */
/** @typedef {{ bare: Worker, ours: Worker, all: Worker[] }} Workers `all` can join conversations with their owners */
/** @typedef {{ paths: number[], joined: number[][], oneByOneMs: number, oneByOneRequests: number, requests: number }} Measured milliseconds */

const AT_MOST_REQUESTS = 30;
const TIMES_FASTER = 80;
const TIMES_CRITICAL_PATH = 1.2;
/** Of the conversations, those that are asked about one by one: all of them would take minutes. */
const SHARE = 10;

const path = /** @type {const} */ ({ name: "criticalPath", limit: 100 });
const joined = /** @type {const} */ ({ name: "joined", limit: 100 });
const oneByOne = /** @type {const} */ ({ name: "ownersOneByOne", limit: 100 });
const paced = /** @type {const} */ ({ name: "joinedAtPace", limit: 100 });

export const notes = [
	"1,000 conversations with their owners come in pages of 100. One by one is what they take without batches; a tenth of it is measured. The critical path is bare fetch reading the pages one after the other, then the owners of the last one: what can not overlap.",
	"At the documented pace of two lists a second (the default of `callsPerSecond`) ten pages can not take less than 4 seconds.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run(context) {
	const { quick, note, keep, server } = context;
	const count = quick ? 200 : 1000;
	return withWorkers(context, "owner", async (workers) => {
		const [bare, ours] = workers;
		const all = workers.filter(({ can }) => can.includes("joined"));
		// Once, so that the server has its answers ready.
		for (const worker of all) await worker.run({ ...joined, count });
		await bare.run({ ...path, count });
		await bare.run({ ...oneByOne, count: count / SHARE });

		const rows = [];
		for (const latencyMs of quick ? [20] : [20, 100]) {
			const what = `${count} with owners, ${latencyMs} ms away`;
			note(what);
			await server.tell({ latencyMs });
			const measured = await measure(context, { bare, ours, all }, count);
			keep(what, measured);
			rows.push(...rowsOf(what, measured, all));
		}
		note("the same at the documented pace");
		await server.tell({ latencyMs: 20 });
		const { wallMs } = await ours.run({ ...paced, count });
		await server.tell({ latencyMs: 0 });
		keep("at the documented pace", wallMs);
		rows.push({
			what: `${count} with owners, 20 ms away, at the documented pace`,
			cells: { [OURS]: `${digits(wallMs / 1000)} s` },
		});
		return rows;
	});
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {Workers} workers
 * @param {number} count
 * @returns {Promise<Measured>}
 */
async function measure({ server, quick }, { bare, ours, all }, count) {
	const runs = [
		() => bare.run({ ...path, count }),
		...all.map((worker) => () => worker.run({ ...joined, count })),
	];
	const [paths, ...times] = await byTurns(
		runs,
		quick ? 2 : 9,
		async (run) => (await run()).wallMs,
	);
	await server.tell();
	const share = await bare.run({ ...oneByOne, count: count / SHARE });
	const asked = await server.tell();
	await ours.run({ ...joined, count });
	const { requests } = await server.tell();
	return {
		paths,
		joined: times,
		oneByOneMs: share.wallMs * SHARE,
		oneByOneRequests: asked.requests * SHARE,
		requests,
	};
}

/**
 * @param {string} what
 * @param {Measured} measured
 * @param {Worker[]} all
 * @returns {Row[]}
 */
function rowsOf(what, measured, all) {
	const { paths, oneByOneMs, oneByOneRequests, requests } = measured;
	const mine = measured.joined[all.findIndex(({ name }) => name === OURS)];
	const faster = oneByOneMs / figureOf(mine).median;
	/** @type {(write: (times: number[]) => string) => Record<string, string>} */
	const cells = (write) =>
		Object.fromEntries(
			all.map(({ name }, index) => [name, write(measured.joined[index])]),
		);
	return [
		{
			what: `${what}, wall`,
			cells: {
				[BARE]: `${digits(oneByOneMs / 1000)} s one by one`,
				...cells((times) => shown(figureOf(times), "ms")),
			},
			aims: [
				{
					text: `≥ ${TIMES_FASTER} × faster than one by one (is ${digits(faster)} ×)`,
					met: faster >= TIMES_FASTER,
				},
			],
		},
		{
			what: `${what}, beside the critical path`,
			cells: {
				[BARE]: shown(figureOf(paths), "ms"),
				...cells((times) => shown(ratio(times, paths), "×")),
			},
			aims: [
				{
					text: `≤ ${digits(TIMES_CRITICAL_PATH)} ×`,
					met: ratio(mine, paths).median <= TIMES_CRITICAL_PATH,
				},
			],
		},
		{
			what: `${what}, requests`,
			cells: {
				[BARE]: `${oneByOneRequests} one by one`,
				[OURS]: `${requests}`,
			},
			aims: [
				{ text: `≤ ${AT_MOST_REQUESTS}`, met: requests <= AT_MOST_REQUESTS },
			],
		},
	];
}
