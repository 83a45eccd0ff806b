// Packs the WebAssembly for the entry that has it inside: splits it into streams and deflates them. Compiles the program that
// undoes both.
import { readFileSync, writeFileSync } from "node:fs";
import { unpack } from "../pkg-template/unpack.js";
import { splitWasm } from "./split-wasm.mjs";
import { at, product, run } from "./tools.mjs";

/** @typedef {import("../pkg-template/unpack.js").Sizes & { packed: Buffer<ArrayBuffer>, program: string }} Packed */

const PAGE = 1 << 16;
const UNPACKER = `${product.wasm}/unpacker.wasm`;
const SPLIT = `${product.wasm}/split`;
const DEFLATED = `${product.wasm}/deflated`;

/**
 * @param {string} path of the WebAssembly
 * @returns {Promise<Packed>}
 */
export async function packWasm(path) {
	const wasm = readFileSync(path);
	const { split, whole } = splitWasm(wasm);
	if (whole > 0)
		console.warn(`${whole} functions cannot be split: see wasm-tokens.mjs`);
	writeFileSync(at(SPLIT), split);
	await run(process.execPath, [
		at("scripts", "deflate.mjs"),
		...[at(SPLIT), at(DEFLATED)],
	]);
	const deflated = readFileSync(at(DEFLATED));
	await compileUnpacker();
	const all = {
		packed: Buffer.from(deflated),
		program: printable(readFileSync(at(UNPACKER))),
		...sizesOf(wasm, split, deflated),
	};
	if (!wasm.equals(unpack(all.program, all.packed, all)))
		throw new Error(`unpacking ${DEFLATED} does not give ${path} again`);
	return all;
}

/**
 * Encodes bytes as characters that need no escape in a JavaScript string, except for the backslash. gzip makes the string as small as
 * the bytes, which it does with neither base64 nor hexadecimal digits.
 *
 * A byte below 91 is a character from `#` to `}`; a space in front adds 91, and a `!` adds 182. The 64 moves frequent bytes to
 * characters that are frequent in code.
 *
 * @param {Uint8Array} bytes
 */
export function printable(bytes) {
	return Array.from(bytes, (byte) => {
		const prefix = ["", " ", "!"][Math.floor(byte / 91)];
		return prefix + String.fromCharCode(35 + (((byte % 91) + 64) % 91));
	}).join("");
}

/**
 * Returns what `unpack` needs to know.
 *
 * @param {Uint8Array} bytes
 * @param {Uint8Array} split those bytes, split into streams
 * @param {Uint8Array} deflated the streams, deflated
 * @returns {import("../pkg-template/unpack.js").Sizes}
 */
export function sizesOf(bytes, split, deflated) {
	const { length } = bytes;
	const all = deflated.length + split.length + length;
	return { pages: Math.ceil(all / PAGE), length, hash: hashOf(deflated) };
}

/** @param {Uint8Array} bytes */
function hashOf(bytes) {
	let hash = 0x811c9dc5;
	for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
	return hash;
}

/** Compiles unpack.rs, which is no part of the crate: a file without a standard library, and nearly without a stack. */
async function compileUnpacker() {
	await run("rustc", [
		...["--edition", "2024", "--crate-type", "cdylib"],
		...["--target", "wasm32-unknown-unknown"],
		...["-C", "opt-level=z", "-C", "panic=abort", "-C", "strip=symbols"],
		...["-C", "lto=fat", "-C", "codegen-units=1"],
		...["-C", "target-feature=+bulk-memory", "-C", "link-arg=-zstack-size=16"],
		...[at("pkg-template", "unpack.rs"), "-o", at(UNPACKER)],
	]);
	const { default: binaryen } = await import("binaryen");
	const module = binaryen.readBinary(readFileSync(at(UNPACKER)));
	for (const name of ["__data_end", "__heap_base"]) module.removeExport(name);
	writeFileSync(at(UNPACKER), module.emitBinary());
	module.dispose();
	// Branches that are computed anew from a flat form are smaller than those of LLVM.
	await run("wasm-opt", [
		...[at(UNPACKER), "--enable-bulk-memory", "--flatten", "--rereloop"],
		...["-Oz", "--converge"],
		...["--strip-debug", "--strip-producers", "--strip-target-features"],
		...["-o", at(UNPACKER)],
	]);
}
