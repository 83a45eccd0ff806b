// One call under one fault, with each secret marked; all that comes out of it is searched.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { InboxError } from "graph-inbox";
import { personOf, startGraph } from "../package/graph.mjs";
import { LONG } from "./form.mjs";
import { accessToken, appSecret, assertClean, assertNoMark } from "./marks.mjs";

/** @typedef {import("graph-inbox").Inbox} Inbox */
/** @typedef {import("graph-inbox/simulator").Fault} Fault */

const size = { conversations: { messenger: 12, instagram: 2 } };
const graphs = {
	"an app secret": await startGraph({
		...size,
		accessToken,
		appSecret,
		requireProof: true,
	}),
	"no app secret": await startGraph({ ...size, accessToken }),
};
export const person = personOf(
	graphs["no app secret"].simulator.conversations()[0],
	graphs["no app secret"].simulator,
);
const nested = {
	fields: [{ messages: { limit: 1, fields: ["id"] } }],
	limit: 5,
};

/** @type {Record<string, (inbox: Inbox) => PromiseLike<unknown>>} */
export const calls = {
	"a page": (inbox) => inbox.listConversations(/** @type {any} */ (nested)),
	async "the next page"(inbox) {
		return (await inbox.listConversations({ limit: 5 })).nextPage();
	},
	"all of a list": (inbox) => inbox.listConversations({ limit: 5 }).toArray(),
	async "page by page"(inbox) {
		const pages = [];
		for await (const page of inbox.listConversations({ limit: 5 }).pages())
			pages.push(page);
		return pages;
	},
	"all of a list with owners": (inbox) =>
		inbox.listConversationsWithOwner({ limit: 5, catchUp: true }).toArray(),
	"an owner": (inbox) => inbox.getThreadOwner(person),
	"many owners": (inbox) => inbox.getThreadOwners([person, "1"]),
	"an owner, asked for with the token": (inbox) =>
		inbox.getThreadOwner(accessToken),
	"many owners, asked for with the token": async (inbox) => {
		// The recipients that were given are given back.
		const results = await inbox.getThreadOwners([accessToken, "2"]);
		return results.map(({ error }) => error);
	},
};

/** What is written to the console while anything of this runs. @type {string[]} */
const written = [];
const write = process.stderr.write;
before(() => {
	for (const name of /** @type {const} */ ([
		"log",
		"warn",
		"error",
		"info",
		"debug",
	]))
		console[name] = (...what) => written.push(what.join(" "));
	process.stderr.write = (/** @type {any} */ text) => {
		written.push(String(text));
		return true;
	};
	process.on("warning", (warning) => written.push(String(warning.stack)));
	process.on("unhandledRejection", (reason) => written.push(String(reason)));
});
after(() => {
	process.stderr.write = write;
	assertNoMark(written.join("\n"), "the console");
});

/**
 * One call under one fault; all that came out is searched.
 *
 * @param {keyof typeof graphs} secrecy
 * @param {"header" | "query"} tokenTransport
 * @param {string} name of the call
 * @param {Fault} fault
 * @param {boolean} [first] or the second request
 */
export async function search(
	secrecy,
	tokenTransport,
	name,
	fault,
	first = true,
) {
	const graph = graphs[secrecy];
	const { simulator } = graph;
	simulator.reset();
	let count = 0;
	simulator.failWhen(() => ++count === (first ? 1 : 2), fault);
	/** @type {unknown[]} */
	const events = [];
	/** @type {string[]} */
	const hosts = [];
	const inbox = graph.inbox({
		...(secrecy === "an app secret" && { appSecret }),
		tokenTransport,
		maxRetries: 0,
		timeoutMs: /^hang/.test(String(fault)) ? 100 : 1000,
		onEvent: (event) => events.push(event),
		fetch(input, init) {
			hosts.push(new URL(input).origin);
			return fetch(input, init);
		},
	});
	const outcome = await calls[name](inbox).then(
		(value) => value,
		(error) => {
			assert.ok(error instanceof InboxError, error);
			return error;
		},
	);
	const where = `${name}, ${tokenTransport}, ${secrecy}`;
	assertClean(outcome, where);
	assertClean(events, `events of ${where}`);
	assertClean(inbox, `client of ${where}`);
	assertClean(inbox.listConversations(), `list of ${where}`);
	assert.deepEqual([...new Set(hosts)], [graph.url]);
}

/** With both transports; in the long form also without a proof. @param {(secrecy: keyof typeof graphs, transport: "header" | "query") => Promise<unknown>} each */
export async function everyWay(each) {
	for (const transport of /** @type {const} */ (["header", "query"])) {
		await each("an app secret", transport);
		if (LONG) await each("no app secret", transport);
	}
}
