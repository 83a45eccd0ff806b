import { CONVERSATION_FIELDS, UNIFIED_THREAD } from "./conversation.js";
import { Mailbox } from "./mailbox.js";
import { readNode } from "./node-type.js";
import { Owners } from "./owners.js";
import { pick } from "./seed.js";

/**
 * Both mailboxes of the Page, and who owns their threads.
 *
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {"MESSENGER" | "INSTAGRAM"} Platform
 */
export class Inbox {
	#settings;
	/** @type {Set<string>} IDs of conversations that cannot be read */
	broken = new Set();

	/** @param {import("./settings.js").Settings} settings */
	constructor(settings) {
		this.#settings = settings;
		this.owners = new Owners(settings);
		this.mailboxes = {
			MESSENGER: new Mailbox(settings, "MESSENGER", this.owners),
			INSTAGRAM: new Mailbox(settings, "INSTAGRAM", this.owners),
		};
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
	receive({ platform, from, conversationId, text, name }) {
		const known = conversationId
			? this.find(conversationId)
			: from && this.findPerson(from);
		if (conversationId && !known)
			throw new RangeError(`receiveMessage: no conversation ${conversationId}`);
		const mailbox =
			this.mailboxes[
				platform?.toUpperCase() === "INSTAGRAM" ? "INSTAGRAM" : "MESSENGER"
			];
		const thread = known || mailbox.add({ id: from, name });
		const { says } = thread.person.community;
		const words = text ?? pick(says, thread.random(40) + thread.messageCount);
		thread.mailbox.receive(
			thread,
			words,
			Math.floor(this.#settings.now() / 1000),
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
export function asConversation(thread, fields = CONVERSATION_FIELDS) {
	return /** @type {import("../index.js").Conversation & Record<string, any>} */ (
		readNode(thread, UNIFIED_THREAD, fields, undefined)
	);
}
