import { parseGraphTime } from "./graph-inbox/index.js";
import { businessIdsIn, businessOf, personOf } from "./people.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
/** @typedef {import("./source.js").Source} Source */
/** @typedef {"MESSENGER" | "INSTAGRAM"} Platform */
/** @typedef {"inbox" | "other" | "page_done" | "spam"} Folder */

export const FIELDS = /** @type {const} */ ([
	"updated_time",
	"participants",
	"snippet",
	"unread_count",
	"message_count",
	"link",
]);

/** Of "load all": fewer requests, and still far from what Graph finds too much. */
export const WHOLE_PAGE = 100;

/** @typedef {import("./graph-inbox/index.js").ConversationWith<typeof FIELDS>} Conversation */
/** @typedef {import("./graph-inbox/index.js").ConversationPage<Conversation>} Page */
/** @typedef {{ owner?: ThreadOwner, error?: unknown }} OwnerResult either of the two */

/**
 * A conversation as the page shows it.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {Platform} platform
 * @property {Conversation} conversation
 * @property {import("./people.js").Participant} [person] who writes to the business
 * @property {import("./people.js").Participant} [business]
 * @property {number} time of its latest message, in milliseconds since 1970; of one that cannot be read, its neighbour's
 * @property {OwnerResult} [owner] once known
 */

/** One platform's list in one folder, read page by page. What was read stays read, whatever fails after it. */
export class Feed {
	/** @type {Page | undefined} */
	#page;
	#newest = Number.NEGATIVE_INFINITY;
	#oldest = Number.POSITIVE_INFINITY;
	/** @type {Set<string>} */
	#businessIds;

	/**
	 * @param {Source} source
	 * @param {{ folder: Folder, platform: Platform }} query
	 * @param {AbortSignal} signal
	 */
	constructor(source, query, signal) {
		this.source = source;
		this.query = query;
		this.signal = signal;
		this.#businessIds = new Set(source.businessIds);
	}

	get isStarted() {
		return this.#page !== undefined;
	}

	get hasMore() {
		return this.#page?.hasNextPage() ?? true;
	}

	/** The time that the list was read back to. */
	get oldest() {
		return this.#oldest;
	}

	/** Reads the page after the last one read; after a failure that same one again. */
	async more() {
		const after = this.#page?.nextCursor;
		// Only one page is wanted, and the next one not read ahead.
		const list = this.#list({ after, maxItems: 1 });
		for await (const page of list.pages()) {
			const rows = this.#take(page);
			if (rows.length > 0) return rows;
		}
		return [];
	}

	/**
	 * Reads on to the end, the next page under way while one is shown.
	 *
	 * @param {AbortSignal} signal
	 */
	async *rest(signal) {
		if (!this.hasMore) return;
		const after = this.#page?.nextCursor;
		const list = this.#list({ after, limit: WHOLE_PAGE, signal });
		for await (const page of list.pages()) yield this.#take(page);
	}

	/** Reads what happened since the newest conversation that was read. */
	async updates() {
		if (!this.isStarted || this.#newest < 0) return this.more();
		const found = [];
		const list = this.#list({ updatedSince: this.#newest });
		for await (const page of list.pages()) found.push(...this.#rows(page.data));
		return found;
	}

	/**
	 * The conversation with one person: one row, or none.
	 *
	 * @param {string} userId
	 */
	async person(userId) {
		const { data } = await this.#list({ userId });
		return this.#rows(data).map((row) => ({
			...row,
			// A single conversation does not tell which of its two the business is.
			person: row.conversation.participants?.data.find(
				({ id }) => id === userId,
			),
		}));
	}

	/**
	 * The conversation with one person, with its latest messages.
	 *
	 * @param {string} userId
	 * @param {AbortSignal} signal
	 */
	async messages(userId, signal) {
		const { inbox } = this.source;
		const list = inbox.listConversations({
			platform: this.query.platform,
			userId,
			fields: [...FIELDS, MESSAGES],
			// Alone on its page, one that Graph cannot show still comes with its ID.
			limit: 1,
			signal,
		});
		for await (const conversation of list) return conversation;
		return undefined;
	}

	/** @param {import("./graph-inbox/index.js").ConversationsParams} params */
	#list(params) {
		const { inbox } = this.source;
		return inbox.listConversations({
			...this.query,
			fields: FIELDS,
			signal: this.signal,
			...params,
		});
	}

	/** @param {Page} page the next one of the list */
	#take(page) {
		this.#page = page;
		const rows = this.#rows(page.data);
		for (const { time } of rows) this.#oldest = Math.min(this.#oldest, time);
		return rows;
	}

	/**
	 * @param {Conversation[]} conversations
	 * @returns {Row[]}
	 */
	#rows(conversations) {
		this.#businessIds = businessIdsIn(conversations, this.#businessIds);
		let time = Number.isFinite(this.#oldest) ? this.#oldest : Date.now();
		return conversations.map((conversation) => {
			const { id, updated_time } = conversation;
			if (updated_time) {
				time = parseGraphTime(updated_time).getTime();
				this.#newest = Math.max(this.#newest, time);
			}
			return {
				id,
				platform: this.query.platform,
				conversation,
				person: personOf(conversation, this.#businessIds),
				business: businessOf(conversation, this.#businessIds),
				time,
			};
		});
	}
}

/** Graph shows the twenty newest in detail. */
const MESSAGES = /** @type {const} */ ({
	messages: {
		limit: 20,
		fields: [
			"message",
			"created_time",
			"from",
			"sticker",
			"attachments",
			"reactions",
			"is_unsupported",
		],
	},
});

/** @typedef {import("./graph-inbox/index.js").ConversationWith<[...typeof FIELDS, typeof MESSAGES]>} Opened */
