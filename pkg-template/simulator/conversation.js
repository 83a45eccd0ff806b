import { graphTime } from "./identifiers.js";
import { kindOf, MESSAGE } from "./message.js";
import { readMessages } from "./messages.js";
import { bare, edge } from "./node-type.js";
import { participants, USER } from "./participants.js";

/**
 * @typedef {import("./node-type.js").NodeType} NodeType
 * @typedef {import("./node-type.js").Field} Field
 * @typedef {import("./thread.js").Thread} Thread
 */

/** @param {Thread} thread */
const isMessenger = (thread) => thread.mailbox.platform === "MESSENGER";

/** @param {(thread: Thread) => unknown} read @returns {Field} a field that only Messenger conversations have */
function messengerOnly(read) {
	return { read: (thread) => (isMessenger(thread) ? read(thread) : undefined) };
}

/** https://developers.facebook.com/docs/graph-api/reference/conversation @type {NodeType} */
export const UNIFIED_THREAD = {
	name: "UnifiedThread",
	defaults: ["id", "updated_time"],
	fields: {
		id: { read: (thread) => thread.id },
		updated_time: { read: (thread) => graphTime(thread.updatedAt) },
		link: messengerOnly(
			(thread) =>
				`/${thread.mailbox.settings.pageId}/inbox/${thread.mailbox.numbers.idAt(thread.index)}/`,
		),
		snippet: { read: snippet },
		message_count: { read: (thread) => thread.messageCount },
		unread_count: { read: (thread) => thread.unreadCount || undefined },
		participants: edge(USER, participants),
		senders: edge(USER, (thread) =>
			isMessenger(thread) ? participants(thread) : undefined,
		),
		former_participants: edge(USER, (thread) =>
			isMessenger(thread) ? [] : undefined,
		),
		can_reply: messengerOnly((thread) => thread.folder !== "spam"),
		is_subscribed: messengerOnly((thread) => thread.random(7) % 10 > 0),
		is_owner: { read: (thread) => thread.mailbox.owners.isOurs(thread) },
		// On a conversation of two people these have no value.
		name: { read: () => undefined },
		wallpaper: { read: () => undefined },
		linked_group: { read: () => undefined },
		scoped_thread_key: messengerOnly((thread) => thread.id),
		folder: { read: (thread) => thread.folder },
		messages: { type: MESSAGE, limit: 25, read: readMessages },
	},
};

const { unread_count, ...instagramFields } = UNIFIED_THREAD.fields;
const INSTAGRAM_THREAD = { ...UNIFIED_THREAD, fields: instagramFields };

/**
 * Returns the fields that conversations have on a host.
 *
 * @param {Pick<import("./settings.js").Settings, "host">} settings
 */
export function threadType({ host }) {
	return host === "instagram" ? INSTAGRAM_THREAD : UNIFIED_THREAD;
}

/**
 * Returns every field of a conversation but `messages`, which is an edge of its own.
 *
 * @param {NodeType} type
 */
export function fieldsWithoutMessages(type) {
	const names = Object.keys(type.fields);
	return bare(names.filter((name) => name !== "messages"));
}

/** @param {Thread} thread */
function snippet(thread) {
	const newest = { thread, ordinal: thread.messageCount - 1 };
	const { text, fromPage } = thread.message(newest.ordinal);
	const sender = fromPage ? "You" : Object.values(thread.person.participant)[0];
	switch (kindOf(newest)) {
		case "image":
			return `${sender} sent a photo.`;
		case "sticker":
			return `${sender} sent a sticker.`;
		default:
			return text;
	}
}
