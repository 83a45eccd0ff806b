import { hash } from "./seed.js";

const SPACE = 1n << 48n;
const MULTIPLIER = 0x9e3779b97f4bn;
const INVERSE = inverseOf(MULTIPLIER);

/**
 * Long IDs that look unrelated and still tell their index, so that an ID is found without a table of all IDs:
 * index × odd number modulo 2^48, which can be undone.
 */
export class Numbering {
	#base;
	#offset;

	/**
	 * @param {bigint} base what the IDs are counted from: decides how many digits they have
	 * @param {number} seed
	 * @param {number} purpose keeps the numberings of one seed apart
	 */
	constructor(base, seed, purpose) {
		this.#base = base;
		this.#offset = BigInt(hash(seed, purpose)) << 15n;
	}

	/** @param {number} index */
	idAt(index) {
		return String(
			this.#base + ((BigInt(index) * MULTIPLIER + this.#offset) % SPACE),
		);
	}

	/**
	 * The index of an ID; -1 for one that is none of these.
	 *
	 * @param {string} id
	 */
	indexOf(id) {
		if (!/^[1-9]\d{0,18}$/.test(id)) return -1;
		const value = BigInt(id) - this.#base;
		if (value < 0n || value >= SPACE) return -1;
		return Number(BigInt.asUintN(48, (value - this.#offset) * INVERSE));
	}
}

/** @param {bigint} odd */
function inverseOf(odd) {
	// Newton's iteration doubles the correct low bits: 3, 6, 12, 24, 48.
	let inverse = odd;
	for (let bits = 3; bits < 48; bits *= 2) {
		inverse = BigInt.asUintN(48, inverse * (2n - odd * inverse));
	}
	return inverse;
}

/**
 * Base64 the way Graph writes it in cursors and Instagram IDs: `Z` is its escape, so the text needs no percent-encoding.
 *
 * @param {string} text ASCII
 */
export function opaque(text) {
	return btoa(text).replace(
		/[Z+/=]/g,
		(sign) => `Z${"ABCD"["Z+/=".indexOf(sign)]}`,
	);
}

/**
 * @param {string} text
 * @returns {string | undefined} undefined for what `opaque` cannot have written
 */
export function readOpaque(text) {
	try {
		return atob(
			text.replace(/Z([ABCD])/g, (_, sign) => "Z+/="["ABCD".indexOf(sign)]),
		);
	} catch {
		return undefined;
	}
}

/**
 * A date as Graph writes it: ISO 8601 with a zone that has no colon.
 *
 * @param {number} seconds since 1970
 */
export function graphTime(seconds) {
	return new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "+0000");
}
