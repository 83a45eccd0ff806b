// Makes the WebAssembly small, in four steps that each keep what it does; and looks first that it gives back what it takes.
import { readFileSync, writeFileSync } from "node:fs";
import { at, product, run } from "./tools.mjs";

const COMPILED = `${product.wasm}/graph_inbox_bg.wasm`;
const GLUE = `${product.wasm}/graph_inbox_bg.js`;
export const WASM = `${product.wasm}/graph_inbox.wasm`;
export const DEFLATED = `${product.wasm}/deflated`;

/** @typedef {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][], constants: [start: number, end: number] }} Names */

/** @returns {Promise<Names>} what wasm and glue call each other by from here on */
export async function shrink() {
	await refuseLeaks();
	await silencePanics();
	await optimize();
	const names = await shortenNames();
	names.constants = await whereConstantsLie();
	await run(process.execPath, [
		at("scripts", "deflate.mjs"),
		at(WASM),
		at(DEFLATED),
	]);
	return names;
}

/** What never throws, although wasm-bindgen provides for it: the functions that settle a promise, for one. */
const SAFE = ["= new AbortController();", "= arg0.call(arg1, arg2);"];

/**
 * Where JavaScript throws instead of giving a value, wasm-bindgen 0.2 takes a place for the value all the same, and forgets
 * it. An `Option` of it is a number on its way, and takes none.
 */
async function refuseLeaks() {
	const { default: binaryen } = await import("binaryen");
	const module = binaryen.readBinary(readFileSync(at(COMPILED)));
	const glue = readFileSync(at(GLUE), "utf8");
	let count = 0;
	for (let index = 0; index < module.getNumFunctions(); index++) {
		const found = module.getFunctionByIndex(index);
		const { base, results } = binaryen.getFunctionInfo(found);
		const [, text] = glue.split(
			`export function ${base}() { return handleError(`,
		);
		if (!base || !text) continue;
		count++;
		const body = text.slice(0, text.indexOf("\n}"));
		if (results !== binaryen.externref) continue;
		if (SAFE.some((call) => body.includes(call))) continue;
		throw new Error(`${base} must give an Option, or not throw: ${body}`);
	}
	if (count === 0) throw new Error("the glue is not what it was");
	module.dispose();
}

/** What makes the text of a panic, and all formatting: none of our own code formats. */
const PANICS = [
	/panicking::panic|panic_with_hook|panic_const|rust_panic|begin_panic/,
	/panic_already|panic_poisoned|panic_bounds_check|rust_begin_unwind/,
	/slice_index_fail|handle_error$|assert_failed$/,
	/::fmt::|str::count::do_count_chars|FormatStringPayload|StaticStrPayload/,
];

/** A panic ends in a trap, as before, but not by way of a text that nobody is shown. */
async function silencePanics() {
	const { default: binaryen } = await import("binaryen");
	const module = binaryen.readBinary(readFileSync(at(COMPILED)));
	let count = 0;
	for (let index = 0; index < module.getNumFunctions(); index++) {
		const found = module.getFunctionByIndex(index);
		const { name, module: imported } = binaryen.getFunctionInfo(found);
		if (imported || !PANICS.some((pattern) => pattern.test(name))) continue;
		/** @type {any} */ (binaryen).Function.setBody(found, module.unreachable());
		count++;
	}
	if (count < 20) throw new Error(`only ${count} functions are about panics`);
	const bytes = module.emitBinary();
	// Not all that there is has a type.
	const segments = /** @type {any} */ (module);
	for (let index = 0; index < segments.getNumDataSegments(); index++) {
		const segment = segments.getDataSegmentByIndex(index);
		const { offset, data } = segments.getDataSegmentInfo(segment);
		forgetPlaces(bytes, new Uint8Array(data), offset);
	}
	writeFileSync(at(COMPILED), bytes);
	module.dispose();
}

/**
 * Where in the source a panic was is told by its text alone: blanks the names of files, and what refers to them, 16 bytes
 * each (address, length, line, column).
 *
 * @param {Uint8Array} bytes of the module
 * @param {Uint8Array} data of a segment within
 * @param {number} offset its address
 */
function forgetPlaces(bytes, data, offset) {
	const start = Buffer.from(bytes).indexOf(data);
	const { buffer, byteOffset } = bytes;
	const view = new DataView(buffer, byteOffset + start, data.length);
	const text = Buffer.from(data).toString("latin1");
	/** @type {Map<number, number>} lengths of names, by their addresses */
	const names = new Map();
	for (const { 0: name, index } of text.matchAll(
		/(\/rustc\/|src\/|[\w-]+-\d+\.\d+\.\d+\/src\/)[\w/-]+\.rs/g,
	)) {
		names.set(offset + index, name.length);
		bytes.fill(0, start + index, start + index + name.length);
	}
	for (let at = 0; at + 16 <= data.length; at += 4) {
		const length = names.get(view.getUint32(at, true));
		if (length !== undefined && length === view.getUint32(at + 4, true))
			bytes.fill(0, start + at, start + at + 16);
	}
}

/**
 * Below address 1024 there is only the end of the stack, which nothing comes near to. Small functions are inlined into
 * their only caller; large ones pack better apart. No feature is named: `--all-features` would emit what engines refuse.
 */
async function optimize() {
	await run("wasm-opt", [
		at(COMPILED),
		...["-Oz", "--converge", "--low-memory-unused"],
		"--one-caller-inline-max-function-size=20",
		...["--strip-debug", "--strip-producers"],
		...["-o", at(COMPILED)],
	]);
}

/**
 * What wasm and glue call each other by is long, ends in a hash, and is in both: a tenth of all that is downloaded.
 *
 * @returns {Promise<Names>}
 */
async function shortenNames() {
	const printed = await run(
		"wasm-opt",
		[
			at(COMPILED),
			"--minify-imports-and-exports-and-modules",
			...["-o", at(WASM)],
		],
		{ quiet: true },
	);
	return JSON.parse(printed.slice(printed.indexOf("{")));
}

/**
 * Between which addresses nothing changes: what the wasm holds there is read but once. The stack lies below, what is
 * allocated above.
 *
 * @returns {Promise<[number, number]>}
 */
async function whereConstantsLie() {
	const { default: binaryen } = await import("binaryen");
	/** @type {any} its types do not know of segments */
	const module = binaryen.readBinary(readFileSync(at(WASM)));
	/** @type {{ offset: number, data: ArrayBuffer }[]} */
	const segments = [];
	for (let index = 0; index < module.getNumDataSegments(); index++)
		segments.push(
			module.getDataSegmentInfo(module.getDataSegmentByIndex(index)),
		);
	const start = Math.min(...segments.map(({ offset }) => offset));
	const end = Math.max(
		...segments.map(({ offset, data }) => offset + data.byteLength),
	);
	module.dispose();
	return [start, end];
}
