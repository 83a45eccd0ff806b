import { connect } from "wasm:glue";
import { InboxError } from "./errors.js";

/** @typedef {ArrayBuffer | ArrayBufferView | WebAssembly.Module} Source */
/** @typedef {(() => Source) & { ahead?: () => Promise<Source> }} WasmSource where an entry point has its wasm; `ahead` leaves compiling to the engine */

/** @type {import("wasm:glue").Core | undefined} */
let core;
/** @type {WebAssembly.Module | undefined} kept for the case that an instance fails */
let compiled;

/**
 * The Rust half, compiled at its first use: importing the package costs nothing but reading it, and there is no init
 * call. Synchronous, so that `createInbox` can check its options where it is called.
 *
 * @param {WasmSource} source
 */
export function load(source) {
	if (core && isAlive(core)) return core;
	const { imports, link } = connect();
	try {
		const given = compiled ?? source();
		const module = isBytes(given) ? new WebAssembly.Module(given) : given;
		// Also an instance is refused by policies: WebKit compiles whatever it is given.
		const { exports } = new WebAssembly.Instance(module, imports);
		compiled = module;
		core = link(exports);
		return core;
	} catch (error) {
		throw refused(error);
	}
}

/**
 * The same ahead of the first use, and without holding a page up: the engine compiles beside it.
 *
 * @param {WasmSource} source
 */
export async function preload(source) {
	if (core) return;
	try {
		const given = await (source.ahead ?? source)();
		const module = isBytes(given) ? await WebAssembly.compile(given) : given;
		const { imports, link } = connect();
		const { exports } = await WebAssembly.instantiate(module, imports);
		compiled = module;
		core ??= link(exports);
	} catch (error) {
		throw refused(error);
	}
}

/** @param {import("wasm:glue").Core} core */
export function isAlive(core) {
	return !core.trapGuard.hasFailed;
}

/** @param {unknown} error */
function refused(error) {
	if (error instanceof InboxError) return error;
	return new InboxError(
		`WebAssembly could not be compiled here (${error instanceof Error ? error.message : error}). ` +
			"A page with a Content-Security-Policy needs script-src 'wasm-unsafe-eval'; " +
			"Cloudflare Workers need the `workerd` export condition or a compatibility date of 2025-06-01 or later.",
		{ kind: "unknown", retryable: false },
	);
}

/**
 * Not asked with `instanceof WebAssembly.Module`: some edge runtimes hand out modules of another realm.
 *
 * @param {Source} source
 * @returns {source is BufferSource}
 */
function isBytes(source) {
	return (
		ArrayBuffer.isView(source) ||
		Object.prototype.toString.call(source) === "[object ArrayBuffer]"
	);
}
