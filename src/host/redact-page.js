/**
 * Looks for secrets in a page, for page.rs, which knows how to redact them: the JSON of a page stays a JavaScript string, and
 * all of it is searched.
 */

/**
 * Matches a letter, a digit or `_` written as an escape, or a backslash written as `\u005c`, which hardly anybody does, at
 * `lastIndex` only.
 */
const DISGUISED =
	/(?:%|\\u00)(?:25)*(?:3\d|[46][1-9a-f]|[57][\da]|5f)|\\u005c/iy;

/**
 * Tells whether a string holds an escape that it does not need. By `indexOf`: one expression for it takes ten times as long.
 *
 * @param {string} text
 * @param {"%" | "\\u00"} start of the escape
 */
function isDisguised(text, start) {
	let place = text.indexOf(start);
	while (place >= 0) {
		DISGUISED.lastIndex = place;
		if (DISGUISED.test(text)) return true;
		place = text.indexOf(start, place + 1);
	}
	return false;
}

/** A character that a secret can be spelled with otherwise: percent-encoded, or JSON-escaped, once or more often. */
const ESCAPE = /[%\\]|u00/;

/**
 * The expressions made so far, by their signs: making one takes longer than searching a page, and each token has its own.
 *
 * @type {Map<string, RegExp>}
 */
const made = new Map();
const MOST_MADE = 100;

/**
 * Returns an expression for a part of each sign that is never escaped, unless the string is disguised. One for all: one pass
 * for each takes as long as a third of parsing. It has no alternatives but texts, because V8 compiles any other one for
 * milliseconds before the first page. All are of one length: a longer match could hide two of a shorter part.
 *
 * @param {string} signs one to a line
 */
function expression(signs) {
	let plain = made.get(signs);
	if (!plain) {
		const words = signs
			.split("\n")
			.map((sign) =>
				(sign.match(/\w+/g) ?? [""]).reduce((one, other) =>
					other.length > one.length ? other : one,
				),
			);
		const length = Math.min(8, ...words.map((word) => word.length));
		plain = new RegExp(
			words.map((word) => word.slice(0, length)).join("|"),
			"g",
		);
		if (made.size === MOST_MADE) made.clear();
		made.set(signs, plain);
	}
	return plain;
}

/**
 * Redacts secrets in a page: in its own URLs, and in the conversations where they hold any, since nested edges have URLs of
 * their own. The JSON tells whether they hold any, because visiting every value takes longer than all the rest of a call.
 *
 * @param {string} text the JSON that the page was parsed from
 * @param {any} paging
 * @param {any[]} conversations
 * @param {string} signs that a string holds a secret, one to a line
 * @param {(name: string, text: string) => string | undefined} replace returns the redacted string, if it differs: of a
 *   property with its name, of a name with `""`
 */
export function redactPage(text, paging, conversations, signs, replace) {
	const sign = expression(signs);
	const count = (/** @type {string} */ within) =>
		within.match(sign)?.length ?? 0;
	const urls = [paging.next, paging.previous].filter(
		(url) => typeof url === "string",
	);
	const dirty = [paging];
	// JSON can hide an escape's own characters behind escapes: then only the strings themselves tell what they hold.
	if (
		isDisguised(text, "\\u00") ||
		isDisguised(text, "%") ||
		count(text) > urls.reduce((sum, url) => sum + count(url), 0)
	)
		dirty.push(conversations);
	replaceStrings(dirty, (name, text) =>
		text.search(sign) < 0 && text.search(ESCAPE) < 0
			? undefined
			: replace(name, text),
	);
}

/**
 * Replaces strings and property names inside a JSON value. All others stay as they are, to the last bit: Rust cannot hold
 * half a surrogate. Without recursion: a response decides how deep it is nested.
 *
 * @param {any} root
 * @param {(name: string, text: string) => string | undefined} replace
 */
function replaceStrings(root, replace) {
	const open = [root];
	for (let value = open.pop(); value; value = open.pop()) {
		for (const [name, property] of Object.entries(value)) {
			const shownName = Array.isArray(value) ? undefined : replace("", name);
			const shown =
				typeof property === "string" ? replace(name, property) : undefined;
			if (property && typeof property === "object") open.push(property);
			if (shownName !== undefined) delete value[name];
			// Not assigned: a property may be called `__proto__`.
			if (shownName !== undefined || shown !== undefined)
				Object.defineProperty(value, shownName ?? name, {
					value: shown ?? property,
					configurable: true,
					enumerable: true,
					writable: true,
				});
		}
	}
}
