import { fromBase64, inlined } from "./inlined-wasm.js";

/**
 * Returns the source for WebAssembly as it is: for Node, which reads the entry from a disk and would spend milliseconds on
 * unpacking. It has no hash: an engine refuses damaged WebAssembly when it compiles it.
 *
 * @param {string} base64 of the WebAssembly
 */
export function rawWasm(base64) {
	return inlined(() => fromBase64(base64));
}
