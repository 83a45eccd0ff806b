/** Loops over the conversations of a page, for page.rs: in Rust each conversation would cost several crossings. */

import { isPlainObject } from "./value.js";

/**
 * Tells whether every item of a list is an object with a string `id`.
 *
 * @param {any[]} list
 */
export function haveIds(list) {
	return list.every((item) => typeof item?.id === "string");
}

/**
 * Returns the items whose IDs are new to a set, and adds them to it.
 *
 * @param {{ id: string }[]} list
 * @param {Set<string>} seen
 * @param {Uint32Array} known positions of items whose IDs are added first
 * @param {number} end the index where to stop
 * @param {number} most the highest number of items to return
 */
export function firstSeen(list, seen, known, end, most) {
	for (const position of known) seen.add(list[position].id);
	const newItems = [];
	for (let index = 0; index < end && newItems.length < most; index++) {
		const item = list[index];
		if (seen.has(item.id)) continue;
		seen.add(item.id);
		newItems.push(item);
	}
	return newItems;
}

/**
 * Returns the items at these positions, in their order.
 *
 * @param {any[]} list
 * @param {Uint32Array} positions
 */
export const pick = (list, positions) =>
	Array.from(positions, (position) => list[position]);

/**
 * Sets a property of every item of a list to an array of names.
 *
 * @param {any[]} list
 * @param {string} name
 * @param {string} names with commas between
 */
export function mark(list, name, names) {
	for (const item of list) item[name] = names.split(",");
}

/**
 * Keeps with a page what its `meta` is made of.
 *
 * @param {any} page
 * @param {number} status
 * @param {number} attempts
 * @param {string} headers
 */
export function setMeta(page, status, attempts, headers) {
	Object.assign(page, { status, attempts, headers });
}

/**
 * Makes a page of the body of a response.
 *
 * @param {any} body
 * @param {number} number
 * @param {string | null | undefined} next
 * @param {Float64Array} times a view of Rust's memory
 */
export const pageOf = ({ data, paging }, number, next, times) => ({
	data,
	paging: isPlainObject(paging) ? paging : {},
	number,
	next,
	times: times.slice(),
});

/**
 * Keeps the times of some items with their list.
 *
 * @param {any} list
 * @param {Float64Array} times a view of Rust's memory
 */
export function setTimes(list, times) {
	list.times = times.slice();
}

/**
 * Returns the times that a page was made with.
 *
 * @param {{ times: Float64Array }} page
 */
export const getTimes = ({ times }) => times;

/**
 * Deletes a property of every item of a list.
 *
 * @param {any[]} list
 * @param {string} name
 */
export function leaveOut(list, name) {
	// To look is faster than to delete what is not there.
	for (const item of list) if (name in item) delete item[name];
}
