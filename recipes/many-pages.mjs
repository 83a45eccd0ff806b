// Many Pages at once, as a service for many businesses reads them: each with its own client and token, some at a time, and
// what fails for one Page is that Page's alone.
// Needs: npm install graph-inbox; a store of Page tokens, by Page ID. Goes into: the service; call `createPages` once.
import { createInbox, GraphError } from "graph-inbox";

/** "Application request limit reached": the limit of the app, and so of all its Pages. */
const APP_LIMIT = 4;

/**
 * As `Promise.allSettled` tells it: `reason` is an `InboxError`, or what your own functions threw.
 *
 * @template T
 * @typedef {{ pageId: string } & PromiseSettledResult<T>} PageResult
 */

/**
 * @param {Omit<import("graph-inbox").InboxOptions, "pageId" | "accessToken" | "instagramAccountId" | "onEvent"> & {
 *   accessTokenOf: (pageId: string) => string | Promise<string>,
 *   atOnce?: number,
 *   onEvent?: (event: import("graph-inbox").InboxEvent & { pageId: string }) => void,
 * }} options `accessTokenOf` is asked before every request, so cache what is slow; the rest is for all clients
 */
export function createPages({
	accessTokenOf,
	atOnce = 8,
	onEvent,
	...options
}) {
	if (!(atOnce >= 1)) throw new RangeError("atOnce is 1 or more.");
	/**
	 * Kept from one visit to the next: a client knows until when its Page's rate limit holds.
	 *
	 * @type {Map<string, import("graph-inbox").Inbox>}
	 */
	const inboxes = new Map();

	/** @param {string} pageId */
	function inboxOf(pageId) {
		if (pageId === "me") throw new TypeError("Name the Page by its ID.");
		const inbox =
			inboxes.get(pageId) ??
			createInbox({
				...options,
				pageId,
				accessToken: () => accessTokenOf(pageId),
				onEvent: (event) => onEvent?.({ ...event, pageId }),
			});
		inboxes.set(pageId, inbox);
		return inbox;
	}

	/**
	 * Does the same with every Page; never rejects. Aborted, it begins with no further Page; give `work` the signal as well. A
	 * large inbox can fail on a late page. So let `work` store what it iterates, and not wait for `toArray`: the next visit goes on
	 * with `reason.cursor` as `after`.
	 *
	 * @template T
	 * @param {Iterable<string>} pageIds one given twice is visited once
	 * @param {(inbox: import("graph-inbox").Inbox, pageId: string) => T | PromiseLike<T>} work
	 * @param {AbortSignal} [signal]
	 * @returns {Promise<PageResult<T>[]>} one for each Page, in the order given
	 */
	return async function visit(pageIds, work, signal) {
		const ids = [...new Set(pageIds)];
		/** @type {PageResult<T>[]} */
		const results = [];
		/** @type {GraphError | undefined} */
		let limit;

		/** @param {string} pageId */
		async function visitOne(pageId) {
			signal?.throwIfAborted();
			// Each further call would lengthen the block.
			if (limit) throw limit;
			try {
				return await work(inboxOf(pageId), pageId);
			} catch (error) {
				if (error instanceof GraphError && error.code === APP_LIMIT)
					limit = error;
				throw error;
			}
		}

		// All take from one queue, so a Page with a large inbox holds up no other.
		const queue = ids.entries();
		await Promise.all(
			Array.from({ length: Math.min(atOnce, ids.length) }, async () => {
				for (const [index, pageId] of queue) {
					const [settled] = await Promise.allSettled([visitOne(pageId)]);
					results[index] = { pageId, ...settled };
				}
			}),
		);
		return results;
	};
}
