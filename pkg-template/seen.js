/** Which conversations a walk has met. This file imports nothing: wasm-bindgen copies it alone. */

/** Ends an ID; nothing within one is written so. */
const LAST = 0xfe;
/** Begins a character beyond ASCII, which no ID of Graph's has; it goes on by seven bits each. */
const WIDE = 0xff;

/**
 * IDs, each once, byte by byte in one piece of memory: 25 bytes for each, where a `Set` of strings takes a hundred and is
 * gone through again and again by the engine's collector.
 */
export class Seen {
	#bytes = new Uint8Array();
	#end = 0;
	/** Where IDs begin in the bytes, plus 1; 0 is a free place. Each stands at its hash, or next to it. */
	#places = new Uint32Array();
	#count = 0;
	/** Where hashes begin: nobody who chooses IDs knows which of them meet. */
	#seed = Math.random() * 2 ** 32;

	/**
	 * @param {string} id
	 * @returns {boolean} whether it was not there yet
	 */
	add(id) {
		this.#makeRoom(4 * id.length + 1);
		const bytes = this.#bytes;
		let end = this.#end;
		for (let index = 0; index < id.length; index++) {
			const code = id.charCodeAt(index);
			if (code > 0x7f) {
				bytes[end++] = WIDE;
				bytes[end++] = code >> 14;
				bytes[end++] = (code >> 7) & 0x7f;
			}
			bytes[end++] = code & 0x7f;
		}
		bytes[end++] = LAST;
		const place = this.#placeOf(this.#end);
		if (this.#places[place] > 0) return false;
		this.#places[place] = this.#end + 1;
		this.#count++;
		this.#end = end;
		return true;
	}

	clear() {
		this.#bytes = new Uint8Array();
		this.#places = new Uint32Array();
		this.#end = this.#count = 0;
	}

	/** @param {number} length of what is to be added */
	#makeRoom(length) {
		if (this.#end + length > this.#bytes.length) {
			const wider = new Uint8Array(2 * (this.#end + length));
			wider.set(this.#bytes);
			this.#bytes = wider;
		}
		if (2 * this.#count >= this.#places.length) {
			this.#places = new Uint32Array(this.#places.length * 2 || 256);
			for (let start = 0; start < this.#end; ) {
				this.#places[this.#placeOf(start)] = start + 1;
				start = this.#bytes.indexOf(LAST, start) + 1;
			}
		}
	}

	/**
	 * @param {number} start of an ID in the bytes
	 * @returns {number} the place of the same ID, or a free one for it
	 */
	#placeOf(start) {
		const bytes = this.#bytes;
		const places = this.#places;
		let hash = this.#seed;
		for (let at = start; bytes[at] !== LAST; at++)
			hash = Math.imul(hash ^ bytes[at], 0x9e3779b1);
		const last = places.length - 1;
		// A multiplication carries upwards alone: what is above makes what is below better.
		let place = (hash ^ (hash >>> 16)) & last;
		for (; ; place = (place + 1) & last) {
			const known = places[place];
			if (known === 0) return place;
			let length = 0;
			while (bytes[known - 1 + length] === bytes[start + length]) {
				if (bytes[start + length] === LAST) return place;
				length++;
			}
		}
	}
}
