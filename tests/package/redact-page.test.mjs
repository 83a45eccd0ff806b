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
