/**
 * A 32-bit hash of integers. Everything seeded is a hash of seed, purpose and index, and not a draw from a sequence, so that
 * the last of 100 000 conversations can be made without the ones before it.
 *
 * @param {...number} values
 */
export function hash(...values) {
	let state = 0x9e3779b9;
	for (const value of values) {
		state = Math.imul(state ^ value, 0x85ebca6b);
		state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
		state ^= state >>> 16;
	}
	return state >>> 0;
}

/**
 * @template T
 * @param {readonly T[]} list
 * @param {number} random
 * @returns {T}
 */
export function pick(list, random) {
	return list[random % list.length];
}
