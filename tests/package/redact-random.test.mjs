// Random pages with random secrets in random spellings, against a slow redactor that looks at every string of a page. A failure prints
// its seed; GRAPH_INBOX_SEED=n replays it, and GRAPH_INBOX_RUNS=n tries more pages.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { it } from "node:test";
import fc from "fast-check";
import { pageOf } from "./redaction.mjs";

const REDACTED = "[redacted]";
const SHORTEST = 8;
const CREDENTIALS = ["access_token", "appsecret_proof", "appsecret_time"];

const numRuns = Number(process.env.GRAPH_INBOX_RUNS ?? 3_000);
const seed = Number(process.env.GRAPH_INBOX_SEED ?? 7);

/**
 * Returns what Rust looks for, the longest first.
 *
 * @param {string[]} given
 */
function secretsOf(given) {
	const all = given.flatMap((secret) => {
		const half = secret.includes("|")
			? secret.slice(secret.indexOf("|") + 1)
			: "";
		const parts = half.length >= SHORTEST ? [half, secret] : [secret];
		return parts.flatMap((part) =>
			part.length < SHORTEST
				? [`access_token=${part}`, `Bearer ${part}`]
				: [part],
		);
	});
	return all.sort((one, other) => other.length - one.length);
}

/** @param {string} text */
const byteOf = (text) =>
	/^[\da-f]{2}/i.test(text) ? Number.parseInt(text.slice(0, 2), 16) : undefined;

/**
 * Returns the lengths of all spellings of a character at the start of a string, the longest first.
 *
 * @param {string} wanted
 * @param {string} text
 */
function lengthsOf(wanted, text) {
	const code = wanted.charCodeAt(0);
	const lengths = [];
	if (text[0] === "%") {
		let length = 1;
		while (byteOf(text.slice(length)) === 0x25) length += 2;
		if (wanted === "%")
			for (let shorter = length; shorter > 0; shorter -= 2)
				lengths.push(shorter);
		else if (byteOf(text.slice(length)) === code) lengths.push(length + 2);
		return lengths;
	}
	if (text.startsWith("\\u00") && byteOf(text.slice(4)) === code)
		lengths.push(6);
	else if (text[0] === "\\" && '/"\\'.includes(wanted) && text[1] === wanted)
		lengths.push(2);
	if (text[0] === wanted && (wanted === "\\" || lengths.length === 0))
		lengths.push(1);
	return lengths;
}

/**
 * Returns what follows the spelling of a secret at the start of a string.
 *
 * @param {string} secret
 * @param {string} text
 * @returns {string | undefined}
 */
function after(secret, text) {
	if (secret === "") return text;
	for (const length of lengthsOf(secret[0], text)) {
		const rest = after(secret.slice(1), text.slice(length));
		if (rest !== undefined) return rest;
	}
	return undefined;
}

/**
 * @param {string} text
 * @param {string[]} secrets
 */
function redact(text, secrets) {
	let out = "";
	for (let rest = text; rest !== ""; ) {
		const start = rest;
		const next = secrets
			.map((secret) => after(secret, start))
			.find((left) => left !== undefined);
		out += next === undefined ? rest[0] : REDACTED;
		rest = next ?? rest.slice(1);
	}
	return out;
}

/** @param {string} text */
function decoded(text) {
	try {
		return decodeURIComponent(text.replace(/%(?![\da-f]{2})/gi, () => "%25"));
	} catch {
		return undefined;
	}
}

/**
 * @param {string} url
 * @param {string[]} secrets
 */
