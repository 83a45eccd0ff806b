import { UNIFIED_THREAD } from "./conversation.js";
import { errors } from "./errors.js";
import { readLimit } from "./fields.js";
import { checkFields, costOf, readNode } from "./node-type.js";
import { readPage, writePaging } from "./paging.js";

const DEFAULT_LIMIT = 25;
const FOLDERS = /** @type {const} */ (["inbox", "other", "page_done", "spam"]);
const PLATFORMS = /** @type {const} */ (["MESSENGER", "INSTAGRAM"]);

/**
 * GET /{page-id}/conversations
 *
 * @typedef {import("./graph.js").Call} Call
 * @typedef {import("./inbox.js").Inbox} Inbox
 * @typedef {import("./thread.js").Thread} Thread
 * @param {Call} call
 * @param {Inbox} inbox
 */
export function listConversations(call, inbox) {
	const { parameters } = call;
	const platform = choice(
		"platform",
		PLATFORMS,
		parameters.get("platform")?.toUpperCase(),
	);
	call.limits.countList(platform);
	const folder = choice("folder", FOLDERS, parameters.get("folder"));
	const limit = readLimit(parameters.get("limit")) ?? DEFAULT_LIMIT;
	checkFields(call.fields, UNIFIED_THREAD);
	if (limit * costOf(call.fields, UNIFIED_THREAD) > call.dataLimit)
		throw errors.reduceData();

	const mailbox = inbox.mailboxes[platform];
	const userId = parameters.get("user_id");
	if (userId !== null) {
		const thread = mailbox.findPerson(userId);
		const isListed =
			thread && (!parameters.has("folder") || thread.folder === folder);
		return { data: isListed ? [readConversation(thread, call, inbox)] : [] };
	}
	const after = parameters.get("after");
	const page = readPage(
		sourceOf(mailbox, folder),
		{ limit, after, before: parameters.get("before") },
		call.generation,
	);
	const data = page.items.map((thread) =>
		readConversation(thread, call, inbox),
	);
	const paging = writePaging(
		page,
		limit,
		`${call.origin}/${call.version}/${mailbox.settings.pageId}/conversations`,
		linkQuery(call),
	);
	return { data, ...(paging && { paging }) };
}

/**
 * GET /{conversation-id}, and each conversation of a list.
 *
 * @param {Thread} thread
 * @param {Call} call
 * @param {Inbox} inbox
 */
export function readConversation(thread, call, inbox) {
	const { defaults } = UNIFIED_THREAD;
	const isExpanded = call.fields?.some(({ name }) => !defaults.includes(name));
	if (isExpanded && inbox.broken.has(thread.id)) throw errors.unknown();
	return readNode(thread, UNIFIED_THREAD, call.fields, call);
}

/**
 * @param {import("./mailbox.js").Mailbox} mailbox
 * @param {typeof FOLDERS[number]} folder
 * @returns {import("./paging.js").Source<Thread>}
 */
function sourceOf(mailbox, folder) {
	return {
		name: `${mailbox.platform}/${folder}`,
		place: ({ updatedAt, sequence }) => [updatedAt, sequence],
		walk: (place, direction) =>
			mailbox.walk(
				folder,
				place && { updatedAt: place[0], sequence: place[1] },
				direction,
			),
	};
}

/**
 * What `next` and `previous` repeat of the query. The proof is not among it, as on Graph.
 *
 * @param {Call} call
 */
function linkQuery({ parameters, token }) {
	const query = new URLSearchParams({ access_token: token });
	for (const name of ["folder", "platform", "fields"]) {
		const value = parameters.get(name);
		if (value !== null) query.set(name, value);
	}
	return query;
}

/**
 * @template {string} Value
 * @param {string} name
 * @param {readonly Value[]} allowed the first is the default
 * @param {string | null | undefined} given
 */
function choice(name, allowed, given) {
	const found = allowed.find((value) => value === (given ?? allowed[0]));
	if (!found)
		throw errors.parameter(
			`Param ${name} must be one of {${allowed.join(", ")}}`,
		);
	return found;
}
