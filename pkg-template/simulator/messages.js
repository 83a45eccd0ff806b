import { readLimit, writeFields } from "./fields.js";
import { MESSAGE } from "./message.js";
import { checkFields, readNode } from "./node-type.js";
import { readPage, writePaging } from "./paging.js";
import { checkAnswer } from "./size-limits.js";

export const MESSAGES_LIMIT = 25;

/**
 * The messages edge of a conversation, newest first.
 *
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {import("./thread.js").MessageNode} MessageNode
 * @param {Thread} thread
 * @param {Pick<import("./fields.js").Selection, "modifiers" | "fields">} selection
 * @param {import("./graph.js").Call | undefined} call
 */
export function readMessages(thread, { modifiers, fields }, call) {
	const limit = readLimit(modifiers.limit) ?? MESSAGES_LIMIT;
	const { after, before } = modifiers;
	const page = readPage(
		messagesOf(thread),
		{ limit, after, before },
		call?.generation ?? 0,
	);
	const data = page.items.map((message) =>
		readNode(message, MESSAGE, fields, call),
	);
	if (!call) return { data };
	const query = new URLSearchParams({ access_token: call.token });
	if (fields) query.set("fields", writeFields(fields));
	const paging = writePaging(
		page,
		limit,
		`${call.origin}/${call.version}/${thread.id}/messages`,
		query,
	);
	return { data, ...(paging && { paging }) };
}

/**
 * GET /{conversation-id}/messages, where the `paging` above leads.
 *
 * @param {import("./graph.js").Call} call
 * @param {Thread} thread
 * @param {import("./inbox.js").Inbox} inbox
 */
export function listMessages(call, thread, inbox) {
	const { fields } = call;
	checkFields(fields, MESSAGE);
	const modifiers = Object.fromEntries(call.parameters);
	const selection = { name: "messages", modifiers, fields };
	call.met.fault ??= inbox.broken.get(thread.id)?.([selection]);
	const page = readMessages(thread, selection, call);
	checkAnswer(call, page.data.length);
	return page;
}

/**
 * @param {Thread} thread
 * @returns {import("./paging.js").Source<MessageNode>}
 */
function messagesOf(thread) {
	return {
		name: `messages/${thread.mailbox.numbers.idAt(thread.index)}`,
		place: ({ ordinal }) => [ordinal],
		*walk(place, direction) {
			let ordinal = place ? place[0] - direction : thread.messageCount - 1;
			for (
				;
				ordinal >= 0 && ordinal < thread.messageCount;
				ordinal -= direction
			) {
				yield { thread, ordinal };
			}
		},
	};
}
