// Pages of conversations that are meant to break their reader.
import assert from "node:assert/strict";
import { lists as everyList, good } from "../hostile-server.mjs";

/** @typedef {import("../hostile-server.mjs").Attack} Attack */
/** @typedef {import("../hostile-server.mjs").Ending} Ending */

const DEEP = 100_000;

/**
 * A page, and good answers to whoever asks for owners.
 *
 * @param {string | ((url: URL, count: number) => string)} page
 * @returns {Attack["http"]}
 */
function answeringPages(page) {
	let count = 0;
	return (request, response) => {
		if (request.method === "POST") return good(request, response);
		const url = new URL(request.url ?? "", "http://localhost");
		response.setHeader("content-type", "application/json");
		response.end(typeof page === "string" ? page : page(url, count++));
	};
}

/** @param {string} entries @param {string} [paging] */
const page = (entries, paging) =>
	`{"data":[${entries}]${paging ? `,"paging":${paging}` : ""}}`;

/**
 * The conversations in whatever form they came.
 *
 * @param {any} value
 * @returns {any[]}
 */
function conversations(value) {
	if (Array.isArray(value))
		return value.flatMap((one) => (one.meta ? one.data : [one]));
	return value.data;
}

/** @param {(first: any, all: any[]) => void} check @returns {Ending} */
const firstIs = (check) => (value) => {
	const all = conversations(value);
	check(all[0], all);
};

/** @param {number} count @returns {Ending} */
const count = (count) => firstIs((_, all) => assert.equal(all.length, count));

/** @type {Attack[]} */
const shapes = [
	...[
		"null",
		"5",
		'"x"',
		'{"id":"t_1"}',
		"[null]",
		"[5]",
		"[[]]",
		"[{}]",
		'[{"id":5}]',
		'[{"id":null}]',
		'[{"id":{}}]',
		'[{"__proto__":{"id":"t_1"}}]',
		'[{"id":"t_1"},{"id":1e400}]',
		`[${"[".repeat(DEEP)}${"]".repeat(DEEP)}]`,
	].map((data) => ({
		what: `data is ${data.slice(0, 40)}`,
		http: answeringPages(`{"data":${data}}`),
		ends: everyList("response"),
	})),
	{
		what: "data is missing",
		http: answeringPages("{}"),
		ends: everyList("response"),
	},
	{
		what: "data is there twice, of which the last counts",
		http: answeringPages('{"data":[{"id":"t_1"},{"id":"t_2"}],"data":[]}'),
		ends: everyList(count(0)),
	},
];

/** @type {Attack[]} */
const values = [
	{
		what: "a conversation 100,000 deep",
		http: answeringPages(
			page(
				`{"id":"t_1","deep":${'{"a":['.repeat(DEEP / 2)}"access_token"${"]}".repeat(DEEP / 2)}}`,
			),
		),
		ends: everyList(firstIs(({ id }) => assert.equal(id, "t_1"))),
	},
	{
		what: "__proto__, constructor and then as names",
		http: answeringPages(
			page(
				'{"id":"t_1","__proto__":{"polluted":"access_token"},"constructor":{"prototype":{"polluted":1}},"then":1,"toJSON":2,"hasOwnProperty":3}',
				'{"__proto__":{"next":"access_token=x&after=y"},"cursors":{"__proto__":{"after":"z"}}}',
			),
		),
		ends: everyList(
			firstIs((one) => {
				assert.equal(Object.getPrototypeOf(one), Object.prototype);
				assert.ok(Object.hasOwn(one, "__proto__"));
				assert.equal(one.polluted, undefined);
				assert.equal(one.then, 1);
			}),
		),
	},
	{
		what: "lone surrogates and NUL, in IDs too",
		http: answeringPages(
			page(
				'{"id":"\\ud800\\u0000","snippet":"\\udfff","\\ud800":"access_token"},{"id":"\\udfff"},{"id":"\\ud800\\u0000"}',
			),
		),
		ends: {
			...everyList(
				firstIs(({ id }, all) => {
					assert.equal(id, "\ud800\0");
					assert.equal(all[1].id, "\udfff");
				}),
			),
			iterate: count(2),
			catchUp: count(2),
		},
	},
	{
		what: "numbers as 1e400",
		http: answeringPages(
			page('{"id":"t_1","unread_count":1e400,"updated_time":1e400}'),
		),
		ends: everyList(
			firstIs(({ unread_count }) => assert.equal(unread_count, Infinity)),
		),
	},
	{
		what: "names that are there twice, of which the last counts",
		http: answeringPages(page('{"id":"t_1","id":"t_2"}')),
		ends: everyList(firstIs(({ id }) => assert.equal(id, "t_2"))),
	},
	{
		what: "100,000 times the same conversation",
		http: answeringPages(page('{"id":"t_1"},'.repeat(1e5).slice(0, -1))),
		ends: {
			await: count(1e5),
			pages: count(1e5),
			iterate: count(1),
			catchUp: count(1),
		},
	},
	...[
		"9999-99-99T99:99:99+9999",
		"+275760-09-13T00:00:00.001Z",
		"\\ud800",
		"0".repeat(100_000),
	].map((time) => ({
		what: `updated_time ${time.slice(0, 40)}`,
		http: answeringPages(page(`{"id":"t_1","updated_time":"${time}"}`)),
		ends: everyList(count(1)),
	})),
	...[
		'"x"',
		'{"data":5}',
		'{"data":[null,5,{"id":5},{"id":"\\ud800"},{"id":"a b"}]}',
		'{"data":[{"id":"\\u0000"}]}',
		'{"data":[{"id":"1"},{"id":"a b"}]}',
		'{"data":[{"id":"1"},{"id":"\\u0000"}]}',
		'{"__proto__":{"data":[{"id":"2"}]}}',
	].map((participants) => ({
		what: `participants are ${participants}`,
		http: answeringPages(page(`{"id":"t_1","participants":${participants}}`)),
		ends: {
			withOwner: firstIs(({ thread_owner }) => {
				assert.equal(typeof thread_owner.recipient, "string");
				assert.ok(thread_owner.owner ?? thread_owner.error);
			}),
		},
	})),
	{
		what: "a thread_owner that nobody asked for",
		http: answeringPages(
			page(
				'{"id":"t_1","thread_owner":5,"participants":{"data":[{"id":"1"},{"id":"2"}]}}',
			),
		),
		ends: {
			withOwner: firstIs(({ thread_owner }) =>
				assert.equal(thread_owner.owner?.app_id, "7"),
			),
		},
	},
];

