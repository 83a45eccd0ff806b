// What worker-proxy.mjs lets through: two edges, read only. Add the fields that your dashboard shows.
// It goes beside the Worker's main file. What is not listed here is refused, and what is listed is written anew.

const FIELDS = [
	...["id", "updated_time", "link", "snippet", "message_count", "unread_count"],
	...["participants", "senders", "can_reply", "is_subscribed", "is_owner"],
	...["folder", "name", "username", "email", "messages", "created_time"],
	...["from", "to", "message", "sticker", "tags", "attachments", "shares"],
	...["reactions", "story", "reply_to", "is_unsupported"],
].join("|");
const SELECTION = RegExp(
	`^(?:[{},]|\\b(?:${FIELDS})\\b(?:\\.limit\\(\\d{1,3}\\))?)+$`,
);
/** No braces, dollars or colons, with which an item of a batch could name another one's answer. */
const CURSOR = /^[\w=+/-]{1,500}$/;
const PERSON = /^\d{1,30}$/;

/** The edges, their parameters, and the values these may have. */
const EDGES = new Map([
	[
		"conversations",
		new Map([
			["folder", /^(?:inbox|other|page_done|spam)$/],
			["platform", /^(?:MESSENGER|INSTAGRAM)$/],
			["user_id", PERSON],
			["fields", SELECTION],
			["limit", /^\d{1,3}$/],
			["after", CURSOR],
			["before", CURSOR],
		]),
	],
	["thread_owner", new Map([["recipient", PERSON]])],
]);

const BATCH = new Map([
	["batch", /^/],
	["include_headers", /^false$/],
	["access_token", /^/],
]);
const BATCH_ITEMS = 50;

/** An error in Graph's words. */
export class Refused extends Error {
	/**
	 * @param {number} status of HTTP
	 * @param {number} code for graph-inbox 190 is kind `authentication`, 100 `invalid_request`, 2 `transient`
	 * @param {string} message
	 */
	constructor(status, code, message) {
		super(message);
		this.status = status;
		this.code = code;
	}
}

/**
 * @param {string} asked as `v25.0/me/thread_owner?recipient=…`
 * @param {string} [pageId] besides `me`
 * @returns {string} the same, written anew
 */
export function readTarget(asked, pageId = "me") {
	const [, path, page, edge, query = ""] =
		/^(v\d\d?\.\d\/(\w+)\/(\w+))(?:\?(.*))?$/.exec(asked) ?? [];
	const parameters = EDGES.get(edge);
	if (!parameters || (page !== "me" && page !== pageId))
		throw new Refused(400, 100, "This proxy has no such path");
	return `${path}?${new URLSearchParams([...readOnce(query, parameters)])}`;
}

/** @param {string} text a form */
export function readForm(text) {
	const form = readOnce(text, BATCH);
	return { batch: form.get("batch") ?? "", token: form.get("access_token") };
}

/**
 * @param {string} text
 * @param {string} [pageId] besides `me`
 */
export function readBatch(text, pageId) {
	const items = readJson(text);
	if (!Array.isArray(items) || items.length > BATCH_ITEMS)
		throw new Refused(400, 100, `A batch has ${BATCH_ITEMS} items at most`);
	return JSON.stringify(
		items.map((item) => {
			const { method, relative_url, ...more } = item ?? {};
			if (method !== "GET" || Object.keys(more).length > 0)
				throw new Refused(400, 100, "A batch reads, and does nothing else");
			return { method, relative_url: readTarget(String(relative_url), pageId) };
		}),
	);
}

/** @param {string} text */
function readJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		throw new Refused(400, 100, "A batch is JSON");
	}
}

/**
 * @param {string} text form-encoded
 * @param {Map<string, RegExp>} allowed
 * @returns {Map<string, string>}
 */
function readOnce(text, allowed) {
	const read = new Map();
	for (const [name, value] of new URLSearchParams(text)) {
		// Of two with one name, Graph might take the other.
		if (read.has(name) || !allowed.get(name)?.test(value))
			throw new Refused(400, 100, `This proxy does not take that ${name}`);
		read.set(name, value);
	}
	return read;
}
