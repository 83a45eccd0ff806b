/** @typedef {import("../target/wasm/graph_inbox_bg.js").List} List a list in Rust */
/** @typedef {import("../target/wasm/graph_inbox_bg.js").Walk} Walk one walk through it in Rust */

/**
 * A page as Rust gives it; `number` and `next` are its place, from which Rust goes on. `next` is absent at the end of the
 * list, and `null` where Graph names a next page but no cursor.
 *
 * @typedef {{
 *   data: any[],
 *   paging: import("./index.d.ts").ConversationPage<any>["paging"],
 *   meta: import("./index.d.ts").ResponseMeta,
 *   number: number,
 *   next?: string | null,
 * }} PageRead
 */

/** @typedef {{ page: PageRead, fresh: any[] }} Delivery a page, and what of it is to be delivered */

/** @template T */
export class ConversationPage {
	static name = "ConversationPage";
	#walk;
	#read;

	/**
	 * @param {Walk} walk
	 * @param {PageRead} read
	 */
	constructor(walk, read) {
		this.#walk = walk;
		this.#read = read;
		/** @type {T[]} */
		this.data = read.data;
		this.paging = read.paging;
		this.meta = read.meta;
	}

	hasNextPage() {
		return this.#read.next !== undefined;
	}

	get nextCursor() {
		return this.#read.next ?? undefined;
	}

	/** @returns {Promise<ConversationPage<T> | null>} */
	async nextPage() {
		if (!this.hasNextPage()) return null;
		return pageOf(this.#walk, await this.#walk.following(this.#read));
	}
}

/**
 * Not within the class: bundlers rename one that mentions itself, and its name is what a print of a page begins with.
 *
 * @param {Walk} walk
 * @param {PageRead} read
 * @returns {ConversationPage<any>}
 */
function pageOf(walk, read) {
	return new ConversationPage(walk, read);
}

/**
 * Awaited it is the first page, iterated every conversation. What to read and when to stop is decided in Rust; this only
 * gives it the shape that JavaScript expects.
 *
 * @template T
 * @implements {PromiseLike<ConversationPage<T>>}
 */
export class ConversationList {
	static name = "ConversationList";

	// Not one function that knows them all: V8 would keep every page with it until it looks through the whole heap.
	#makeList;
	#isAlive;
	/** @type {List | undefined} */
	#list;
	/** Whatever was wrong rejects what is read from the list, as wrong parameters do. @type {unknown} */
	#wrong;
	/** Keeps the first page, which is read once. */
	#held = {};

	/**
	 * @param {() => List} makeList run at once, so that later changes of the options change nothing
	 * @param {(list: List) => boolean} isAlive whether it is of an instance that has not failed
	 */
	constructor(makeList, isAlive) {
		this.#makeList = makeList;
		this.#isAlive = isAlive;
		try {
			this.#list = makeList();
		} catch (error) {
			this.#wrong = error;
		}
	}

	/**
	 * @template [A=ConversationPage<T>], [B=never]
	 * @param {((page: ConversationPage<T>) => A | PromiseLike<A>) | null} [fulfilled]
	 * @param {((reason: any) => B | PromiseLike<B>) | null} [rejected]
	 * @returns {Promise<A | B>}
	 */
	// biome-ignore lint/suspicious/noThenProperty: to be awaited is what a list is for
	then(fulfilled, rejected) {
		return this.#firstPage().then(fulfilled, rejected);
	}

	/**
	 * @template [B=never]
	 * @param {((reason: any) => B | PromiseLike<B>) | null} [rejected]
	 */
	catch(rejected) {
		return this.#firstPage().catch(rejected);
	}

	/** @param {(() => void) | null} [settled] */
	finally(settled) {
		return this.#firstPage().finally(settled);
	}

	/** @returns {AsyncGenerator<ConversationPage<T>, void, undefined>} */
	async *pages() {
		const walk = this.#walk(true);
		for await (const { page } of deliveries(walk, this.#held))
			yield pageOf(walk, page);
	}

	/** @returns {AsyncGenerator<T, void, undefined>} */
	async *[Symbol.asyncIterator]() {
		const walk = this.#walk(false);
		// Not `yield*`, which takes twice the time.
		for await (const { fresh } of deliveries(walk, this.#held))
			for (const conversation of fresh) yield conversation;
	}

	/** @returns {Promise<T[]>} */
	async toArray() {
		const all = [];
		for await (const conversation of this) all.push(conversation);
		return all;
	}

	/** @param {boolean} [pages] */
	#walk(pages) {
		if (!this.#list) throw this.#wrong;
		if (!this.#isAlive(this.#list)) {
			// Perhaps a first page was on its way.
			this.#held = {};
			this.#list = this.#makeList();
		}
		return this.#list.walk(pages);
	}

	/** @returns {Promise<ConversationPage<T>>} */
	async #firstPage() {
		const walk = this.#walk();
		return pageOf(walk, await walk.first(this.#held));
	}
}

/**
 * @param {Walk} walk
 * @param {object} held
 * @returns {AsyncGenerator<Delivery, void, undefined>}
 */
async function* deliveries(walk, held) {
	try {
		for (;;) {
			const delivery = await walk.next(held);
			if (delivery === undefined) return;
			yield delivery;
		}
	} finally {
		// Whoever breaks off wants nothing more, not even the page that is on its way.
		walk.end();
	}
}
