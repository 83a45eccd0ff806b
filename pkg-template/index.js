// The entry for everything but the edge: one file, which any bundler or runtime takes as it is. The build makes index.js of it,
// with packed WebAssembly, and for Node index.node.js and index.cjs, with the WebAssembly as it is.

import source from "wasm:inlined";
import * as inbox from "./inbox.js";

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
