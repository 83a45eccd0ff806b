/** Promises, timers and the caller's own functions, for wait.rs: in Rust each of these would be many times as large. */

import { abortReason } from "./abort.js";
import { tryOr } from "./value.js";

/** @import { Signal } from "./abort.js" */

/**
 * An unordered set with O(1) removal. V8 copies a `Set` that is added to and deleted from every few times, and each old copy
 * keeps its members and the next copy alive until a full collection: whole pages, where they hang on a promise.
 *
 * @template {{ place?: number }} T
 */
export class PendingSet {
	/** @type {T[]} */
	#all = [];

	/** @param {T} member */
	add(member) {
		member.place = this.#all.push(member) - 1;
	}

	/** @param {T} member of the set; one that was deleted before is ignored */
	delete(member) {
		const { place } = member;
		const last = this.#all.at(-1);
		if (place === undefined || last === undefined) return;
		this.#all[place] = last;
		last.place = place;
		this.#all.pop();
		member.place = undefined;
	}

	get size() {
		return this.#all.length;
	}

	/** Deletes all members and returns them. */
	takeAll() {
		const all = this.#all;
		this.#all = [];
		for (const member of all) member.place = undefined;
		return all;
	}
}

/** @type {PendingSet<{ place?: number, leave: () => void, wake?: () => void }>} */
const races = new PendingSet();

/** Stops the timers and listeners of all races, which nobody waits for any more: timers would keep a process alive. */
export function endRaces() {
	for (const { leave } of races.takeAll()) leave();
}

/** Ends the wait of every race without work, as if its time were up: whoever sleeps looks again whether its turn has come. */
export function wakeSleepers() {
	for (const race of races.takeAll()) {
		if (race.wake) race.wake();
		else races.add(race);
	}
}

/**
 * Waits for a promise, at most `ms` milliseconds and not beyond an abort. Resolves with `[value]`, or with `undefined` when
 * the time is up; rejects with the reason of the signal, whatever value that is. Neither timer nor listener outlives it.
 *
 * @param {PromiseLike<unknown> | undefined} work `undefined` only waits for the time to be up
 * @param {number} ms `Infinity` is no limit
 * @param {Signal[]} signals
 * @returns {Promise<[unknown] | undefined>}
 */
export function race(work, ms, signals) {
	return new Promise((resolve, reject) => {
		/** @type {ReturnType<typeof setTimeout> | undefined} */
		let timer;
		const leave = () => {
			clearTimeout(timer);
			for (const stop of stopListening) stop();
			races.delete(pending);
		};
		const timeUp = () => {
			leave();
			resolve(undefined);
		};
		const pending = { leave, wake: work ? undefined : timeUp };
		/** @type {(() => void)[]} */
		const stopListening = [];
		const onAbort = () => {
			leave();
			reject(abortReason(signals)?.[0]);
		};
		work?.then(
			(value) => {
				leave();
				resolve([value]);
			},
			(error) => {
				leave();
				reject(error);
			},
		);
		races.add(pending);
		for (const signal of signals) stopListening.push(listen(signal, onAbort));
		if (abortReason(signals)) onAbort();
		else if (Number.isFinite(ms)) {
			// Timers take at most 31 bits and fire at once beyond them. They may also fire early, by a part of a millisecond.
			timer = setTimeout(timeUp, Math.min(Math.ceil(ms), 0x7fff_ffff));
		}
	});
}

/**
 * The races that wait for the abort of a signal. All of them share one listener: of more than ten Node warns.
 *
 * @type {WeakMap<Signal, { all: PendingSet<Listener>, onAbort: () => void }>}
 */
const waiting = new WeakMap();

/** @typedef {{ place?: number, onAbort: () => void }} Listener */

/**
 * Listens for the abort of a signal.
 *
 * @param {Signal} signal
 * @param {() => void} onAbort
 * @returns {() => void} stops listening
 */
export function listen(signal, onAbort) {
	let known = waiting.get(signal);
	if (!known) {
		/** @type {PendingSet<Listener>} */
		const all = new PendingSet();
		const onAbortOfAll = () => {
			for (const { onAbort } of all.takeAll()) onAbort();
		};
		known = { all, onAbort: onAbortOfAll };
		waiting.set(signal, known);
		signal.addEventListener("abort", onAbortOfAll);
	}
	/** @type {Listener} */
	const listener = { onAbort };
	known.all.add(listener);
	return () => unlisten(signal, listener);
}

/**
 * @param {Signal} signal
 * @param {Listener} listener
 */
function unlisten(signal, listener) {
	const known = waiting.get(signal);
	if (!known) return;
	known.all.delete(listener);
	if (known.all.size > 0) return;
	waiting.delete(signal);
	tryOr(
		() => signal.removeEventListener("abort", known.onAbort),
		() => {},
	);
}

/**
 * The permission of the caller's `schedule` to send one request. `schedule` learns nothing but when the request is done, and
 * whether it failed.
 */
export class Permit {
	/** @type {(error: unknown) => void} */
	#fail = () => {};
	#succeed = () => {};
	/** @type {Promise<unknown>} */
	#settled = Promise.resolve();

	/** @param {(run: () => Promise<void>) => unknown} schedule */
	constructor(schedule) {
		/** @type {Promise<void>} */
		const request = new Promise((resolve, reject) => {
			this.#succeed = resolve;
			this.#fail = reject;
		});
		ignoreRejection(request);
		/** Resolves with `true` when the request may be sent, and with `false` if `schedule` settled without running it. */
		this.opened = new Promise((resolve, reject) => {
			const run = () => {
				resolve(true);
				return request;
			};
			this.#settled = promiseTry(schedule, run);
			this.#settled.then(() => resolve(false), reject);
		});
	}

	/**
	 * Settles the promise that `schedule` was given. Resolves when `schedule` has settled well, or passed on this very error;
	 * rejects with anything else that `schedule` threw. Only `hasFailed` tells a failure: any value can be an error.
	 *
	 * @param {boolean} hasFailed
	 * @param {unknown} error of the request, where it has failed
	 * @returns {Promise<void>} whose rejection may be ignored
	 */
	end(hasFailed, error) {
		if (hasFailed) this.#fail(error);
		else this.#succeed();
		const end = this.#settled.then(
			() => {},
			(thrown) => {
				if (!hasFailed || !Object.is(thrown, error)) throw thrown;
			},
		);
		return ignoreRejection(end);
	}
}

/**
 * Returns the same promise, whose rejection may stay unhandled: otherwise that would end a Node process.
 *
 * @template {Promise<unknown>} P
 * @param {P} promise
 */
export function ignoreRejection(promise) {
	promise.catch(() => {});
	return promise;
}

/**
 * Calls a function and returns a promise of its result, of what its promise resolves with, or of what it throws. Not every
 * engine has `Promise.try`.
 *
 * @template A
 * @param {(argument: A) => unknown} call
 * @param {A} argument
 */
export const promiseTry = (call, argument) =>
	new Promise((resolve) => resolve(call(argument)));

/**
 * Emits an event. What the listener throws, at once or later, changes nothing.
 *
 * @param {(event: unknown) => unknown} listener
 * @param {unknown} event
 */
export const emit = (listener, event) =>
	void ignoreRejection(promiseTry(listener, event));
