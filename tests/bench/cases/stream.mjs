// A stream of more and more conversations, each in a fresh process: time and memory may not grow with its length.
import { byTurns } from "../blocks.mjs";
import { BARE, OURS } from "../context.mjs";
import { ratioRow } from "../rows.mjs";
import { startWorker } from "../start-worker.mjs";
import {
	difference,
	digits,
	figureOf,
	ratio,
	shown,
	signed,
} from "../stats.mjs";

/** @typedef {import("../context.mjs").Row} Row */
/** @typedef {import("../worker.mjs").Cost} Cost */

const LIMIT = 100;
/** The most memory over bare fetch: the IDs of the longest stream take some. */
const MOST_MB = 10;
const MOST_MB_OF_LONGEST = 12;
const LONGEST = 100_000;
/** How far the cost of a conversation, beside bare fetch, may differ between streams that are called flat. */
const FLAT = 1.2;
/** At least so many are read in all, after as many that are not measured while the engine warms up. */
const LEAST = 10_000;
const WARM_UP = 10_000;

export const notes = [
	"Streams come in pages of 100. Each is read by a fresh process, after 10,000 conversations that are not measured; short ones again and again until 10,000 were read. Memory is the peak of the whole process. Bare fetch does not watch for conversations that come twice.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run(context) {
	const { contenders, quick, note, keep } = context;
	const sizes = quick ? [100, 1000] : [100, 1000, 10_000, LONGEST];
	const streaming = contenders.filter(({ file }) =>
		/(bare-fetch|graph-inbox)\.mjs$/.test(file),
	);
	/** @type {Row[]} */
	const rows = [];
	/** @type {Map<number, number>} */
	const each = new Map();
	for (const count of sizes) {
		const what = `stream of ${count}`;
		note(what);
		const times = quick ? 1 : Math.max(LEAST / count, 1);
		const task = { count, times };
		// The first time the server makes the pages.
		const [first] = streaming;
		await inFreshProcess(first, task);
		const all = await byTurns(streaming, quick ? 1 : 7, (contender) =>
			inFreshProcess(contender, task),
		);
		const costs = new Map(streaming.map(({ name }, i) => [name, all[i]]));
		keep(what, Object.fromEntries(costs));
		const read = count * times;
		const microseconds = (/** @type {Cost} */ cost) =>
			(cost.cpuMs / read) * 1000;
		// Beside bare fetch: a faster minute of the machine is no shorter stream.
		const [ours, bare] = [OURS, BARE].map((name) =>
			(costs.get(name) ?? []).map(microseconds),
		);
		each.set(count, ratio(ours, bare).median);
		rows.push(
			ratioRow(`${what}, CPU each`, costs, { of: microseconds, unit: "µs" }),
			ratioRow(`${what}, wall each`, costs, {
				of: ({ wallMs }) => (wallMs / read) * 1000,
				unit: "µs",
			}),
			memoryRow(what, costs, count === LONGEST ? MOST_MB_OF_LONGEST : MOST_MB),
		);
		if (count === sizes.at(-1)) rows.push(wasmRow(costs), flatRow(each));
	}
	return rows;
}

/**
 * @param {import("../context.mjs").Contender} contender
 * @param {{ count: number, times: number }} task
 */
async function inFreshProcess(contender, task) {
	const worker = await startWorker(contender);
	try {
		const stream = { name: /** @type {const} */ ("stream"), limit: LIMIT };
		await worker.run({ ...stream, count: LIMIT, times: WARM_UP / LIMIT });
		return await worker.run({ ...stream, ...task });
	} finally {
		await worker.close();
	}
}

/**
 * @param {string} what
 * @param {Map<string, Cost[]>} costs
 * @param {number} mostMb over bare fetch
 * @returns {Row}
 */
function memoryRow(what, costs, mostMb) {
	const peaks = (/** @type {string} */ name) =>
		(costs.get(name) ?? []).map(({ rssMb }) => rssMb);
	/** @type {Record<string, string>} */
	const cells = {};
	for (const name of costs.keys())
		cells[name] =
			name === BARE
				? shown(figureOf(peaks(name)), "MB")
				: shown(difference(peaks(name), peaks(BARE)), "MB", signed);
	return {
		what: `${what}, peak memory`,
		cells,
		aims: [
			{
				text: `≤ ${mostMb} MB over bare fetch`,
				met: difference(peaks(OURS), peaks(BARE)).median <= mostMb,
			},
		],
	};
}

/**
 * @param {Map<string, Cost[]>} costs
 * @returns {Row}
 */
function wasmRow(costs) {
	/** @type {Record<string, string>} */
	const cells = {};
	for (const [name, all] of costs)
		if (name !== BARE)
			cells[name] = shown(figureOf(all.map(({ wasmMb }) => wasmMb)), "MB");
	return { what: "the longest stream, WebAssembly's memory", cells };
}

/**
 * @param {Map<number, number>} each times what bare fetch takes, by the length of the stream
 * @returns {Row}
 */
function flatRow(each) {
	const [least, most] = [
		Math.min(...each.values()),
		Math.max(...each.values()),
	];
	return {
		what: "dearest stream beside the cheapest, CPU beside bare fetch",
		cells: { [OURS]: `${digits(most / least)} ×` },
		aims: [{ text: `flat: ≤ ${digits(FLAT)} ×`, met: most / least <= FLAT }],
	};
}
