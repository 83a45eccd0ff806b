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
 * Tells whether a string holds more digits in a row than a number can represent, inside JSON strings or outside, and is not longer
 * than `longest`.
 *
 * @param {string} text
 * @param {number} longest in UTF-16 units
 */
export function hasLongInteger(text, longest) {
	return text.length <= longest && /\d{16}/.test(text);
}
