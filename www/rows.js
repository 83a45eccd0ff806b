import { parseGraphTime } from "./graph-inbox/index.js";
import { businessIdsIn, businessOf, personOf } from "./people.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
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

/**
 * Of each conversation in the list. Its latest messages tell who waits since when. With more than four of them the client would
 * ask for smaller pages.
 */
export const FIELDS = /** @type {const} */ ([
	...PLAIN_FIELDS,
	{ messages: { limit: 4, fields: ["from", "created_time"] } },
]);

/** Of the conversation that is open. Graph shows the twenty newest messages in detail. */
export const OPENED_FIELDS = /** @type {const} */ ([
	...PLAIN_FIELDS,
	{
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
	},
]);

/** @typedef {import("./graph-inbox/index.js").ConversationWith<typeof FIELDS>} Conversation */
/** @typedef {import("./graph-inbox/index.js").ConversationWith<typeof OPENED_FIELDS>} Opened */
/** @typedef {{ source: Platform, conversation: Conversation }} Item as `mergeConversations` yields it */
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

/** Makes rows of conversations, and learns from them who the business is. */
export class RowMaker {
	/** Of the row that was made last. */
	#time = Date.now();
	/** @type {Set<string>} */
	#businessIds;

	/** @param {Iterable<string>} businessIds those that are known */
	constructor(businessIds) {
		this.#businessIds = new Set(businessIds);
	}

	/**
	 * @param {Item[]} items
	 * @returns {Row[]}
	 */
	make(items) {
		for (const conversations of byPlatform(items))
			this.#businessIds = businessIdsIn(conversations, this.#businessIds);
		return items.map(({ source, conversation }) => ({
			id: conversation.id,
			platform: source,
			conversation,
			person: personOf(conversation, this.#businessIds),
			business: businessOf(conversation, this.#businessIds),
			time: this.#timeOf(conversation),
		}));
	}

	/**
	 * The row of a conversation that was asked for by its person, which tells who of the two the business is.
	 *
	 * @param {Item} item
	 * @param {string} userId
	 * @returns {Row}
	 */
	makeFor(item, userId) {
		const { participants } = item.conversation;
		const [row] = this.make([item]);
		return {
			...row,
			person: participants?.data.find(({ id }) => id === userId),
			business: participants?.data.find(({ id }) => id !== userId),
		};
	}

	/** @param {Conversation} conversation */
	#timeOf(conversation) {
		this.#time = timeOf(conversation) ?? this.#time;
		return this.#time;
	}
}

/** @param {{ updated_time?: string }} conversation */
export function timeOf({ updated_time }) {
	return updated_time ? parseGraphTime(updated_time).getTime() : undefined;
}

/** @param {Item[]} items */
function byPlatform(items) {
	return ["MESSENGER", "INSTAGRAM"].map((platform) =>
		items
			.filter(({ source }) => source === platform)
			.map(({ conversation }) => conversation),
	);
}
