// What the tests of the package share: a simulator behind a real socket, and ways to look at what went wrong.
import assert from "node:assert/strict";
import { after } from "node:test";
import { inspect } from "node:util";
import { createInbox, InboxError } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";

/**
 * A Graph on a loopback port, closed when the tests of the file are done.
 *
 * @param {import("graph-inbox/simulator").GraphSimulatorOptions} [simulated]
 */
export async function startGraph(simulated) {
	const simulator = createGraphSimulator(simulated);
	const server = await serveGraph(simulator);
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
	return {
		simulator,
		url: server.url,
		/** Page, token and address. */
		access,
		inbox,
		/**
		 * The same, with the events it told.
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
