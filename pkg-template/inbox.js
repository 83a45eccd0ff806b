import { ConversationList } from "./list.js";
import { load } from "./load.js";

/** @typedef {import("./load.js").Source} Source */

/** @typedef {typeof import("./index.d.ts")} Api */

/**
 * The functions of the package, for an entry point that knows where its wasm is. Each is made by a pure call, so that a
 * bundler can drop what is not used, the wasm included.
 *
 * @param {() => Source} source
 * @returns {Api["createInbox"]}
 */
export function makeCreateInbox(source) {
	return (options) => {
		const client = new (load(source).Client)(options);
		return {
			listConversations(params) {
				return listOf(() => client.list(params, false));
			},
			listConversationsWithOwner(params) {
				return listOf(() => client.list(params, true));
			},
			getThreadOwner(recipient, callOptions) {
				return client.threadOwner(recipient, callOptions);
			},
			getThreadOwners(recipients, callOptions) {
				return client.threadOwners(recipients, callOptions);
			},
		};
	};
}

/**
 * @param {() => Source} source
 * @returns {Api["listConversations"]}
 */
export function makeListConversations(source) {
	return (options) => listOf(() => load(source).listOf(options));
}

/**
 * @param {() => Source} source
 * @returns {Api["getThreadOwner"]}
 */
export function makeGetThreadOwner(source) {
	return async (options) => load(source).threadOwnerOf(options);
}

/**
 * @param {() => Source} source
 * @returns {Api["preload"]}
 */
export function makePreload(source) {
	return async () => {
		load(source);
	};
}

/**
 * @param {() => import("./list.js").List} makeList
 * @returns {any}
 */
function listOf(makeList) {
	return new ConversationList(makeList);
}
