// Where the milliseconds of a cold call, of the first hundred calls and of warm calls go: npm run bench -- profile
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { at, run } from "../../scripts/tools.mjs";
import { byTurns } from "./blocks.mjs";
import { BARE, isPeer } from "./context.mjs";
import { FIELDS } from "./fields.mjs";
import { isOfPackage, sumUp } from "./profile-sums.mjs";

/** @typedef {import("./profile-sums.mjs").Sums} Sums */
/** @typedef {import("./context.mjs").Context} Context */

const PROGRAM = fileURLToPath(new URL("profiled.mjs", import.meta.url));
const INTERVAL_US = 100;
const MOST_ROWS = 15;

/** The phases of profiled.mjs. Of the warm phase, 500 calls are divided by five, to compare with the first hundred. */
const PHASES = [
	{ title: "a cold call, from the start of the process", from: -1, part: 1 },
	{ title: "the hundred calls after it", from: 0, part: 1 },
	{ title: "a hundred warm calls", from: 2, part: 5 },
];

/**
 * Profiles every contender but the peers, several times by turns.
 *
 * @param {Context} context
 * @returns {Promise<string>} tables in Markdown
 */
export async function profile({ contenders, server, quick, note }) {
	const { recipients } = server.graph;
	const questions = JSON.stringify({ recipients, fields: FIELDS });
	const own = contenders.filter(({ name }) => !isPeer(name));
	const runs = quick ? 1 : 10;
	note(`profiles, ${runs} of each`);
	const folder = at("target", "profiles");
	rmSync(folder, { recursive: true, force: true });
	const all = await byTurns(own, runs, ({ name, file, settings }) =>
		profileOnce(`${folder}/${name.replaceAll(" ", "-")}`, [
			file,
			JSON.stringify(settings),
			questions,
		]),
	);
	const tables = PHASES.flatMap(({ title, from, part }, index) => {
		const sums = new Map(
			own.map(({ name }, place) => [
				name,
				sumUp(
					all[place].map(({ profile, ends }) => ({
						profile,
						startUs: ends[from] ?? profile.startTime,
						endUs: ends[from + 1],
					})),
					part,
				),
			]),
		);
		return [
			`${index > 0 ? "\n" : ""}## ${title[0].toUpperCase()}${title.slice(1)}\n`,
			stepTable(sums),
			...[...sums].filter(([name]) => name !== BARE).flatMap(functionTables),
		];
	});
	return [
		`Milliseconds, trimmed means of ${runs} profiles with a sample each ${INTERVAL_US} µs; profiling itself makes everything slower. Names are those of the minified files, with the code that follows.\n`,
		...tables,
	].join("\n");
}

/**
 * @param {string} folder for the file of the profile
 * @param {string[]} args of the program
 */
async function profileOnce(folder, args) {
	mkdirSync(folder, { recursive: true });
	const before = new Set(readdirSync(folder));
	const printed = await run(
		process.execPath,
		[
			"--cpu-prof",
			`--cpu-prof-interval=${INTERVAL_US}`,
			`--cpu-prof-dir=${folder}`,
			PROGRAM,
			...args,
		],
		{ quiet: true },
	);
	const written = readdirSync(folder).find((name) => !before.has(name));
	/** @type {import("./profile-sums.mjs").Profile} */
	const profile = JSON.parse(readFileSync(`${folder}/${written}`, "utf8"));
	/** @type {number[]} */
	const ends = JSON.parse(printed);
	return { profile, ends };
}

/** @param {Map<string, Sums>} sums by the names of the clients */
function stepTable(sums) {
	const columns = [...sums.values()];
	const steps = new Set(columns.flatMap(({ steps }) => [...steps.keys()]));
	const most = (/** @type {string} */ step) =>
		Math.max(...columns.map(({ steps }) => steps.get(step) ?? 0));
	const rows = [...steps]
		.sort((a, b) => most(b) - most(a))
		.map((step) => [
			step,
			...columns.map(({ steps }) => (steps.get(step) ?? 0).toFixed(2)),
		]);
	return markdown(["step", ...sums.keys()], rows);
}

/** @param {[name: string, sums: Sums]} entry */
function functionTables([name, { self, total }]) {
	const largest = (/** @type {Map<string, number>} */ times) =>
		[...times]
			.sort(([, a], [, b]) => b - a)
			.slice(0, MOST_ROWS)
			.map(([what, ms]) => [`\`${what}\``, ms.toFixed(2)]);
	const ours = [...total].filter(([what]) => isOfPackage(what));
	return [
		markdown([`${name}: by function, itself`, "ms"], largest(self)),
		markdown(
			[`${name}: functions of the package, with all they call`, "ms"],
			largest(new Map(ours)),
		),
	];
}

/**
 * @param {string[]} head
 * @param {string[][]} rows whose cells after the first are numbers
 */
function markdown(head, rows) {
	const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
	const rule = head.map((_, index) => (index === 0 ? "---" : "---:"));
	return `${[head, rule, ...rows].map(line).join("\n")}\n`;
}
