/** @typedef {import("../target/wasm/graph_inbox_bg.js").List} List a list in Rust */
/** @typedef {import("../target/wasm/graph_inbox_bg.js").Walk} Walk one walk through it in Rust */

/**
 * A page as Rust reads it. `next` is the cursor of the page that follows: absent at the end of the list, `null` where
 * Graph names a next page but no cursor.
 *
 * @typedef {{
 *   data: any[],
 *   paging: import("./index.d.ts").ConversationPage<any>["paging"],
 *   meta: import("./index.d.ts").ResponseMeta,
 *   number: number,
 *   next?: string | null,
 *   older?: number,
 * }} PageRead
 */

/** @template T */
export class ConversationPage {
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

	/** @returns {Promise<ConversationPage<T> | null>} */
	async nextPage() {
		if (!this.hasNextPage()) return null;
		return new ConversationPage(
			this.#walk,
			await this.#walk.following(this.#read),
		);
	}
}

/**
 * Awaited it is the first page, iterated every conversation. What to read and when to stop is decided in Rust; this only
 * gives it the shape that JavaScript expects.
 *
 * @template T
 * @implements {PromiseLike<ConversationPage<T>>}
 */
export class ConversationList {
	/** @type {() => List} */
	#list;
	/** @type {Promise<PageRead> | undefined} */
	#first;

	/** @param {() => List} makeList run at once, so that later changes of the options change nothing */
	constructor(makeList) {
		try {
			const list = makeList();
			this.#list = () => list;
		} catch (error) {
			// Whatever is wrong rejects what is read from the list, as wrong parameters do.
			this.#list = () => {
				throw error;
			};
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
		const walk = this.#list().walk();
		for await (const read of this.#reads(walk)) {
			walk.passed(read);
			yield new ConversationPage(walk, read);
		}
	}

	/** @returns {AsyncGenerator<T, void, undefined>} */
	async *[Symbol.asyncIterator]() {
		const walk = this.#list().walk();
		for await (const read of this.#reads(walk)) {
			yield* walk.take(read);
		}
	}

	/** @returns {Promise<T[]>} */
	async toArray() {
		const all = [];
		for await (const conversation of this) all.push(conversation);
		return all;
	}

	/** @returns {Promise<ConversationPage<T>>} */
	async #firstPage() {
		const walk = this.#list().walk();
		return new ConversationPage(walk, await this.#firstRead(walk));
	}

	/** @param {Walk} walk */
	async *#reads(walk) {
		if (walk.isOver()) return;
		let read = await this.#firstRead(walk);
		yield read;
		while (read.next !== undefined && !walk.isOver()) {
			read = await walk.following(read);
			yield read;
		}
	}

	/**
	 * Read once, however often the list is awaited or iterated; after a failure the next one to ask reads it again.
	 *
	 * @param {Walk} walk
	 */
	#firstRead(walk) {
		this.#first ??= walk.first().catch((/** @type {unknown} */ reason) => {
			this.#first = undefined;
			throw reason;
		});
		return /** @type {Promise<PageRead>} */ (this.#first);
	}
}
