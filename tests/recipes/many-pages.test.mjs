// Many Pages, each a simulator of its own with a token of its own, behind one loopback port as behind Graph's one address.
import assert from "node:assert/strict";
import { after, beforeEach, describe, it } from "node:test";
import { createGraphSimulator } from "graph-inbox/simulator";
import { createPages } from "../../recipes/many-pages.mjs";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { ids, prints } from "../package/graph.mjs";

/** @typedef {import("graph-inbox").Inbox} Inbox */
/** @typedef {import("graph-inbox/simulator").GraphSimulator} Simulator */

const PAGES = 6;
const TOKEN = "EAATokenThatStaysInside";

/**
 * By Page ID.
 *
 * @type {Map<string, Simulator>}
 */
let graph;
/**
 * As the service's own store of tokens has them.
 *
 * @type {Map<string, string>}
 */
let tokens;
/** @type {string[]} */
let pageIds;
const server = await serveGraph({ fetch: (url, init) => route(url, init) });
after(() => server.close());

beforeEach(() => {
	graph = new Map();
	tokens = new Map();
	for (let page = 1; page <= PAGES; page += 1) {
		const pageId = `10000000000000${page}`;
		const accessToken = `${TOKEN}${page}`;
		const conversations = { messenger: 30 + page, instagram: 0 };
		graph.set(
			pageId,
			createGraphSimulator({ seed: page, pageId, accessToken, conversations }),
		);
		tokens.set(pageId, accessToken);
	}
	pageIds = [...graph.keys()];
});

/**
 * To the Page that the address names, or the first item of a batch.
 *
 * @param {string | URL | Request} url
 * @param {RequestInit} [init]
 */
function route(url, init) {
	const asked = `${url} ${init?.body ?? ""}`;
	const pageId = pageIds.find((id) => asked.includes(id));
	assert.ok(pageId, asked);
	return at(pageId).fetch(url, init);
}

/** @param {string} pageId */
function at(pageId) {
	const simulator = graph.get(pageId);
	assert.ok(simulator, pageId);
	return simulator;
}

/** @param {Partial<Parameters<typeof createPages>[0]>} [options] */
function newPages(options) {
	return createPages({
		accessTokenOf,
		baseUrl: server.url,
		maxRetries: 0,
		...options,
	});
}

/** @param {string} pageId */
function accessTokenOf(pageId) {
	return tokens.get(pageId) ?? "";
}

const firstPage = async (/** @type {Inbox} */ inbox) =>
	ids((await inbox.listConversations()).data);

/**
 * Of every Page, in its order: whether it worked, or the kind of what did not.
 *
 * @param {any[]} results
 */
function told(results) {
	assert.ok(!prints(results).includes(TOKEN));
	return results.map(({ status, reason }) =>
		status === "fulfilled" ? status : (reason.kind ?? reason.message),
	);
}

const requestsAt = (/** @type {string} */ pageId) => at(pageId).requests.length;

const ALL_WELL = Array(PAGES).fill("fulfilled");

describe("many Pages", () => {
	it("are read whole, each with its own token", async () => {
		const results = await newPages()(pageIds, (inbox) =>
			inbox.listConversationsWithOwner({ limit: 50 }).toArray(),
		);
		assert.deepEqual(told(results), ALL_WELL);
		for (const [index, result] of results.entries()) {
			assert.equal(result.pageId, pageIds[index]);
			assert.ok(result.status === "fulfilled");
			const { value } = result;
			assert.deepEqual(ids(value), ids(at(result.pageId).conversations()));
			for (const { thread_owner } of value) assert.ok(thread_owner.owner);
		}
	});

	it("are visited some at a time", async () => {
		let underWay = 0;
		let most = 0;
		const visit = newPages({ atOnce: 2 });
		const results = await visit(pageIds, async (inbox) => {
			underWay += 1;
			most = Math.max(most, underWay);
			await firstPage(inbox);
			underWay -= 1;
		});
		assert.deepEqual(told(results), ALL_WELL);
		assert.equal(most, 2);
		for (const atOnce of [0, Number.NaN])
			assert.throws(() => newPages({ atOnce }), RangeError);
	});

	it("do not wait for one that takes long", async () => {
		const [slow, ...others] = pageIds;
		const visit = newPages({ atOnce: 2 });
		let done = 0;
		/** @type {() => void} */
		let release = () => {};
		/** @type {Promise<void>} */
		const othersAreDone = new Promise((resolve) => {
			release = resolve;
		});
		at(slow).failNext(async (_, answer) => {
			await othersAreDone;
			return answer;
		});
		const results = await visit(pageIds, async (inbox, pageId) => {
			const read = await firstPage(inbox);
			if (pageId !== slow) done += 1;
			if (done === others.length) release();
			return read;
		});
		assert.deepEqual(told(results), ALL_WELL);
	});

	it("are each visited once", async () => {
		const visit = newPages({ atOnce: Number.POSITIVE_INFINITY });
		const results = await visit([...pageIds, ...pageIds], firstPage);
		assert.deepEqual(told(results), ALL_WELL);
		assert.deepEqual(pageIds.map(requestsAt), Array(PAGES).fill(1));
		assert.deepEqual(await visit([], firstPage), []);
	});

	it("tell by their events which they are", async () => {
		/** @type {any[]} */
		const events = [];
		const visit = newPages({ onEvent: (event) => events.push(event) });
		await visit(pageIds, firstPage);
		assert.equal(events.length, 2 * PAGES);
		for (const { pageId, path } of events)
			assert.ok(path.includes(`/${pageId}/`), path);
		assert.ok(!prints(events).includes(TOKEN));
	});
});

