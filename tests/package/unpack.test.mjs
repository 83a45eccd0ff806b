// What the default entry does before its first call: it inflates its WebAssembly, and joins it from streams.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { unpack } from "../../pkg-template/unpack.js";
import { printable, sizesOf } from "../../scripts/pack-wasm.mjs";
import { splitWasm } from "../../scripts/split-wasm.mjs";
import { at } from "../../scripts/tools.mjs";

const WASM = readFileSync(at("pkg/dist/graph_inbox.wasm"));
const PROGRAM = printable(readFileSync(at("target/wasm/unpacker.wasm")));

/**
 * Splits, deflates and unpacks bytes, and compares the result.
 *
 * @param {Uint8Array} bytes
 * @param {import("node:zlib").ZlibOptions} [options]
 * @returns {number} how many functions were not split
 */
function assertComesBack(bytes, options) {
	const { split, whole } = splitWasm(bytes);
	const deflated = deflateRawSync(split, options);
	const sizes = sizesOf(bytes, split, deflated);
	const unpacked = unpack(PROGRAM, Uint8Array.from(deflated), sizes);
	assert.ok(Buffer.from(unpacked).equals(bytes), "other bytes came back");
	return whole;
}

/**
 * Returns bytes that are the same in every run.
 *
 * @param {number} length
 * @param {number} variety how many different ones
 */
function sample(length, variety) {
	const digests = [];
	for (let index = 0; index * 32 < length; index++)
		digests.push(createHash("sha256").update(`${index} ${variety}`).digest());
	return Buffer.concat(digests)
		.subarray(0, length)
		.map((byte) => byte % variety);
}

const SAMPLES = {
	nothing: Buffer.alloc(0),
	"one byte": Buffer.from([7]),
	zeros: Buffer.alloc(70_000),
	"a string": Buffer.from("conversation ".repeat(999)),
	"bytes that repeat from afar": Buffer.concat([
		sample(32_700, 256),
		sample(32_700, 256),
	]),
	"the WebAssembly": WASM,
	...Object.fromEntries(
		[2, 3, 17, 200, 256].map((variety) => [
			`${variety} different bytes`,
			sample(50_000, variety),
		]),
	),
};

const WAYS = {
	stored: { level: 0 },
	"with fixed codes": { strategy: constants.Z_FIXED },
	"with codes of its own": { level: 9 },
	"without repeats": { strategy: constants.Z_HUFFMAN_ONLY },
	"with runs alone": { strategy: constants.Z_RLE },
};

describe("inflating", () => {
	for (const [name, bytes] of Object.entries(SAMPLES))
		for (const [way, options] of Object.entries(WAYS))
			it(`returns ${name}, deflated ${way}`, () => {
				assertComesBack(bytes, options);
			});
});

/** @param {number} value */
const leb = (value, padding = 0) => {
	const bytes = [];
	for (let left = value; left > 127; left = Math.floor(left / 128))
		bytes.push((left % 128) | 128);
	bytes.push(Math.floor(value / 128 ** bytes.length));
	for (let more = padding; more > 0; more--) {
		bytes[bytes.length - 1] |= 128;
		bytes.push(0);
	}
	return bytes;
};

/** A module whose code section has these functions, each with its size. @param {number[][]} functions */
const moduleOf = (functions) => {
	const code = [...leb(functions.length), ...functions.flat()];
	const magic = [0, 97, 115, 109, 1, 0, 0, 0];
	const data = [11, 3, 1, 1, 0];
	return Uint8Array.from([...magic, 10, ...leb(code.length), ...code, ...data]);
};
/** @param {number[]} body */
const sized = (body) => [...leb(body.length), ...body];

/** @param {[number, number][]} ranges of opcodes */
const opcodes = (...ranges) =>
	fc.oneof(...ranges.map(([min, max]) => fc.integer({ min, max })));
/** Arbitrary bytes one after the other. @param {fc.Arbitrary<number | number[]>[]} parts */
const sequence = (...parts) => fc.tuple(...parts).map((all) => all.flat());
const small = fc.nat({ max: 3 });
const number = fc
	.tuple(fc.nat(), fc.nat({ max: 2 }))
	.map(([value, padding]) => leb(value, padding));
const bytes = (/** @type {number} */ length) =>
	fc.array(fc.nat({ max: 255 }), { minLength: length, maxLength: length });

const instruction = fc.oneof(
	opcodes([0, 1], [5, 5], [15, 15], [26, 27], [69, 90], [106, 120]),
	sequence(opcodes([2, 4], [35, 38], [63, 64]), small),
	sequence(opcodes([12, 13], [16, 16], [32, 34], [65, 66]), number),
	sequence(opcodes([40, 62]), small, number),
	sequence(fc.constant(17), small, small),
	fc
		.array(number, { minLength: 1, maxLength: 9 })
		.map((labels) => [14, ...leb(labels.length - 1), ...labels.flat()]),
	sequence(fc.constant(67), bytes(4)),
	sequence(fc.constant(68), bytes(8)),
	sequence(fc.constant(252), opcodes([0, 7])),
	sequence(fc.constant(252), fc.constantFrom(8, 10, 12, 14), small, small),
	sequence(fc.constant(252), fc.constantFrom(9, 11, 13, 15, 16, 17), small),
	fc.constantFrom([208, 112], [209], [210, 5]),
);
const locals = fc
	.array(sequence(number, opcodes([123, 127])), { maxLength: 4 })
	.map((groups) => [groups.length, ...groups.flat()]);
