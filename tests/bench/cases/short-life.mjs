// The whole life of a process that makes five calls: what a serverless function pays for at each cold start.
import { fileURLToPath } from "node:url";
import { run as runProgram } from "../../../scripts/tools.mjs";
import { byTurns } from "../blocks.mjs";
import { FIELDS } from "../fields.mjs";
import { ratioRow } from "../rows.mjs";

/** @typedef {{ recipients: string[], fields: string[] }} Questions what the program asks for */
/** @typedef {{ wallMs: number, answeredMs: number, cpuMs: number }} Life */

const AIM = { atMost: 1.15, isBelowPeers: true };
const PROGRAM = fileURLToPath(new URL("../short-life.mjs", import.meta.url));

export const notes = [
	"A short life is a fresh Node process, by turns, that imports the client, reads a page of 25 and then four thread owners of it, one after the other, and ends by itself. Time is taken around the whole process. A peer that lacks one of the two endpoints makes all five calls with the other. *Until the last answer* leaves out the end: with the global fetch, Node 20 does not end before its engine has optimised the WebAssembly of its HTTP parser, which takes longer than all five calls.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run({ contenders, server, quick, note, keep }) {
	note("short life");
	const { recipients } = server.graph;
	const questions = JSON.stringify({ recipients, fields: FIELDS });
	const live = (/** @type {import("../context.mjs").Contender} */ contender) =>
		liveOnce(contender, questions);
	// The first life of each reads its files from the disk, and lets the server record its answers.
	await byTurns(contenders, 1, live);
	const all = await byTurns(contenders, quick ? 2 : 25, live);
	const lives = new Map(contenders.map(({ name }, i) => [name, all[i]]));
	keep("short life", Object.fromEntries(lives));
	const how = { unit: "ms", aim: AIM, nodeFetchAim: AIM };
	return [
		ratioRow("short life: start, five calls, end", lives, {
			...how,
			of: ({ wallMs }) => wallMs,
		}),
		ratioRow("short life: until the last answer", lives, {
			...how,
			of: ({ answeredMs }) => answeredMs,
		}),
		ratioRow("short life, CPU", lives, { ...how, of: ({ cpuMs }) => cpuMs }),
	];
}

/**
 * @param {import("../context.mjs").Contender} contender
 * @param {string} questions
 * @returns {Promise<Life>}
 */
async function liveOnce({ file, settings }, questions) {
	const args = [PROGRAM, file, JSON.stringify(settings), questions];
	const start = performance.now();
	const printed = await runProgram(process.execPath, args, { quiet: true });
	return { wallMs: performance.now() - start, ...JSON.parse(printed) };
}
