import { Numbering, opaque, readOpaque } from "./identifiers.js";
import { hash } from "./seed.js";
import { Thread } from "./thread.js";

const INSTAGRAM_PREFIX = "ig_dm:90210440000000000000";
/** Folders besides `inbox`, and what part of its size they have. */
const OTHER_FOLDERS = /** @type {const} */ ([
	["other", 10],
	["page_done", 10],
	["spam", 20],
]);

/**
 * The conversations of one platform. Those the seed made are not stored: their times fall with their index, so any place in the
 * list is found by a binary search. Those that received a message since are kept, newest first, and merged in.
 *
 * @typedef {import("./thread.js").Folder} Folder
 * @typedef {Pick<Thread, "updatedAt" | "sequence">} Position
 */
export class Mailbox {
	/** @type {Map<number, Thread>} */
	#kept = new Map();
	/** @type {Thread[]} */
	#moved = [];
	/** How many messages were received. */
	#sequence = 0;
	/** @type {Map<string, number>} people whose ID was given to receiveMessage */
	#newcomers = new Map();
	/** @type {Map<Folder, { first: number, size: number }>} */
	#folders = new Map();

	/**
	 * @param {import("./settings.js").Settings} settings
	 * @param {"MESSENGER" | "INSTAGRAM"} platform
	 * @param {import("./owners.js").Owners} owners
	 */
	constructor(settings, platform, owners) {
		const size = settings.size[platform];
		this.settings = settings;
		this.owners = owners;
		this.platform = platform;
		this.purpose = platform === "MESSENGER" ? 1 : 2;
		this.seededCount = 0;
		this.#addFolder("inbox", size);
		for (const [folder, part] of OTHER_FOLDERS) {
			this.#addFolder(folder, Math.ceil(size / part));
		}
		this.size = this.seededCount;
		const { seed } = settings;
		this.numbers = new Numbering(1_220_000_000_000_000n, seed, this.purpose);
		// Page-scoped IDs are beyond 2^53: a client that reads one as a number loses digits, and is noticed.
		const base =
			platform === "MESSENGER"
				? 24_000_000_000_000_000n
				: 1_310_000_000_000_000n;
		this.people = new Numbering(base, seed, 10 + this.purpose);
	}

	/** @param {Folder} folder @param {number} size */
	#addFolder(folder, size) {
		this.#folders.set(folder, { first: this.seededCount, size });
		this.seededCount += size;
	}

	/** @param {number} index */
	conversationId(index) {
		const number = this.numbers.idAt(index);
		return this.platform === "MESSENGER"
			? `t_${number}`
			: opaque(INSTAGRAM_PREFIX + number);
	}

	/** @param {number} index */
	personId(index) {
		return this.people.idAt(index);
	}

	/** @param {string} conversationId */
	find(conversationId) {
		const number =
			this.platform === "MESSENGER"
				? conversationId.slice("t_".length)
				: readOpaque(conversationId)?.slice(INSTAGRAM_PREFIX.length);
		const index = this.numbers.indexOf(number ?? "");
		const known =
			index >= 0 &&
			index < this.size &&
			this.conversationId(index) === conversationId;
		return known ? this.#thread(index) : undefined;
	}

	/** @param {string} personId */
	findPerson(personId) {
		const index =
			this.#newcomers.get(personId) ?? this.people.indexOf(personId);
		const thread =
			index >= 0 && index < this.size ? this.#thread(index) : undefined;
		return thread?.person.id === personId ? thread : undefined;
	}

	/** @param {number} index */
	#thread(index) {
		return this.#kept.get(index) ?? this.#seeded(this.#folderOf(index), index);
	}

	/** @param {number} index @returns {Folder} */
	#folderOf(index) {
		for (const [folder, { first, size }] of this.#folders) {
			if (index < first + size) return folder;
		}
		return "inbox";
	}

	/** @param {Folder} folder @param {number} index */
	#seeded(folder, index) {
		const place = index - (this.#folders.get(folder)?.first ?? 0);
		const { seed, secondsBetweenConversations: between } = this.settings;
		const jitter = hash(seed, this.purpose, 20, index) % (between - 20);
		const age = 45 + place * between + jitter;
		return new Thread(this, index, folder, this.settings.startedAt - age);
	}

	/**
	 * The conversations of a folder beyond a position, nearest first.
	 *
	 * @param {Folder} folder
	 * @param {Position | undefined} from exclusive; undefined: the top of the list
	 * @param {1 | -1} direction 1 goes to older ones, -1 to newer ones
	 */
	*walk(folder, from, direction) {
		const isBeyond = (/** @type {Position} */ thread) =>
			!from || inOrder(from, thread) * direction < 0;
		const moved = this.#moved.filter(
			(thread) => thread.folder === folder && isBeyond(thread),
		);
		if (direction < 0) moved.reverse();
		const seeded = this.#walkSeeded(folder, from, direction);
		let next = seeded.next().value;
		let kept = moved.shift();
		while (next || kept) {
			if (!kept || (next && inOrder(next, kept) * direction < 0)) {
				if (next) yield next;
				next = seeded.next().value;
			} else {
				yield kept;
				kept = moved.shift();
			}
		}
	}

	/**
	 * @param {Folder} folder
	 * @param {Position | undefined} from
	 * @param {1 | -1} direction
	 * @returns {Generator<Thread, undefined>}
	 */
	*#walkSeeded(folder, from, direction) {
		const { first, size } = this.#folders.get(folder) ?? { first: 0, size: 0 };
		// The first place that is not newer than the position.
		let low = 0;
		for (let high = from ? size : 0; low < high; ) {
			const middle = (low + high) >> 1;
			if (from && inOrder(this.#seeded(folder, first + middle), from) < 0)
				low = middle + 1;
			else high = middle;
		}
		let place = direction > 0 ? low : low - 1;
		for (; place >= 0 && place < size; place += direction) {
			const thread = this.#seeded(folder, first + place);
			const isAtPosition = from && inOrder(thread, from) === 0;
			if (!isAtPosition && !this.#kept.has(thread.index)) yield thread;
		}
	}

	/**
	 * A message arrives and its conversation moves to where its time says: by default to the top.
	 *
	 * @param {Thread} thread
	 * @param {string} text
	 * @param {number} now seconds
	 * @param {number} [earliest] seconds; by default the time of the newest conversation
	 */
	receive(thread, text, now, earliest = this.#moved[0]?.updatedAt ?? 0) {
		const at = Math.max(now, earliest, thread.updatedAt);
		thread.received.push({ text, at });
		thread.updatedAt = at;
		this.#sequence += 1;
		thread.sequence = this.#sequence;
		if (thread.folder === "page_done") thread.folder = "inbox";
		this.#kept.set(thread.index, thread);
		const others = this.#moved.filter((other) => other !== thread);
		this.#moved = [thread, ...others].sort(inOrder);
	}

	/**
	 * A conversation with somebody new. It is in no list before its first message.
	 *
	 * @param {{ id?: string, name?: string }} known
	 */
	add(known) {
		const thread = new Thread(this, this.size, "inbox", 0);
		thread.known = known;
		if (known.id) this.#newcomers.set(known.id, this.size);
		this.size += 1;
		return thread;
	}
}

/**
 * Negative when `one` is listed above `other`.
 *
 * @param {Position} one
 * @param {Position} other
 */
function inOrder(one, other) {
	return other.updatedAt - one.updatedAt || other.sequence - one.sequence;
}
