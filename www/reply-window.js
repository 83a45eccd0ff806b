import { replyState } from "./graph-inbox/index.js";
import { timeElement } from "./time.js";

// Who waits for an answer since when, and how long the business may give one.

/**
 * Says who wrote last and how long there is to answer; `null` where that was not read.
 *
 * @param {import("./rows.js").Row} row
 * @param {Parameters<typeof replyState>[0]} [read] the conversation, where more of its messages were read than the row has
 */
export function replyStateOf({ business, conversation }, read = conversation) {
	return business ? replyState(read, business.id) : null;
}

/**
 * @param {ReturnType<typeof replyStateOf>} state
 * @returns {(Node | string)[]} nothing where that is not known
 */
export function describeState(state) {
	if (!state) return [];
	const { waiting_since, reply_until } = state;
	return [
		...(waiting_since
			? ["Waiting since ", timeElement("ago", waiting_since)]
			: ["Answered"]),
		...(reply_until
			? [" · Reply window: ", timeElement("left", reply_until)]
			: []),
	];
}
