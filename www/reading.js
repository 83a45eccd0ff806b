import { createOwnerQueue } from "./owner-queue.js";
import { businessIdsIn, personOf } from "./people.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
/** @typedef {import("./owner-queue.js").Question} Question */
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

/**
 * Which conversations to read.
 *
 * @typedef {object} Query
 * @property {"inbox" | "other" | "page_done" | "spam"} folder
 * @property {"MESSENGER" | "INSTAGRAM"} platform
 */

/**
 * Told of owners as they come in.
 *
 * @typedef {object} OwnerListener
 * @property {(question: Question, owner: ThreadOwner) => void} onOwner
 * @property {(question: Question, error: unknown) => void} onFailure
 */

/** One reading of the inbox from its top: page by page, owners after them. Stopping it ends all its requests. */
export class Reading {
	#stopping = new AbortController();
	/** @type {Page | undefined} */
	#page;
	#owners;

	/**
	 * @param {Source} source
	 * @param {Query} query
	 * @param {OwnerListener} listener
	 */
	constructor(source, query, listener) {
		const { signal } = this.#stopping;
		this.source = source;
		this.query = query;
		/** @type {Set<string>} */
		this.businessIds = new Set(source.businessIds);
		this.#owners = createOwnerQueue({
			ask: (recipient) => source.inbox.getThreadOwner(recipient, { signal }),
			signal,
			...listener,
		});
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
		const page = await this.source.inbox.listConversations({
			...this.query,
			fields: FIELDS,
			signal: this.#stopping.signal,
		});
		const data = await this.#take(page);
		this.businessIds = businessIdsIn(data, this.source.businessIds);
		return data;
	}

	/** Reads the page after the last one read; after a failure that same one again. */
	async more() {
		return this.#take(await this.#page?.nextPage());
	}

	/**
	 * Goes on over empty pages: Graph may say that more follow.
	 *
	 * @param {Page | null | undefined} page
	 */
	async #take(page) {
		let found = page;
		while (found) {
			this.#page = found;
			if (found.data.length > 0) return found.data;
			found = await found.nextPage();
		}
		return [];
	}

	/**
	 * Asks for the owners of rows that are on the page now.
	 *
	 * @param {Row[]} rows
	 */
	readOwners(rows) {
		this.#owners.add(
			rows.flatMap((row) => {
				const person = personOf(row, this.businessIds);
				return person ? [{ conversationId: row.id, recipient: person.id }] : [];
			}),
		);
	}
}
