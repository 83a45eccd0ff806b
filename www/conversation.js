import { byId, make } from "./dom.js";
import { InboxError, parseGraphTime } from "./graph-inbox/index.js";
import { meaningOf, ownerBadge, ownerPending } from "./owner-badge.js";
import { avatarOf, nameOf } from "./people.js";
import { describeState, replyStateOf } from "./reply-window.js";
import { PLATFORM_NAMES } from "./row.js";
import { absoluteTime, agoElement } from "./time.js";
import { unreadableText } from "./unreadable.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {NonNullable<import("./rows.js").Opened["messages"]>["data"][number]} Message */

const nothing = byId("nothing-open", HTMLElement);
const article = byId("open-conversation", HTMLElement);
const title = byId("conversation-name", HTMLElement);
const avatar = byId("conversation-avatar", HTMLElement);
const stateLine = byId("conversation-state", HTMLElement);
const ownerLine = byId("conversation-owner", HTMLElement);
const messages = byId("messages", HTMLElement);
const facts = byId("conversation-facts", HTMLElement);

export function showNothing() {
	nothing.hidden = false;
	article.hidden = true;
}

/** @param {Row} row whose messages are not here yet */
export function showOpening(row) {
	nothing.hidden = true;
	article.hidden = false;
	title.textContent = nameOf(row.person);
	avatar.replaceChildren(avatarOf(row.person, row.id));
	ownerLine.replaceChildren(ownerPending());
	stateLine.replaceChildren(...describeState(replyStateOf(row)));
	messages.ariaBusy = "true";
	messages.replaceChildren(...[60, 45, 70].map(skeleton));
	showFacts(row);
}

/**
 * @param {Row} row
 * @param {Pick<import("./rows.js").Opened, "messages" | "unreadable">} read with its latest messages
 */
export function showMessages(row, read) {
	const { unreadable } = read;
	/** @type {Message[]} newest first, as Graph returns them */
	const found = read.messages?.data ?? [];
	messages.ariaBusy = "false";
	const state = replyStateOf(row, read);
	if (state) stateLine.replaceChildren(...describeState(state));
	if (found.length === 0 && unreadable)
		return tell(
			unreadableText(unreadable),
			"Graph failed however little was asked for. Other conversations are not affected; open this one in Meta’s inbox.",
		);
	if (found.length === 0)
		return tell("No messages", "Graph lists none for this conversation.");
	messages.replaceChildren(
		...found.toReversed().map((message) => bubble(message, row)),
	);
	const { message_count: count = found.length } = row.conversation;
	if (count > found.length)
		messages.prepend(
			make(
				"p",
				{ class: "quiet older" },
				`The latest ${found.length} of ${count}; Graph returned no older ones.`,
			),
		);
	messages.scrollTop = messages.scrollHeight;
}

/** @param {unknown} error that kept the messages from being read */
export function showMessagesFailure(error) {
	messages.ariaBusy = "false";
	tell(
		"The messages could not be read",
		error instanceof InboxError ? error.message : String(error),
	);
}

/** @param {import("./rows.js").OwnerResult} result */
export function showOwner(result) {
	ownerLine.replaceChildren(ownerBadge(result));
	if (result.owner)
		ownerLine.append(
			make("span", { class: "meaning" }, meaningOf(result.owner)),
		);
}

export function showOwnerUnasked() {
	ownerLine.replaceChildren("Nobody to ask about the owner for");
}

/**
 * @param {Message} message
 * @param {Row} row
 */
function bubble(message, { person }) {
	const isTheirs = message.from?.id === person?.id;
	const { created_time } = message;
	return make(
		"div",
		{ class: `message ${isTheirs ? "theirs" : "ours"}` },
		make(
			"span",
			{ class: "visually-hidden" },
			message.from ? `${nameOf(message.from)}: ` : "",
		),
		make("p", { dir: "auto" }, ...content(message)),
		make(
			"span",
			{ class: "when" },
			created_time ? agoElement(created_time) : "",
		),
	);
}

/** @param {Message} message */
function content({ message, sticker, attachments, is_unsupported, reactions }) {
	const parts = [];
	if (message) parts.push(message);
	// Their pictures are on other hosts, which this page does not ask.
	if (sticker) parts.push(mark("Sticker"));
	for (const _ of attachments?.data ?? []) parts.push(mark("Photo or file"));
	if (is_unsupported) parts.push(mark("Not supported by Graph"));
	if (reactions?.data.length) parts.push(mark("Reaction"));
	return parts.length > 0 ? parts : [mark("No longer shown by Graph")];
}

/** @param {string} text */
const mark = (text) => make("span", { class: "attachment" }, text);

/** @param {Row} row */
function showFacts({ id, platform, person, conversation }) {
	/** @type {[string, string | undefined][]} */
	const known = [
		["Platform", PLATFORM_NAMES[platform]],
		["User ID", person?.id],
		["Conversation ID", id],
		[
			"Last activity",
			conversation.updated_time &&
				absoluteTime(parseGraphTime(conversation.updated_time)),
		],
	];
	facts.replaceChildren(
		...known.flatMap(([name, value]) =>
			value
				? [make("div", {}, make("dt", {}, name), make("dd", {}, value))]
				: [],
		),
	);
}

/** @param {string} heading @param {string} text */
function tell(heading, text) {
	messages.replaceChildren(
		make(
			"div",
			{ class: "empty" },
			make("p", { class: "empty-title" }, heading),
			make("p", {}, text),
		),
	);
}

/** @param {number} width */
function skeleton(width) {
	return make("span", { class: `skeleton bubble-${width}` });
}
