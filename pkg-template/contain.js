import { endRaces, UnderWay } from "./engine.js";
import { InboxError } from "./host.js";

/** A promise that Rust has made and not settled yet. @typedef {{ place?: number, promise?: Promise<any>, reject: (error: InboxError) => void }} Pending */

/**
 * Contains a failure within the Rust half, which can only be a mistake in it: a panic ends in a trap, after which its
 * memory can not be trusted, and what it promised would never settle. One of these guards each instance: at the first
 * trap every promise rejects, nothing enters the instance again, and the next call takes a new one.
 */
export class Containment {
	#depth = 0;
	/** @type {unknown} what came out of the instance that never should */
	#trap;
	/** @type {InboxError | undefined} */
	#failure;
	/** @type {UnderWay<Pending>} */
	#pending = new UnderWay();

	get hasFailed() {
		return this.#trap !== undefined;
	}

	/**
	 * @param {(...args: any[]) => any} call an export of the instance
	 * @param {boolean} isLoud whether somebody called it who is to be told; else it is the engine, and a throw would end a
	 *   Node process
	 * @returns {(...args: any[]) => any}
	 */
	guarded(call, isLoud) {
		return (...args) => {
			if (this.#trap === undefined) {
				this.#depth++;
				try {
					const result = call(...args);
					if (this.#trap === undefined) return result;
				} catch (error) {
					// Nothing is thrown through Rust: whatever comes out has cut it off.
					this.#trap ??= error ?? "";
				} finally {
					this.#depth--;
				}
			}
			const failure = this.#giveUp();
			if (isLoud || this.#depth > 0) throw failure;
			// The glue looks into results, and finds nothing in this one.
			return [];
		};
	}

	/**
	 * A promise of the instance's.
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
				// It failed in this very moment, and is told with the others.
			}
		});
		return call.promise;
	}

	#giveUp() {
		const { message = this.#trap } = /** @type {Error} */ (this.#trap);
		this.#failure ??= new InboxError(
			`graph-inbox failed within (${message}), which is a mistake in it; what was under way is given up, and the next call starts afresh`,
			{ kind: "unknown", retryable: true },
		);
		// Not from here: what was cut off may have left no stack to work with.
		queueMicrotask(() => this.#tellAll());
		return this.#failure;
	}

	#tellAll() {
		for (const { promise, reject } of this.#pending.takeAll()) {
			// Some are known to Rust alone: nobody is left who could handle those.
			promise?.catch(() => {});
			reject(/** @type {InboxError} */ (this.#failure));
		}
		endRaces();
	}
}
