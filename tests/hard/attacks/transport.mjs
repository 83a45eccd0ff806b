// Attacks below JSON: connections, framing, headers, encodings, redirects.
import assert from "node:assert/strict";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import { answering, every, good, pour } from "../hostile-server.mjs";

/** @typedef {import("../hostile-server.mjs").Attack} Attack */

const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** @param {string} text @returns {Attack["bytes"]} */
const saying = (text) => (socket) => socket.end(text);

/**
 * @param {string} start
 * @param {(count: number) => string} piece
 * @param {number} everyMs
 * @returns {Attack["bytes"]}
 */
const dripping = (start, piece, everyMs) => (socket) => {
	let count = 0;
	socket.write(start);
	const timer = setInterval(() => socket.write(piece(count++)), everyMs);
	socket.on("close", () => clearInterval(timer));
};

/** @type {Attack[]} */
const connections = [
	{
		what: "the connection is closed at once",
		bytes: (socket) => socket.destroy(),
		ends: every("connection"),
	},
	{
		what: "the connection is reset",
		bytes: (socket) => socket.resetAndDestroy(),
		ends: every("connection"),
	},
	{ what: "nothing is ever answered", bytes: () => {}, ends: every("timeout") },
	{
		what: "the answer is not HTTP",
		bytes: saying("\0\x01\x02 hello \xff\r\n\r\n"),
		ends: every("connection"),
	},
	{
		what: "half a status line, and nothing more",
		bytes: (socket) => socket.write("HTTP/1.1 20"),
		ends: every("timeout"),
	},
	{
		what: "headers come a letter at a time, without end",
		bytes: dripping("HTTP/1.1 200 OK\r\nx-slow: ", () => "a", 20),
		ends: every("timeout"),
	},
	{
		what: "the body comes a byte at a time, without end",
		bytes: dripping(
			`${HEAD}transfer-encoding: chunked\r\n\r\n1\r\n[\r\n`,
			() => "1\r\n \r\n",
			20,
		),
		ends: every("timeout"),
	},
	{
		what: "an interim answer after the other, and never the answer",
		bytes: dripping("", () => "HTTP/1.1 103 Early Hints\r\n\r\n", 5),
		ends: every("timeout"),
	},
];

/** @type {Attack[]} */
const framing = [
	{
		what: "a body that is shorter than it was promised",
		bytes: saying(`${HEAD}content-length: 500\r\n\r\n{"data":[]}`),
		ends: every("connection"),
	},
	{
		what: "a body that is longer than it was promised",
		bytes: saying(`${HEAD}content-length: 5\r\n\r\n{"data":[]}`),
		ends: every("response"),
	},
	{
		what: "a length that is no number",
		bytes: saying(`${HEAD}content-length: 1e400\r\n\r\n{"data":[]}`),
		ends: every("connection"),
	},
	{
		what: "two lengths that differ",
		bytes: saying(`${HEAD}content-length: 5\r\ncontent-length: 9\r\n\r\n12345`),
		ends: every("connection"),
	},
	{
		what: "chunks that are none",
		bytes: saying(`${HEAD}transfer-encoding: chunked\r\n\r\nzz\r\n{}`),
		ends: every("connection"),
	},
	{
		what: "a chunk of 16 exabytes",
		bytes: (socket) =>
			socket.write(
				`${HEAD}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n{}`,
			),
		ends: every("timeout|connection"),
	},
	{
		what: "a switch to another protocol",
		bytes: saying(
			"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
		),
		ends: every("connection"),
	},
];

/**
 * The good answer, with this in every header that is looked at.
 *
 * @param {string} value
 * @returns {NonNullable<Attack["http"]>}
 */
const spoiled = (value) => (request, response) => {
	for (const name of [
		"x-app-usage",
		"x-page-usage",
		"x-business-use-case-usage",
		"facebook-api-version",
	])
		response.setHeader(name, value);
	good(request, response);
};

/** @type {Attack[]} */
const headers = [
	{
		what: "a million headers",
		bytes(socket) {
			socket.write("HTTP/1.1 200 OK\r\n");
			pour(socket, (count) =>
				count < 1000 ? "x-a: b\r\n".repeat(1000) : undefined,
			);
		},
		ends: every("connection|timeout"),
	},
	{
		what: "a header of 10 MB",
		bytes(socket) {
			socket.write("HTTP/1.1 200 OK\r\nx-a: ");
			pour(socket, (count) => (count < 100 ? "b".repeat(1e5) : undefined));
		},
		ends: every("connection"),
	},
	...[
		'{"call_count":1e400,"total_time":-1e400,"__proto__":{"polluted":1}}',
		"[".repeat(1700) + "]".repeat(1700),
		`{"1":${'[{"type":"messenger","call_count":1}],"1":'.repeat(200)}[]}`,
		'{"__proto__":[{"type":"x"}],"constructor":[{"call_count":5}]}',
		'"\xff\xfe%"',
	].map((usage) => ({
		what: `usage that is ${usage.length > 70 ? `${usage.slice(0, 30)}… (${usage.length})` : usage}`,
		http: spoiled(usage.slice(0, 3500)),
		ends: every((value) =>
			assert.doesNotMatch(inspect(value, { depth: 9 }), /Infinity/),
		),
	})),
	...["999999999999999999999", "-1", "1e400", "0x10", "Fri, 99 Foo 9999"].map(
		(seconds) => ({
			what: `Retry-After: ${seconds}`,
			http: answering("busy", { "retry-after": seconds }, 503),
			ends: every("transient"),
		}),
	),
];

/** @type {Attack[]} */
const encodings = [
	{
		what: "gzip that is none",
		http: answering("plainly not", { "content-encoding": "gzip" }),
		ends: every("connection"),
	},
	{
		what: "gzip that is cut off",
		http: answering(gzipSync("x".repeat(1e5)).subarray(0, 60), {
			"content-encoding": "gzip",
		}),
		ends: every("connection|response"),
	},
	{
		what: "gzip, a hundred times over",
		http: answering("{}", { "content-encoding": "gzip, ".repeat(99) }),
		ends: every("connection"),
	},
	{
		what: "an encoding that nobody knows",
		http: answering("\x01\x02", { "content-encoding": "x-secret" }),
		ends: every("response"),
	},
];

const FOREIGN = [
	"https://graph.elsewhere.example/v25.0/me/conversations",
	"//elsewhere.example/",
	"/v25.0/1/conversations",
	"http://user:word@127.0.0.1:1/",
	"javascript:alert(1)",
	"data:application/json,{%22data%22:[]}",
	"file:///etc/passwd",
	"",
];

/** @type {Attack[]} */
const statuses = [
	...[301, 302, 303, 307, 308].flatMap((status) =>
		FOREIGN.map((location) => ({
			what: `${status} to ${location || "nowhere"}`,
			http: answering('{"data":[]}', { location }, status),
			// Its body is not read as an answer, however good it looks.
			ends: every("response"),
		})),
	),
	...[204, 205, 304, 206, 401, 418].map((status) => ({
		what: `status ${status} and no answer`,
		http: answering("", { "www-authenticate": "Basic" }, status),
		ends: every("response"),
	})),
	{
		what: "status 407, as from a proxy",
		http: answering("", {}, 407),
		ends: every("connection|response"),
	},
	{
		what: "status 999",
		http: answering("", {}, 999),
		ends: every("transient"),
	},
];

export const transport = [
	...connections,
	...framing,
	...headers,
	...encodings,
	...statuses,
];
