// The vectors of redaction, which Rust's own tests run too, and the ways in which JSON can write a string.
import { readFileSync } from "node:fs";
import { createInbox } from "graph-inbox";

/**
 * A string that holds secrets, and what leaves the package in its place.
 *
 * @typedef {object} Vector
 * @property {string} why the reason for the vector; no other vector has it
 * @property {string[]} secrets the access token, the app secret, and the proof that the two make
 * @property {string} text
 * @property {string} redacted
 * @property {"next"} [member] the property that holds the string, where its name matters
 * @property {true} [cut] whether the string may have been cut within a secret: only Rust meets such strings
 */

/** @type {Vector[]} */
export const table = JSON.parse(
	readFileSync(new URL("../vectors/redaction.json", import.meta.url), "utf8"),
);

/** The vectors of strings within a page. */
export const vectors = table.filter(({ cut }) => !cut);

/**
 * Writes a string in JSON with more escapes than it needs.
 *
 * @param {string} text
 * @param {(unit: string) => boolean} isEscaped whether a UTF-16 unit becomes `\u` and four hex digits
 */
export const escaped = (text, isEscaped) =>
	`"${[...Array(text.length).keys()]
		.map((at) =>
			isEscaped(text[at])
				? `\\u${text.charCodeAt(at).toString(16).padStart(4, "0")}`
				: JSON.stringify(text[at]).slice(1, -1),
		)
		.join("")}"`;

/**
 * The ways in which a server can write a string in JSON.
 *
 * @type {Record<string, (text: string) => string>}
 */
export const wires = {
	"as JavaScript writes it": (text) => JSON.stringify(text),
	"as PHP writes it": (text) =>
		escaped(text, (unit) => unit > "\x7f").replaceAll("/", "\\/"),
	"with every character escaped": (text) => escaped(text, () => true),
	"with letters and digits escaped": (text) =>
		escaped(text, (unit) => /\w/.test(unit)),
	"with percent signs and backslashes escaped": (text) =>
		escaped(text, (unit) => "%\\".includes(unit)),
};

/**
 * Reads the only page of an inbox whose server answers with the given JSON.
 *
 * @param {string[]} secrets
 * @param {string} json
 */
export async function pageOf([accessToken, appSecret], json) {
	const inbox = createInbox({
		pageId: "me",
		accessToken,
		...(appSecret && { appSecret }),
		fetch: async () => new Response(json),
		callsPerSecond: false,
	});
	return /** @type {any} */ (await inbox.listConversations());
}
