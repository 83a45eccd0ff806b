// Bodies that are hardly JSON, or JSON that is hardly an answer, to every call alike.
import { answering, every } from "../hostile-server.mjs";

/** @typedef {import("../hostile-server.mjs").Attack} Attack */

const DEEP = 100_000;
/** @param {string} open @param {string} inner @param {string} close */
const nested = (open, inner, close) =>
	open.repeat(DEEP) + inner + close.repeat(DEEP);

/** A body that is no answer, whatever was asked for. @type {Record<string, string | Uint8Array>} */
const nothing = {
	"no body": "",
	"a blank": " ",
	NUL: "\0",
	"NUL before JSON": '\0{"data":[]}',
	"two answers in one": '{"data":[]}{"data":[]}',
	"a comment": '/* */{"data":[]}',
	"a number without end": "1".repeat(100_000),
	"1e400": "1e400",
	NaN: "NaN",
	true: "true",
	null: "null",
	"a string": '"data"',
	"half a surrogate": '"\\ud800"',
	"JSON in UTF-16": Buffer.from('{"data":[]}', "utf16le"),
	"bytes that are no UTF-8": Buffer.from([0xff, 0xfe, 0x7b, 0xc0, 0x80, 0x7d]),
	"brackets that never close": "[".repeat(DEEP),
	"an error that is a string": '{"error":"no"}',
	"an error that is a list": '{"error":[{"code":190}]}',
	"an error that is null": '{"error":null,"data":[]}',
	"an error beside data": '{"data":[],"error":1e400}',
	"100,000 deep below an error that is none": `{"error":${nested("[", "", "]")}}`,
};

/** An error envelope, and what kind it is. @type {Record<string, [body: string, kind: string]>} */
const envelopes = {
	"no code": ['{"error":{}}', "unknown"],
	"a code of 1e400": ['{"error":{"code":1e400}}', "unknown"],
	"a code of half": ['{"error":{"code":190.5}}', "unknown"],
	"a code of -1e308": ['{"error":{"code":-1e308}}', "unknown"],
	"a code that is an object": ['{"error":{"code":{"code":190}}}', "unknown"],
	"a code that is a long text": [
		`{"error":{"code":"${"9".repeat(100_000)}"}}`,
		"unknown",
	],
	"two codes, of which the last counts": [
		'{"error":{"code":4,"code":190}}',
		"authentication",
	],
	"its code in __proto__": [
		'{"error":{"__proto__":{"code":190},"constructor":{"code":190}}}',
		"unknown",
	],
	"names of what every object has": [
		'{"error":{"code":190,"toString":1,"toJSON":1,"name":"x","stack":"x","kind":"timeout","__proto__":{"polluted":1}}}',
		"authentication",
	],
	"lone surrogates and NUL": [
		'{"error":{"code":190,"message":"\\ud800\\u0000\\udfff","type":"\\udfff","fbtrace_id":"\\ud800"}}',
		"authentication",
	],
	"a message of 10 MB": [
		`{"error":{"code":190,"message":"${"m".repeat(1e7)}"}}`,
		"authentication",
	],
	"a message 100,000 deep": [
		`{"error":{"code":190,"message":${nested("[", "", "]")}}}`,
		"authentication",
	],
	"a block": ['{"error":{"code":368,"is_transient":true}}', "blocked"],
	"is_transient, which is none": [
		'{"error":{"code":999,"is_transient":"true"}}',
		"unknown",
	],
};

/** @type {Attack[]} */
export const texts = [
	...Object.entries(nothing).map(([what, body]) => ({
		what: `the body is ${what}`,
		http: answering(body),
		ends: every("response"),
	})),
	...Object.entries(envelopes).map(([what, [body, kind]]) => ({
		what: `an error with ${what}`,
		http: answering(body, {}, 400),
		ends: every(kind),
	})),
	...["text/html", "image/png", "a/b; charset=utf-16", "\x80", ""].map(
		(type) => ({
			what: `JSON of a wrong shape as ${JSON.stringify(type)}`,
			http: answering('{"data":1e400}', { "content-type": type }),
			ends: every("response"),
		}),
	),
];