function redactUrl(url, secrets) {
	const [, path, query, fragment] = /** @type {RegExpExecArray} */ (
		/^([^?#]*)(\?[^#]*)?(#[\s\S]*)?$/.exec(url)
	);
	const kept = (query?.slice(1).split("&") ?? []).filter((pair) => {
		const key = decoded(pair.split("=")[0]);
		return key === undefined || !CREDENTIALS.includes(key);
	});
	const shown = kept.length > 0 ? `?${kept.join("&")}` : "";
	return redact(path + shown + (fragment ?? ""), secrets);
}

/**
 * Redacts every string and every name of a property in a JSON value.
 *
 * @param {any} value
 * @param {string[]} secrets
 * @param {string} [name]
 * @returns {any}
 */
function redactAll(value, secrets, name = "") {
	if (typeof value === "string") {
		// As Rust holds it: without halves of surrogate pairs.
		const text = Buffer.from(value).toString();
		const isUrl = name === "next" || name === "previous";
		const shown = (isUrl ? redactUrl : redact)(text, secrets);
		return shown === text ? value : shown;
	}
	if (Array.isArray(value))
		return value.map((item) => redactAll(item, secrets));
	if (!value || typeof value !== "object") return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, property]) => [
			redactAll(name, secrets),
			redactAll(property, secrets, name),
		]),
	);
}

/** @param {string} units */
const unitOf = (units) => fc.constantFrom(...units);
const LETTERS =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const word = (
	/** @type {number} */ minLength,
	/** @type {number} */ maxLength,
) => fc.string({ unit: unitOf(LETTERS), minLength, maxLength });

const secret = fc.oneof(
	word(8, 24).map((rest) => `EAA${rest}`),
	fc.tuple(word(3, 9), word(6, 12)).map((halves) => halves.join("|")),
	fc
		.array(word(1, 7), { minLength: 2, maxLength: 5 })
		.map((all) => all.join("-")),
	fc.string({
		unit: unitOf(`-_.|%\\"'/~${LETTERS}`),
		minLength: 8,
		maxLength: 20,
	}),
	// Few different characters, which begin escapes or end them, repeat, overlap and stand for each other.
	fc.string({
		unit: unitOf('%\\u0025cfntab|-"/'),
		minLength: 1,
		maxLength: 14,
	}),
	fc.string({ unit: unitOf("nab"), minLength: 1, maxLength: 12 }),
	fc.string({ unit: unitOf("%\\|-./\"'"), minLength: 8, maxLength: 10 }),
	word(1, 7),
);

/** @typedef {{ kind: string, layers: number, isUpper: boolean }} Way spells a character */

/** @type {fc.Arbitrary<Way>} */
const way = fc.record({
	kind: fc.constantFrom("plain", "plain", "percent", "unicode", "short"),
	layers: fc.constantFrom(0, 0, 1, 3),
	isUpper: fc.boolean(),
});
/** @type {Way} */
const PLAIN = { kind: "plain", layers: 0, isUpper: false };
/** @type {fc.Arbitrary<Way[]>} */
const ways = fc.oneof(
	fc.constant(/** @type {Way[]} */ ([PLAIN])),
	fc.array(way, { minLength: 1, maxLength: 8 }),
	// One character alone: all else of the page is plain then.
	fc
		.tuple(fc.nat(11), way)
		.map(([at, way]) =>
			Array.from({ length: 12 }, (_, place) => (place === at ? way : PLAIN)),
		),
);

/**
 * @param {string} text
 * @param {Way[]} ways
 */
const spelled = (text, ways) =>
	[...text]
		.map((character, at) => {
			const { kind, layers, isUpper } = ways[at % ways.length];
			const digits = character.charCodeAt(0).toString(16).padStart(2, "0");
			const hex = isUpper ? digits.toUpperCase() : digits;
			if (kind === "percent") return `%${"25".repeat(layers)}${hex}`;
			if (kind === "unicode") return `\\u00${hex}`;
			return kind === "short" && '/"\\'.includes(character)
				? `\\${character}`
				: character;
		})
		.join("");

/** @param {string[]} secrets */
function stringOf(secrets) {
	const piece = fc.oneof(
		fc
			.tuple(fc.constantFrom(...secrets), ways, fc.constantFrom(0, 0, 0, 1))
			.map(([secret, ways, cut]) => spelled(secret.slice(cut), ways)),
		fc
			.tuple(fc.constantFrom(...CREDENTIALS), ways)
			.map(([name, ways]) => `${spelled(name, ways)}=`),
		fc.constantFrom(
			"Bearer ",
			"Bearer%20",
			"?",
			"&a=",
			"#",
			"https://g.example/1?",
		),
		fc.string({
			unit: fc.constantFrom(
				...'\n\t\b\f\r ntbfru025c%\\"/',
				"é",
				"😀",
				"\ud83c",
			),
			maxLength: 6,
		}),
	);
	return fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(""));
}

