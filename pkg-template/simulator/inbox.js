import { fieldsWithoutMessages, threadType } from "./conversation.js";
import { Mailbox } from "./mailbox.js";
import { readNode } from "./node-type.js";
import { Owners } from "./owners.js";
import { pick } from "./seed.js";

/** The platform where none is named. */
const PLATFORM_OF = { facebook: "MESSENGER", instagram: "INSTAGRAM" };

/**
 * Both mailboxes of the Page, and who owns their threads.
 *
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {"MESSENGER" | "INSTAGRAM"} Platform
 */
export class Inbox {
	#settings;
	/** @type {Map<string, import("./breakage.js").Breakage>} by the ID of the conversation */
	broken = new Map();

	/** @param {import("./settings.js").Settings} settings */
	constructor(settings) {
		this.#settings = settings;
		this.owners = new Owners(settings);
		this.mailboxes = {
			MESSENGER: new Mailbox(settings, "MESSENGER", this.owners),
			INSTAGRAM: new Mailbox(settings, "INSTAGRAM", this.owners),
		};
	}

	/**
	 * Returns the mailbox of a platform.
	 *
	 * @param {string} [platform] in capitals or not
	 */
	mailboxOf(platform = PLATFORM_OF[this.#settings.host]) {
		return platform.toUpperCase() === "INSTAGRAM"
			? this.mailboxes.INSTAGRAM
			: this.mailboxes.MESSENGER;
	}

	/** @param {string} conversationId */
	find(conversationId) {
		const { MESSENGER, INSTAGRAM } = this.mailboxes;
		return MESSENGER.find(conversationId) ?? INSTAGRAM.find(conversationId);
	}

	/** @param {string} personId */
	findPerson(personId) {
		const { MESSENGER, INSTAGRAM } = this.mailboxes;
		return MESSENGER.findPerson(personId) ?? INSTAGRAM.findPerson(personId);
	}

	/**
	 * @param {import("../simulator.d.ts").IncomingMessage} message
	 * @returns {Thread}
	 */
	receive({ platform, from, conversationId, text, name, at }) {
		const now = this.#settings.now();
		if (at !== undefined && !(at <= now))
			throw new RangeError(`receiveMessage: ${at} is not in the past`);

		const known = conversationId
			? this.find(conversationId)
			: from && this.findPerson(from);
		if (conversationId && !known)
			throw new RangeError(`receiveMessage: no conversation ${conversationId}`);
		const thread = known || this.mailboxOf(platform).add({ id: from, name });
		const { says } = thread.person.community;
		const words = text ?? pick(says, thread.random(40) + thread.messageCount);
		const seconds = Math.floor((at ?? now) / 1000);
		thread.mailbox.receive(
			thread,
			words,
			seconds,
			at === undefined ? undefined : seconds,
		);
		return thread;
	}
}

/**
 * A conversation as Graph would give it.
 *
 * @param {Thread} thread
 * @param {import("./fields.js").Selection[]} [fields]
 */
export function asConversation(thread, fields) {
	const type = threadType(thread.mailbox.settings);
	return /** @type {import("../index.js").Conversation & Record<string, any>} */ (
		readNode(thread, type, fields ?? fieldsWithoutMessages(type), undefined)
	);
}
