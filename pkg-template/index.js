// The entry for everything but the edge: one file, which any bundler or runtime takes as it is.
import wasm from "wasm:hex";
import {
	makeCreateInbox,
	makeGetThreadOwner,
	makeListConversations,
	makePreload,
} from "./inbox.js";
import { decoded } from "./load.js";

export * from "./exports.js";

const source = () => decoded(wasm);
export const createInbox = /* @__PURE__ */ makeCreateInbox(source);
export const listConversations = /* @__PURE__ */ makeListConversations(source);
export const getThreadOwner = /* @__PURE__ */ makeGetThreadOwner(source);
export const preload = /* @__PURE__ */ makePreload(source);
