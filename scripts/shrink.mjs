// Makes the WebAssembly small, in four steps that each keep what it does; and looks first that it gives back what it takes.
import { readFileSync, writeFileSync } from "node:fs";
import { selectNames } from "./patches/apply.mjs";
import { forgetPlaces, PANICS, refuseLeaks } from "./patches/wasm.mjs";
import { at, product, run } from "./tools.mjs";

const COMPILED = `${product.wasm}/graph_inbox_bg.wasm`;
const GLUE = `${product.wasm}/graph_inbox_bg.js`;
export const WASM = `${product.wasm}/graph_inbox.wasm`;

/** @typedef {{ imports: [module: string, name: string, short: string][], exports: [name: string, short: string][], constants: [start: number, end: number] }} Names */

/** @returns {Promise<Names>} what wasm and glue call each other by from here on */
export async function shrink() {
	await checkImports();
	await silencePanics();
	await optimize();
	const names = await shortenNames();
	names.constants = await whereConstantsLie();
	return names;
}

/** Reads the WebAssembly as wasm-bindgen wrote it, with the names of its functions. */
async function readCompiled() {
	const { default: binaryen } = await import("binaryen");
	const module = binaryen.readBinary(readFileSync(at(COMPILED)));
	const functions = Array.from(
		{ length: module.getNumFunctions() },
		(_, index) => {
			const found = module.getFunctionByIndex(index);
			return { found, ...binaryen.getFunctionInfo(found) };
		},
	);
	return { binaryen, module, functions };
}

/** Refuses imports that leak: see `refuseLeaks`. */
async function checkImports() {
	const { binaryen, module, functions } = await readCompiled();
	const references = functions.filter(
		({ results }) => results === binaryen.externref,
	);
	refuseLeaks(
		readFileSync(at(GLUE), "utf8"),
		new Set(references.map(({ base }) => String(base))),
	);
	module.dispose();
}

/** Removes what only writes the messages of panics: see `PANICS` and `forgetPlaces`. */
async function silencePanics() {
	const { binaryen, module, functions } = await readCompiled();
	const own = functions.filter(({ module: imported }) => !imported);
	const panics = selectNames(
		own.map(({ name }) => name),
		PANICS,
	);
	for (const { name, found } of own)
		if (panics.has(name))
			/** @type {any} */ (binaryen).Function.setBody(
				found,
				module.unreachable(),
			);
	const bytes = module.emitBinary();
	// Not all that there is has a type.
	const untyped = /** @type {any} */ (module);
	const segments = Array.from(
		{ length: untyped.getNumDataSegments() },
		(_, index) => {
			const segment = untyped.getDataSegmentByIndex(index);
			const { offset, data } = untyped.getDataSegmentInfo(segment);
			return { offset, data: new Uint8Array(data) };
		},
	);
	forgetPlaces(bytes, segments);
	writeFileSync(at(COMPILED), bytes);
	module.dispose();
}

/**
 * Below address 1024 there is only the end of the stack, which nothing comes near to. Small functions are inlined into
 * their only caller; large ones pack better apart. Fewer locals, and one alignment for all, which is a hint alone, are worth
 * 0.3 KiB after gzip. No feature is named: `--all-features` would emit what engines refuse.
 */
const OPTIMIZATIONS = [
	...["-Oz", "--low-memory-unused"],
	"--one-caller-inline-max-function-size=60",
	...["--coalesce-locals-learning", "--dealign"],
];

async function optimize() {
	await run("wasm-opt", [
		...[at(COMPILED), ...OPTIMIZATIONS, "--converge"],
		...["--strip-debug", "--strip-producers"],
		...["-o", at(COMPILED)],
	]);
}

/**
 * What wasm and glue call each other by is long, ends in a hash, and is in both: a tenth of all that is downloaded.
 * Optimised again, because wasm-opt otherwise writes longer code than it read: 0.2 KiB after gzip.
 *
 * @returns {Promise<Names>}
 */
async function shortenNames() {
	const printed = await run(
		"wasm-opt",
		[
			...[at(COMPILED), ...OPTIMIZATIONS],
			"--minify-imports-and-exports-and-modules",
			"--strip-target-features",
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
