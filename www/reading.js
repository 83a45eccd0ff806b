import { businessIdsIn, personOf } from "./people.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
/** @typedef {import("./source.js").Source} Source */

const FIELDS = /** @type {const} */ ([
	"id",
	"updated_time",
	"participants",
	"snippet",
	"unread_count",
	"message_count",
]);

/** @typedef {import("./graph-inbox/index.js").ConversationWith<typeof FIELDS>} Row */
/** @typedef {import("./graph-inbox/index.js").ConversationPage<Row>} Page */

/** @typedef {{ owner?: ThreadOwner, error?: unknown }} OwnerResult either of the two */

/**
 * Which conversations to read.
 *
 * @typedef {object} Query
 * @property {"inbox" | "other" | "page_done" | "spam"} folder
 * @property {"MESSENGER" | "INSTAGRAM"} platform
 */

/** One reading of the inbox from its top: page by page, owners after them. Stopping it ends all its requests. */
export class Reading {
	#stopping = new AbortController();
	/** @type {Page | undefined} */
	#page;

	/**
	 * @param {Source} source
	 * @param {Query} query
	 */
	constructor(source, query) {
		this.source = source;
		this.query = query;
		/** @type {Set<string>} */
		this.businessIds = new Set(source.businessIds);
	}

	get stopped() {
		return this.#stopping.signal.aborted;
	}

	get hasMore() {
		return this.#page?.hasNextPage() ?? false;
	}

	stop() {
		this.#stopping.abort();
	}

	/** Reads the first page. */
	async first() {
		const data = await this.#read();
		this.businessIds = businessIdsIn(data, this.source.businessIds);
		return data;
	}

	/** Reads the page after the last one read; after a failure that same one again. */
	async more() {
		const after = this.#page?.paging.cursors?.after;
		if (after) return this.#read(after);
		// The package finds another way, or tells that there is none.
		const page = await this.#page?.nextPage();
		this.#page = page ?? this.#page;
		return page?.data ?? [];
	}

	/**
	 * Reads one page. Iterating goes on over empty pages, and asks for less where Graph finds a page too large.
	 *
	 * @param {string} [after]
	 */
	async #read(after) {
		const list = this.source.inbox.listConversations({
			...this.query,
			fields: FIELDS,
			after,
			// Else the next page would be read ahead, whether or not anybody wants it.
			maxItems: 1,
			signal: this.#stopping.signal,
		});
		for await (const page of list.pages()) {
			this.#page = page;
			if (page.data.length > 0) return page.data;
		}
		return [];
	}

	/**
	 * Asks for the owners of rows, all at once.
	 *
	 * @param {Row[]} rows
	 * @returns {Promise<[conversationId: string, OwnerResult][]>} nothing once stopped
	 */
	async readOwners(rows) {
		const asked = rows.flatMap((row) => {
			const person = personOf(row, this.businessIds);
			return person ? [{ id: row.id, recipient: person.id }] : [];
		});
		const { signal } = this.#stopping;
		try {
			const results = await this.source.inbox.getThreadOwners(
				asked.map(({ recipient }) => recipient),
				{ signal },
			);
			return results.map((result, index) => [asked[index].id, result]);
		} catch (error) {
			return signal.aborted ? [] : asked.map(({ id }) => [id, { error }]);
		}
	}
}
