/** Describes thrown values for error.rs. */

import { tryOr } from "./value.js";

/**
 * Returns the message of a thrown value, with the code of its cause, where Node hides the reason. Any value can be thrown.
 *
 * @param {any} thrown
 * @returns {string}
 */
export function described(thrown) {
	/** @type {(...looks: (() => unknown)[]) => unknown} the first result that is a string and not empty */
	const first = (...looks) => {
		const results = looks.map((look) => tryOr(look, () => undefined));
		return results.find((result) => result && typeof result === "string");
	};
	const message =
		first(
			() => thrown,
			() => thrown?.message,
		) ?? "the runtime gives no reason";
	const cause = first(
		() => thrown?.cause?.code,
		() => thrown?.cause?.message,
	);
	return cause ? `${message} (${cause})` : `${message}`;
}
