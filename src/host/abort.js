/** Looks at an `AbortSignal` for abort.rs and wait.js. */

import { tryOr } from "./value.js";

/**
 * Returns the reason of the first aborted signal, in an array because a reason can be any value; `undefined` where none is
 * aborted. A signal whose properties throw counts as aborted, with what they threw as the reason.
 *
 * @param {AbortSignal[]} signals
 * @returns {[unknown] | undefined}
 */
export function abortReason(signals) {
	return tryOr(
		() => {
			const aborted = signals.find((signal) => signal.aborted);
			return aborted && /** @type {[unknown]} */ ([aborted.reason]);
		},
		(error) => [error],
	);
}
