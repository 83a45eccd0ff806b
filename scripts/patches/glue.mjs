// The patches of the JavaScript that wasm-bindgen generates (the glue), and the names of the exports it uses.
import { selectNames } from "./apply.mjs";

/** @typedef {import("../shrink.mjs").Names} Names */
/** @typedef {import("./apply.mjs").Patch} Patch */
/** @typedef {import("./apply.mjs").Pattern} Pattern */

/** The functions that lib.rs exports beside its classes. */
const FUNCTIONS = ["listOf", "metaOf", "threadOwnerOf"];

/** The export that frees an object of a class; there is one for each class. */
const FREE = /^__wbg_\w+_free$/;

/**
 * Exports that the glue does not use itself.
 *
 * @type {Pattern[]}
 */
const UNUSED = [
	{
		name: "start",
		why: "The loader calls it, after it has handed the exports to the glue.",
		find: /^__wbindgen_start$/,
		times: 1,
	},
	{
		name: "flags of an aborted instance",
		why: "The glue reads them only where panics unwind. https://docs.rs/wasm-bindgen/0.2.130/src/wasm_bindgen/rt/mod.rs.html",
		find: /^__(abort_handler|instance_terminated)$/,
		times: 2,
	},
];

/**
 * Exports that only the glue calls while a call of Rust is running: they stay unguarded, for the guard of that call sees
 * their traps, and they are called often.
 *
 * @type {Pattern[]}
 */
export const INNER = [
	{
		name: "allocator",
		why: "Copies strings.",
		find: /^__wbindgen_(malloc|realloc|free)$/,
		times: 3,
	},
	{
		name: "table of references",
		why: "Holds JavaScript values for Rust.",
		find: /^__externref_table_(alloc|dealloc)$|^__wbindgen_externrefs$/,
		times: 3,
	},
	{
		name: "store of exceptions",
		why: "Hands to Rust what JavaScript threw.",
		find: /^__wbindgen_exn_store$/,
		times: 1,
	},
	{
		name: "start and memory",
		why: "The loader calls the one before any call of Rust; the other is no function.",
		find: /^__wbindgen_start$|^memory$/,
		times: 2,
	},
];

/**
 * Exports that do not throw what a trap leaves: nobody would catch it, and an uncaught error ends a Node process.
 *
 * @type {Pattern[]}
 */
export const QUIET = [
	{
		name: "closures",
		why: "The engine calls them when a promise settles. Each signature of a closure in Rust has one.",
		find: /^wasm_bindgen__convert__closures/,
		times: { atLeast: 1 },
	},
	{
		name: "destructor of closures",
		why: "The engine calls it when it collects a closure.",
		find: /^__wbindgen_destroy_closure$/,
		times: 1,
	},
	{
		name: "destructors of classes",
		why: "The engine calls them when it collects an object. Each class in Rust has one.",
		find: FREE,
		times: { atLeast: 1 },
	},
	{
		name: "end of a walk",
		why: "list.js calls it as it leaves a loop, whose own error it would hide.",
		find: /^walk_end$/,
		times: 1,
	},
];

/**
 * The patches of the glue, in the order in which they apply.
 *
 * @param {Names} names
 * @returns {Patch[]}
 */
export function gluePatches({ imports, exports, constants: [start, end] }) {
	const shortOf = new Map(exports);
	const exported = exports.map(([name]) => name);
	const unused = selectNames(exported, UNUSED);
	const used = exported.filter((name) => !unused.has(name));
	const classes = exported.filter((name) => FREE.test(name)).length;
	const direct = imports.filter(([module]) => !module.endsWith("_bg.js"));
	const fromGlue = imports.length - direct.length;
	return [
		{
			name: "short names",
			why: "wasm-opt shortens the names of imports and exports. The glue uses each export at least once; how often depends on the Rust code.",
			find: new RegExp(`\\bwasm\\.(${used.join("|")})\\b`, "g"),
			replace: (_, name) => `wasm.${shortOf.get(name)}`,
			times: { atLeast: used.length },
		},
		{
			name: "constant strings are looked up",
			why: "A call of Rust names some thirty properties by strings that are constants of the wasm. Decoding them each time is most of the cost of crossing between Rust and JavaScript, and the engine has to intern each new string before it can be a property name. https://github.com/wasm-bindgen/wasm-bindgen/issues/1386",
			find: "return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));",
			replace: `const decode = () => decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
		return ptr >= ${start} && ptr < ${end} ? constant(ptr * 4096 + len, decode) : decode();`,
			times: 1,
		},
		{
			name: "constant strings are kept",
			why: "Defines the function that the patch before this one calls, after the last function of the glue, which is `__wbg_set_wasm`.",
			find: /^export function __wbg_set_wasm\(val\) \{\n {4}wasm = val;\n\}\n/gm,
			replace: (end) => `${end}
const constants = new Map();
function constant(place, decode) {
	let text = constants.get(place);
	if (text === undefined) constants.set(place, (text = decode()));
	return text;
}
`,
			times: 1,
		},
		{
			name: "no methods that free",
			why: "The package frees no object by hand: FinalizationRegistry does it. Each class has two such methods.",
			find: /^ {4}(__destroy_into_raw|free)\(\) \{$[\s\S]*?^ {4}\}$/gm,
			replace: "",
			times: 2 * classes,
		},
		{
			name: "no Symbol.dispose",
			why: "It would be another name of `free`. Each class has one.",
			find: /^if \(Symbol\.dispose\).*$/gm,
			replace: "",
			times: classes,
		},
		{
			name: "promises are known",
			why: "After a panic nothing settles the promises of wasm-bindgen-futures, so the guard of the instance makes them, and rejects them. https://github.com/wasm-bindgen/wasm-bindgen/issues/2724",
			find: "new Promise(",
			replace: "trapGuard.promise(",
			times: 1,
		},
		{
			name: "classes are not exported",
			why: "Inside of a function nothing can be exported.",
			find: /^export (?=class )/gm,
			replace: "",
			times: classes,
		},
		{
			name: "functions are not exported",
			why: "Inside of a function nothing can be exported. The glue exports each function that the wasm imports from it, those of lib.rs, and __wbg_set_wasm. The bound is a lower one because wasm-opt may remove an import, which the glue still exports.",
			find: /^export (?=function )/gm,
			replace: "",
			times: { atLeast: fromGlue + FUNCTIONS.length + 1 },
		},
		{
			name: "the module is a function",
			why: "The glue keeps its instance in variables of the module; after a trap another instance takes its place. The patch matches only where no other import or export is left. https://github.com/wasm-bindgen/wasm-bindgen/issues/4888",
			find: /^((?:import .*\n)+)(?![\s\S]*(?<=\n)(?:import|export)\b)([\s\S]*)$/g,
			replace: (_, imported, body) => `${imported}
		${importsOf(direct)}
		export function createGlue(trapGuard) { ${body}
			return [{ ${imports.map(([, name, short]) => `${short}: ${name}`)} },
				{ Client, List, ${FUNCTIONS} }, __wbg_set_wasm]; }`,
			times: 1,
		},
	];
}

/**
 * Returns import statements for the functions that the wasm imports from our own files directly.
 *
 * @param {Names["imports"]} direct
 */
function importsOf(direct) {
	const lines = direct.map(
		([module, name]) => `import { ${name} } from ${JSON.stringify(module)};`,
	);
	return lines.join("\n");
}
