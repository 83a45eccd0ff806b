/** The first page of a list, for first_page.rs: it is read once for all who read the list. */

import { Ending } from "./abort.js";
import { ignoreRejection, listen } from "./wait.js";

/**
 * One reading of the page. `unwanted` is aborted when all who waited for it have left.
 *
 * @typedef {{ page?: Promise<unknown>, readers: number, unwanted: Ending }} Reading
 */

export class FirstPage {
	/** @type {Reading | undefined} */
	#reading;

	get isBegun() {
		return this.#reading !== undefined;
	}

	/** Returns the signal that ends the request which the caller is about to begin. */
	begin() {
		this.#reading = { readers: 0, unwanted: new Ending() };
		return this.#reading.unwanted;
	}

	/**
	 * Takes the promise of what was begun. A page that failed is read again by whoever asks next.
	 *
	 * @param {Promise<unknown>} page
	 */
	share(page) {
		const reading = this.#reading;
		if (!reading) return;
		reading.page = page;
		page.catch(() => this.#forget(reading));
	}

	/**
	 * Returns a promise of the page for one more reader.
	 *
	 * @param {Ending | undefined} unwanted when it is aborted this reader leaves, and rejects with `null`
	 * @returns {Promise<unknown> | undefined}
	 */
	join(unwanted) {
		const reading = this.#reading;
		const page = reading?.page;
		if (!page) return;
		reading.readers++;
		if (!unwanted) return page;
		return ignoreRejection(
			new Promise((resolve, reject) => {
				const stop = listen(unwanted, () => {
					reject(null);
					if (--reading.readers > 0) return;
					this.#forget(reading);
					reading.unwanted.abort();
				});
				page.finally(stop).then(resolve, reject);
			}),
		);
	}

	/** @param {Reading} reading */
	#forget(reading) {
		if (this.#reading === reading) this.#reading = undefined;
	}
}
