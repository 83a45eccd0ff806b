// Looks for secrets, whole or in parts, in whatever came out, however it is written.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { inspect } from "node:util";

/** Of characters that every encoding writes differently, but `%`, which no token has; and no twelve of them in a row alike. */
export const accessToken =
	"1029384756|EAAq7Zk2Wm9\"x\\Rt4+Bv8/Ns1=Hy6Gd3&Lp0<Jc5>Fu'KwTz7Qa2Xe9Vi4Mo";
export const appSecret = '5eC2+e7/0f=tH3aPp&tHaT"n0b0dY\\sEe5';
export const proof = createHmac("sha256", appSecret)
	.update(accessToken)
	.digest("hex");

const PART = 12;

/** @param {string} text @param {number} length */
function parts(text, length) {
	const all = [];
	for (let start = 0; start + length <= text.length; start++)
		all.push(text.slice(start, start + length));
	return all;
}

/** Base64 of a text that begins anywhere in a longer one. @param {string} secret */
const inBase64 = (secret) =>
	["", "x", "xx"].flatMap((before) => {
		const text = Buffer.from(before + secret).toString("base64");
		// The ends depend on what stands beside them.
		return parts(text.replaceAll("=", "").slice(4, -4), 16);
	});

/** @param {string[]} secrets */
function marksOf(secrets) {
	const marks = new Set();
	for (const secret of secrets) {
		for (const part of parts(secret, PART)) {
			marks.add(part.toLowerCase());
			marks.add(Buffer.from(part).toString("hex"));
		}
		for (const part of inBase64(secret)) {
			marks.add(part.toLowerCase());
			marks.add(part.replaceAll("+", "-").replaceAll("/", "_").toLowerCase());
		}
	}
	return [...marks];
}

/** What an app token has before its bar is the app's ID, and no secret. */
const marks = marksOf([accessToken.split("|")[1], appSecret, proof]);

/** @param {string} code */
const character = (code) => String.fromCharCode(Number.parseInt(code, 16));
const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The ways of writing a text, taken back. @type {((text: string) => string)[]} */
const decoders = [
	(text) => text.replace(/%([0-9a-f]{2})/gi, (_, code) => character(code)),
	(text) =>
		text.replace(
			/\\(?:(?:u00|x)([0-9a-f]{2})|(["'\\/]))/gi,
			(_, code, sign) => sign ?? character(code),
		),
	(text) =>
		text
			.replace(/&#x([0-9a-f]+);/gi, (_, code) => character(code))
			.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
			.replace(
				/&(amp|lt|gt|quot|apos);/g,
				(_, name) =>
					// @ts-expect-error one of its names
					ENTITIES[name],
			),
	(text) => text.replaceAll("\0", ""),
];

/** A text and all that it can be read as. @param {string} text */
function* readings(text) {
	const seen = new Set([text]);
	let latest = [text];
	for (let depth = 0; depth < 4 && latest.length > 0; depth++) {
		yield* latest;
		const next = latest.flatMap((one) => decoders.map((decode) => decode(one)));
		latest = next.filter((one) => !seen.has(one) && seen.add(one));
	}
	yield* latest;
}

/**
 * Throws where a text has a secret, or a part of one.
 *
 * @param {string} text
 * @param {string} where
 */
export function assertNoMark(text, where) {
	for (const reading of readings(text)) {
		const lower = reading.toLowerCase();
		const mark = marks.find((mark) => lower.includes(mark));
		if (mark === undefined) continue;
		const at = lower.indexOf(mark);
		const around = reading.slice(Math.max(0, at - 60), at + 60);
		assert.fail(`${where} shows ${mark}: …${around}…`);
	}
}

/**
 * Everything that can be seen of a value.
 *
 * @param {any} value
 */
export function visible(value) {
	const clone = () => {
		try {
			return structuredClone(value);
		} catch {
			// What has functions can not be cloned.
			return undefined;
		}
	};
	const looks = {
		inspect: inspect(value, {
			depth: 50,
			showHidden: true,
			getters: true,
			maxStringLength: null,
			maxArrayLength: null,
		}),
		JSON: JSON.stringify(value) ?? "",
		string: String(value),
		message: String(value?.message),
		stack: String(value?.stack),
		cause: inspect(value?.cause, { depth: 10 }),
		clone: inspect(clone(), { depth: 50, showHidden: true }),
	};
	return Object.entries(looks);
}

/**
 * @param {unknown} value
 * @param {string} where
 */
export function assertClean(value, where) {
	for (const [look, text] of visible(value))
		assertNoMark(text, `${where} (${look})`);
}

/** Ways in which a server can say a text back. @type {Record<string, (text: string) => string>} */
export const spellings = {
	"as it is": (text) => text,
	"percent-encoded": encodeURIComponent,
	"percent-encoded in small letters": (text) =>
		encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase()),
	"percent-encoded twice": (text) =>
		encodeURIComponent(encodeURIComponent(text)),
	"every letter percent-encoded": (text) =>
		`%${Buffer.from(text).toString("hex").match(/../g)?.join("%")}`,
	"JSON-escaped": (text) =>
		JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/"),
	"every letter JSON-escaped": (text) =>
		text.replace(
			/./g,
			(letter) => `\\u00${letter.charCodeAt(0).toString(16).padStart(2, "0")}`,
		),
};
