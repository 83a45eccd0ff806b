import { ConversationList } from "./list.js";
import { load, preload } from "./load.js";

export { preload };

/** @typedef {() => import("./load.js").Source} WasmSource where an entry point has its wasm */

/** @typedef {typeof import("./index.d.ts")} Api */

/**
 * The functions of the package, for an entry point that knows where its wasm is.
 *
 * @param {WasmSource} source
 * @param {import("./index.d.ts").InboxOptions} options
 * @returns {ReturnType<Api["createInbox"]>}
 */
export function createInbox(source, options) {
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
}

/**
 * @param {WasmSource} source
 * @param {unknown} options
 */
export function listConversations(source, options) {
	return listOf(() => load(source).listOf(options));
}

/**
 * @param {WasmSource} source
 * @param {unknown} options
 */
export async function getThreadOwner(source, options) {
	return load(source).threadOwnerOf(options);
}

/**
 * @param {() => import("./list.js").List} makeList
 * @returns {any}
 */
function listOf(makeList) {
	return new ConversationList(makeList);
}
