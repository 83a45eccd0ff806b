// Owners that are meant to break their reader, alone and in a batch.
import assert from "node:assert/strict";
import { answering } from "../hostile-server.mjs";

/** @typedef {import("../hostile-server.mjs").Attack} Attack */
/** @typedef {import("../hostile-server.mjs").Ending} Ending */

const DEEP = 100_000;

/** @param {string} owner */
const owned = (owner) => `{"data":[{"thread_owner":${owner}}]}`;

/**
 * The same answer for one, and for each of two in a batch.
 *
 * @param {string} body
 * @returns {Attack["http"]}
 */
const answeringOwner = (body) => (request, response) => {
	const item = { code: 200, body };
	const isBatch = request.method === "POST";
	answering(isBatch ? JSON.stringify([item, item]) : body)(request, response);
};

/**
 * @param {string} what
 * @param {string} body
 * @param {string | Partial<import("graph-inbox").ThreadOwner>} ending
 * @returns {Attack}
 */
function attack(what, body, ending) {
	const isOwner = (/** @type {any} */ owner) => {
		assert.ok(typeof ending === "object");
		for (const [name, value] of Object.entries(ending))
			assert.equal(owner[name], value);
	};
	const fails = typeof ending === "string";
	return {
		what,
		http: answeringOwner(body),
		ends: {
			owner: fails ? ending : isOwner,
			owners: fails
				? ending
				: (results) => {
						for (const { owner } of results) isOwner(owner);
					},
		},
	};
}

const digits = "9".repeat(10_000);

/** @type {Attack[]} */
const answers = [
	attack("an app_id of 1e400", owned('{"app_id":1e400}'), "response"),
	attack("an app_id of half", owned('{"app_id":0.5}'), "response"),
	attack("an app_id that is an object", owned('{"app_id":{}}'), "response"),
	attack("an app_id that is true", owned('{"app_id":true}'), "response"),
	attack("an app_id of 10,000 digits", owned(`{"app_id":${digits}}`), {
		state: "owned",
		app_id: digits,
	}),
	attack(
		"an app_id 100,000 deep",
		owned(`{"app_id":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`),
		"response",
	),
	attack(
		"two app_ids, of which the last counts",
		owned('{"app_id":"1","app_id":"2"}'),
		{ app_id: "2" },
	),
	attack(
		"an app_id in __proto__",
		owned('{"__proto__":{"app_id":"1"},"expiration":5}'),
		{ state: "hidden", app_id: null },
	),
	attack("an app_id of NUL", owned('{"app_id":"\\u0000"}'), { app_id: "\0" }),
	attack(
		"an expiration of 1e400",
		owned('{"app_id":"1","expiration":1e400}'),
		"response",
	),
	attack(
		"an expiration of words",
		owned('{"app_id":"1","expiration":"soon"}'),
		"response",
	),
	attack("an owner that is a list", owned("[1]"), "response"),
	attack("an owner that is a string", owned('"1"'), "response"),
	attack(
		"data that is an object",
		'{"data":{"thread_owner":{"app_id":"1"}}}',
		"response",
	),
	attack("data that holds a number", '{"data":[5]}', "response"),
	attack("data that holds null", '{"data":[null]}', "response"),
	attack(
		"an owner in the __proto__ of an empty answer",
		'{"__proto__":{"data":[{"thread_owner":{"app_id":"1"}}]}}',
		{ state: "idle" },
	),
	attack(
		"a quote that never ends",
		'{"data":[{"thread_owner":{"app_id":"1\\"}}]}',
		"response",
	),
	attack(
		"backslashes without end",
		`{"data":"${"\\\\".repeat(1e6)}"}`,
		"response",
	),
];

/** @param {string} what @param {string} batch @param {Ending} ending @returns {Attack} */
const batch = (what, batch, ending) => ({
	what: `a batch of ${what}`,
	http: answering(batch),
	ends: { owners: ending },
});

const owner = JSON.stringify(owned('{"app_id":"7"}'));
const item = `{"code":200,"body":${owner}}`;
/** @type {Ending} */
const both = (results) => {
	for (const result of results) assert.equal(result.owner?.app_id, "7");
};

/** @type {Attack[]} */
const batches = [
	batch("nothing", "[]", "transient"),
	batch("nulls", "[null,null]", "transient"),
	batch("numbers", "[5,5]", "response"),
	batch("lists", "[[],[]]", "response"),
	batch("an object", `{"0":${item},"1":${item},"length":2}`, "response"),
	batch(
		"far more than was asked for",
		`[${`${item},`.repeat(1e5)}${item}]`,
		both,
	),
	batch(
		"codes of 1e400",
		`[{"code":1e400,"body":${owner}},{"code":-1,"body":${owner}}]`,
		"response",
	),
	batch(
		"codes beyond any",
		`[{"code":65536,"body":${owner}},{"code":99999,"body":""}]`,
		"response",
	),
	batch(
		"codes of 0",
		'[{"code":0,"body":""},{"code":0,"body":""}]',
		"response",
	),
	batch(
		"redirects",
		'[{"code":302,"headers":[{"name":"Location","value":"https://x.example"}],"body":""},{"code":302,"body":""}]',
		"response",
	),
	batch(
		"bodies that are objects",
		`[{"code":200,"body":{"data":[]}},{"code":200,"body":{}}]`,
		"response",
	),
	batch(
		"bodies 100,000 deep",
		`[${["", ""].map(() => `{"code":200,"body":"${"[".repeat(DEEP)}${"]".repeat(DEEP)}"}`)}]`,
		"response",
	),
	batch(
		"items in __proto__",
		`[{"__proto__":${item}},{"__proto__":${item}}]`,
		"response",
	),
	batch(
		"items 100,000 deep",
		`[${"[".repeat(DEEP)}${"]".repeat(DEEP)},5]`,
		"response",
	),
	batch(
		"headers 100,000 deep",
		`[${["", ""].map(() => `{"code":200,"headers":${"[".repeat(DEEP)}${"]".repeat(DEEP)},"body":${owner}}`)}]`,
		both,
	),
];

export const owners = [...answers, ...batches];
