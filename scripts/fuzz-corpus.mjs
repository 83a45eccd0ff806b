// Unpacks the corpus of a fuzz target into files for libFuzzer, and packs what libFuzzer added.
import { isUtf8 } from "node:buffer";
import {
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { at, readJson } from "./tools.mjs";

/**
 * `seeds` are written by hand, and each has a name; `found` are the inputs that libFuzzer found, sorted.
 *
 * @typedef {{ seeds: Record<string, string>, found: string[] }} Corpus
 */

/** @param {string} target */
const fileOf = (target) => join("tests", "fuzz", "corpus", `${target}.json`);

/** @param {string} target */
const folderOf = (target) => at("target", "fuzz", "corpus", target);

/**
 * Writes each input of a target's corpus into a file of its own.
 *
 * @param {string} target
 * @returns {string} the folder of the files
 */
export function unpackCorpus(target) {
	/** @type {Corpus} */
	const { seeds, found } = readJson(fileOf(target));
	const folder = folderOf(target);
	// A folder of an earlier run may hold inputs that the corpus no longer has.
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const inputs = [...Object.values(seeds), ...found];
	for (const [index, input] of inputs.entries())
		writeFileSync(join(folder, String(index)), toBytes(input));
	return folder;
}

/**
 * Rewrites the corpus of a target from the files that `unpackCorpus` and libFuzzer wrote.
 *
 * @param {string} target
 */
export function packCorpus(target) {
	/** @type {Corpus} */
	const { seeds } = readJson(fileOf(target));
	const folder = folderOf(target);
	const inputs = new Set(
		readdirSync(folder).map((name) =>
			toInput(readFileSync(join(folder, name))),
		),
	);
	for (const seed of Object.values(seeds)) inputs.delete(seed);
	const corpus = { seeds, found: [...inputs].toSorted() };
	// Only ASCII, so that no character of an input is invisible or changes the direction of a line.
	const json = JSON.stringify(corpus, null, "\t").replace(
		/[\u007f-\uffff]/g,
		(unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
	);
	writeFileSync(at(fileOf(target)), `${json}\n`);
}

/** libFuzzer skips an empty file, and a target reads one byte that is not UTF-8 as an empty string. */
const EMPTY = Buffer.of(0xff);

/** @param {string} input */
const toBytes = (input) => (input === "" ? EMPTY : Buffer.from(input));

/**
 * @param {Buffer} bytes
 * @returns {string} the input as a target reads it: up to the first byte that is not UTF-8
 */
function toInput(bytes) {
	let end = bytes.length;
	while (!isUtf8(bytes.subarray(0, end))) end -= 1;
	return bytes.toString("utf8", 0, end);
}
