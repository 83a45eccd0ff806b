// Splits WebAssembly into streams that deflate better than the file: opcodes, locals, constants and so on apart from each
// other. unpack.rs of pkg-template joins them again, byte for byte.
//
// A symbol stands for some bytes and at most one slot, or for two other symbols. A slot takes its bytes from the streams of
// its kind. First come the symbols, then the lengths of the streams, then the streams; stream 0 has the symbols in order.

import { copy, lebOf, partsOf, SLOTS, tokensOf } from "./wasm-tokens.mjs";

/** @typedef {import("./wasm-tokens.mjs").Token} Token */

const STREAMS = 33;
/** The largest number of symbols with a slot; the others of 256 are for pairs. */
const MOST_SINGLES = 190;
/** More pairs make the header larger than they make the streams smaller. */
const MOST_PAIRS = 60;
/** A pair that occurs less often is not worth its place in the header. */
const LEAST_TIMES = 8;
/** The header has three bits for the number of bytes of a symbol. */
const MOST_LITERALS = 7;

/**
 * Splits a module. A function that holds something unknown is not split, nor is anything in what is not a module.
 *
 * @param {Uint8Array} wasm
 * @returns {{ split: Uint8Array, whole: number }} `whole` is the number of functions that are not split
 */
export function splitWasm(wasm) {
	const writer = new Writer();
	let whole = 0;
	for (const { bytes, isFunction } of partsOf(wasm)) {
		const tokens = isFunction && tokensOf(bytes);
		if (tokens && writer.hasRoomFor(tokens)) writer.add(tokens);
		else {
			if (isFunction) whole++;
			writer.add([copy(bytes)]);
		}
	}
	return { split: writer.finish(), whole };
}

/** Collects tokens, and writes what unpack.rs reads. */
class Writer {
	/** @type {Map<string, Token>} an example of each symbol that is no pair */
	#singles = new Map();
	/** @type {Token[]} */
	#tokens = [];

	/** @param {Token[]} tokens */
	hasRoomFor(tokens) {
		const added = new Set(
			tokens.map(nameOf).filter((name) => !this.#singles.has(name)),
		);
		return (
			this.#singles.size + added.size <= MOST_SINGLES &&
			tokens.every(({ literals }) => literals.length <= MOST_LITERALS)
		);
	}

	/** @param {Token[]} tokens */
	add(tokens) {
		for (const token of tokens) {
			this.#singles.set(nameOf(token), token);
			this.#tokens.push(token);
		}
	}

	finish() {
		const names = [...this.#singles.keys()].sort();
		const ids = new Map(names.map((name, id) => [name, id]));
		const { symbols, pairs } = paired(
			this.#tokens.map((token) => Number(ids.get(nameOf(token)))),
			names.length,
		);
		const singles = names.map((name) => this.#singles.get(name) ?? copy([]));
		const streams = this.#streams();
		streams[0] = symbols;
		return Uint8Array.from([
			singles.length,
			...singles.map(({ literals, slot }) => literals.length * 32 + slot),
			...singles.flatMap(({ literals }) => literals),
			pairs.length,
			...pairs.flat(),
			...streams.flatMap(({ length }) => lebOf(length)),
			...streams.flat(),
		]);
	}

	#streams() {
		/** @type {number[][]} */
		const streams = Array.from({ length: STREAMS }, () => []);
		for (const [index, { slot, taken }] of this.#tokens.entries()) {
			let first = slot;
			let others = slot;
			if (slot === SLOTS.CONST)
				first = others += this.#tokens[index + 1].literals[0] >> 4;
			if (slot === SLOTS.CALL || slot === SLOTS.OFFSET) others += 2;
			for (const [position, byte] of taken.entries())
				streams[position === 0 ? first : others].push(byte);
		}
		return streams;
	}
}

/**
 * Returns a string that symbols are told apart by, and sorted by.
 *
 * @param {Token} token
 */
function nameOf({ literals, slot }) {
	return String.fromCharCode(literals.length, ...literals, slot);
}

/**
 * Replaces the two symbols that follow each other most often by a new one, again and again.
 *
 * @param {number[]} symbols is changed
 * @param {number} next the first number that is free
 */
function paired(symbols, next) {
	/** @type {[number, number][]} */
	const pairs = [];
	while (pairs.length < MOST_PAIRS) {
		const [pair, times] = mostFrequent(symbols);
		if (times < LEAST_TIMES) break;
		const [one, other] = [pair >> 8, pair & 255];
		const joined = next + pairs.length;
		pairs.push([one, other]);
		let kept = 0;
		for (let at = 0; at < symbols.length; at++) {
			const isPair = symbols[at] === one && symbols[at + 1] === other;
			symbols[kept++] = isPair ? joined : symbols[at];
			if (isPair) at++;
		}
		symbols.length = kept;
	}
	return { symbols, pairs };
}

/**
 * Finds the pair of symbols that occurs most often.
 *
 * @param {number[]} symbols
 * @returns {[pair: number, times: number]} the pair as one number, the first symbol times 256
 */
function mostFrequent(symbols) {
	const times = new Uint32Array(1 << 16);
	let found = 0;
	let last = -1;
	for (let at = 1; at < symbols.length; at++) {
		const pair = (symbols[at - 1] << 8) | symbols[at];
		// In a run of three, there is one pair.
		const overlaps = pair === last && symbols[at - 1] === symbols[at];
		last = overlaps ? -1 : pair;
		if (!overlaps && ++times[pair] > times[found]) found = pair;
	}
	return [found, times[found]];
}
