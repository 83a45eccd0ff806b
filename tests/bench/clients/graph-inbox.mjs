// This package, as it was last built and unpacked, or another build of it.
import { readFileSync } from "node:fs";
import { FIELDS } from "../fields.mjs";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export const open = (settings) => openWith(settings);

/**
 * @param {import("./client.d.ts").Settings} settings
 * @param {import("graph-inbox").InboxOptions["fetch"]} [fetch] in place of the global one
 * @returns {Promise<import("./client.d.ts").Client>}
 */
export async function openWith({ build, recipient, ...settings }, fetch) {
	const path = build && `${build}/${entryIn(build)}`;
	/** @type {typeof import("graph-inbox")} */
	const { createInbox } = await import(path ?? "graph-inbox");
	const { baseUrl, pageId, accessToken } = settings;
	const access = { baseUrl, pageId, accessToken, ...(fetch && { fetch }) };
	// At two lists a second there would be nothing but the pace to measure.
	const inbox = createInbox({ ...access, callsPerSecond: false });
	const fields = /** @type {any[]} */ (FIELDS);

	/** @type {typeof inbox | undefined} made where it is used, for a cold start has none */
	let heard;

	/** @param {AsyncIterable<{ thread_owner: { error?: Error } }>} list */
	async function countOwners(list) {
		let told = 0;
		for await (const { thread_owner } of list) {
			if (thread_owner.error) throw thread_owner.error;
			told++;
		}
		return told;
	}

	return {
		owner: (id = recipient) => inbox.getThreadOwner(id),
		ownerHeard: () => {
			heard ??= createInbox({ ...access, onEvent: () => {} });
			return heard.getThreadOwner(recipient);
		},
		page: async (limit, fields) =>
			await inbox.listConversations({
				fields: /** @type {any[] | undefined} */ (fields),
				limit,
			}),
		stream: (maxItems, limit) =>
			inbox.listConversations({ fields, limit, maxItems }),
		streamAtPace: (maxItems) =>
			createInbox(access).listConversations({ fields, maxItems }),
		joined: (maxItems, limit) =>
			countOwners(
				inbox.listConversationsWithOwner({ fields, limit, maxItems }),
			),
		joinedAtPace: (maxItems, limit) =>
			countOwners(
				createInbox(access).listConversationsWithOwner({
					fields,
					limit,
					maxItems,
				}),
			),
	};
}

/**
 * Builds before index.node.js have one entry for all.
 *
 * @param {string} build the folder of another build
 * @returns {string} its entry for Node
 */
function entryIn(build) {
	const manifest = readFileSync(`${build}/package.json`, "utf8");
	const { node, import: other } = JSON.parse(manifest).exports["."];
	return (node?.import ?? other).default;
}
