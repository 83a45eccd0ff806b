import { Ending } from "../src/host/abort.js";
import { FirstPage } from "../src/host/first-page.js";

/** @typedef {import("../target/wasm/graph_inbox_bg.js").List} List a list in Rust */
/** @typedef {import("../target/wasm/graph_inbox_bg.js").Walk} Walk one walk through a list in Rust */

/** @typedef {import("./index.d.ts").ResponseMeta} ResponseMeta */
/** @typedef {() => Pick<import("wasm:glue").Core, "List" | "metaOf">} GetCore returns an instance that has not failed */

/**
 * A page as Rust returns it; `number` and `next` are its place, from which Rust goes on. `meta` is made late, of `status`,
 * `attempts` and `headers`. `next` is absent at the end of the list, and `null` where Graph names a next page but no cursor.
 *
 * @template T
 * @typedef {{
 *   data: T[],
 *   paging: import("./index.d.ts").ConversationPage<T>["paging"],
 *   status: number,
 *   attempts: number,
 *   headers: string,
 *   meta?: ResponseMeta,
 *   number: number,
 *   next?: string | null,
 * }} PageRead
 */

/**
 * A page, and those of its conversations that an iteration delivers.
 *
 * @template T
 * @typedef {[page: PageRead<T>, newItems: T[]]} Delivery
 */

/** The function of a page that makes its `meta`, for `lateMeta`. */
const MAKE_META = Symbol();

/** @template T */
export class ConversationPage {
	static name = "ConversationPage";
	#getCore;
	#walk;
	#read;

	/**
	 * @param {GetCore} getCore
	 * @param {Walk} walk
	 * @param {PageRead<T>} read
	 */
	constructor(getCore, walk, read) {
		this.#getCore = getCore;
		this.#walk = walk;
		this.#read = read;
		this.data = read.data;
		this.paging = read.paging;
		/** @type {ResponseMeta} */
		this.meta;
		Object.defineProperties(this, lateMeta());
		// A proxy of a page, such as Vue makes, has no private fields.
		Object.defineProperty(this, MAKE_META, {
			value: () => this.#makeMeta(),
			configurable: true,
		});
	}

	/** Makes `meta`, once for all pages of the same answer. */
	#makeMeta() {
		const read = this.#read;
		const { status, attempts, headers } = read;
		const meta = read.meta ?? this.#getCore().metaOf(status, attempts, headers);
		read.meta = meta;
		if (!Object.isSealed(this)) this.meta = meta;
		return meta;
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
		const read = await this.#walk.page(this.#read, undefined);
		return pageOf(this.#getCore, this.#walk, read);
	}
}

/** @type {PropertyDescriptorMap & ThisType<any> | undefined} */
let late;

/**
 * Returns what stands for `meta` until somebody looks at it, since it takes half as long to make as all else of a call. A print
 * shows what a property is and calls no getter, so Node prints a copy. One object for all pages: engines keep getters with the
 * shape of an object, longer than the object.
 */
function lateMeta() {
	late ??= {
		meta: {
			configurable: true,
			enumerable: true,
			get() {
				return this[MAKE_META]();
			},
			set(value) {
				Object.defineProperty(this, "meta", { value, writable: true });
			},
		},
		[Symbol.for("nodejs.util.inspect.custom")]: {
			value() {
				return Object.assign(Object.create(Object.getPrototypeOf(this)), this);
			},
		},
	};
	return late;
}

/**
 * Outside the class: bundlers rename a class that mentions itself, and a print of a page begins with its name.
 *
 * @template T
 * @param {GetCore} getCore
 * @param {Walk} walk
 * @param {PageRead<T>} read
 * @returns {ConversationPage<T>}
 */
function pageOf(getCore, walk, read) {
	return new ConversationPage(getCore, walk, read);
}

/**
 * Resolves with the first page when awaited, and yields every conversation when iterated. Rust decides what to read and when
 * to stop; this class has the shape that JavaScript expects.
 *
 * @template T
 * @implements {PromiseLike<ConversationPage<T>>}
 */
