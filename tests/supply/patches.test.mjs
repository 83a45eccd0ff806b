// The build refuses a glue or a wasm that its patches do not fit.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyPatches, selectNames } from "../../scripts/patches/apply.mjs";
import { gluePatches } from "../../scripts/patches/glue.mjs";
import { PANICS, refuseLeaks } from "../../scripts/patches/wasm.mjs";

/** The parts of wasm-bindgen's glue that the patches find: the numbers of matches are its own. */
const GLUE = `import { kindOf } from './snippets/graph-inbox/src/host/options.js';

export class List {
    static __wrap(ptr) {
        const obj = Object.create(List.prototype);
        return obj;
    }
    __destroy_into_raw() {
        return this.__wbg_ptr;
    }
    free() {
        wasm.__wbg_list_free(this.__destroy_into_raw(), 0);
    }
}
if (Symbol.dispose) List.prototype[Symbol.dispose] = List.prototype.free;
export class Client {
    list() {
        return List.__wrap(wasm.client_list(this.__wbg_ptr));
    }
    __destroy_into_raw() {
        return this.__wbg_ptr;
    }
    free() {
        wasm.__wbg_client_free(this.__destroy_into_raw(), 0);
    }
}
if (Symbol.dispose) Client.prototype[Symbol.dispose] = Client.prototype.free;
export function listOf(options) {
    return wasm.listOf(options);
}
export function metaOf(headers) {
    const ptr0 = passStringToWasm0(headers, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    return wasm.metaOf(ptr0, WASM_VECTOR_LEN);
}
export function threadOwnerOf(options) {
    return wasm.threadOwnerOf(options);
}
export function __wbg_kindOf_1(arg0, arg1) {
    const ret = kindOf(arg1);
    const ptr1 = passStringToWasm0(ret, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    const len1 = WASM_VECTOR_LEN;
    getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 1, len1, true);
    getDataViewMemory0().setInt32((arg0 >>> 0) + 4 * 0, ptr1, true);
}
export function __wbg_new_2(arg0, arg1) {
    try {
        var state0 = {a: arg0, b: arg1};
        var cb0 = (arg0, arg1) => {
            const a = state0.a;
            state0.a = 0;
            try {
                return invoke(a, state0.b, arg0, arg1);
            } finally {
                state0.a = a;
            }
        };
        const ret = new Promise(cb0);
        return ret;
    } finally {
        state0.a = 0;
    }
}
export function __wbg_removed_3() {
    return 0;
}
export function __wbg_toArray_4() { return handleError(function (arg0) {
    return toArray(arg0);
}, arguments); }
${["globalThis", "global", "self", "window"]
	.map(
		(name) => `export function __wbg_static_accessor_${name}() {
    const ret = typeof ${name} === 'undefined' ? undefined : ${name};
    return isLikeNone(ret) ? 0 : addToExternrefTable0(ret);
}
`,
	)
	.join("")}function invoke(arg0, arg1, arg2, arg3) {
    let ptr0, len0, ptr1, len1;
    try {
        ptr0 = passStringToWasm0(arg2, wasm.__wbindgen_malloc, wasm.__wbindgen_realloc);
    } catch (e) {
        if (ptr0) { wasm.__wbindgen_free(ptr0, len0 * 1, 1); }
        throw e;
    }
    return wasm.invoke(arg0, arg1, ptr0, len0, ptr1, len1);
}
${[
	["Client", "ptr => wasm.__wbg_client_free(ptr, 1)"],
	["List", "ptr => wasm.__wbg_list_free(ptr, 1)"],
	["Closure", "state => wasm.__wbindgen_destroy_closure(state.a, state.b)"],
]
	.map(
		([
			name,
			free,
		]) => `const ${name}Finalization = (typeof FinalizationRegistry === 'undefined')
    ? { register: () => {}, unregister: () => {} }
    : new FinalizationRegistry(${free});
`,
	)
	.join("")}
let cachedDataViewMemory0 = null;
function getDataViewMemory0() {
    if (cachedDataViewMemory0 === null) {
        cachedDataViewMemory0 = new DataView(wasm.memory.buffer);
    }
    return cachedDataViewMemory0;
}
let cachedUint8ArrayMemory0 = null;
function getUint8ArrayMemory0() {
    return cachedUint8ArrayMemory0;
}
function getStringFromWasm0(ptr, len) {
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
}
function handleError(f, args) {
    try {
        return f.apply(this, args);
    } catch (e) {
        wasm.__wbindgen_exn_store(addToExternrefTable0(e));
    }
}
function makeMutClosure(arg0, arg1, f) {
    const state = { a: arg0, b: arg1, cnt: 1 };
    const real = (...args) => {
        state.cnt++;
        const a = state.a;
        state.a = 0;
        try {
            return f(a, state.b, ...args);
        } finally {
            state.a = a;
            real._wbg_cb_unref();
        }
    };
    return real;
}
function passStringToWasm0(arg, malloc, realloc) {
    if (realloc === undefined) {
        return 0;
    }
    return malloc(arg.length, 1);
}
let cachedTextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
cachedTextDecoder.decode();
const MAX_SAFARI_DECODE_BYTES = 2146435072;
let numBytesDecoded = 0;
if (!('encodeInto' in cachedTextEncoder)) {
    cachedTextEncoder.encodeInto = function (arg, view) {
        return { written: 0 };
    };
}
let wasm;
export function __wbg_set_wasm(val) {
    wasm = val;
}
`;