describe("what fails for one Page", () => {
	it("is told for that one, and stops no other", async () => {
		const [expired, forbidden, unknown, buggy, good] = pageIds;
		at(expired).expireToken();
		at(forbidden).failNext("permission");
		const accessTokenOf = (/** @type {string} */ pageId) => {
			if (pageId === unknown) throw new Error("no such customer");
			return tokens.get(pageId) ?? "";
		};
		const visit = newPages({ atOnce: 1, accessTokenOf });
		const results = await visit(
			[expired, forbidden, unknown, buggy, "../me", "me", good],
			async (inbox, pageId) => {
				if (pageId === buggy) throw new Error("a mistake of our own");
				return firstPage(inbox);
			},
		);
		assert.deepEqual(told(results), [
			"authentication",
			"permission",
			"no such customer",
			"a mistake of our own",
			"invalid_option",
			"Name the Page by its ID.",
			"fulfilled",
		]);
	});

	it("is gone on from where it was, on the next visit", async () => {
		const [first] = pageIds;
		const visit = newPages();
		at(first).failWhen(/after=/, "permission", 1);
		/** @type {string[]} */
		const stored = [];
		/** @param {string} [after] */
		const read = (after) =>
			visit([first], async (inbox) => {
				for await (const { id } of inbox.listConversations({ after }))
					stored.push(id);
			});
		const [failed] = /** @type {any[]} */ (await read());
		assert.equal(stored.length, 25);
		assert.deepEqual(told(await read(failed.reason.cursor)), ["fulfilled"]);
		assert.deepEqual(stored, ids(at(first).conversations()));
	});

	it("is over once its token is renewed", async () => {
		const [first] = pageIds;
		const visit = newPages();
		const renewed = at(first).expireToken();
		assert.deepEqual(told(await visit([first], firstPage)), ["authentication"]);
		tokens.set(first, renewed);
		assert.deepEqual(told(await visit([first], firstPage)), ["fulfilled"]);
	});

	it("is not asked again before its rate limit is over", async () => {
		const [limited, ...others] = pageIds;
		const visit = newPages({ atOnce: 1 });
		at(limited).failNext("rateLimit80006");
		for (const times of [1, 2]) {
			const [first, ...rest] = told(await visit(pageIds, firstPage));
			assert.equal(first, "rate_limit");
			assert.deepEqual(rest, ALL_WELL.slice(1));
			assert.equal(requestsAt(limited), 1);
			for (const pageId of others) assert.equal(requestsAt(pageId), times);
		}
	});
});

describe("the limit of the app", () => {
	it("keeps it from beginning with further Pages, until the next visit", async () => {
		const [good, limited, ...others] = pageIds;
		const visit = newPages({ atOnce: 1 });
		at(limited).failNext("rateLimitApp");
		const results = await visit(pageIds, firstPage);
		assert.deepEqual(told(results), [
			"fulfilled",
			...Array(PAGES - 1).fill("rate_limit"),
		]);
		assert.equal(requestsAt(good) + requestsAt(limited), 2);
		for (const pageId of others) assert.equal(requestsAt(pageId), 0);
		assert.deepEqual(told(await visit(others, firstPage)), ALL_WELL.slice(2));
	});
});

describe("an abort", () => {
	it("begins with no further Page, and keeps what is there", async () => {
		const controller = new AbortController();
		const visit = newPages({ atOnce: 1 });
		const results = await visit(
			pageIds,
			async (inbox, pageId) => {
				const read = await firstPage(inbox);
				if (pageId === pageIds[1]) controller.abort(new Error("time is up"));
				return read;
			},
			controller.signal,
		);
		const rest = Array(PAGES - 2).fill("time is up");
		assert.deepEqual(told(results), ["fulfilled", "fulfilled", ...rest]);
		assert.deepEqual(pageIds.map(requestsAt), [1, 1, 0, 0, 0, 0]);
	});
});
