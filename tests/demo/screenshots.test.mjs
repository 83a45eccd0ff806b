import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { test } from "node:test";
import { takeScreenshots } from "../../scripts/screenshots.mjs";
import { at } from "../../scripts/tools.mjs";

test("the pictures of the README can be taken again, at their sizes", async () => {
	const taken = await takeScreenshots(at("target", "screenshots"));
	assert.deepEqual(
		taken.map((path) => basename(path)).toSorted(),
		readdirSync(at("www", "screenshots")).toSorted(),
	);
	for (const path of taken) {
		const kept = at("www", "screenshots", basename(path));
		assert.deepEqual(sizeOf(path), sizeOf(kept));
		// One colour all over packs into a few KB.
		for (const file of [path, kept]) assert.ok(statSync(file).size > 20_000);
	}
});

/** @param {string} path of a PNG, which tells its size in its first bytes */
function sizeOf(path) {
	const start = readFileSync(path);
	return [start.readUInt32BE(16), start.readUInt32BE(20)];
}
