import { parseGraphTime } from "./graph-inbox/index.js";
import { businessIdsIn, businessOf, personOf } from "./people.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
/** @typedef {import("./source.js").Source} Source */
/** @typedef {"MESSENGER" | "INSTAGRAM"} Platform */
/** @typedef {"inbox" | "other" | "page_done" | "spam"} Folder */

const PLAIN_FIELDS = /** @type {const} */ ([
	"updated_time",
	"participants",
	"snippet",
	"unread_count",
	"message_count",
	"link",
]);

/** Of each conversation in the list; the latest message says who wrote last. */
export const FIELDS = /** @type {const} */ ([
	...PLAIN_FIELDS,
	{ messages: { limit: 1, fields: ["from"] } },
]);

/** As many as Graph's own page has. */
const STEP = 25;

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

	/** Reads on after the last page read: one page, or as many as hold that much where Graph can only deliver smaller ones. */
	async *more() {
		const after = this.#page?.nextCursor;
		const list = this.#list({ after, maxItems: STEP });
		for await (const page of list.pages()) yield this.#take(page);
	}

	/**
	 * Reads on to the end, the next page under way while one is shown. The client chooses how large the pages are.
	 *
	 * @param {AbortSignal} signal
	 */
	async *rest(signal) {
		if (!this.hasMore) return;
		const after = this.#page?.nextCursor;
		const list = this.#list({ after, signal });
		for await (const page of list.pages()) yield this.#take(page);
	}

	/** Reads what happened since the newest conversation that was read. */
	async *updates() {
		if (!this.isStarted || this.#newest < 0) return yield* this.more();
		const list = this.#list({ updatedSince: this.#newest });
		for await (const page of list.pages()) yield this.#rows(page.data);
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
		const { data } = await inbox.listConversations({
			platform: this.query.platform,
			userId,
			fields: [...PLAIN_FIELDS, MESSAGES],
			signal,
		});
		return data.at(0);
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

/** @typedef {import("./graph-inbox/index.js").ConversationWith<[...typeof PLAIN_FIELDS, typeof MESSAGES]>} Opened */
