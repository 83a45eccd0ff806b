/**
 * What promises, timers and option objects take in JavaScript, for the Rust half, which decides what they are used for:
 * in Rust each of these would be many times as large. This file imports nothing: wasm-bindgen copies it alone.
 */

/**
 * Things under way, in no order. A `Set` that things come into and go out of is copied every few times, and each copy keeps
 * what it held, and the next copy, until V8 looks through its whole heap: whole pages, where they hang on a promise.
 *
 * @template {{ place?: number }} T
 */
export class UnderWay {
	/** @type {T[]} */
	#all = [];

	/** @param {T} thing */
	add(thing) {
		thing.place = this.#all.push(thing) - 1;
	}

	/** @param {T} thing that is there, or was */
	delete(thing) {
		const { place } = thing;
		const last = this.#all.at(-1);
		if (place === undefined || last === undefined) return;
		this.#all[place] = last;
		last.place = place;
		this.#all.pop();
		thing.place = undefined;
	}

	get size() {
		return this.#all.length;
	}

	/** Takes all of them out. */
	takeAll() {
		const all = this.#all;
		this.#all = [];
		for (const thing of all) thing.place = undefined;
		return all;
	}
}

/** @type {UnderWay<{ place?: number, leave: () => void }>} */
const races = new UnderWay();

/** Ends them all, because nobody is left to whom it matters: else their timers would keep a process alive. */
export function endRaces() {
	for (const { leave } of races.takeAll()) leave();
}

/**
 * Waits for a promise, but no longer than some time and not beyond an abort. Gives `[value]`, or `undefined` when the time
 * is up; rejects with the reason of the signal, whatever that is. Neither timer nor listener outlives it.
 *
 * @param {PromiseLike<unknown> | undefined} work `undefined` is only waited for the time to be up
 * @param {number} ms `Infinity` is no limit
 * @param {AbortSignal[]} signals
 * @returns {Promise<[unknown] | undefined>}
 */
export function race(work, ms, signals) {
	return new Promise((resolve, reject) => {
		/** @type {ReturnType<typeof setTimeout> | undefined} */
		let timer;
		const leave = () => {
			clearTimeout(timer);
			for (const end of listening) end();
			races.delete(underWay);
		};
		const underWay = { leave };
		/** @type {(() => void)[]} what ends the listening to signals */
		const listening = [];
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
		races.add(underWay);
		for (const signal of signals) listening.push(listen(signal, onAbort));
		if (abortReason(signals)) onAbort();
		else if (ms < Number.POSITIVE_INFINITY) {
			// Timers take no more than 31 bits and fire at once beyond them; and they may fire early, by a part of one.
			timer = setTimeout(
				() => {
					leave();
					resolve(undefined);
				},
				Math.min(Math.ceil(ms), 0x7fff_ffff),
			);
		}
	});
}

/**
 * What waits for the abort of a signal. However much it is, the signal has one listener: of more than ten Node warns.
 *
 * @type {WeakMap<AbortSignal, { all: UnderWay<Listener>, tellAll: () => void }>}
 */
const waiting = new WeakMap();

/** @typedef {{ place?: number, onAbort: () => void }} Listener */

/**
 * @param {AbortSignal} signal
 * @param {() => void} onAbort
 * @returns {() => void} ends it
 */
function listen(signal, onAbort) {
	let known = waiting.get(signal);
	if (!known) {
		/** @type {UnderWay<Listener>} */
		const all = new UnderWay();
		const tellAll = () => {
			for (const { onAbort } of all.takeAll()) onAbort();
		};
		known = { all, tellAll };
		waiting.set(signal, known);
		signal.addEventListener("abort", tellAll);
	}
	/** @type {Listener} */
	const listener = { onAbort };
	known.all.add(listener);
	return () => unlisten(signal, listener);
}

/**
 * @param {AbortSignal} signal
 * @param {Listener} listener
 */
function unlisten(signal, listener) {
	const known = waiting.get(signal);
	if (!known) return;
	known.all.delete(listener);
	if (known.all.size > 0) return;
	waiting.delete(signal);
	safely(
		() => signal.removeEventListener("abort", known.tellAll),
		() => {},
	);
}

/** The caller's `schedule` decides when a request goes out. It is given nothing but when that is done, and whether it failed. */
export class Turn {
	/** @type {(error: unknown) => void} */
	#end = () => {};
	/** @type {Promise<unknown>} */
	#done = Promise.resolve();

	/** @param {(run: () => Promise<void>) => unknown} schedule */
	constructor(schedule) {
		/** @type {Promise<void>} */
		const ended = new Promise((resolve, reject) => {
			this.#end = (error) => (error === undefined ? resolve() : reject(error));
		});
		hushed(ended);
		/** Fulfilled with whether the request may go out; not if `schedule` settled without having run it. */
		this.opened = new Promise((resolve, reject) => {
			const run = () => {
				resolve(true);
				return ended;
			};
			this.#done = new Promise((done) => done(schedule(run)));
			this.#done.then(() => resolve(false), reject);
		});
	}

