import { invalidOption } from "./errors.js";
import { ConversationList } from "./list.js";
import { isAlive, load, preload } from "./load.js";
import { ConversationWatch } from "./watch.js";

export { preload };

/** @import { WasmSource } from "./load.js" */

/** @typedef {import("./index.d.ts").CallOptions} CallOptions */
/** @typedef {import("./index.d.ts").Inbox} Inbox */
/** @typedef {import("./index.d.ts").InboxOptions} InboxOptions */
/** @typedef {import("./index.d.ts").ThreadOwner} ThreadOwner */
/** @typedef {readonly import("./index.d.ts").FieldSelection[]} Fields */
/**
 * @template {Fields} F
 * @typedef {import("./index.d.ts").ConversationsParams<F>} ConversationsParams
 */
/**
 * @template {Fields} F
 * @typedef {import("./index.d.ts").ConversationWith<F>} ConversationWith
 */

/**
 * Makes a client, for an entry point that knows where its wasm is.
 *
 * @param {WasmSource} source
 * @param {InboxOptions} options
 * @returns {Inbox}
 */
export function createInbox(source, options) {
	let core = load(source);
	let made = new core.Client(options);
	// Nothing is left of an instance that failed, so the client is made once more.
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
		async getConversation(userId, params) {
			if (params && "userId" in Object(params))
				throw invalidOption("userId", "it as the first argument", params);
			// What is no object is refused in Rust.
			const isObject = typeof params === "object" && !Array.isArray(params);
			const list = listOf(source, () =>
				client().list(
					params === undefined || (params && isObject)
						? { ...params, userId }
						: params,
				),
			);
			for await (const conversation of list) return conversation;
			return null;
		},
		watchConversations(params) {
			return /** @type {any} */ (new ConversationWatch(client, params));
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
 * Lists conversations without a client of the caller's.
 *
 * @template {Fields} F
 * @param {WasmSource} source
 * @param {InboxOptions & ConversationsParams<F>} options
 * @returns {ConversationList<ConversationWith<F>>}
 */
export function listConversations(source, options) {
	return listOf(source, () => load(source).listOf(options));
}

/**
 * Reads the owner of a thread without a client of the caller's.
 *
 * @param {WasmSource} source
 * @param {InboxOptions & CallOptions & { recipient: string }} options
 * @returns {Promise<ThreadOwner>}
 */
export async function getThreadOwner(source, options) {
	return load(source).threadOwnerOf(options);
}

/**
 * @template T
 * @param {WasmSource} source
 * @param {() => import("./list.js").List} makeList
 * @returns {ConversationList<T>}
 */
function listOf(source, makeList) {
	return new ConversationList(makeList, () => load(source));
}
