import { Lists } from "./lists.js";
import { FIELDS, OPENED_FIELDS, RowMaker, timeOf } from "./rows.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./rows.js").Item} Item */
/** @typedef {import("./rows.js").Conversation} Conversation */
/** @typedef {import("./rows.js").Platform} Platform */
/** @typedef {import("./rows.js").Folder} Folder */
/** @typedef {import("./rows.js").OwnerResult} OwnerResult */
/** @typedef {import("./source.js").Source} Source */

/**
 * Which conversations to read.
 *
 * @typedef {object} Query
 * @property {Folder} folder
 * @property {Platform[]} platforms
 */

/**
 * A platform's list that is watched.
 *
 * @typedef {object} Watched
 * @property {import("./graph-inbox/index.js").ConversationWatch<Conversation>} changes
 * @property {(conversations: Conversation[]) => Row[]} rowsOf
 * @property {number} since milliseconds since 1970: what is older is no news
 */

/** One view of the inbox: its lists as rows, their owners, and what changes. Stopping it ends all its requests. */
export class Reading {
	#stopping = new AbortController();
	#maker;
	#lists;
	/** Time of the newest that was listed, in milliseconds since 1970. @type {Map<Platform, number>} */
	#newest = new Map();
	/** That of the oldest. @type {number | undefined} */
	#oldest;
	/** @type {Watched[] | undefined} */
	#watches;

	/**
	 * @param {Source} source
	 * @param {Query} query
	 */
	constructor(source, query) {
		const { folder, platforms } = query;
		const { signal } = this.#stopping;
		this.source = source;
		this.query = query;
		this.#maker = new RowMaker(source.businessIds);
		this.#lists = new Lists(platforms, (platform, place) =>
			source.inbox.listConversations({
				folder,
				platform,
				fields: FIELDS,
				signal,
				...place,
			}),
		);
	}

	get stopped() {
		return this.#stopping.signal.aborted;
	}

	get hasMore() {
		return this.#lists.hasMore;
	}

	/** Whether there is anything to show of it. */
	get isRead() {
		return this.#lists.isRead;
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
	 * Reads some more.
	 *
	 * @param {(rows: Row[]) => void} show
	 */
	async more(show) {
		await this.#lists.more((items) => show(this.#listed(items)));
	}

	/**
	 * Reads all there is, until the signal is aborted.
	 *
	 * @param {(rows: Row[]) => void} show
	 * @param {AbortSignal} signal
	 */
	async rest(show, signal) {
		await this.#lists.rest((items) => show(this.#listed(items)), signal);
	}

	/**
	 * Reads the top again, and at least what happened since it was read.
	 *
	 * @param {(rows: Row[]) => void} show
	 */
	async updates(show) {
		if (!this.isRead) return this.more(show);
		const oldest = this.#oldest ?? 0;
		// What is further down comes with "Load more", which would show nothing new otherwise.
		const isListed = (/** @type {Item} */ { conversation }) =>
			(timeOf(conversation) ?? oldest) >= oldest;
		await this.#lists.top(
			(items) => show(this.#listed(items.filter(isListed))),
			new Map(this.#newest),
		);
	}

	/**
	 * Reads the conversation with one person, on the first platform that has one.
	 *
	 * @param {string} userId
	 */
	async person(userId) {
		for (const source of this.query.platforms) {
			const conversation = await this.#conversation(source, userId, FIELDS);
			if (conversation)
				return this.#maker.makeFor({ source, conversation }, userId);
		}
		return undefined;
	}

	/**
	 * Reads the latest messages of a row's conversation.
	 *
	 * @param {Row} row
	 * @param {AbortSignal} signal
	 */
	async messages({ platform, person }, signal) {
		if (!person) return undefined;
		return this.#conversation(platform, person.id, OPENED_FIELDS, signal);
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

	/** A watch of each platform's list. Each goes on where it was left, so they are made once. */
	get watches() {
		this.#watches ??= this.query.platforms.map((platform) =>
			this.#watch(platform),
		);
		return this.#watches;
	}

	/** @param {Platform} platform @returns {Watched} */
	#watch(platform) {
		const { inbox, intervalMs } = this.source;
		const { folder } = this.query;
		const fields = FIELDS;
		const since = this.#newest.get(platform);
		const params = { folder, platform, fields, since, intervalMs };
		return {
			changes: inbox.watchConversations(params),
			rowsOf: (conversations) =>
				this.#listed(
					conversations.map((conversation) => ({
						source: platform,
						conversation,
					})),
				),
			since: since ?? 0,
		};
	}

	/**
	 * @template {readonly import("./graph-inbox/index.js").FieldSelection[]} const F
	 * @param {Platform} platform
	 * @param {string} userId
	 * @param {F} fields
	 */
	#conversation(platform, userId, fields, signal = this.#stopping.signal) {
		const { folder } = this.query;
		const params = { folder, platform, fields, signal };
		return this.source.inbox.getConversation(userId, params);
	}

	/** @param {Item[]} items of the lists, newest first or last */
	#listed(items) {
		for (const { source, conversation } of items) {
			const time = timeOf(conversation);
			if (time === undefined) continue;
			this.#newest.set(source, Math.max(time, this.#newest.get(source) ?? 0));
			this.#oldest = Math.min(time, this.#oldest ?? time);
		}
		return this.#maker.make(items);
	}
}