/** @type {import("../../scripts/shrink.mjs").Names} */
const NAMES = {
	imports: [
		["./graph_inbox_bg.js", "__wbg_kindOf_1", "a"],
		["./graph_inbox_bg.js", "__wbg_new_2", "b"],
		["./snippets/graph-inbox/src/host/wait.js", "race", "c"],
		["./graph_inbox_bg.js", "__wbg_toArray_4", "k"],
	],
	exports: [
		["__wbg_client_free", "d"],
		["__wbg_list_free", "j"],
		["listOf", "e"],
		["threadOwnerOf", "f"],
		["__abort_handler", "g"],
		["__instance_terminated", "h"],
		["__wbindgen_start", "i"],
	],
	constants: [1024, 2048],
};

describe("patches of the glue", () => {
	const patches = gluePatches(NAMES);

	it("make a function of a module", () => {
		const patched = applyPatches(GLUE, patches);
		assert.match(
			patched,
			/^import .*\s+import \{ race \} from "\.\/snippets\/graph-inbox\/src\/host\/wait\.js"/,
		);
		assert.match(patched, /export function createGlue\(/);
		assert.match(patched, /return wasm\.e\(options\);/);
		const imports =
			/const imports = \{([\s\S]*?)^\};$/m.exec(patched)?.[1] ?? "";
		const names = imports.match(/^\w(?=: )/gm)?.sort();
		assert.deepEqual(names, ["a", "b", "c", "k"]);
		assert.match(imports, /\bc: race\b/);
		assert.match(patched, /return \[imports, \{ Client, List,/);
		assert.doesNotMatch(
			patched,
			/free\(\)|Symbol\.dispose|new Promise|handleError|__wrap|__wbg_removed|cached\w+Memory0/,
		);
	});

	for (const [index, patch] of patches.entries()) {
		const { name, find, times } = patch;
		const made = () => applyPatches(GLUE, patches.slice(0, index));
		const refused = (
			/** @type {string} */ wanted,
			/** @type {number} */ found,
		) => `the patch "${name}" expected ${wanted} and found ${found}\n`;
		const isExact = typeof times === "number";
		const wanted = isExact ? `exactly ${times}` : `at least ${times.atLeast}`;

		it(`"${name}" refuses a glue that it does not match`, () => {
			assertRefuses(made().replaceAll(find, ""), patch, refused(wanted, 0));
		});

		// The last one takes a whole module, and finds no second one in it.
		const found = index === patches.length - 1 ? 0 : 2 * Number(times);
		if (isExact)
			it(`"${name}" refuses a glue that it matches too often`, () => {
				assertRefuses(made() + made(), patch, refused(wanted, found));
			});
	}

	it("refuse a glue that is the same but for one match too many", () => {
		const again = `${GLUE}function other() { return new Promise(() => {}); }\n`;
		assert.throws(() => applyPatches(again, patches), {
			message: /"promises are known" expected exactly 1 and found 2\n/,
		});
	});

	it("name all that do not match", () => {
		const other = GLUE.replace("new Promise", "").replace("Symbol.", "");
		assert.throws(() => applyPatches(other, patches), {
			message: /"no Symbol\.dispose" .*\n.*"promises are known" .*\nEither/,
		});
	});

	/**
	 * @param {string} glue
	 * @param {import("../../scripts/patches/apply.mjs").Patch} patch
	 * @param {string} start of the message
	 */
	function assertRefuses(glue, patch, start) {
		assert.throws(
			() => applyPatches(glue, [patch]),
			({ message }) =>
				message.startsWith(start) && message.includes('"Bump wasm-bindgen"'),
		);
	}
});

describe("patterns of the wasm", () => {
	it("refuse names of which they find too few", () => {
		const names = ["core::panicking::panic", "graph_inbox::protocol"];
		assert.throws(() => selectNames(names, PANICS), {
			message: /"panics" expected at least \d+ and found 1\n/,
		});
	});

	const safe = `export function __wbg_new_1() { return handleError(function () {
    const ret = new AbortController();
    return ret;
}, arguments); }
export function __wbg_call_2() { return handleError(function (arg0, arg1, arg2) {
    const ret = arg0.call(arg1, arg2);
    return ret;
}, arguments); }
`;
	const throwing = `export function __wbg_entries_3() { return handleError(function (arg0) {
    const ret = Object.entries(arg0);
    return ret;
}, arguments); }
`;

	it("refuse an import that throws and returns a reference", () => {
		const names = ["__wbg_new_1", "__wbg_call_2"];
		const references = new Set([...names, "__wbg_entries_3"]);
		assert.throws(() => refuseLeaks(safe + throwing, references), {
			message: /^__wbg_entries_3 must return an Option/,
		});
		refuseLeaks(safe + throwing, new Set(names));
	});

	it("refuse a glue in which no import throws", () => {
		const glue = GLUE.replaceAll("handleError", "");
		assert.throws(() => refuseLeaks(glue, new Set()), {
			message: /"imports that can throw" expected at least 1 and found 0\n/,
		});
	});
});
