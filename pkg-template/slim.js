// The entry for those who load the wasm file themselves, to have it cached and compiled as it streams in.
import { InboxError } from "./host.js";
import {
	makeCreateInbox,
	makeGetThreadOwner,
	makeListConversations,
	makePreload,
} from "./inbox.js";
import { load } from "./load.js";

export * from "./exports.js";

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
export const createInbox = /* @__PURE__ */ makeCreateInbox(source);
export const listConversations = /* @__PURE__ */ makeListConversations(source);
export const getThreadOwner = /* @__PURE__ */ makeGetThreadOwner(source);
export const preload = /* @__PURE__ */ makePreload(source);