/** @typedef {(unit: string, at: number) => string} Wire writes a character in JSON */

/** @type {fc.Arbitrary<Wire>} */
const wire = fc.oneof(
	fc.constant((/** @type {string} */ unit) =>
		JSON.stringify(unit).slice(1, -1),
	),
	fc
		.tuple(
			fc.oneof(
				fc.constantFrom("", "%", "\\", "%\\"),
				fc.subarray([...'%\\/"|-_25cu0nab']).map((units) => units.join("")),
			),
			fc.boolean(),
			fc.boolean(),
		)
		.map(([units, isUpper, slashes]) => (/** @type {string} */ unit) => {
			const hex = unit.charCodeAt(0).toString(16).padStart(4, "0");
			if (units.includes(unit) || unit > "~")
				return `\\u${isUpper ? hex.toUpperCase() : hex}`;
			if (slashes && unit === "/") return "\\/";
			return JSON.stringify(unit).slice(1, -1);
		}),
);

/**
 * @param {any} value
 * @param {Wire} wire
 * @returns {string}
 */
function written(value, wire) {
	if (typeof value === "string")
		return `"${[...Array(value.length).keys()].map((at) => wire(value[at], at)).join("")}"`;
	if (Array.isArray(value))
		return `[${value.map((item) => written(item, wire)).join()}]`;
	return `{${Object.entries(value)
		.map(
			([name, property]) => `${written(name, wire)}:${written(property, wire)}`,
		)
		.join()}}`;
}

const example = fc
	.tuple(secret, fc.option(secret, { nil: undefined }))
	.chain(([accessToken, appSecret]) => {
		const given = appSecret ? [accessToken, appSecret] : [accessToken];
		const text = stringOf(given);
		const name = fc.oneof(
			fc.constantFrom("next", "previous", "message", "__proto__"),
			text,
		);
		const edge = fc.oneof(
			fc.array(text, { maxLength: 2 }).map((all) => [all]),
			fc
				.array(fc.tuple(name, text), { maxLength: 2 })
				.map((all) => Object.fromEntries(all)),
		);
		const url = fc.option(text, { nil: undefined });
		return fc.record({
			accessToken: fc.constant(accessToken),
			appSecret: fc.constant(appSecret),
			conversations: fc.array(fc.record({ id: text, edge }), { maxLength: 2 }),
			paging: fc.record({ cursors: edge, next: url, previous: url }),
			ways,
			wire,
			urlWire: wire,
		});
	});

it("redacts what a slow redactor redacts, in random pages with random secrets", async () => {
	await fc.assert(
		fc.asyncProperty(
			example,
			async ({
				accessToken,
				appSecret,
				conversations,
				paging,
				ways,
				wire,
				urlWire,
			}) => {
				const token = spelled(encodeURIComponent(accessToken), ways);
				const own = `https://g.example/1?access_token=${token}&after=A`;
				const { next = own, previous = own } = paging;
				const json = `{"data":${written(conversations, wire)},"paging":${written({ ...paging, next, previous }, urlWire)}}`;
				const given = appSecret ? [accessToken, appSecret] : [accessToken];
				const page = await pageOf(given, json);
				const secrets = secretsOf(
					appSecret
						? [
								appSecret,
								accessToken,
								createHmac("sha256", appSecret)
									.update(accessToken)
									.digest("hex"),
							]
						: [accessToken],
				);
				const parsed = JSON.parse(json);
				assert.deepEqual(page.data, redactAll(parsed.data, secrets));
				assert.deepEqual(page.paging, redactAll(parsed.paging, secrets));
			},
		),
		{ numRuns, seed },
	);
});
