/** Reads dates as Graph writes them: for users, who need no wasm for it, and for the Rust half. */

import { invalidOption } from "./errors.js";

const GRAPH_TIME =
	/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))$/i;

/**
 * Reads a date and time as Graph writes it, in milliseconds since 1970; returns `NaN` for anything else.
 *
 * @param {unknown} value
 */
export function graphTimeMs(value) {
	const parts = typeof value === "string" ? GRAPH_TIME.exec(value) : null;
	if (parts) {
		const [year, month, day, hour, minute, second] = parts
			.slice(1, 7)
			.map((digits) => Number(digits ?? 0));
		const millisecond = Math.trunc(Number(`0.${parts[7] ?? 0}`) * 1000);
		const [zoneHour, zoneMinute] = [
			Number(parts[9] ?? 0),
			Number(parts[10] ?? 0),
		];
		const date = new Date(0);
		// Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
		date.setUTCFullYear(year, month - 1, day);
		date.setUTCHours(hour, minute, second, millisecond);
		// A part that is too large moves the date on, which then reads otherwise than it was written.
		const written = date.toISOString().slice(0, 19);
		const expected =
			parts[0].slice(0, 16) + (parts[6] ? `:${parts[6]}` : ":00");
		if (
			written === expected.toUpperCase() &&
			zoneHour < 24 &&
			zoneMinute < 60
		) {
			const offset = (zoneHour * 60 + zoneMinute) * 60_000;
			return date.getTime() - (parts[8] === "-" ? -offset : offset);
		}
	}
	return Number.NaN;
}

/**
 * Reads the same property of every item of a list with `graphTimeMs`: one crossing from Rust for a whole page.
 *
 * @param {any[]} list
 * @param {string} name
 */
export const times = (list, name) =>
	Float64Array.from(list, (item) => graphTimeMs(item[name]));

/**
 * @param {string} value
 * @returns {Date}
 */
export function parseGraphTime(value) {
	const ms = graphTimeMs(value);
	if (!Number.isNaN(ms)) return new Date(ms);
	throw invalidOption(
		"value",
		"a date and time with its zone, such as 2021-07-23T09:28:50+0000",
		value,
	);
}
