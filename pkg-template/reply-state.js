/** Computes who has to answer a conversation, from the messages that were read of it. Needs no wasm. */

import { invalidOption } from "./errors.js";
import { graphTimeMs } from "./graph-time.js";

/** How long a business may answer after a customer's message, in milliseconds: Meta's standard messaging window. */
const REPLY_WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * @param {unknown} id
 * @returns {id is string}
 */
const isId = (id) => typeof id === "string" && id !== "";

/** @type {typeof import("./index.d.ts").replyState} */
export function replyState(conversation, business, now = new Date()) {
	if (typeof conversation !== "object" || !conversation)
		throw invalidOption("conversation", "an object", conversation);
	const businessIds = [business].flat();
	// `me` is a Page ID elsewhere, but nobody writes messages under it: every message would count as the customer's.
	if (
		businessIds.length === 0 ||
		!businessIds.every((id) => isId(id) && id !== "me")
	) {
		const expected = "the ID of the business as a string, or an array of IDs";
		throw invalidOption("business", expected, business);
	}
	const nowMs = Number(now?.getTime?.());
	if (Number.isNaN(nowMs)) throw invalidOption("now", "a valid Date", now);

	const messages = [];
	const data = conversation.messages?.data;
	for (const message of Array.isArray(data) ? data : []) {
		const id = message?.from?.id;
		const ms = graphTimeMs(message?.created_time);
		if (isId(id) && !Number.isNaN(ms))
			messages.push({ isAnswer: businessIds.includes(id), ms });
	}
	if (messages.length === 0) return null;
	// Within a second the order of the array stays, since the sort is stable: Graph lists the newest message first.
	messages.sort((a, b) => b.ms - a.ms);

	let isAnswered = false;
	let waitingSince;
	let replyUntil;
	for (const { isAnswer, ms } of messages) {
		isAnswered ||= isAnswer;
		if (!isAnswered) waitingSince = ms;
		if (!isAnswer) replyUntil ??= ms + REPLY_WINDOW_MS;
	}
	return {
		last_from: messages[0].isAnswer ? "business" : "customer",
		waiting_since: dateOf(waitingSince),
		reply_until: dateOf(replyUntil),
		is_open: Number(replyUntil) > nowMs,
	};
}

/** @param {number | undefined} ms */
const dateOf = (ms) => (ms === undefined ? null : new Date(ms));
