import { parseGraphTime } from "./graph-inbox/index.js";

/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./reading.js").Watched} Watched */
/** @typedef {import("./rows.js").Row} Row */

/** Follows an inbox while that is wanted and the page can be seen: one watch for each platform. */
export class Live {
	#isOn = false;
	/** @type {Reading | undefined} */
	#reading;
	/** What each watch is iterated by now. @type {Map<Watched, AsyncIterator<any, undefined>>} */
	#running = new Map();
	#listener;

	/**
	 * @param {object} listener
	 * @param {(rows: Row[], since: number) => void} listener.onChange `since`: what is older is no news
	 * @param {(error: unknown) => void} listener.onError what waiting does not cure
	 */
	constructor(listener) {
		this.#listener = listener;
		document.addEventListener("visibilitychange", () => this.#update());
	}

	/** @param {boolean} on */
	turn(on) {
		this.#isOn = on;
		this.#update();
	}

	/**
	 * Follows this one from now on, and begins again with its watches that failed.
	 *
	 * @param {Reading | undefined} reading
	 */
	follow(reading) {
		if (reading !== this.#reading) this.#pause();
		this.#reading = reading;
		this.#update();
	}

	#update() {
		if (!this.#isOn || document.hidden) return this.#pause();
		for (const watched of this.#reading?.watches ?? [])
			if (!this.#running.has(watched)) this.#run(watched);
	}

	/** Each watch goes on where it was left. */
	#pause() {
		for (const iterator of this.#running.values()) iterator.return?.();
		this.#running.clear();
	}

	/** @param {Watched} watched */
	async #run(watched) {
		const iterator = watched.changes[Symbol.asyncIterator]();
		this.#running.set(watched, iterator);
		try {
			for (;;) {
				const { done, value } = await iterator.next();
				if (done) return;
				const rows = watched.rowsOf(value.conversations);
				this.#listener.onChange(rows, watched.since);
			}
		} catch (error) {
			this.#running.delete(watched);
			this.#listener.onError(error);
		}
	}
}

/**
 * Counts the customer's messages that were not there when the row was shown last.
 *
 * @param {Row} row
 * @param {Row | undefined} shown
 * @param {number} since milliseconds since 1970: what is older is no news
 */
export function countNew({ person, conversation }, shown, since) {
	const known = new Set(shown?.conversation.messages?.data.map(({ id }) => id));
	const messages = conversation.messages?.data ?? [];
	return messages.filter(
		({ id, from, created_time }) =>
			from?.id === person?.id &&
			!known.has(id) &&
			created_time &&
			parseGraphTime(created_time).getTime() >= since,
	).length;
}
