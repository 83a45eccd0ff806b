// What a walk remembers of the conversations that it has met, beside a Set of the same.
import assert from "node:assert/strict";
import { it } from "node:test";
import fc from "fast-check";
import { Seen } from "../../pkg-template/seen.js";

/** @param {string[]} added */
function agrees(added) {
	const seen = new Seen();
	const known = new Set();
	for (const id of added) {
		assert.equal(seen.add(id), !known.has(id), JSON.stringify(id));
		known.add(id);
	}
}

it("knows what it has met, whatever characters it is of", () => {
	const id = fc.oneof(
		fc.string({ unit: "binary" }),
		fc.string({ unit: fc.constantFrom("t", "_", "1", "\u{fe}", "\u{ff}") }),
		fc.constantFrom("", "\0", "\u{fe}", "\u{ff00}", "\ud83c", "\udf7c", "𝒳"),
	);
	fc.assert(
		fc.property(fc.array(id, { size: "large" }), (added) => agrees(added)),
	);
});

it("takes as many as there are, in any order", () => {
	const all = Array.from(
		{ length: 50_000 },
		(_, at) => `t_${10 ** 15 + 7 * at}`,
	);
	agrees([...all, ...all.toReversed()]);
});

it("starts anew when it is cleared", () => {
	const seen = new Seen();
	assert.ok(seen.add("t_1"));
	seen.clear();
	assert.ok(seen.add("t_1"));
	assert.ok(!seen.add("t_1"));
});

it("is not slowed down by a server that chooses the IDs", () => {
	/** One step of the hash, which everybody can read. */
	const step = (/** @type {number} */ hash, /** @type {string} */ text) => {
		for (let at = 0; at < text.length; at++)
			hash = Math.imul(hash ^ text.charCodeAt(at), 0x9e3779b1);
		return hash;
	};
	// Two blocks that come out alike, one pair after the other: any choice of them has the same hash.
	let state = 0;
	let all = [""];
	for (let block = 0; block < 14; block++) {
		/** @type {Map<number, string>} */
		const met = new Map();
		for (let number = 0; ; number++) {
			const text = number.toString(36).padStart(6, "0");
			const hash = step(state, text);
			const same = met.get(hash);
			met.set(hash, text);
			if (same === undefined) continue;
			all = all.flatMap((start) => [start + same, start + text]);
			state = hash;
			break;
		}
	}
	const seen = new Seen();
	const start = performance.now();
	for (const id of all) seen.add(id);
	const ms = performance.now() - start;
	assert.ok(ms < 1000, `${all.length} IDs took ${Math.round(ms)} ms`);
});