	/**
	 * @param {unknown} error of the request, or `undefined`
	 * @returns {Promise<unknown>} settled when `schedule` has settled
	 */
	end(error) {
		this.#end(error);
		return this.#done;
	}
}

/**
 * A promise whose failure may go unheard, which would otherwise end a Node process.
 *
 * @template {Promise<unknown>} P
 * @param {P} promise
 */
export function hushed(promise) {
	promise.catch(() => {});
	return promise;
}

/**
 * What a function gives, a promise or not, or throws: as a promise.
 *
 * @param {(given?: unknown) => unknown} ask
 * @param {unknown} [given]
 */
export const asked = (ask, given) =>
	new Promise((resolve) => resolve(ask(given)));

/**
 * Tells a listener. What it throws, at once or later, changes nothing.
 *
 * @param {(event: unknown) => unknown} listener
 * @param {unknown} event
 */
export const tell = (listener, event) => void hushed(asked(listener, event));

/**
 * Looks at a value that somebody else made, whose properties may throw. What threw while Rust waits for an answer would
 * leave a promise that never settles.
 *
 * @template T
 * @param {() => T} look
 * @param {(error: unknown) => T} otherwise
 */
function safely(look, otherwise) {
	try {
		return look();
	} catch (error) {
		return otherwise(error);
	}
}

/**
 * The reason of the first signal that is aborted, whatever value that is; a signal that can not be asked counts as one.
 *
 * @param {AbortSignal[]} signals
 * @returns {[unknown] | undefined}
 */
export function abortReason(signals) {
	return safely(
		() => {
			const aborted = signals.find((signal) => signal.aborted);
			return aborted && /** @type {[unknown]} */ ([aborted.reason]);
		},
		(error) => [error],
	);
}

/** What the host is, asked of what matters and never guessed from a name: a bundler gives browsers a `process`. */
const host = /** @type {any} */ (globalThis);
const no = () => false;

/** Whether there is a document, so that whoever opens the page can read what the program holds. */
export const hasDom = () =>
	safely(() => TYPES.function(host.document?.createElement), no);

/** Whether requests go out under an origin, as they do from pages and their workers: then CORS applies. */
export const hasOrigin = () => safely(() => TYPES.text(host.origin), no);

/** The global `fetch`, as it is now. */
export const globalFetch = () =>
	safely(
		() => host.fetch,
		() => undefined,
	);

/**
 * Whether a value behaves as a `Response`. Its class is not asked: a polyfill or a test has its own.
 *
 * @param {any} value
 */
function isResponse(value) {
	return safely(
		() =>
			typeof value?.status === "number" &&
			TYPES.function(value.text) &&
			TYPES.function(value.headers?.get),
		no,
	);
}

/**
 * Fetches and reads: the response with its text, and whether there is more of it than is read; or alone what is no response.
 *
 * @param {(url: string, init: RequestInit) => unknown} send
 * @param {string} url
 * @param {RequestInit} init
 * @returns {Promise<[reply: unknown, text?: unknown, isCut?: boolean]>}
 */
export async function exchange(send, url, init) {
	/** @type {any} */
	const reply = await send(url, init);
	return isResponse(reply) ? [reply, ...(await read(reply))] : [reply];
}

/**
 * So much of a body is read, in bytes: far more than Graph sends, and little enough for a process to hold. The message in
 * `protocol/error.rs` says 16 MiB too.
 */
const MOST_BYTES = 2 ** 24;
const decoder = new TextDecoder();

/**
 * Reads a body, but not without end.
 *
 * @param {Response} reply
 * @returns {Promise<[text: string, isCut: boolean]>}
 */
async function read(reply) {
	if (!reply.body || !TYPES.function(reply.body.getReader)) {
		// A polyfill's or a test's, which can only be read as a whole.
		const text = await reply.text();
		return [text, text?.length > MOST_BYTES];
	}
	const reader = reply.body.getReader();
	let bytes = new Uint8Array();
	let size = 0;
	while (size <= MOST_BYTES) {
		const { done, value } = await reader.read();
		if (done) return [decoder.decode(bytes.subarray(0, size)), false];
		const end = size + value.length;
		// The first piece is most often the whole, and not copied.
		if (size === 0) bytes = value;
		else {
			if (end > bytes.length) {
				const longer = new Uint8Array(2 * end);
				longer.set(bytes);
				bytes = longer;
			}
			bytes.set(value, size);
		}
		size = end;
	}
	hushed(reader.cancel());
	return [decoder.decode(bytes.subarray(0, size)), true];
}

