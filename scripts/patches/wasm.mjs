// The patches of the compiled WebAssembly, and the check that its imports leak nothing.
import { assertTimes, selectNames } from "./apply.mjs";

/** @typedef {import("./apply.mjs").Pattern} Pattern */

/**
 * An import that can throw. The number depends on the Rust code; wasm-bindgen-futures alone brings one.
 *
 * @type {Pattern}
 */
const CATCHING = {
	name: "imports that can throw",
	why: "An import that throws leaks a slot of the externref table: wasm-bindgen allocates the slot for the value that it did not return, and `take_last_exception()?` leaves before the slot is freed. An import that returns an `Option` passes a number, and needs no slot. https://docs.rs/wasm-bindgen-macro-support/0.2.130/src/wasm_bindgen_macro_support/codegen.rs.html",
	find: /^export function (\w+)\(\) \{ return handleError\(([\s\S]*?)^\}/gm,
	times: { atLeast: 1 },
};

/**
 * Imports that never throw, although wasm-bindgen catches what they throw.
 *
 * @type {Pattern[]}
 */
const SAFE = [
	{
		name: "AbortController",
		why: "The constructor takes no argument, and throws nothing.",
		find: /= new AbortController\(\);/,
		times: 1,
	},
	{
		name: "functions that settle a promise",
		why: "wasm-bindgen-futures calls them, and they throw nothing. clippy.toml keeps the Rust code from calling others in this way.",
		find: /= arg0\.call\(arg1, arg2\);/,
		times: 1,
	},
];

/**
 * Refuses an import that leaks a slot of the externref table each time it throws.
 *
 * @param {string} glue as wasm-bindgen wrote it
 * @param {Set<string>} references names of the imports that return a reference to a JavaScript value
 */
export function refuseLeaks(glue, references) {
	const catching = Array.from(
		glue.matchAll(CATCHING.find),
		([, name, body]) => ({ name, body }),
	);
	assertTimes([[CATCHING, catching.length]]);
	const safe = selectNames(
		catching.map(({ body }) => body),
		SAFE,
	);
	for (const { name, body } of catching)
		if (references.has(name) && !safe.has(body))
			throw new Error(
				`${name} must return an Option, or must not throw: ${body}`,
			);
}

/**
 * Functions that write the message of a panic, and all that format: our own code does not format. The build replaces their
 * bodies by a trap, which ends a panic as before, without a message that nobody sees.
 *
 * The numbers are lower bounds, about half of what is found today: which of these functions are compiled depends on which
 * of them the Rust code can reach, and an exact number would change with it. A pattern finds too few where another Rust toolchain
 * has renamed them.
 *
 * @type {Pattern[]}
 */
export const PANICS = [
	{
		name: "panics",
		why: "They report a panic. Rust's own option, panic=immediate-abort, is unstable and needs a standard library built for it. https://doc.rust-lang.org/cargo/reference/unstable.html#panic-immediate-abort",
		find: /panicking::(begin_)?panic|rust_panic|rust_begin_unwind/,
		times: { atLeast: 10 },
	},
	{
		name: "failed checks",
		why: "They write the message for a wrong borrow, index or size. wasm-bindgen-futures alone needs some.",
		find: /panic_already|panic_poisoned|slice_index_fail|handle_error$|assert_failed/,
		times: { atLeast: 3 },
	},
	{
		name: "formatting",
		why: "Only panics format.",
		find: /::fmt::|str::count::do_count_chars/,
		times: { atLeast: 7 },
	},
];

/**
 * Names of source files within the constants. Their number depends on the Rust code.
 *
 * @type {Pattern}
 */
const PLACES = {
	name: "names of source files",
	why: "Only the message of a panic contains them. Rust's own option, -Zlocation-detail, is unstable. https://doc.rust-lang.org/unstable-book/compiler-flags/location-detail.html",
	find: /(\/rustc\/|src\/|[\w-]+-\d+\.\d+\.\d+\/src\/)[\w/-]+\.rs/g,
	times: { atLeast: 10 },
};

/**
 * Blanks the names of source files, and the records of 16 bytes (address, length, line, column) that refer to them.
 *
 * @param {Uint8Array} bytes of the module
 * @param {{ data: Uint8Array, offset: number }[]} segments of its data, with their addresses
 */
export function forgetPlaces(bytes, segments) {
	let found = 0;
	for (const { data, offset } of segments)
		found += forgetPlacesIn(bytes, data, offset);
	assertTimes([[PLACES, found]]);
}

/**
 * @param {Uint8Array} bytes of the module
 * @param {Uint8Array} data of a segment within
 * @param {number} offset its address
 * @returns {number} the number of names in it
 */
function forgetPlacesIn(bytes, data, offset) {
	const start = Buffer.from(bytes).indexOf(data);
	const { buffer, byteOffset } = bytes;
	const view = new DataView(buffer, byteOffset + start, data.length);
	const text = Buffer.from(data).toString("latin1");
	/** @type {Map<number, number>} lengths of names, by their addresses */
	const names = new Map();
	for (const { 0: name, index } of text.matchAll(PLACES.find)) {
		names.set(offset + index, name.length);
		bytes.fill(0, start + index, start + index + name.length);
	}
	for (let at = 0; at + 16 <= data.length; at += 4) {
		const length = names.get(view.getUint32(at, true));
		if (length !== undefined && length === view.getUint32(at + 4, true))
			bytes.fill(0, start + at, start + at + 16);
	}
	return names.size;
}
