// Packs the WebAssembly for the entry that has it inside: splits it into streams, deflates them, and puts the program in
// front that undoes both.
import { readFileSync, writeFileSync } from "node:fs";
import { unpack } from "../pkg-template/unpack.js";
import { splitWasm } from "./split-wasm.mjs";
import { at, product, run } from "./tools.mjs";

/** @typedef {import("../pkg-template/unpack.js").Sizes & { bytes: Buffer<ArrayBuffer> }} Packed */

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
	const unpacker = readFileSync(at(UNPACKER));
	const packed = joined(unpacker, deflated, split.length, wasm.length);
	if (!wasm.equals(unpack(packed.bytes, packed)))
		throw new Error(`unpacking ${DEFLATED} does not give ${path} again`);
	return packed;
}

/**
 * @param {Uint8Array} unpacker
 * @param {Uint8Array} deflated
 * @param {number} split the number of bytes that it inflates to
 * @param {number} length the number of bytes that they join to
 * @returns {Packed}
 */
export function joined(unpacker, deflated, split, length) {
	return {
		bytes: Buffer.concat([unpacker, deflated]),
		unpacker: unpacker.length,
		pages: Math.ceil((deflated.length + split + length) / PAGE),
		length,
	};
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
	await run("wasm-opt", [
		...[at(UNPACKER), "-Oz", "--converge", "--enable-bulk-memory"],
		...["--strip-debug", "--strip-producers", "--strip-target-features"],
		...["-o", at(UNPACKER)],
	]);
}
