/**
 * `pages` is the memory that the packed bytes and everything made of them take, in pages of WebAssembly. `length` is the number
 * of bytes of the result. `hash` is the FNV-1a hash of the packed bytes.
 *
 * @typedef {{ pages: number, length: number, hash: number }} Sizes
 * @typedef {Uint8Array<ArrayBuffer>} Bytes
 */

/**
 * Unpacks bytes by `unpack.rs`.
 *
 * @param {string} program `unpack.rs`, compiled, in printable characters
 * @param {Bytes} packed
 * @param {Sizes} sizes
 * @returns {Bytes}
 * @throws where the engine refuses to compile the program, and where the bytes are not those that the build packed
 */
export function unpack(program, packed, sizes) {
	const module = new WebAssembly.Module(fromPrintable(program));
	return run(new WebAssembly.Instance(module), packed, sizes);
}

/**
 * Does what `unpack` does, without compiling on this thread.
 *
 * @param {string} program
 * @param {Bytes} packed
 * @param {Sizes} sizes
 * @returns {Promise<Bytes>}
 */
export async function unpackAhead(program, packed, sizes) {
	const { instance } = await WebAssembly.instantiate(fromPrintable(program));
	return run(instance, packed, sizes);
}

/**
 * Decodes what `printable` of scripts/pack-wasm.mjs encoded.
 *
 * @param {string} text
 */
function fromPrintable(text) {
	const bytes = [];
	let base = 0;
	for (let index = 0; index < text.length; index++) {
		const code = text.charCodeAt(index);
		if (code < 35) base = (code - 31) * 91;
		else {
			bytes.push(base + ((code - 8) % 91));
			base = 0;
		}
	}
	return new Uint8Array(bytes);
}

/**
 * @param {WebAssembly.Instance} instance of the program
 * @param {Bytes} packed
 * @param {Sizes} sizes
 * @returns {Bytes}
 */
function run(instance, packed, { pages, length, hash }) {
	const { memory, unpack } = /** @type {any} */ (instance.exports);
	const at = memory.grow(pages) << 16;
	new Uint8Array(memory.buffer).set(packed, at);
	let result;
	try {
		result = unpack(at, packed.length, hash);
	} catch {
		throw new Error("its bytes were changed: install graph-inbox again");
	}
	return new Uint8Array(memory.buffer, result, length);
}
