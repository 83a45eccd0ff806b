// The protocol core by itself, natively: tests/bench/growth.rs measures, this looks at how it grows.
import { existsSync, readdirSync, rmSync } from "node:fs";
import { at, readJson, run as runProgram } from "../../../scripts/tools.mjs";
import { OURS } from "../context.mjs";
import { digits } from "../stats.mjs";

/** Of twice the length, a quadratic part takes four times as long: 2 to the power of 2. */
const POWER = 1.3;
/** Below, what every call costs hides how it grows. */
const SHORTEST = 10_000;

/** @typedef {{ length: number, ns: number }} Point */

export const notes = [
	"The parts of the protocol are measured natively, by criterion, as they are compiled for size; inputs are 1 KB, 10 KB, 100 KB and 1 MB long, where a part is not too slow for the longest.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run({ quick, note, keep }) {
	note("the protocol core");
	const results = "target/criterion";
	rmSync(at(results), { recursive: true, force: true });
	await runProgram(
		"cargo",
		[
			...["bench", "--locked", "--quiet", "--bench", "protocol", "--"],
			...(quick ? ["--quick"] : []),
		],
		{ quiet: true },
	);
	return readdirSync(at(results)).map((name) => {
		const points = pointsOf(`${results}/${name}`);
		keep(name, points);
		const power = growth(points);
		return {
			what: `protocol: ${name}`,
			cells: { [OURS]: points.map(({ ns }) => time(ns)).join(", ") },
			aims: [
				{
					text: `grows with n to the power of ≤ ${POWER} (is ${digits(power)})`,
					met: power <= POWER,
				},
			],
		};
	});
}

/**
 * @param {string} folder
 * @returns {Point[]}
 */
function pointsOf(folder) {
	return readdirSync(at(folder))
		.filter((length) => existsSync(at(folder, length, "new", "estimates.json")))
		.map((length) => ({
			length: Number(length),
			ns: readJson(`${folder}/${length}/new/estimates.json`).median
				.point_estimate,
		}))
		.sort((a, b) => a.length - b.length);
}

/**
 * The steepest step from one length to the next.
 *
 * @param {Point[]} points
 */
function growth(points) {
	const long = points.filter(({ length }) => length >= SHORTEST);
	const steps = long.slice(1).map(({ length, ns }, index) => {
		const before = long[index];
		return Math.log(ns / before.ns) / Math.log(length / before.length);
	});
	return Math.max(...steps);
}

/** @param {number} ns */
function time(ns) {
	if (ns < 1e3) return `${digits(ns)} ns`;
	if (ns < 1e6) return `${digits(ns / 1e3)} µs`;
	return `${digits(ns / 1e6)} ms`;
}
