import { Ending } from "../src/host/abort.js";
import { InboxError } from "./errors.js";

/** @typedef {import("../target/wasm/graph_inbox_bg.js").Client} Client a client in Rust */
/** @typedef {import("../target/wasm/graph_inbox_bg.js").Watch} Watch a watch in Rust */
/** @typedef {import("./index.d.ts").WatchParams<any>} WatchParams */

/**
 * @template T
 * @typedef {import("./index.d.ts").Changes<T>} Changes
 */

/**
 * Looks at a list again and again. Rust decides when to look and what changed; this class has the shape that JavaScript
 * expects.
 *
 * @template {{ id: string }} T
 * @implements {AsyncIterable<Changes<T>>}
 */
export class ConversationWatch {
	static name = "ConversationWatch";
	#getClient;
	#params;
	/** @type {Client | undefined} the client that made the watch */
	#client;
	/** @type {Watch | undefined} */
	#watch;
	/** Why there is no watch: every use of it rejects with this. @type {unknown} */
	#wrong;
	/** Where the watch is. @type {string | undefined} */
	#checkpoint;
	/** The pending look, or else the last one. The next look waits for it. @type {Promise<unknown> | undefined} */
	#lastLook;
	/** Changes that nobody took, because the iteration ended meanwhile. @type {Changes<T> | undefined} */
	#untaken;
	#isIterated = false;

	/**
	 * @param {() => Client} getClient returns another client after an instance of the wasm failed
	 * @param {WatchParams} [params]
	 */
	constructor(getClient, params) {
		this.#getClient = getClient;
		this.#params = params;
		try {
			this.#current();
		} catch (error) {
			this.#wrong = error;
		}
	}

	/** @returns {Promise<Changes<T>>} */
	async poll() {
		return this.#look();
	}

	/** @returns {AsyncIterator<Changes<T>, undefined>} */
	[Symbol.asyncIterator]() {
		/** @type {Ending | undefined} */
		let unwanted;
		let isOver = false;
		const end = () => {
			if (unwanted) this.#isIterated = false;
			isOver = true;
			unwanted?.abort();
			unwanted = undefined;
			return { done: /** @type {const} */ (true), value: undefined };
		};
		// Not a generator, whose `return` would wait for the next changes.
		return {
			next: async () => {
				if (isOver) return end();
				try {
					if (!unwanted) {
						if (this.#isIterated) throw iteratedTwice();
						unwanted = new Ending();
						this.#isIterated = true;
					}
					const value = await this.#change(unwanted);
					if (!isOver) return { done: false, value };
					this.#untaken = value;
				} catch (error) {
					// `return` aborts the pending request, so its rejection is no error of the iteration.
					if (!isOver) {
						end();
						throw error;
					}
				}
				return end();
			},
			return: async () => end(),
		};
	}

	/**
	 * Looks until something changed.
	 *
	 * @param {Ending} unwanted
	 * @returns {Promise<Changes<T>>}
	 */
	async #change(unwanted) {
		/** @type {[isRateLimit?: boolean, retryAfterMs?: number]} how the last look failed, if it did */
		let failure = [];
		for (;;) {
			await this.#current().pause(unwanted, ...failure);
			failure = [];
			try {
				const changes = await this.#look(unwanted);
				if (changes.conversations.length > 0) return changes;
			} catch (error) {
				// What a function of the caller's throws is not to be waited out.
				if (!(error instanceof InboxError && error.retryable)) throw error;
				const { kind, retryAfterMs } = /** @type {any} */ (error);
				failure = [kind === "rate_limit", retryAfterMs];
			}
		}
	}

	/**
	 * @param {Ending} [unwanted]
	 * @returns {Promise<Changes<T>>}
	 */
	#look(unwanted) {
		const look = async () => {
			// How that one ended is for whoever asked for it.
			await before?.catch(() => {});
			const untaken = this.#untaken;
			this.#untaken = undefined;
			return untaken ?? this.#lookNow(unwanted);
		};
		const before = this.#lastLook;
		const result = look();
		this.#lastLook = result;
		return result;
	}

	/**
	 * @param {Ending} [unwanted]
	 * @returns {Promise<Changes<T>>}
	 */
	async #lookNow(unwanted) {
		const watch = this.#current();
		watch.beginLook(unwanted);
		/** @type {Map<string, { time: number, conversation: T }>} one that moves meanwhile counts as it was read last */
		const found = new Map();
		for (;;) {
			/** @type {string | (T[] & { times?: any })} */
			const changed = await watch.next();
			if (typeof changed === "string") {
				this.#checkpoint = changed;
				break;
			}
			for (const [index, conversation] of changed.entries()) {
				found.delete(conversation.id);
				found.set(conversation.id, {
					time: changed.times[index],
					conversation,
				});
			}
		}
		// Graph lists the newest first. What has no time stays where it was met.
		const oldestFirst = [...found.values()]
			.reverse()
			.sort((one, other) => one.time - other.time || 0);
		return {
			conversations: oldestFirst.map(({ conversation }) => conversation),
			checkpoint: this.#checkpoint,
		};
	}

	#current() {
		if (this.#wrong) throw this.#wrong;
		const client = this.#getClient();
		if (!this.#watch || client !== this.#client) {
			const checkpoint = this.#checkpoint;
			this.#watch = client.watch(
				checkpoint
					? { ...this.#params, since: undefined, checkpoint }
					: this.#params,
			);
			this.#client = client;
		}
		return this.#watch;
	}
}

function iteratedTwice() {
	return new InboxError(
		"watchConversations: it is iterated already; leave the first loop, or make another watch",
		{ kind: "invalid_option", option: "watchConversations" },
	);
}
