import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { constants, deflateRawSync } from "node:zlib";
import { inflate } from "../../pkg-template/inflate.js";
import { at } from "../../scripts/tools.mjs";

/**
 * Bytes that are the same in every run.
 *
 * @param {number} length
 * @param {number} variety how many different ones
 */
function bytes(length, variety) {
	const digests = [];
	for (let index = 0; index * 32 < length; index++)
		digests.push(createHash("sha256").update(`${index} ${variety}`).digest());
	return Buffer.concat(digests)
		.subarray(0, length)
		.map((byte) => byte % variety);
}

const WASM = readFileSync(at("pkg/dist/graph_inbox.wasm"));
const SAMPLES = {
	nothing: Buffer.alloc(0),
	"one byte": Buffer.from([7]),
	zeros: Buffer.alloc(70_000),
	"a text": Buffer.from("conversation ".repeat(999)),
	"bytes that repeat from afar": Buffer.concat([
		bytes(32_768, 256),
		bytes(32_768, 256),
	]),
	"the WebAssembly": WASM,
	...Object.fromEntries(
		[2, 3, 17, 200, 256].map((variety) => [
			`${variety} different bytes`,
			bytes(50_000, variety),
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

describe("inflate", () => {
	for (const [name, sample] of Object.entries(SAMPLES)) {
		for (const [way, options] of Object.entries(WAYS)) {
			it(`gives back ${name}, deflated ${way}`, () => {
				const deflated = deflateRawSync(sample, options);
				const inflated = inflate(deflated, sample.length);
				assert.ok(Buffer.from(inflated).equals(sample));
			});
		}
	}

	it("gives back what the build deflated", () => {
		const deflated = readFileSync(at("target/wasm/deflated"));
		assert.ok(Buffer.from(inflate(deflated, WASM.length)).equals(WASM));
	});

	it("ends with an error where the input makes no sense", () => {
		assert.throws(() => inflate(new Uint8Array(40).fill(0xff), 10));
	});
});
