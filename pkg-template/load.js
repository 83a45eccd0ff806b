import * as glue from "../target/wasm/graph_inbox_bg.js";
import * as engine from "./engine.js";
import { InboxError } from "./host.js";

/** @typedef {typeof glue} Core the functions that Rust exports */
/** @typedef {BufferSource | WebAssembly.Module} Source */

/** @type {Core | undefined} */
let core;

/**
 * The Rust half, compiled at its first use: importing the package costs nothing but reading it, and there is no init
 * call. Synchronous, so that `createInbox` can check its options where it is called.
 *
 * @param {() => Source} source
 * @returns {Core}
 */
export function load(source) {
	core ??= start(source());
	return core;
}

/**
 * @param {Source} source
 * @returns {Core}
 */
function start(source) {
	// wasm-bindgen names engine.js by a path that changes with every version.
	const imports = new Proxy(
		{},
		{ get: (_, name) => (name === "./graph_inbox_bg.js" ? glue : engine) },
	);
	const instance = new WebAssembly.Instance(compiled(source), imports);
	const exports_ = /** @type {any} */ (instance.exports);
	glue.__wbg_set_wasm(exports_);
	exports_.__wbindgen_start();
	return glue;
}

/**
 * @param {Source} source
 * @returns {WebAssembly.Module}
 */
function compiled(source) {
	// Not asked with `instanceof WebAssembly.Module`: some edge runtimes hand out modules of another realm.
	if (
		!ArrayBuffer.isView(source) &&
		Object.prototype.toString.call(source) !== "[object ArrayBuffer]"
	) {
		return /** @type {WebAssembly.Module} */ (source);
	}
	try {
		return new WebAssembly.Module(/** @type {BufferSource} */ (source));
	} catch (error) {
		throw new InboxError(
			`WebAssembly could not be compiled here (${error instanceof Error ? error.message : error}). ` +
				"A page with a Content-Security-Policy needs script-src 'wasm-unsafe-eval'; " +
				"Cloudflare Workers need the `workerd` export condition or a compatibility date of 2025-06-01 or later.",
			{ kind: "unknown", retryable: false },
		);
	}
}

/**
 * The bytes that the build wrote into this file, as hexadecimal digits: they pack as well as the bytes themselves.
 *
 * @param {string} hex
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function decoded(hex) {
	const bytes = new Uint8Array(hex.length / 2);
	for (let index = 0; index < bytes.length; index++) {
		bytes[index] = digit(hex, index * 2) * 16 + digit(hex, index * 2 + 1);
	}
	return bytes;
}

/**
 * By hand, because it runs before the first call: `parseInt` takes ten times as long.
 *
 * @param {string} hex lower case
 * @param {number} index
 */
function digit(hex, index) {
	const code = hex.charCodeAt(index);
	return code < 58 ? code - 48 : code - 87;
}
