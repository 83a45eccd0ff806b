import { threadType } from "./conversation.js";
import { errors } from "./errors.js";
import { readLimit } from "./fields.js";
import { bare, checkFields, readNode } from "./node-type.js";
import { readPage, writePaging } from "./paging.js";
import { checkAnswer, checkQuestion } from "./size-limits.js";

const DEFAULT_LIMIT = 25;
const FOLDERS = /** @type {const} */ (["inbox", "other", "page_done", "spam"]);
/** @type {Record<string, readonly ("MESSENGER" | "INSTAGRAM")[]>} */
const PLATFORMS = {
	facebook: ["MESSENGER", "INSTAGRAM"],
	instagram: ["INSTAGRAM"],
};

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
	const { parameters, settings } = call;
	const platform = choice(
		"platform",
		PLATFORMS[settings.host],
		parameters.get("platform")?.toUpperCase(),
	);
	call.limits.countList(platform);
	const folder = choice("folder", FOLDERS, parameters.get("folder"));
	const limit = readLimit(parameters.get("limit")) ?? DEFAULT_LIMIT;
	checkFields(call.fields, threadType(settings));
	const userId = parameters.get("user_id");
	checkQuestion(call, platform, userId === null ? limit : undefined);

	const mailbox = inbox.mailboxes[platform];
	if (userId !== null) {
		const thread = mailbox.findPerson(userId);
		const isListed =
			thread && (!parameters.has("folder") || thread.folder === folder);
		return { data: isListed ? readAll([thread], call, inbox) : [] };
	}
	const after = parameters.get("after");
	const page = readPage(
		sourceOf(mailbox, folder),
		{ limit, after, before: parameters.get("before") },
		call.generation,
	);
	const data = readAll(page.items, call, inbox);
	const paging = writePaging(
		page,
		limit,
		`${call.origin}/${call.version}/${settings.accountId}/conversations`,
		linkQuery(call),
	);
	return { data, ...(paging && { paging }) };
}

/**
 * GET /{conversation-id}
 *
 * @param {Thread} thread
 * @param {Call} call
 * @param {Inbox} inbox
 */
export function readConversation(thread, call, inbox) {
	checkFields(call.fields, threadType(call.settings));
	return readAll([thread], call, inbox)[0];
}

/**
 * Reads conversations with the fields of the call. Broken ones among them make the call meet their fault.
 *
 * @param {Thread[]} threads
 * @param {Call} call
 * @param {Inbox} inbox
 */
function readAll(threads, call, inbox) {
	const type = threadType(call.settings);
	const asked = call.fields ?? bare(type.defaults);
	const conversations = threads.map((thread) => {
		call.met.fault ??= inbox.broken.get(thread.id)?.(asked);
		return readNode(thread, type, call.fields, call);
	});
	const sizes = conversations.map(
		({ messages }) => 1 + (messages?.data.length ?? 0),
	);
	checkAnswer(
		call,
		sizes.reduce((sum, size) => sum + size, 0),
	);
	return conversations;
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
