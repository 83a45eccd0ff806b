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

/** The functions that the patches call. */
const HELPERS = `
function storeError(error) {
	wasm.__wbindgen_exn_store(addToExternrefTable0(error));
}
function storeSlice(place, ptr) {
	const view = getDataViewMemory0();
	view.setInt32(place >>> 0, ptr, true);
	view.setInt32((place >>> 0) + 4, WASM_VECTOR_LEN, true);
}
function finalizer(free) {
	return typeof FinalizationRegistry === "undefined"
		? { register() {}, unregister() {} }
		: new FinalizationRegistry(free);
}
function wrap(type, registry, ptr) {
	const object = Object.create(type.prototype);
	object.__wbg_ptr = ptr;
	registry.register(object, ptr);
	return object;
}
function callerOf(state, shim) {
	return (...args) => {
		const { a, b } = state;
		state.a = 0;
		try {
			return shim(a, b, ...args);
		} finally {
			state.a = a;
		}
	};
}
`;

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
	return [
		{
			name: "arrays of the memory are made anew",
			why: "Each kept array would have a variable, and a comparison with the memory, which may have grown. Making one takes as long. Which kinds there are depends on the Rust code.",
			find: /^let cached(\w+Array)Memory0 = null;\nfunction get\1Memory0\(\) \{\n[\s\S]*?^\}/gm,
			replace: (_, type) =>
				`const get${type}Memory0 = () => new ${type}(wasm.memory.buffer);`,
			times: { atLeast: 1 },
		},
		{
			name: "the view of the memory is kept",
			why: "Making one takes three times as long as looking whether the memory is the same. Not every engine can say whether a buffer is detached.",
			find: /^let cachedDataViewMemory0 = null;\nfunction getDataViewMemory0\(\) \{\n[\s\S]*?^\}/gm,
			replace: `let dataView;
const getDataViewMemory0 = () =>
	dataView?.buffer === wasm.memory.buffer
		? dataView
		: (dataView = new DataView(wasm.memory.buffer));`,
			times: 1,
		},
		{
			name: "constant strings are kept",
			why: "A call of Rust names some thirty properties by strings that are constants of the wasm. Decoding them each time is most of the cost of crossing between Rust and JavaScript, and the engine has to intern each new string before it can be a property name. https://github.com/wasm-bindgen/wasm-bindgen/issues/1386",
			find: /^function getStringFromWasm0\(ptr, len\) \{\n[\s\S]*?^\}/gm,
			replace: `const constants = new Map();
function getStringFromWasm0(ptr, len) {
	ptr >>>= 0;
	const place = ptr * 4096 + len;
	let text = constants.get(place);
	if (text === undefined) {
		text = decodeText(new Uint8Array(wasm.memory.buffer, ptr, len));
		if (ptr >= ${start} && ptr < ${end}) constants.set(place, text);
	}
	return text;
}`,
			times: 1,
		},
		{
			name: "the decoder is made at its first use",
			why: "decodeText makes one itself whenever it has decoded as many bytes as Safari can with one.",
			find: /^let cachedTextDecoder = .*\ncachedTextDecoder\.decode\(\);\n(const MAX_SAFARI_DECODE_BYTES = .*\nlet numBytesDecoded = )0;/gm,
			replace: (_, counted) =>
				`let cachedTextDecoder;\n${counted}MAX_SAFARI_DECODE_BYTES;`,
			times: 1,
		},
		{
			name: "every encoder has encodeInto",
			why: "Also the one in text-encoding.js.",
			find: /^if \(!\('encodeInto' in cachedTextEncoder\)\) \{\n[\s\S]*?^\}/gm,
			replace: "",
			times: 1,
		},
		{
			name: "strings are encoded in one way",
			why: "Without a function that reallocates, the glue has another way, which nothing uses.",
			find: /^function passStringToWasm0\(arg, malloc, realloc\) \{\n {4}if \(realloc === undefined\) \{\n[\s\S]*?^ {4}\}/gm,
			replace: `function passStringToWasm0(arg) {
	const malloc = wasm.__wbindgen_malloc;
	const realloc = wasm.__wbindgen_realloc;`,
			times: 1,
		},
		{
			name: "strings are passed alone",
			why: "The patch before this one takes the functions of the allocator from the wasm. How many strings are passed depends on the Rust code.",
			find: /(?<=passStringToWasm0\(\w+), wasm\.\w+, wasm\.\w+/g,
			replace: "",
			times: { atLeast: 1 },
		},
		{
			name: "strings for a closure are not freed",
			why: "Passing a string throws only where the instance fails, after which nothing is freed.",
			find: /(let ptr0, .*;\n)\s+try \{\n([\s\S]*?)\n\s+\} catch \(e\) \{\n[\s\S]*?^ {4}\}$/gm,
			replace: (_, declared, passed) => declared + passed,
			times: { atLeast: 1 },
		},
		{
			name: "addresses and lengths are stored by a function",
			why: "Each import that returns a string or an array would store both. How many there are depends on the Rust code.",
			find: /(?:const|var) ptr1 = (.*);\n.* len1 = WASM_VECTOR_LEN;\n.* len1, true\);\n.* ptr1, true\);/g,
			replace: (_, ptr) => `storeSlice(arg0, ${ptr});`,
			times: { atLeast: 1 },
		},
		{
			name: "imports that can throw",
			why: "An arrow function, as which the next patches write all imports, has no `arguments`. Their number depends on the Rust code.",
			find: /^(export function \w+)\(\) \{ return handleError\(function (.*) \{\n([\s\S]*?)^\}, arguments\); \}$/gm,
			replace: (_, start, parameters, body) =>
				`${start}${parameters} {\ntry {\n${body}} catch (e) { storeError(e); }\n}`,
			times: { atLeast: 1 },
		},
		{
			name: "Rust closures are called by a function",
			why: "Each import that takes a closure would have these lines. Meanwhile the closure has no address, so that it cannot be called twice at once.",
			find: /\(arg0, arg1\) => \{\n\s+const a = state0\.a;[\s\S]*?return (\w+)\(a, state0\.b, arg0, arg1\);[\s\S]*?^ {8}\};/gm,
			replace: (_, shim) => `callerOf(state0, ${shim});`,
			times: { atLeast: 1 },
		},
		{
			name: "Rust closures with a counter are called by it too",
			why: "The glue has the same lines for a closure that JavaScript keeps.",
			find: /const a = state\.a;\n\s+state\.a = 0;(\n\s+try \{\n\s+return )f\(a, state\.b, \.\.\.args\);(\n\s+\} finally \{)\n\s+state\.a = a;/g,
			replace: (_, start, end) => `${start}callerOf(state, f)(...args);${end}`,
			times: 1,
		},
		{
			name: "finalizers are made by a function",
			why: "Each class has one, and the closures have another. Workers have no FinalizationRegistry before the compatibility date 2025-05-05. https://developers.cloudflare.com/workers/configuration/compatibility-flags/",
			find: /\(typeof FinalizationRegistry === 'undefined'\)\n.*\n.*: new FinalizationRegistry\((.*)\);/g,
			replace: (_, free) => `finalizer(${free});`,
			times: classes + 1,
		},
		{
			name: "no methods that wrap",
			why: "The next patch replaces them by a function. Each class without a constructor has one, and also those with one that a function of Rust returns.",
			find: /^ {4}static __wrap\(ptr\) \{$[\s\S]*?^ {4}\}$/gm,
			replace: "",
			times: { atLeast: classes - 1 },
		},
		{
			name: "objects are wrapped by a function",
			why: "How many functions return objects of Rust depends on the Rust code.",
			find: /\b(\w+)\.__wrap\(/g,
			replace: (_, type) => `wrap(${type}, ${type}Finalization, `,
			times: { atLeast: classes - 1 },
		},
		{
			name: "functions for the patches before",
			why: "What those patches call takes the place of the function that caught what imports throw.",
			find: /^function handleError\(f, args\) \{\n[\s\S]*?^\}/gm,
			replace: HELPERS,
			times: 1,
		},
		{
			name: "there is globalThis",
			why: "Every engine with WebAssembly references has it, so the other names of the global object are not looked for.",
			find: /const ret = typeof (\w+) === 'undefined' \? undefined : \1;\n.*/g,
			replace: (_, name) =>
				`return ${name === "globalThis" ? "addToExternrefTable0(globalThis)" : 0};`,
			times: 4,
		},
		{
			name: "short properties",
			why: "Nothing shortens the names of properties. How often the glue uses its own depends on the Rust code.",
			find: /\b(?:__wbg|_wbg_cb)_(ptr|unref)\b/g,
			replace: (_, name) => name,
			times: { atLeast: 2 },
		},
		{
			name: "short names",
			why: "wasm-opt shortens the names of imports and exports. The glue uses each export at least once; how often depends on the Rust code.",
			find: new RegExp(`\\bwasm\\.(${used.join("|")})\\b`, "g"),
			replace: (_, name) => `wasm.${shortOf.get(name)}`,
			times: { atLeast: used.length },
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
			why: "Inside of a function nothing can be exported. These are the functions of lib.rs, and __wbg_set_wasm.",
			find: new RegExp(
				`^export (?=function (${FUNCTIONS.join("|")}|__wbg_set_wasm)\\()`,
				"gm",
			),
			replace: "",
			times: FUNCTIONS.length + 1,
		},
		{
			name: "imports are one object",
			why: "As functions that an object lists, all of them would be named three times. The glue has them one after the other, also those that wasm-opt removed.",
			find: /(?:^export function (?!__wbg_set_wasm).* \{\n[\s\S]*?^\}\n)+/gm,
			replace: (block) =>
				`const imports = {\n${importsIn(block, imports).join(",\n")},\n};\n`,
			times: 1,
		},
		{
			name: "the module is a function",
			why: "The glue keeps its instance in variables of the module; after a trap another instance takes its place. The patch matches only where no other import or export is left. https://github.com/wasm-bindgen/wasm-bindgen/issues/4888",
			find: /^((?:import .*\n)+)(?![\s\S]*(?<=\n)(?:import|export)\b)([\s\S]*)$/g,
			replace: (_, imported, body) => `${imported}
		${importsOf(direct)}
		export function createGlue(trapGuard) { ${body}
			return [imports, { Client, List, ${FUNCTIONS} }, __wbg_set_wasm]; }`,
			times: 1,
		},
	];
}

/**
 * Returns the imports of the wasm as properties of an object, under their short names.
 *
 * @param {string} block the exported functions of the glue, one after the other
 * @param {Names["imports"]} imports
 */
function importsIn(block, imports) {
	const functions = new Map(
		Array.from(
			block.matchAll(/^export function (\w+)(\(.*\)) (\{\n[\s\S]*?^\})$/gm),
			([, name, parameters, body]) => [name, `${parameters} => ${body}`],
		),
	);
	return imports
		.map(([, name, short]) => [functions.get(name) ?? name, short])
		.sort()
		.map(([value, short]) => `${short}: ${value}`);
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
