/**
 * `unpacker` and `length` are numbers of bytes: of the program, and of the result. `pages` is the memory that the packed
 * bytes and everything made of them take.
 *
 * @typedef {{ unpacker: number, pages: number, length: number }} Sizes
 */

/**
 * Runs the program that the packed bytes begin with, `unpack.rs`, on the rest of them.
 *
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {Sizes} sizes
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function unpack(bytes, { unpacker, pages, length }) {
	const module = new WebAssembly.Module(bytes.subarray(0, unpacker));
	const instance = new WebAssembly.Instance(module);
	const { memory, unpack } = /** @type {any} */ (instance.exports);
	const packed = bytes.subarray(unpacker);
	const at = memory.grow(pages) << 16;
	new Uint8Array(memory.buffer).set(packed, at);
	return new Uint8Array(memory.buffer, unpack(at, packed.length), length);
}
