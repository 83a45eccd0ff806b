/** Looks at JavaScript values for value.rs: one crossing from Rust each, where Rust alone would need several. */

/**
 * Runs a function; returns what `otherwise` makes of an error that it throws. For values that somebody else made, whose
 * properties may throw: an error thrown while Rust waits for an answer would leave a promise that never settles.
 *
 * @template T
 * @param {() => T} run
 * @param {(error: unknown) => T} otherwise
 */
export function tryOr(run, otherwise) {
	try {
		return run();
	} catch (error) {
		return otherwise(error);
	}
}

/**
 * Tells whether a value is an object, neither `null` nor an array.
 *
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
export function isPlainObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Returns a property of an object that JSON or this package made; `undefined` where it is missing or `value` is no object.
 *
 * @param {unknown} value
 * @param {string} name
 */
export function getProperty(value, name) {
	return isPlainObject(value) ? value[name] : undefined;
}

/**
 * Sets a property of an object of this package, which cannot throw.
 *
 * @param {any} object
 * @param {string} name
 * @param {unknown} value
 */
export function setProperty(object, name, value) {
	object[name] = value;
}

/**
 * Parses JSON; returns `undefined`, which no JSON stands for, where the string is none.
 *
 * @param {string} text
 * @returns {unknown}
 */
export const parsed = (text) =>
	tryOr(
		() => JSON.parse(text),
		() => undefined,
	);

/**
 * Tells whether a string holds more digits in a row than a number can represent, inside JSON strings or outside. Of one that is
 * longer than any answer whose integers matter, it says no: what it says yes to is copied.
 *
 * @param {string} text
 */
export function hasLongInteger(text) {
	return text.length <= 2 ** 20 && /\d{16}/.test(text);
}