/**
 * What a thrown value says for itself, with the code of its cause, where Node hides the reason. Anything can be thrown.
 *
 * @param {any} thrown
 * @returns {string}
 */
export function described(thrown) {
	/** @type {(...looks: (() => unknown)[]) => unknown} the first that is a text */
	const first = (...looks) => {
		const texts = looks.map((look) => safely(look, () => undefined));
		return texts.find((text) => text && TYPES.text(text));
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

/**
 * @param {any[]} list
 * @param {string} name of a member that its objects are to be without
 */
export function leaveOut(list, name) {
	for (const item of list) delete item[name];
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>} neither `null` nor an array
 */
export function isPlainObject(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * A member of an object that JSON made; `undefined` where it is missing or this is no object.
 *
 * @param {unknown} value
 * @param {string} name
 */
export function member(value, name) {
	return isPlainObject(value) ? value[name] : undefined;
}

/**
 * What a text says in JSON, or `undefined`, which none says.
 *
 * @param {string} text
 * @returns {unknown}
 */
export const parsed = (text) =>
	safely(
		() => JSON.parse(text),
		() => undefined,
	);

/**
 * @param {any} object
 * @param {string} name
 * @param {unknown} value
 */
export function setMember(object, name, value) {
	object[name] = value;
}

/**
 * Here rather than in Rust, which would cross the border five times for every conversation.
 *
 * @param {any[]} list
 */
export function haveIds(list) {
	return list.every((item) => TYPES.text(item?.id));
}

/**
 * Those whose IDs are new to a set, up to a number of them. They are added to it.
 *
 * @param {{ id: string }[]} list
 * @param {{ add(id: string): boolean }} seen tells whether one is new
 * @param {number} end where to stop looking
 * @param {number} most
 */
export function firstSeen(list, seen, end, most) {
	const fresh = [];
	for (let index = 0; index < end && fresh.length < most; index++) {
		if (seen.add(list[index].id)) fresh.push(list[index]);
	}
	return fresh;
}

/**
 * Whether more digits stand in a row than a number can hold, in a string or not.
 *
 * @param {string} text
 */
export function hasLongInteger(text) {
	return /\d{16}/.test(text);
}

/** @type {Record<string, (value: any) => boolean>} */
const TYPES = {
	any: () => true,
	text: (value) => typeof value === "string",
	function: (value) => typeof value === "function",
	flag: (value) => typeof value === "boolean",
	whole: (value) =>
		Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff,
	count: (value) => TYPES.whole(value) && value > 0,
	pace: (value) => value === false || TYPES.count(value),
	token: (value) => TYPES.text(value) || TYPES.function(value),
	// Its class is not asked: another window, a polyfill or a test has its own.
	signal: (value) =>
		TYPES.flag(value.aborted) &&
		TYPES.function(value.addEventListener) &&
		TYPES.function(value.removeEventListener),
};

/**
 * What each call would read anew: there are but as many as functions that take options.
 *
 * @type {Map<string, Map<string, string>>}
 */
const optionTypes = new Map();

/**
 * Reads an object of options, each property once.
 *
 * @param {Record<string, unknown>} options
 * @param {string} known names, each with one of `TYPES`: `name:type name:type`
 * @returns {{ names: string, read: object } | [name: string, type?: string, value?: unknown]} the options that are set,
 *   with their names; or as an array the first that is wrong, without a type if it is not known
 */
export function readOptions(options, known) {
	let types = optionTypes.get(known);
	if (!types) {
		types = new Map(
			known.split(" ").map((option) => {
				const [name, type] = option.split(":");
				return [name, type];
			}),
		);
		optionTypes.set(known, types);
	}
	for (const name of Object.keys(options)) {
		if (!types.has(name) && options[name] !== undefined) return [name];
	}
	/** @type {Record<string, unknown>} */
	const read = {};
	for (const [name, type] of types) {
		const value = options[name];
		if (value === undefined) continue;
		if (value === null || !TYPES[type](value)) return [name, type, value];
		read[name] = value;
	}
	return { names: Object.keys(read).join(" "), read };
}

/**
 * The items of an iterable; `undefined` of what is none. A string is not taken apart.
 *
 * @param {any} iterable
 */
export function listed(iterable) {
	return typeof iterable === "object" &&
		TYPES.function(iterable?.[Symbol.iterator])
		? [...iterable]
		: undefined;
}

/**
 * What a value is that is no string, for a message.
 *
 * @param {unknown} value
 */
export function kindOf(value) {
	if (value === null) return "null";
	if (Array.isArray(value)) return "an array";
	if (typeof value === "number") return `the number ${value}`;
	if (typeof value === "function") return "a function";
	return typeof value === "object" ? "an object" : typeof value;
}
