import {
	showMessages,
	showMessagesFailure,
	showNothing,
	showOpening,
	showOwner,
	showOwnerUnasked,
} from "./conversation.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./reading.js").Reading} Reading */

/** The conversation that is open: its messages and its owner are asked for side by side, and either can fail alone. */
export class OpenedConversation {
	#stopping = new AbortController();
	/** @type {Row | undefined} */
	row;

	/** @param {(id: string, result: import("./rows.js").OwnerResult) => void} onOwner */
	constructor(onOwner) {
		this.onOwner = onOwner;
	}

	/**
	 * @param {Row} row
	 * @param {Reading} reading it comes from
	 */
	async open(row, reading) {
		const isSame = this.row?.id === row.id;
		this.#stopping.abort();
		this.#stopping = new AbortController();
		this.row = row;
		// What is shown stays until there is something newer.
		if (!isSame) showOpening(row);
		const { signal } = this.#stopping;
		await Promise.all([
			this.#readMessages(row, reading, signal),
			this.#readOwner(row, reading, signal),
		]);
	}

	close() {
		this.#stopping.abort();
		this.row = undefined;
		showNothing();
	}

	/** @param {Row} row @param {Reading} reading @param {AbortSignal} signal */
	async #readMessages(row, reading, signal) {
		try {
			const found = await reading.messages(row, signal);
			if (signal.aborted) return;
			// Of one that names nobody to ask for, the list alone says why.
			showMessages(row, found ?? { unreadable: row.conversation.unreadable });
		} catch (error) {
			if (!signal.aborted) showMessagesFailure(error);
		}
	}

	/** @param {Row} row @param {Reading} reading @param {AbortSignal} signal */
	async #readOwner({ id, person }, { source }, signal) {
		if (!person) return showOwnerUnasked();
		/** @type {import("./rows.js").OwnerResult} */
		const result = {};
		try {
			result.owner = await source.inbox.getThreadOwner(person.id, { signal });
		} catch (error) {
			result.error = error;
		}
		if (signal.aborted) return;
		showOwner(result);
		this.onOwner(id, result);
	}
}
