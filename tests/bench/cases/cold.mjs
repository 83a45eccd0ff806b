// From the start of a process to the first answer, each time in a fresh one.
import { fileURLToPath } from "node:url";
import { run as runProgram } from "../../../scripts/tools.mjs";
import { byTurns } from "../blocks.mjs";
import { BARE, isLargerPeer, OURS } from "../context.mjs";
import { difference, figureOf, shown, signed } from "../stats.mjs";

/** @typedef {import("../context.mjs").Contender} Contender */
/** @typedef {{ wallMs: number, cpuMs: number }} Start */

const AT_MOST_MS = 15;
const PROGRAM = fileURLToPath(new URL("../cold-start.mjs", import.meta.url));

export const notes = [
	"Cold starts are fresh Node processes by turns; the first answer is the owner of a thread, or a page of 25 for @warriorteam/messenger-sdk, which knows no owners. Beside bare fetch: milliseconds more.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run({ contenders, quick, note, keep }) {
	note("cold start");
	const rounds = quick ? 2 : 25;
	// The first start of each reads its files from the disk.
	await byTurns(contenders, 1, start);
	const all = await byTurns(contenders, rounds, start);
	keep(
		"cold",
		Object.fromEntries(contenders.map(({ name }, i) => [name, all[i]])),
	);
	const samples = (
		/** @type {string} */ name,
		/** @type {keyof Start} */ key,
	) => {
		const place = contenders.findIndex((contender) => contender.name === name);
		return all[place].map((one) => one[key]);
	};
	const row = (/** @type {string} */ what, /** @type {keyof Start} */ key) => {
		/** @type {Record<string, string>} */
		const cells = {};
		/** @type {Map<string, number>} */
		const over = new Map();
		const bare = samples(BARE, key);
		for (const { name } of contenders) {
			const own = samples(name, key);
			const more = difference(own, bare);
			over.set(name, more.median);
			cells[name] =
				name === BARE ? shown(figureOf(own), "ms") : shown(more, "ms", signed);
		}
		return { what, cells, over };
	};
	const wall = row("cold start: import and first answer", "wallMs");
	const ours = wall.over.get(OURS) ?? Number.NaN;
	const larger = [...wall.over].filter(([name]) => isLargerPeer(name));
	const belowPeers = {
		text: "below every peer but the smallest",
		met: larger.every(([, over]) => ours < over),
	};
	return [
		{
			...wall,
			aims: [
				{
					text: `≤ ${AT_MOST_MS} ms over bare fetch`,
					met: ours <= AT_MOST_MS,
				},
				...(larger.length > 0 ? [belowPeers] : []),
			],
		},
		row("cold start, CPU", "cpuMs"),
	];
}

/**
 * @param {Contender} contender
 * @returns {Promise<Start>}
 */
async function start({ file, settings }) {
	const args = [PROGRAM, file, JSON.stringify(settings)];
	return JSON.parse(await runProgram(process.execPath, args, { quiet: true }));
}
