import { mergeConversations } from "./graph-inbox/index.js";

/** @typedef {import("./rows.js").Item} Item */
/** @typedef {import("./rows.js").Platform} Platform */
/** @typedef {import("./graph-inbox/index.js").ConversationList<import("./rows.js").Conversation>} List */
/** @typedef {(items: Item[]) => void} Show */

/**
 * Lists that are read as one, and the item that was asked for and not taken yet.
 *
 * @typedef {object} Stream
 * @property {AsyncIterator<Item>} items
 * @property {Promise<IteratorResult<Item>>} [next]
 */

/** As many as Graph's own page has. */
const STEP = 25;
/** Items that are shown together: the owners of so many are one request. */
const BATCH = 50;

/** The lists of all platforms, read as one. What was read stays read, whatever fails after it. */
export class Lists {
	/** Whether anything was read, if only that nothing is there. */
	isRead = false;
	#platforms;
	#listOf;
	/** Lists of which there is more. @type {Set<Stream>} */
	#streams = new Set();
	/** Why a list ended early. @type {Map<Platform, any>} */
	#failed = new Map();

	/**
	 * @param {Platform[]} platforms
	 * @param {(platform: Platform, place?: { after?: string, updatedSince?: number }) => List} listOf
	 */
	constructor(platforms, listOf) {
		this.#platforms = platforms;
		this.#listOf = listOf;
		this.#open(platforms.map((platform) => [platform, listOf(platform)]));
	}

	get hasMore() {
		return this.#streams.size + this.#failed.size > 0;
	}

	/**
	 * Reads some more: of the lists that failed, or else of all.
	 *
	 * @param {Show} show
	 */
	async more(show) {
		const again = this.#openFailed();
		await this.#read(again ? [again] : [...this.#streams], STEP, show);
	}

	/**
	 * Reads all there is, until the signal is aborted.
	 *
	 * @param {Show} show
	 * @param {AbortSignal} signal
	 */
	async rest(show, signal) {
		/** @type {Promise<undefined>} */
		const stopped = new Promise((resolve) => {
			signal.addEventListener("abort", () => resolve(undefined));
		});
		this.#openFailed();
		const streams = [...this.#streams];
		await this.#read(streams, Number.POSITIVE_INFINITY, show, stopped);
	}

	/**
	 * Reads the first page of each list again, and on down to a time.
	 *
	 * @param {Show} show
	 * @param {Map<Platform, number>} times in milliseconds since 1970
	 */
	async top(show, times) {
		const read = this.#platforms.map(async (source) => {
			const list = this.#listOf(source, { updatedSince: times.get(source) });
			for await (const { data } of list.pages())
				show(data.map((conversation) => ({ source, conversation })));
		});
		for (const result of await Promise.allSettled(read))
			if (result.status === "rejected") throw result.reason;
	}

	/** Lists that failed go on where they did. */
	#openFailed() {
		if (this.#failed.size === 0) return undefined;
		const named = [...this.#failed].map(([platform, { cursor }]) => [
			platform,
			this.#listOf(platform, { after: cursor }),
		]);
		this.#failed.clear();
		return this.#open(named);
	}

	/** @param {any[][]} named */
	#open(named) {
		const items = merge(named, this.#failed)[Symbol.asyncIterator]();
		const stream = { items };
		this.#streams.add(stream);
		return stream;
	}

	/**
	 * @param {Stream[]} streams
	 * @param {number} count of each
	 * @param {Show} show
	 * @param {Promise<undefined>} [stopped]
	 */
	async #read(streams, count, show, stopped) {
		await Promise.all(
			streams.map((stream) => this.#take(stream, count, show, stopped)),
		);
		this.isRead ||= this.#failed.size < this.#platforms.length;
		for (const error of this.#failed.values()) throw error;
	}

	/**
	 * @param {Stream} stream
	 * @param {number} count
	 * @param {Show} show
	 * @param {Promise<undefined>} [stopped] ends it; what was asked for is for the next one who reads
	 */
	async #take(stream, count, show, stopped) {
		/** @type {Item[]} */
		const items = [];
		for (let taken = 0; taken < count; taken += 1) {
			stream.next ??= stream.items.next();
			const { next } = stream;
			const result = await Promise.race(stopped ? [stopped, next] : [next]);
			if (!result) break;
			if (stream.next === next) stream.next = undefined;
			if (result.done) {
				this.#streams.delete(stream);
				break;
			}
			items.push(result.value);
			if (items.length === BATCH) show(items.splice(0));
		}
		show(items);
	}
}

/**
 * Several lists as one. Where one fails the others go on.
 *
 * @param {any[][]} named a platform and its list each
 * @param {Map<Platform, unknown>} failed
 */
function merge(named, failed) {
	/** @type {Record<Platform, List>} */
	const lists = Object.fromEntries(named);
	return mergeConversations(lists, {
		onError: (platform, error) => void failed.set(platform, error),
	});
}
