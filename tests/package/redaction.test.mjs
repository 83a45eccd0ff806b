// What leaves the package in place of a string that holds secrets, wherever in a page it stands and however JSON writes it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { escaped, pageOf, table, vectors, wires } from "./redaction.mjs";

/** @typedef {{ write: (json: string) => string, read: (page: any) => unknown }} Place */

/** @type {Record<string, Place>} */
const places = {
	"a message": {
		write: (json) =>
			`"data":[{"id":"t_1","messages":{"data":[{"message":${json}}]}}]`,
		read: (page) => page.data[0].messages.data[0].message,
	},
	"a nested list": {
		write: (json) => `"data":[{"id":"t_1","deep":[[${json}]]}]`,
		read: (page) => page.data[0].deep[0][0],
	},
	"the name of a property": {
		write: (json) => `"data":[{"id":"t_1","deep":{${json}:1}}]`,
		read: (page) => Object.keys(page.data[0].deep)[0],
	},
	"a cursor": {
		write: (json) => `"data":[],"paging":{"cursors":{"before":${json}}}`,
		read: (page) => page.paging.cursors.before,
	},
	"the name of a property of paging": {
		write: (json) => `"data":[],"paging":{${json}:1}`,
		read: (page) => Object.keys(page.paging)[0],
	},
};

/** @type {Record<string, Place>} */
const urls = {
	"the URL of the next page": {
		write: (json) => `"data":[],"paging":{"next":${json}}`,
		read: (page) => page.paging.next,
	},
	"the URL of the previous page": {
		write: (json) => `"data":[],"paging":{"previous":${json}}`,
		read: (page) => page.paging.previous,
	},
	"the URL of a nested edge": {
		write: (json) =>
			`"data":[{"id":"t_1","messages":{"paging":{"next":${json}}}}]`,
		read: (page) => page.data[0].messages.paging.next,
	},
};

/**
 * Adds the URLs that Graph sends with every page, unless the string stands in them.
 *
 * @param {string} members of the answer
 * @param {string} token as the URLs spell it
 * @param {(text: string) => string} wire
 */
function answer(members, token, wire) {
	const url = `https://g.example/1?access_token=${token}&a=1`;
	const paging = `"paging":{"next":${wire(url)},"previous":${wire(url)}}`;
	return members.includes('"paging":{"')
		? `{${members}}`
		: `{${members},${paging}}`;
}

/** @param {import("./redaction.mjs").Vector} vector */
async function assertRedacted({ secrets, text, redacted, member }) {
	for (const [how, wire] of Object.entries(wires))
		for (const [where, place] of Object.entries(member ? urls : places)) {
			const token = encodeURIComponent(secrets[0]);
			const json = answer(place.write(wire(text)), token, wire);
			const page = await pageOf(secrets, json);
			assert.equal(place.read(page), redacted, `${where}, ${how}`);
		}
}

it("has one reason for each vector", () => {
	const reasons = new Set(table.map(({ why }) => why));
	assert.equal(reasons.size, table.length);
});

describe("redacts a string in every place and however JSON writes it", () => {
	for (const vector of vectors) it(vector.why, () => assertRedacted(vector));
});

// serde_json reads no half of a surrogate pair, so these are no part of the table.
describe("halves of surrogate pairs", () => {
	const secrets = ["EAAkT9mQ2sVb7xLr"];

	it("become U+FFFD in a string with a secret, because Rust cannot hold them", () =>
		assertRedacted({
			why: "",
			secrets,
			text: `\ud83c${secrets[0]}\udf7c`,
			redacted: "\ufffd[redacted]\ufffd",
		}));

	it("stay in a string that only resembles a secret", () => {
		const text = "\ud83cEAAkT9mQ2sVb7xL\udf7c";
		return assertRedacted({ why: "", secrets, text, redacted: text });
	});
});

it("redacts a secret beside URLs that hide the same token behind escapes", async () => {
	const secret = "EAAkT9mQ2sVb7xLr";
	const { write, read } = places["a message"];
	const wire = wires["with percent signs and backslashes escaped"];
	const json = answer(
		write(`"${secret}${secret}"`),
		"%45AAkT9mQ2sVb7xLr",
		wire,
	);
	assert.equal(read(await pageOf([secret], json)), "[redacted][redacted]");
});

/** @param {string} digits @param {boolean} isUpper */
const inCase = (digits, isUpper) => (isUpper ? digits.toUpperCase() : digits);

/**
 * Spells a character: as it is, percent-encoded in layers, or as an escape of JSON.
 *
 * @param {string} character
 * @param {{ kind: string, layers: number, isUpper: boolean }} way
 */
function spelled(character, { kind, layers, isUpper }) {
	const hex = inCase(character.charCodeAt(0).toString(16), isUpper);
	if (kind === "percent") return `%${"25".repeat(layers)}${hex}`;
	if (kind === "unicode") return `\\u00${hex}`;
	return kind === "short" && '/"\\'.includes(character)
		? `\\${character}`
		: character;
}

it("redacts random secrets in random spellings, however JSON writes them", async () => {
	const visible = Array.from({ length: 94 }, (_, at) =>
		String.fromCharCode(0x21 + at),
	);
	const secret = fc.string({
		// Half of all characters are those that begin or end an escape.
		unit: fc.oneof(
			fc.constantFrom(...visible),
			fc.constantFrom(...'%\\/"|25cu0'),
		),
		minLength: 8,
		maxLength: 24,
	});
	// `\\u0075` is a spelling of `\u`, but so is its start `\\u`, and then the digits stay.
	const isClear = (/** @type {string} */ text) => !text.includes("\\u");
	const way = fc.record({
		kind: fc.constantFrom("plain", "percent", "unicode", "short"),
		layers: fc.nat(3),
		isUpper: fc.boolean(),
	});
	// Nothing of it can be a part of a spelling.
	const around = fc.string({ unit: fc.constantFrom(" ", "é", "日", "😀") });
	const wire = fc.oneof(
		fc.constantFrom(...Object.values(wires)),
		fc
			.subarray([...'%\\/"|-25cu0'])
			.map(
				(units) => (/** @type {string} */ text) =>
					escaped(text, (unit) => units.includes(unit)),
			),
	);
	const place = fc.constantFrom(...Object.values(places));
	await fc.assert(
		fc.asyncProperty(
			secret.filter(isClear),
			fc.array(way, { minLength: 1, maxLength: 24 }),
			around,
			around,
			wire,
			wire,
			place,
			async (secret, ways, before, after, wire, urlWire, place) => {
				const text = [...secret]
					.map((character, at) => spelled(character, ways[at % ways.length]))
					.join("");
				const members = place.write(wire(before + text + after));
				const page = await pageOf([secret], answer(members, text, urlWire));
				assert.equal(place.read(page), `${before}[redacted]${after}`);
			},
		),
		{ numRuns: 1000 },
	);
});
