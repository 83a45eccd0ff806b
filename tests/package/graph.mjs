// What the tests of the package share: a simulator behind a real socket, and ways to look at what went wrong.
import assert from "node:assert/strict";
import { after } from "node:test";
import { inspect } from "node:util";
import { createInbox, InboxError } from "graph-inbox";
import { nodeFetch } from "graph-inbox/node";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";

const isNodeFetch = process.env.GRAPH_INBOX_FETCH === "node";
// Each client calls the global `fetch` of the moment, unless its test gives it another one.
if (isNodeFetch) Object.assign(globalThis, { fetch: nodeFetch() });

/**
 * A Graph on a loopback port, closed when the tests of the file are done.
 *
 * @param {import("graph-inbox/simulator").GraphSimulatorOptions} [simulated]
 */
export async function startGraph(simulated) {
	const simulator = createGraphSimulator(simulated);
	const server = await serveGraph(simulator, {
		// nodeFetch repeats a request whose connection was reset without an answer; what is tested is the client.
		...(isNodeFetch && { beforeReset: "HTTP/1.1 " }),
	});
	after(() => server.close());
	const access = {
		pageId: simulator.pageId,
		accessToken: simulator.accessToken,
		baseUrl: server.url,
	};
	/**
	 * A client that does not wait for the pace, which most tests are not about.
	 *
	 * @param {Partial<import("graph-inbox").InboxOptions>} [options]
	 */
	const inbox = (options) =>
		createInbox({ ...access, callsPerSecond: false, ...options });
	/** The conversations that are broken. @type {Set<string>} */
	const broken = new Set();
	return {
		simulator,
		url: server.url,
		/** Page, token and address. */
		access,
		inbox,
		/**
		 * Breaks a conversation until `restore`, and returns its ID.
		 *
		 * @param {number} place in the list
		 * @param {import("graph-inbox/simulator").BrokenConversation} how
		 */
		breakAt(place, how) {
			const { id } = simulator.conversations()[place];
			simulator.breakConversation(id, how);
			broken.add(id);
			return id;
		},
		/** Repairs the conversations, and forgets faults and requests. */
		restore() {
			for (const id of broken) simulator.breakConversation(id, false);
			broken.clear();
			simulator.reset();
		},
		/**
		 * A client, with the events it told.
		 *
		 * @param {Partial<import("graph-inbox").InboxOptions>} [options]
		 */
		watched(options) {
			/** @type {any[]} */
			const events = [];
			const told = (/** @type {string} */ type) =>
				events.filter((event) => event.type === type);
			return {
				inbox: inbox({ ...options, onEvent: (event) => events.push(event) }),
				events,
				told,
				/** From what page size to what it went, each time. */
				sizes: () => told("page_size").map(({ from, to }) => [from, to]),
				/** The same of the limits of nested edges. */
				nestedLimits: () =>
					told("nested_limit").map(({ edge, from, to }) => [edge, from, to]),
			};
		},
	};
}

/**
 * What a call rejects with, which must be an `InboxError`.
 *
 * @param {PromiseLike<unknown> | (() => unknown)} call
 * @returns {Promise<InboxError & import("graph-inbox").GraphError>}
 */
export async function failureOf(call) {
	try {
		await (typeof call === "function" ? call() : call);
	} catch (error) {
		assert.ok(error instanceof InboxError, inspect(error));
		return /** @type {any} */ (error);
	}
	return assert.fail("expected a rejection");
}

/**
 * What a promise rejects with, whatever value that is.
 *
 * @param {PromiseLike<unknown>} promise
 */
export async function reasonOf(promise) {
	try {
		await promise;
	} catch (reason) {
		return reason;
	}
	return assert.fail("expected a rejection");
}

/**
 * What each list request so far asked for, as `limit fields`; `-` where it left that to Graph.
 *
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 */
export const questions = ({ requests }) =>
	requests
		.filter(({ path }) => path.endsWith("/conversations"))
		.map(
			({ query }) =>
				`${query.get("limit") ?? "-"} ${query.get("fields") ?? "-"}`,
		);

/**
 * Every way to read the whole of a list.
 *
 * @type {Record<string, (list: import("graph-inbox").ConversationList<any>) => Promise<any[]>>}
 */
export const readings = {
	async iterated(list) {
		const found = [];
		for await (const conversation of list) found.push(conversation);
		return found;
	},
	"read by toArray()": (list) => list.toArray(),
	async "read by pages()"(list) {
		const found = [];
		for await (const page of list.pages()) found.push(...page.data);
		return found;
	},
	async "awaited and read on by nextPage()"(list) {
		const found = [];
		/** @type {import("graph-inbox").ConversationPage<any> | null} */
		let page = await list;
		for (; page; page = await page.nextPage()) found.push(...page.data);
		return found;
	},
};

/** @param {{ id: string }[]} items */
export const ids = (items) => items.map(({ id }) => id);

/**
 * The person of a conversation, who is not the business.
 *
 * @param {import("graph-inbox").Conversation} conversation
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 */
export function personOf(conversation, { pageId, instagramAccountId }) {
	const person = conversation.participants?.data.find(
		({ id }) => id !== pageId && id !== instagramAccountId,
	);
	assert.ok(person, `${conversation.id} has no customer`);
	return person.id;
}

/** @param {unknown} value everything that a print of it could show */
export function prints(value) {
	const error = /** @type {any} */ (value);
	return [
		inspect(value, { depth: 10, showHidden: true, getters: true }),
		JSON.stringify(value),
		String(value),
		error?.message,
		error?.stack,
		inspect(error?.cause),
	].join("\n");
}
