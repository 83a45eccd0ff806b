/** @typedef {Uint8Array<ArrayBuffer>} Bytes */
/** @typedef {import("./load.js").WasmSource} WasmSource */

/**
 * Returns a source for WebAssembly that the build wrote into the entry.
 *
 * @param {() => Bytes} read
 * @param {() => Bytes | Promise<Bytes>} [readAhead] does what `read` does, without compiling on this thread
 * @returns {WasmSource}
 */
export function inlined(read, readAhead = read) {
	/** @type {WebAssembly.Module | undefined} */
	let early;
	const source = () => early ?? read();
	source.ahead = async () => early ?? readAhead();
	// Where a tool did not know the `workerd` condition: Workers compile bytes while they start, and never later.
	if (globalThis.navigator?.userAgent === "Cloudflare-Workers") {
		try {
			early = new WebAssembly.Module(read());
		} catch {
			// The first call tries again, and throws.
		}
	}
	return source;
}

/**
 * Decodes base64 before the first call. Uses the engine's own decoder where it has one: a loop that runs for the first time
 * takes ten times as long.
 *
 * @param {string} base64
 * @returns {Bytes}
 */
export function fromBase64(base64) {
	const given =
		/** @type {any} */ (Uint8Array).fromBase64?.(base64) ??
		globalThis.Buffer?.from(base64, "base64");
	if (given) return given;
	const text = atob(base64);
	const bytes = new Uint8Array(text.length);
	// By hand, because `Uint8Array.from` takes three times as long.
	for (let index = 0; index < bytes.length; index++)
		bytes[index] = text.charCodeAt(index);
	return bytes;
}
