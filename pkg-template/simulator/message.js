import { graphTime, opaque } from "./identifiers.js";
import { edge, plainType, readNode } from "./node-type.js";
import { business, USER } from "./participants.js";
import { READABLE_MESSAGES } from "./thread.js";

/**
 * @typedef {import("./node-type.js").NodeType} NodeType
 * @typedef {import("./node-type.js").Field} Field
 * @typedef {import("./thread.js").MessageNode} MessageNode
 */

const TAG = plainType("MessageTag", ["name"]);
const IMAGE = plainType("ImageData", [
	"width",
	"height",
	"max_width",
	"max_height",
	"url",
	"preview_url",
]);
const ATTACHMENT = plainType(
	"MessageAttachment",
	[
		"id",
		"mime_type",
		"name",
		"size",
		"image_data",
		"video_data",
		"file_url",
		"generic_template",
	],
	{
		image_data: IMAGE,
		video_data: plainType("VideoData", [
			"width",
			"height",
			"length",
			"video_type",
			"url",
			"preview_url",
			"rotation",
		]),
		generic_template: plainType("GenericTemplate", [
			"title",
			"subtitle",
			"media_url",
			"cta",
		]),
	},
);
const REACTION = plainType("MessageReaction", ["reaction", "users"]);
const SHARE = plainType("MessageShare", [
	"link",
	"name",
	"description",
	"template",
]);
const STORY_LINK = plainType("StoryLink", ["link", "id"]);
const STORY = plainType("Story", ["reply_to", "mention"], {
	reply_to: STORY_LINK,
	mention: STORY_LINK,
});

/** https://developers.facebook.com/docs/graph-api/reference/message @type {NodeType} */
export const MESSAGE = {
	name: "Message",
	defaults: ["id", "created_time"],
	fields: {
		id: { read: messageId },
		created_time: {
			read: ({ thread, ordinal }) => graphTime(thread.message(ordinal).at),
		},
		from: {
			type: USER,
			read: detail((node, selection) =>
				readNode(sides(node).from, USER, selection.fields, undefined),
			),
		},
		to: edge(USER, (node) => (isReadable(node) ? [sides(node).to] : undefined)),
		// A sticker or a picture comes with an empty text.
		message: {
			read: detail((node) =>
				kindOf(node) === "text" ? node.thread.message(node.ordinal).text : "",
			),
		},
		sticker: {
			read: detail((node) =>
				kindOf(node) === "sticker"
					? `https://media.simulator.example/stickers/${node.ordinal}.png`
					: undefined,
			),
		},
		tags: edge(TAG, (node) =>
			isReadable(node) && isMessenger(node) ? tags(node) : undefined,
		),
		attachments: edge(ATTACHMENT, (node) =>
			kindOf(node) === "image" ? [image(node)] : undefined,
		),
		shares: edge(SHARE, () => undefined),
		reactions: edge(REACTION, (node) =>
			kindOf(node) === "text" && hasReaction(node)
				? [reaction(node)]
				: undefined,
		),
		story: { type: STORY, read: () => undefined },
		reply_to: { read: () => undefined },
		is_unsupported: {
			read: detail((node) =>
				kindOf(node) === "unsupported" ? true : undefined,
			),
		},
	},
};

/** @param {(node: MessageNode, selection: import("./fields.js").Selection) => unknown} read @returns {Field["read"]} */
function detail(read) {
	return (node, selection) =>
		isReadable(node) ? read(node, selection) : undefined;
}

/** @param {MessageNode} node */
function isReadable({ thread, ordinal }) {
	return ordinal >= thread.messageCount - READABLE_MESSAGES;
}

/** @param {MessageNode} node */
const isMessenger = ({ thread }) => thread.mailbox.platform === "MESSENGER";

/** @param {MessageNode} node */
function messageId(node) {
	const { thread, ordinal } = node;
	const { numbers, settings } = thread.mailbox;
	const number = numbers.idAt(thread.index);
	return isMessenger(node)
		? `m_${opaque(`${number} message ${ordinal} to ${settings.pageId}`)}`
		: opaque(`ig_dm_item:${settings.instagramAccountId}:${number}:${ordinal}`);
}

/** @param {MessageNode} node */
function sides({ thread, ordinal }) {
	const page = business(thread);
	const person = thread.person.participant;
	return thread.message(ordinal).fromPage
		? { from: page, to: person }
		: { from: person, to: page };
}

/**
 * @param {MessageNode} node
 * @returns {"text" | "image" | "sticker" | "unsupported" | undefined}
 */
export function kindOf(node) {
	if (!isReadable(node)) return undefined;
	const { kind } = node.thread.message(node.ordinal);
	return kind === "sticker" && !isMessenger(node) ? "unsupported" : kind;
}

/** @param {MessageNode} node */
function hasReaction({ thread, ordinal }) {
	const { fromPage, random } = thread.message(ordinal);
	return fromPage && random % 3 === 0 && !isMessenger({ thread, ordinal });
}

/** @param {MessageNode} node */
function reaction({ thread }) {
	return { reaction: "love", users: [thread.person.participant] };
}

/** @param {MessageNode} node */
function tags({ thread, ordinal }) {
	const back = thread.messageCount - 1 - ordinal;
	const names = thread.message(ordinal).fromPage
		? ["inbox", "read", "sent", "source:web"]
		: ["inbox", "source:mobile"];
	if (names.length === 2 && back >= thread.unreadCount)
		names.splice(1, 0, "read");
	return names.map((name) => ({ name }));
}

/** @param {MessageNode} node */
function image({ thread, ordinal }) {
	const { random } = thread.message(ordinal);
	const id = `${700_000_000_000_000 + random}`;
	const url = `https://media.simulator.example/images/${id}.jpg`;
	const [width, height] = [960 + (random % 960), 720 + (random % 480)];
	const size = 20_000 + (random % 90_000);
	const image_data = {
		width,
		height,
		max_width: width,
		max_height: height,
		url,
		preview_url: `${url}?size=280`,
	};
	return { id, mime_type: "image/jpeg", name: `image-${id}`, size, image_data };
}
