/**
 * `unpacker` and `length` are numbers of bytes: of the program, and of the result. `pages` is the memory that the packed
 * bytes and everything made of them take.
 *
 * @typedef {{ unpacker: number, pages: number, length: number }} Sizes
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/**
 * Runs the program that the packed bytes begin with, `unpack.rs`, on the rest of them.
 *
 * @param {Bytes} bytes
 * @param {Sizes} sizes
 * @returns {Bytes}
 */
export function unpack(bytes, sizes) {
	const module = new WebAssembly.Module(bytes.subarray(0, sizes.unpacker));
	return run(new WebAssembly.Instance(module), bytes, sizes);
}

/**
 * Does the same without compiling on this thread.
 *
 * @param {Bytes} bytes
 * @param {Sizes} sizes
 * @returns {Promise<Bytes>}
 */
export async function unpackAhead(bytes, sizes) {
	const program = bytes.subarray(0, sizes.unpacker);
	return run((await WebAssembly.instantiate(program)).instance, bytes, sizes);
}

/**
 * @param {WebAssembly.Instance} instance of the program
 * @param {Bytes} bytes
 * @param {Sizes} sizes
 * @returns {Bytes}
 */
function run(instance, bytes, { unpacker, pages, length }) {
	const { memory, unpack } = /** @type {any} */ (instance.exports);
	const packed = bytes.subarray(unpacker);
	const at = memory.grow(pages) << 16;
	new Uint8Array(memory.buffer).set(packed, at);
	return new Uint8Array(memory.buffer, unpack(at, packed.length), length);
}
