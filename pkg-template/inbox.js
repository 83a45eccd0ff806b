import { ConversationList } from "./list.js";
import { isAlive, load, preload } from "./load.js";

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
	let core = load(source);
	let made = new core.Client(options);
	// Of an instance that failed nothing is left, so the client is made once more.
	const client = () => {
		if (!isAlive(core)) {
			const next = load(source);
			made = new next.Client(options);
			core = next;
		}
		return made;
	};
	return {
		listConversations(params) {
			return listOf(source, () => client().list(params, false));
		},
		listConversationsWithOwner(params) {
			return listOf(source, () => client().list(params, true));
		},
		async getThreadOwner(recipient, callOptions) {
			return client().threadOwner(recipient, callOptions);
		},
		async getThreadOwners(recipients, callOptions) {
			return client().threadOwners(recipients, callOptions);
		},
	};
}

/**
 * @param {WasmSource} source
 * @param {unknown} options
 */
export function listConversations(source, options) {
	return listOf(source, () => load(source).listOf(options));
}

/**
 * @param {WasmSource} source
 * @param {unknown} options
 */
export async function getThreadOwner(source, options) {
	return load(source).threadOwnerOf(options);
}

/**
 * @param {WasmSource} source
 * @param {() => import("./list.js").List} makeList
 * @returns {any}
 */
function listOf(source, makeList) {
	return new ConversationList(
		makeList,
		(list) => list instanceof load(source).List,
	);
}
