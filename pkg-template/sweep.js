/**
 * Looks for secrets in a page, for the Rust half, which knows how to take them out: the text is here, and all of it is
 * looked at for every page. This file imports nothing: wasm-bindgen copies it alone.
 */

/**
 * A pattern for a character as it is, percent-encoded once or more often, or JSON-escaped.
 *
 * @param {string} character
 */
function spellings(character) {
	const hex = character
		.charCodeAt(0)
		.toString(16)
		.padStart(2, "0")
		.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
	const plain = character.replace(/\W/, "\\$&");
	return `(?:${plain}|%(?:25)*${hex}|\\\\u00${hex}|\\\\${plain})`;
}

/** A letter, a digit or `_` written as an escape, which nobody does without a reason; only at `lastIndex`. */
const DISGUISED = /(?:%(?:25)*|\\u00)(?:3\d|[46][1-9a-f]|[57][\da]|5f)/iy;

/**
 * Whether a text holds an escape that it need not. By `indexOf`, because one expression for it takes ten times as long.
 *
 * @param {string} text
 */
function isDisguised(text) {
	return ["%", "\\u00"].some((start) => {
		let place = text.indexOf(start);
		while (place >= 0) {
			DISGUISED.lastIndex = place;
			if (DISGUISED.test(text)) return true;
			place = text.indexOf(start, place + 1);
		}
		return false;
	});
}

/**
 * Expressions take longer to make than a page to be looked at, and each token has its own.
 *
 * @type {Map<string, { plain: RegExp, spelled: RegExp }>}
 */
const made = new Map();
const MOST_MADE = 100;

/** @param {string} signs one to a line */
function expressions(signs) {
	let both = made.get(signs);
	if (!both) {
		// What begins so is worth a closer look. One pass for all: one after the other takes as long as a third of parsing.
		const any = (/** @type {(sign: string) => string} */ start) =>
			new RegExp(signs.split("\n").map(start).join("|"), "g");
		both = {
			// What stays as it is while nothing is escaped without need.
			plain: any((sign) => sign.match(/\w{8}/)?.[0] ?? ""),
			spelled: any((sign) => [...sign.slice(0, 8)].map(spellings).join("")),
		};
		if (made.size === MOST_MADE) made.clear();
		made.set(signs, both);
	}
	return both;
}

/**
 * Takes out of a page what must not leave: out of its own URLs, and out of the conversations where there is any, since
 * nested edges have URLs of their own. Whether there is any is told from the text, because looking at every value takes
 * longer than all the rest of a call.
 *
 * @param {string} text that the page was parsed from
 * @param {any} paging
 * @param {any[]} conversations
 * @param {string} signs of what must not leave, one to a line
 * @param {(name: string, text: string) => string | undefined} replace a member's text, given its name, or a name
 */
export function takeOut(text, paging, conversations, signs, replace) {
	const { plain, spelled } = expressions(signs);
	const urls = [paging.next, paging.previous].filter(
		(url) => typeof url === "string",
	);
	const isElsewhere = (/** @type {RegExp} */ sign) => {
		const count = (/** @type {string} */ within) =>
			within.match(sign)?.length ?? 0;
		return count(text) > urls.reduce((sum, url) => sum + count(url), 0);
	};
	const dirty = [paging];
	if ((isElsewhere(plain) || isDisguised(text)) && isElsewhere(spelled))
		dirty.push(conversations);
	replaceStrings(dirty, (name, text) =>
		text.search(spelled) < 0 ? undefined : replace(name, text),
	);
}

/**
 * Replaces strings inside a JSON value, given the name each one has there, and names too. What is not to be replaced stays
 * to the last bit: Rust can not hold half a surrogate. Without recursion: an answer decides how deep it is.
 *
 * @param {any} root
 * @param {(name: string, text: string) => string | undefined} replace
 */
function replaceStrings(root, replace) {
	const open = [root];
	for (let value = open.pop(); value; value = open.pop()) {
		for (const [name, member] of Object.entries(value)) {
			const shownName = Array.isArray(value) ? undefined : replace("", name);
			const shown =
				typeof member === "string" ? replace(name, member) : undefined;
			if (member && typeof member === "object") open.push(member);
			if (shownName !== undefined) delete value[name];
			// Not assigned: a member may be called `__proto__`.
			if (shownName !== undefined || shown !== undefined)
				Object.defineProperty(value, shownName ?? name, {
					value: shown ?? member,
					configurable: true,
					enumerable: true,
					writable: true,
				});
		}
	}
}
