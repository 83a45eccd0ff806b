// The entry for those who load the wasm file themselves, to have it cached and compiled as it streams in.
import { InboxError } from "./exports.js";
import * as inbox from "./inbox.js";
import { load } from "./load.js";

/** @typedef {typeof import("./index.d.ts")} Api */

export {
	DEFAULT_API_VERSION,
	GraphError,
	INSTAGRAM_INBOX_APP_ID,
	InboxError,
	mergeConversations,
	PAGE_INBOX_APP_ID,
	parseGraphTime,
	replyState,
} from "./exports.js";

const source = () => {
	throw new InboxError("call init with the wasm file before anything else", {
		kind: "invalid_option",
		retryable: false,
		option: "source",
	});
};

/** @param {import("./load.js").Source} given */
export function init(given) {
	load(() => given);
}

/** @type {Api["createInbox"]} */
export const createInbox = (options) => inbox.createInbox(source, options);

/** @type {Api["listConversations"]} */
export const listConversations = (options) =>
	inbox.listConversations(source, options);

/** @type {Api["getThreadOwner"]} */
export const getThreadOwner = (options) =>
	inbox.getThreadOwner(source, options);

/** @type {Api["preload"]} */
export const preload = () => inbox.preload(source);
