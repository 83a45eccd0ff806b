// The hard tests have a short form, for npm test, and a long one: npm run test:hard.
import { appendFileSync } from "node:fs";
import { after } from "node:test";

export const LONG = process.env.GRAPH_INBOX_HARD === "1";

/**
 * A number that can be given from outside.
 *
 * @param {string} name of the variable
 * @param {number} short
 * @param {number} long
 */
export function amount(name, short, long) {
	const given = process.env[`GRAPH_INBOX_${name}`];
	return given ? Number(given) : LONG ? long : short;
}

/** @param {string} text what a long run shows while it runs */
export function progress(text) {
	if (LONG || process.env.SHOW) console.log(`    ${text}`);
}

/**
 * Counts what was tried. A row of the table at the end of `npm run test:hard`.
 *
 * @param {string} what
 */
export function tally(what) {
	const row = { what, times: 0, failed: 0, note: "" };
	after(() => {
		const file = process.env.GRAPH_INBOX_HARD_ROWS;
		if (file) appendFileSync(file, `${JSON.stringify(row)}\n`);
	});
	return {
		row,
		/**
		 * Tries something: what it throws is counted, and thrown on.
		 *
		 * @template T
		 * @param {() => T | Promise<T>} work
		 */
		async trial(work) {
			row.times += 1;
			try {
				return await work();
			} catch (error) {
				row.failed += 1;
				throw error;
			}
		},
	};
}