/**
 * Page one names this as its next; page two is the last. What is asked for is checked by the test: this path, whatever `next` says.
 *
 * @param {string} paging
 * @returns {Attack["http"]}
 */
const leading = (paging) =>
	answeringPages((url) =>
		url.searchParams.has("after") || url.searchParams.has("__proto__")
			? page('{"id":"t_2"}')
			: page('{"id":"t_1"}', paging),
	);

const NEXT = [
	"https://graph.elsewhere.example/v25.0/1/conversations?after=A",
	"https://graph.facebook.com@elsewhere.example/?after=A",
	"https://user:word@127.0.0.1:1/?after=A&access_token=EAAtheirs",
	"//elsewhere.example/?after=A",
	"/v25.0/me/accounts?after=A",
	"../../../me?after=A",
	"javascript:alert(1)?after=A",
	"data:text/html,<script>?after=A",
	"file:///etc/passwd?after=A",
	"http://[::ffff:7f00:1]:1/?after=A",
	"\\\\elsewhere.example\\?after=A",
	"http://127.0.0.1:1/\\r\\nHost: elsewhere.example?after=A",
	"?after=A",
	`https://elsewhere.example/${"x".repeat(1e6)}?after=A`,
];

const CURSORS = [
	"../../me",
	"A&access_token=EAAtheirs&after=B",
	"A#fragment",
	"A\\r\\nHost: elsewhere.example",
	"\\u0000",
	"\\ud800",
	"__proto__",
	" ",
];

/** @type {Attack[]} */
const nexts = [
	...NEXT.map((next) => ({
		what: `next is ${next.slice(0, 60)}`,
		http: leading(JSON.stringify({ next })),
		ends: { iterate: count(2), pages: count(2), catchUp: count(2) },
	})),
	...CURSORS.map((after) => ({
		what: `the cursor is ${JSON.stringify(after)}`,
		http: leading(
			`{"cursors":{"after":"${after}"},"next":"https://x.example"}`,
		),
		ends: { iterate: count(2), pages: count(2), catchUp: count(2) },
	})),
	...["5", "true", "[]", "{}", "null", '""'].map((next) => ({
		what: `next is ${next}, which is no next page`,
		http: leading(`{"next":${next},"cursors":{"after":"A"}}`),
		ends: { iterate: count(1), pages: count(1), catchUp: count(1) },
	})),
	...[
		'{"next":"https://x.example/"}',
		'{"next":"https://x.example/?after=%FF"}',
		'{"next":"https://x.example/","cursors":{"after":1e400}}',
		'{"next":"javascript:alert(1)","cursors":[]}',
	].map((paging) => ({
		what: `a next page that no cursor leads to: ${paging}`,
		http: leading(paging),
		ends: {
			await: firstIs(({ id }) => assert.equal(id, "t_1")),
			iterate: "response",
			pages: "response",
			catchUp: "response",
		},
	})),
	{
		what: "a cursor of 1 MB",
		http: leading(`{"next":"?","cursors":{"after":"${"A".repeat(1e6)}"}}`),
		ends: {
			iterate: "response|connection",
			pages: "response|connection",
			catchUp: "response|connection",
		},
	},
	{
		what: "cursors that go round in circles",
		http: answeringPages((_, count) =>
			page("", `{"next":"?","cursors":{"after":"C${count % 3}"}}`),
		),
		ends: { iterate: "response" },
	},
	{
		what: "paging that is no object",
		http: leading('[{"next":"?after=A"}]'),
		ends: everyList(count(1)),
	},
	{
		what: "paging 100,000 deep",
		http: leading(`{"cursors":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`),
		ends: everyList(count(1)),
	},
];

export const lists = [...shapes, ...values, ...nexts];
