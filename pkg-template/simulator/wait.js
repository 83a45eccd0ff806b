/**
 * The promise, unless the signal aborts first.
 *
 * @template T
 * @param {T | PromiseLike<T>} promise
 * @param {AbortSignal | null | undefined} signal
 * @returns {Promise<T>}
 */
export function unlessAborted(promise, signal) {
	if (!signal) return Promise.resolve(promise);
	return new Promise((resolve, reject) => {
		const abort = () => reject(signal.reason);
		if (signal.aborted) abort();
		signal.addEventListener("abort", abort, { once: true });
		Promise.resolve(promise)
			.then(resolve, reject)
			// A signal can outlive thousands of calls.
			.finally(() => signal.removeEventListener("abort", abort));
	});
}

/** @param {number} milliseconds @param {AbortSignal | null | undefined} signal */
export async function wait(milliseconds, signal) {
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let timer;
	const elapsed = new Promise((resolve) => {
		timer = setTimeout(resolve, milliseconds);
	});
	try {
		await unlessAborted(elapsed, signal);
	} finally {
		clearTimeout(timer);
	}
}

/** For what never comes. */
export const never = () => new Promise(() => {});
