import { errors } from "./errors.js";

/**
 * One name in `fields`, with its modifiers and what is asked of the nodes below: `messages.limit(5){id,message}`.
 * https://developers.facebook.com/docs/graph-api/guides/field-expansion
 *
 * @typedef {object} Selection
 * @property {string} name
 * @property {Record<string, string>} modifiers
 * @property {Selection[] | undefined} fields undefined: Graph's default ones
 */

/**
 * @param {string} text
 * @returns {Selection[]}
 */
export function parseFields(text) {
	let position = 0;
	const selections = list();
	if (position < text.length) fail("end of string");
	return selections;

	/** @returns {Selection[]} */
	function list() {
		const found = [selection()];
		while (accept(",")) found.push(selection());
		return found;
	}

	/** @returns {Selection} */
	function selection() {
		const name = word("name");
		/** @type {Record<string, string>} */
		const modifiers = {};
		while (accept(".")) {
			const modifier = word("modifier");
			expect("(");
			modifiers[modifier] = match(/[^(){}]*/y);
			expect(")");
		}
		if (!accept("{")) return { name, modifiers, fields: undefined };
		const fields = list();
		expect("}");
		return { name, modifiers, fields };
	}

	/** @param {RegExp} pattern sticky */
	function match(pattern) {
		pattern.lastIndex = position;
		const found = pattern.exec(text)?.[0] ?? "";
		position += found.length;
		return found;
	}

	/** @param {string} what */
	function word(what) {
		match(/\s*/y);
		const found = match(/\w+/y);
		if (!found) fail(what);
		match(/\s*/y);
		return found;
	}

	/** @param {string} sign */
	function accept(sign) {
		if (text[position] !== sign) return false;
		position += 1;
		match(/\s*/y);
		return true;
	}

	/** @param {string} sign */
	function expect(sign) {
		if (!accept(sign)) fail(`"${sign}"`);
	}

	/**
	 * @param {string} expected
	 * @returns {never}
	 */
	function fail(expected) {
		throw errors.syntax(expected, position, text);
	}
}

/**
 * `parseFields` backwards, for the URLs of nested edges.
 *
 * @param {Selection[]} selections
 * @returns {string}
 */
export function writeFields(selections) {
	return selections
		.map(({ name, modifiers, fields }) => {
			const dotted = Object.entries(modifiers).map(
				([modifier, value]) => `.${modifier}(${value})`,
			);
			return `${name}${dotted.join("")}${fields ? `{${writeFields(fields)}}` : ""}`;
		})
		.join(",");
}

/**
 * A limit as the query or `.limit()` gives it.
 *
 * @param {string | null | undefined} text
 */
export function readLimit(text) {
	if (text === null || text === undefined) return undefined;
	if (!/^\d{1,9}$/.test(text))
		throw errors.parameter(
			`Param limit must be a number that is not negative: ${text}`,
		);
	return Number(text);
}
