import { endRaces, PendingSet } from "../src/host/wait.js";
import { InboxError } from "./errors.js";

/** A promise that Rust has made and has not settled yet. @typedef {{ place?: number, promise?: Promise<any>, reject: (error: InboxError) => void }} Pending */

/**
 * Contains a trap of the Rust half, which can only be a mistake in it: a panic ends in a trap, after which its memory cannot
 * be trusted, and its promises would never settle. Each instance has one guard: at the first trap every promise rejects, no
 * call enters the instance again, and the next call takes a new instance.
 */
export class TrapGuard {
	#depth = 0;
	/** @type {unknown} the first error that an export of the instance threw */
	#trap;
	/** @type {InboxError | undefined} */
	#failure;
	/** @type {PendingSet<Pending>} */
	#pending = new PendingSet();

	get hasFailed() {
		return this.#trap !== undefined;
	}

	/**
	 * Wraps an export of the instance, so that a trap in it fails the whole instance.
	 *
	 * @param {(...args: any[]) => any} call
	 * @param {{ rethrow: boolean }} options `rethrow` where the caller must learn of the trap; not where the engine calls,
	 *   because an error would end a Node process
	 * @returns {(...args: any[]) => any}
	 */
	wrapExport(call, { rethrow }) {
		return (...args) => {
			if (this.#trap === undefined) {
				this.#depth++;
				try {
					const result = call(...args);
					if (this.#trap === undefined) return result;
				} catch (error) {
					// Nothing throws through Rust: whatever error comes out has cut it off.
					this.#trap ??= error ?? "";
				} finally {
					this.#depth--;
				}
			}
			const failure = this.#giveUp();
			if (rethrow || this.#depth > 0) throw failure;
			// The glue destructures results, and finds nothing in this one.
			return [];
		};
	}

	/**
	 * Makes a promise for the instance, which rejects if the instance fails.
	 *
	 * @param {(resolve: (value: unknown) => void, reject: (error: unknown) => void) => void} executor
	 */
	promise(executor) {
		/** @type {Pending} */
		const call = { reject() {} };
		this.#pending.add(call);
		call.promise = new Promise((resolve, reject) => {
			call.reject = reject;
			const last =
				(/** @type {(value: any) => void} */ settle) =>
				(/** @type {unknown} */ value) => {
					this.#pending.delete(call);
					settle(value);
				};
			try {
				executor(last(resolve), last(reject));
			} catch {
				// The instance failed at this very moment: the promise rejects with the others.
			}
		});
		return call.promise;
	}

	#giveUp() {
		const { message = this.#trap } = /** @type {Error} */ (this.#trap);
		this.#failure ??= new InboxError(
			`graph-inbox failed within (${message}), a mistake in it; pending calls are given up, and the next call starts afresh`,
			{ kind: "unknown", retryable: true },
		);
		// Not at once: the call that was cut off may have left no stack to work with.
		queueMicrotask(() => this.#rejectAll());
		return this.#failure;
	}

	#rejectAll() {
		for (const { promise, reject } of this.#pending.takeAll()) {
			// Some promises only Rust knows: nobody is left who could handle their rejection.
			promise?.catch(() => {});
			reject(/** @type {InboxError} */ (this.#failure));
		}
		endRaces();
	}
}
