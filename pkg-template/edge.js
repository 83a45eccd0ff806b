// The entry for Cloudflare Workers and Vercel's edge, which refuse to compile bytes but hand out a compiled module.
import wasm from "./graph_inbox.wasm?module";
import {
	makeCreateInbox,
	makeGetThreadOwner,
	makeListConversations,
	makePreload,
} from "./inbox.js";

export * from "./exports.js";

const source = () => wasm;
export const createInbox = /* @__PURE__ */ makeCreateInbox(source);
export const listConversations = /* @__PURE__ */ makeListConversations(source);
export const getThreadOwner = /* @__PURE__ */ makeGetThreadOwner(source);
export const preload = /* @__PURE__ */ makePreload(source);
