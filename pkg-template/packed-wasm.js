import { fromBase64, inlined } from "./inlined-wasm.js";
import { unpack, unpackAhead } from "./unpack.js";

/**
 * Returns the source for packed WebAssembly, a third of its size: for browsers, which download it.
 *
 * @param {string} base64 of the packed bytes
 * @param {string} program see `unpack`
 * @param {import("./unpack.js").Sizes} sizes
 */
export function packedWasm(base64, program, sizes) {
	return inlined(
		() => unpack(program, fromBase64(base64), sizes),
		() => unpackAhead(program, fromBase64(base64), sizes),
	);
}
