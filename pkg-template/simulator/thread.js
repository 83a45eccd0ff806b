import { personOf } from "./person.js";
import { hash, pick } from "./seed.js";

/** Graph shows the newest messages only; of older ones it lists that they exist. */
export const READABLE_MESSAGES = 20;

/** A picture or a sticker now and then. @type {("text" | "image" | "sticker")[]} */
const KINDS = [...new Array(16).fill("text"), "image", "sticker"];

const SECONDS_BETWEEN_MESSAGES = 97;

/**
 * One conversation, made from the seed and its index when it is looked at, and what was received since.
 *
 * @typedef {import("./mailbox.js").Mailbox} Mailbox
 * @typedef {import("../simulator.d.ts").Folder} Folder
 * @typedef {{ text: string, at: number }} ReceivedMessage
 * @typedef {{ thread: Thread, ordinal: number }} MessageNode `ordinal` counts from the oldest, so it stays when others arrive
 */
export class Thread {
	/** Among conversations updated in the same second, the one that moved last is first. */
	sequence = 0;
	/** @type {ReceivedMessage[]} */
	received = [];
	/** @type {{ id?: string, name?: string }} what is known of the person apart from the seed */
	known = {};

	/**
	 * @param {Mailbox} mailbox
	 * @param {number} index
	 * @param {Folder} folder
	 * @param {number} updatedAt seconds
	 */
	constructor(mailbox, index, folder, updatedAt) {
		this.mailbox = mailbox;
		this.index = index;
		this.folder = folder;
		this.updatedAt = updatedAt;
		this.seededAt = updatedAt;
		// What is done was read.
		this.wasRead = folder === "page_done";
		this.isSeeded = index < mailbox.seededCount;
	}

	/** @param {number} purpose */
	random(purpose) {
		const { settings, purpose: platform } = this.mailbox;
		return hash(settings.seed, platform, purpose, this.index);
	}

	get id() {
		return this.mailbox.conversationId(this.index);
	}

	get person() {
		return personOf(this);
	}

	get seededMessages() {
		if (!this.isSeeded) return 0;
		// Most conversations are short, a few go far beyond what Graph shows.
		return 1 + (this.random(1) % (this.random(2) % 8 === 0 ? 60 : 9));
	}

	get messageCount() {
		return this.seededMessages + this.received.length;
	}

	get #seededUnread() {
		const waits = !this.wasRead && this.random(3) % 5 < 2;
		return waits ? Math.min(1 + (this.random(4) % 3), this.seededMessages) : 0;
	}

	get unreadCount() {
		return this.#seededUnread + this.received.length;
	}

	/**
	 * @param {number} ordinal
	 * @returns {{ text: string, at: number, fromPage: boolean, kind: "text" | "image" | "sticker", random: number }}
	 */
	message(ordinal) {
		const received = this.received[ordinal - this.seededMessages];
		if (received)
			return { ...received, fromPage: false, kind: "text", random: 0 };
		const back = this.seededMessages - 1 - ordinal;
		const random = hash(this.random(5), ordinal);
		const answered = ordinal > 0 && back >= this.#seededUnread;
		const fromPage = answered && random % 2 === 0;
		const { says, hears } = this.person.community;
		return {
			text: pick(fromPage ? hears : says, this.random(6) + ordinal),
			at: this.seededAt - back * SECONDS_BETWEEN_MESSAGES,
			fromPage,
			kind: pick(KINDS, random >>> 8),
			random,
		};
	}
}
