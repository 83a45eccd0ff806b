import { Feed } from "./feed.js";

/** @typedef {import("./feed.js").Row} Row */
/** @typedef {import("./feed.js").Platform} Platform */
/** @typedef {import("./feed.js").Folder} Folder */
/** @typedef {import("./feed.js").OwnerResult} OwnerResult */
/** @typedef {import("./source.js").Source} Source */

/**
 * Which conversations to read.
 *
 * @typedef {object} Query
 * @property {Folder} folder
 * @property {Platform[]} platforms
 * @property {string} [userId] of one person
 */

/** One view of the inbox: a feed for each platform, side by side, and the owners of their threads. Stopping it ends all its requests. */
export class Reading {
	#stopping = new AbortController();
	/** Whether a look-up was answered. */
	#isFound = false;

	/**
	 * @param {Source} source
	 * @param {Query} query
	 */
	constructor(source, query) {
		const { folder, platforms } = query;
		const { signal } = this.#stopping;
		this.source = source;
		this.query = query;
		this.feeds = platforms.map(
			(platform) => new Feed(source, { folder, platform }, signal),
		);
	}

	get stopped() {
		return this.#stopping.signal.aborted;
	}

	get hasMore() {
		return !this.query.userId && this.feeds.some(({ hasMore }) => hasMore);
	}

	/** Whether there is anything to show of it, if only that nothing is there. */
	get isRead() {
		return this.feeds.some(({ isStarted }) => isStarted) || this.#isFound;
	}

	/** How many conversations there are in all; known of the simulator's inbox alone. */
	get total() {
		const { folder, platforms } = this.query;
		const { total } = this.source;
		if (!total || folder !== "inbox") return undefined;
		return platforms.reduce((sum, name) => sum + (total[name] ?? 0), 0);
	}

	stop() {
		this.#stopping.abort();
	}

	/**
	 * Reads the first page of every feed that has none yet. One that fails keeps none of the others back.
	 *
	 * @param {(rows: Row[]) => void} show
	 */
	async first(show) {
		const { userId } = this.query;
		const missing = this.feeds.filter(({ isStarted }) => !isStarted);
		await each(missing, async (feed) => {
			if (userId) show(await feed.person(userId));
			else for await (const rows of feed.more()) show(rows);
		});
		this.#isFound ||= userId !== undefined;
	}

	/**
	 * Reads some more, of the feed that was read back least, so that the list grows at its end.
	 *
	 * @param {(rows: Row[]) => void} show
	 */
	async more(show) {
		if (this.feeds.some(({ isStarted }) => !isStarted)) return this.first(show);
		const [feed] = this.feeds
			.filter(({ hasMore }) => hasMore)
			.sort((one, other) => other.oldest - one.oldest);
		if (feed) for await (const rows of feed.more()) show(rows);
	}

	/**
	 * Reads all there is.
	 *
	 * @param {(rows: Row[]) => void} show
	 * @param {AbortSignal} signal
	 */
	async rest(show, signal) {
		await each(this.feeds, async (feed) => {
			for await (const rows of feed.rest(signal)) show(rows);
		});
	}

	/**
	 * Reads what happened since.
	 *
	 * @param {(rows: Row[]) => void} show
	 */
	async updates(show) {
		const { userId } = this.query;
		if (userId) return this.first(show);
		await each(this.feeds, async (feed) => {
			for await (const rows of feed.updates()) show(rows);
		});
	}

	/**
	 * Reads the conversation with one person again.
	 *
	 * @param {{ userId: string, platform: Platform }} person
	 */
	async person({ userId, platform }) {
		return (await this.#feed(platform)?.person(userId)) ?? [];
	}

	/**
	 * @param {Row} row
	 * @param {AbortSignal} signal
	 */
	async messages({ platform, person }, signal) {
		return person && this.#feed(platform)?.messages(person.id, signal);
	}

	/**
	 * Asks for the owners of rows, all at once.
	 *
	 * @param {Row[]} rows
	 * @returns {Promise<[row: Row, OwnerResult][]>} nothing once stopped
	 */
	async owners(rows) {
		const asked = rows.flatMap((row) =>
			row.person ? [{ row, recipient: row.person.id }] : [],
		);
		const { signal } = this.#stopping;
		try {
			const results = await this.source.inbox.getThreadOwners(
				asked.map(({ recipient }) => recipient),
				{ signal },
			);
			return results.map((result, index) => [asked[index].row, result]);
		} catch (error) {
			return signal.aborted ? [] : asked.map(({ row }) => [row, { error }]);
		}
	}

	/** @param {Platform} platform */
	#feed(platform) {
		return this.feeds.find(({ query }) => query.platform === platform);
	}
}

/**
 * All at once and each to its end; then the first failure is thrown.
 *
 * @template T
 * @param {T[]} items
 * @param {(item: T) => Promise<void>} work
 */
async function each(items, work) {
	const results = await Promise.allSettled(items.map(work));
	for (const result of results)
		if (result.status === "rejected") throw result.reason;
}