export class ConversationList {
	static name = "ConversationList";

	// Fields, not one closure over all of them: V8 would keep every page with it until a full collection.
	#makeList;
	#getCore;
	/** @type {List | undefined} */
	#list;
	/** Why there is no list: every reading from it rejects with this. @type {unknown} */
	#wrong;
	/** Common to all who read the list. */
	#shared = new FirstPage();

	/**
	 * @param {() => List} makeList called at once, so that later changes of the options change nothing
	 * @param {GetCore} getCore
	 */
	constructor(makeList, getCore) {
		this.#makeList = makeList;
		this.#getCore = getCore;
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
	pages() {
		return ending((end) => this.#pages(end));
	}

	/** @returns {AsyncGenerator<T, void, undefined>} */
	[Symbol.asyncIterator]() {
		return ending((end) => this.#conversations(end));
	}

	/** @param {End} end */
	async *#pages(end) {
		const walk = this.#walk(true, end);
		for await (const [page] of deliveries(walk, this.#shared, end))
			yield pageOf(this.#getCore, walk, page);
	}

	/** @param {End} end */
	async *#conversations(end) {
		const walk = this.#walk(false, end);
		// Not `yield*`, which takes twice the time.
		for await (const [, newItems] of deliveries(walk, this.#shared, end))
			for (const conversation of newItems) yield conversation;
	}

	/** @returns {Promise<T[]>} */
	async toArray() {
		const all = [];
		for await (const conversation of this) all.push(conversation);
		return all;
	}

	/**
	 * @param {boolean} [pages]
	 * @param {End} [end]
	 */
	#walk(pages, end) {
		if (!this.#list) throw this.#wrong;
		if (!(this.#list instanceof this.#getCore().List)) {
			// The failed instance may have been reading the first page.
			this.#shared = new FirstPage();
			this.#list = this.#makeList();
		}
		return this.#list.walk(pages, end?.unwanted);
	}

	/** @returns {Promise<ConversationPage<T>>} */
	async #firstPage() {
		const walk = this.#walk();
		return pageOf(
			this.#getCore,
			walk,
			await walk.page(undefined, this.#shared),
		);
	}
}

/**
 * Ends an iteration. Rust holds `unwanted` and with it all that `unwanted` knows, so that must not know the walk, which would
 * stay in memory for ever. `walk` is there from the first step on.
 *
 * @typedef {{ unwanted: Ending, walk?: Walk }} End
 */

/**
 * Makes a generator whose `return` ends the walk at once, without waiting for a pending request.
 *
 * @template T
 * @param {(end: End) => AsyncGenerator<T, void, undefined>} make
 */
function ending(make) {
	/** @type {End} */
	const end = { unwanted: new Ending() };
	const generator = make(end);
	const { return: leave } = generator;
	generator.return = (value) => {
		finish(end);
		return leave.call(generator, value);
	};
	return generator;
}

/** @param {End} end */
function finish(end) {
	// Before the signal: whoever waits for that must not begin anything new.
	end.walk?.end();
	end.unwanted.abort();
}

/**
 * Yields the deliveries of a walk, and ends the walk when nobody wants more.
 *
 * @param {Walk} walk
 * @param {FirstPage} firstPage
 * @param {End} end
 * @returns {AsyncGenerator<Delivery<any>, void, undefined>}
 */
async function* deliveries(walk, firstPage, end) {
	end.walk = walk;
	try {
		for (;;) {
			const delivery = await walk.next(firstPage);
			if (delivery === undefined || end.unwanted.aborted) return;
			yield delivery;
		}
	} catch (error) {
		// `return` aborts the pending request, so its rejection is no error of the iteration.
		if (!end.unwanted.aborted) throw error;
	} finally {
		// Whoever stops early wants nothing more, not even the page that is on its way.
		finish(end);
	}
}
