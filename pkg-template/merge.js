/** Merges many lists into one. Needs no wasm. */

import { invalidOption } from "./errors.js";
import { graphTimeMs } from "./graph-time.js";

/** @typedef {{ source: any, conversation: any }} Item what the merged list yields */
/** @typedef {((source: any, error: unknown) => unknown) | undefined} OnError */

/**
 * A call of `next()` that is pending.
 *
 * @typedef {object} Pending
 * @property {(result: IteratorResult<Item, undefined>) => void} resolve
 * @property {(reason: unknown) => void} reject
 */

/**
 * A list that has not ended.
 *
 * @typedef {object} Source
 * @property {string} name
 * @property {AsyncIterable<any>} list
 * @property {AsyncIterator<any>} [iterator] absent until the list is first read
 * @property {Item} [head] the next conversation of the list; absent while it has to be read
 * @property {number} time of the head, in milliseconds since 1970
 */

const isObject = (/** @type {unknown} */ value) =>
	typeof value === "object" && value !== null;

const isList = (/** @type {any} */ value) =>
	typeof value?.[Symbol.asyncIterator] === "function";

/** @type {typeof import("./index.d.ts").mergeConversations} */
export function mergeConversations(lists, options = {}) {
	// A single list is refused: it has no properties, so it would be merged to nothing.
	const entries =
		isObject(lists) && !isList(lists) ? Object.entries(lists) : undefined;
	if (!entries?.every(([, list]) => isList(list)))
		throw invalidOption("lists", "an object of conversation lists", lists);
	if (!isObject(options)) throw invalidOption("options", "an object", options);
	const { onError, ...unknown } = options;
	if (Object.values(unknown).some((value) => value !== undefined))
		throw invalidOption("options", "no option but onError", options);
	if (onError !== undefined && typeof onError !== "function")
		throw invalidOption("onError", "a function", onError);
	return { [Symbol.asyncIterator]: () => mergedIterator(entries, onError) };
}

/**
 * An object, not an async generator: the `return()` of a generator waits for its pending `next()`.
 *
 * @param {[name: string, list: AsyncIterable<any>][]} entries
 * @param {OnError} onError
 * @returns {AsyncIterableIterator<Item>}
 */
function mergedIterator(entries, onError) {
	/** The lists that have not ended, in the order in which they were given. @type {Set<Source>} */
	const sources = new Set(
		entries.map(([name, list]) => ({ name, list, time: 0 })),
	);
	/** The calls of `next()` that are pending, oldest first. @type {Pending[]} */
	const pending = [];
	let isEnded = false;

	/** Ends everything; waits for no list, since the iterator of a list may be busy with a request. */
	function end() {
		isEnded = true;
		for (const { resolve } of pending.splice(0)) resolve(done());
		for (const { iterator } of sources) close(iterator);
		sources.clear();
	}

	/** Reads the head of a list. @param {Source} source */
	async function advance(source) {
		try {
			source.iterator ??= source.list[Symbol.asyncIterator]();
			const result = await source.iterator.next();
			if (!result.done) {
				const conversation = result.value;
				const time = graphTimeMs(conversation?.updated_time);
				// Nothing tells where a conversation without a time belongs, so it comes at once.
				source.time = Number.isNaN(time) ? Number.POSITIVE_INFINITY : time;
				source.head = { source: source.name, conversation };
				return;
			}
			sources.delete(source);
		} catch (error) {
			sources.delete(source);
			if (!onError) throw error;
			if (!isEnded) await onError(source.name, error);
		}
	}

	/** Returns the newest of all heads; `undefined` where all lists have ended. */
	async function takeNewest() {
		const headless = [...sources].filter(({ head }) => !head);
		await Promise.all(headless.map(advance));
		/** @type {Source | undefined} */
		let newest;
		for (const source of sources)
			if (!newest || source.time > newest.time) newest = source;
		const head = newest?.head;
		if (newest) newest.head = undefined;
		return head;
	}

	/** Serves the pending calls of `next()`, one after the other. */
	async function serve() {
		while (pending.length > 0) {
			try {
				const value = await takeNewest();
				if (value) pending.shift()?.resolve({ done: false, value });
				else end();
			} catch (error) {
				pending.shift()?.reject(error);
				end();
			}
		}
	}

	return {
		[Symbol.asyncIterator]() {
			return this;
		},
		next() {
			return new Promise((resolve, reject) => {
				if (isEnded) resolve(done());
				else if (pending.push({ resolve, reject }) === 1) serve();
			});
		},
		async return() {
			end();
			return done();
		},
	};
}

/** @returns {IteratorReturnResult<undefined>} */
const done = () => ({ done: true, value: undefined });

/**
 * Ends a list, and ignores what goes wrong: nobody wants anything of it any more.
 *
 * @param {AsyncIterator<any> | undefined} iterator
 */
async function close(iterator) {
	try {
		await iterator?.return?.();
	} catch {}
}
