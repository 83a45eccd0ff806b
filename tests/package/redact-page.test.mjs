// The look at a page's text by itself: whatever Rust would redact must reach Rust.
import assert from "node:assert/strict";
import { it } from "node:test";
import { redactPage } from "../../src/host/redact-page.js";
import { vectors, wires } from "./redaction.mjs";

/** What Rust names besides the secrets: the parameters that carry credentials. */
const CREDENTIALS = ["access_token", "appsecret_proof", "appsecret_time"];

/** @param {string[]} secrets the secret half of an app token is one too */
const signsOf = (secrets) =>
	[
		...CREDENTIALS,
		...secrets,
		...secrets.map((secret) => secret.split("|").slice(1).join("|")),
	]
		.filter((sign) => sign.length > 0)
		.join("\n");

it("replaces every string that holds a secret by what Rust returns for it", () => {
	for (const { why, secrets, text, redacted, member } of vectors)
		for (const [how, wire] of Object.entries(wires)) {
			const name = member ?? "message";
			const json = `[{"id":"t_1","edge":{"${name}":${wire(text)}}}]`;
			const data = JSON.parse(json);
			redactPage(json, {}, data, signsOf(secrets), (given, value) => {
				if (given !== name) return undefined;
				assert.equal(value, text);
				return redacted;
			});
			assert.equal(data[0].edge[name], redacted, `${why} (${how})`);
		}
});

/**
 * Returns the strings of a page's conversations that reach Rust.
 *
 * @param {string} json
 * @param {string[]} secrets
 */
function reaching(json, secrets) {
	/** @type {string[]} */
	const values = [];
	const { data, paging } = JSON.parse(json);
	redactPage(json, paging, data, signsOf(secrets), (_name, value) => {
		values.push(value);
		return undefined;
	});
	return values;
}

it("finds a secret of one letter, digit or _, however it is spelled", () => {
	const letters = Array.from({ length: 128 }, (_, code) =>
		String.fromCharCode(code),
	).filter((letter) => /\w/.test(letter));
	assert.equal(letters.length, 63);
	for (const letter of letters) {
		const hex = letter.charCodeAt(0).toString(16);
		for (const digits of [hex, hex.toUpperCase()])
			for (const spelled of [`%${digits}`, `%25${digits}`, `\\u00${digits}`]) {
				const message = spelled.repeat(8);
				const json = JSON.stringify({ data: [{ message }], paging: {} });
				assert.deepEqual(reaching(json, [letter.repeat(8)]), [message]);
			}
	}
});

it("finds a secret beside a URL in which JSON's own escapes look like another secret", () => {
	const message = "ab-ab-ab-ab";
	// As JSON, each line begins with `nababxyz`; as a string, each has `ab` twice.
	const next = "\nababxyz".repeat(4);
	const json = JSON.stringify({ data: [{ message }], paging: { next } });
	const values = reaching(json, [message, "nababxyz12345678"]);
	assert.ok(values.includes(message));
});
