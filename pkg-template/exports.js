// What every entry offers and needs no wasm for.
export { GraphError, InboxError } from "./errors.js";
export { parseGraphTime } from "./graph-time.js";
export { mergeConversations } from "./merge.js";
export { replyState } from "./reply-state.js";

export const DEFAULT_API_VERSION = "v25.0";
export const PAGE_INBOX_APP_ID = "263902037430900";
export const INSTAGRAM_INBOX_APP_ID = "1217981644879628";