const body = fc
	.tuple(locals, fc.array(instruction, { maxLength: 30, size: "max" }))
	.map(([before, all]) => [...before, ...all.flat(), 11]);
/** Few enough for 256 symbols. */
const known = fc.array(body.map(sized), { maxLength: 2, size: "max" });

describe("joining", () => {
	it("returns the WebAssembly of the package, and has split each of its functions", () => {
		assert.equal(assertComesBack(WASM), 0);
	});

	it("returns functions of any instructions it knows", () => {
		fc.assert(
			fc.property(known, (functions) => {
				assert.equal(assertComesBack(moduleOf(functions)), 0);
			}),
		);
	});

	it("returns functions with something unknown among others", () => {
		const strange = fc.oneof(
			// Opcodes of exceptions and of vectors.
			body.map((known) => sized([...known, 6, 64, 11])),
			body.map((known) => sized([...known, 253, 12, 11])),
			// A size with more bytes than it needs, no end, a jump table or locals without end, nothing.
			body.map((known) => [...leb(known.length, 1), ...known]),
			body.map((known) => sized([...known, 1])),
			body.map((known) => sized([...known, 14, 255, 255, 3, 11])),
			fc.constantFrom(sized([255, 1, 11]), sized([9, 11]), sized([])),
			// An alignment of more bytes than a symbol can have.
			body.map((known) => sized([...known, 40, ...leb(2, 6), 0, 11])),
		);
		fc.assert(
			fc.property(known, strange, known, (before, strange, after) => {
				const functions = [...before, strange, ...after];
				assert.equal(assertComesBack(moduleOf(functions)), 1);
			}),
		);
	});

	it("returns functions of any bytes", () => {
		const random = fc.uint8Array({ maxLength: 300 }).map((all) => [...all]);
		fc.assert(
			fc.property(fc.array(random), (bodies) => {
				assertComesBack(moduleOf(bodies.map(sized)));
			}),
		);
	});

	it("returns functions whose sizes take one to three bytes", () => {
		const sizes = [2, 127, 128, 16_383, 16_384, 70_000];
		const functions = sizes.map((size) =>
			sized([0, ...Array(size - 2).fill(1), 11]),
		);
		assert.equal(assertComesBack(moduleOf(functions)), 0);
	});

	it("returns functions that are too many different ones for 256 symbols", () => {
		const functions = Array.from({ length: 300 }, (_, type) =>
			sized([0, 2, ...leb(type), 65, ...leb(type), 26, 11, 11]),
		);
		const whole = assertComesBack(moduleOf(functions));
		assert.ok(whole > 0 && whole < functions.length, `${whole}`);
	});

	it("returns a module whose functions are longer than its code section", () => {
		const module = moduleOf([sized([0, 11])]);
		module[9]--;
		assertComesBack(module);
	});

	it("returns what is no module, or not all of one", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
				assertComesBack(bytes);
			}),
		);
		fc.assert(
			fc.property(known, fc.nat(), (functions, end) => {
				const module = moduleOf(functions);
				assertComesBack(module.subarray(0, end % module.length));
			}),
		);
	});
});

describe("changed bytes", () => {
	const deflated = readFileSync(at("target/wasm/deflated"));
	const sizes = sizesOf(WASM, readFileSync(at("target/wasm/split")), deflated);
	const assertRefused = (/** @type {Uint8Array<ArrayBuffer>} */ packed) =>
		assert.throws(
			() => unpack(PROGRAM, packed, sizes),
			/^Error: its bytes were changed/,
		);

	it("are none in what the build packed", () => {
		const unpacked = unpack(PROGRAM, Uint8Array.from(deflated), sizes);
		assert.ok(Buffer.from(unpacked).equals(WASM));
	});

	it("end in an error that says so, wherever they are", () => {
		fc.assert(
			fc.property(
				fc.nat({ max: deflated.length - 1 }),
				fc.integer({ min: 1, max: 255 }),
				(index, change) => {
					const packed = Uint8Array.from(deflated);
					packed[index] ^= change;
					assertRefused(packed);
				},
			),
		);
	});

	it("end in an error that says so where the end is missing", () => {
		fc.assert(
			fc.property(fc.nat({ max: deflated.length - 1 }), (length) => {
				assertRefused(Uint8Array.from(deflated).subarray(0, length));
			}),
		);
	});

	it("end in an error that says so where all of them are others", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => {
				assertRefused(Uint8Array.from(bytes));
			}),
		);
	});
});
