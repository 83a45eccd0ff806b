// The build refuses a glue or a wasm that its patches do not fit.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { applyPatches, selectNames } from "../../scripts/patches/apply.mjs";
import { gluePatches } from "../../scripts/patches/glue.mjs";
import { PANICS, refuseLeaks } from "../../scripts/patches/wasm.mjs";

/** The parts of wasm-bindgen's glue that the patches find: the numbers of matches are its own. */
const GLUE = `import { kindOf } from './snippets/graph-inbox/src/host/options.js';

export class Client {
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
export function threadOwnerOf(options) {
    return wasm.threadOwnerOf(options);
}
export function __wbg_kindOf_1(arg0) {
    return kindOf(arg0);
}
export function __wbg_new_2(arg0) {
    return new Promise(arg0);
}
const ClientFinalization = new FinalizationRegistry(ptr => wasm.__wbg_client_free(ptr, 1));
function getStringFromWasm0(ptr, len) {
    return decodeText(getUint8ArrayMemory0().subarray(ptr, ptr + len));
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
	],
	exports: [
		["__wbg_client_free", "d"],
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
		assert.match(patched, /\{ a: __wbg_kindOf_1,b: __wbg_new_2,c: race \}/);
		assert.doesNotMatch(patched, /free\(\)|Symbol\.dispose|new Promise/);
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
		assert.throws(() => refuseLeaks(GLUE, new Set()), {
			message: /"imports that can throw" expected at least 1 and found 0\n/,
		});
	});
});
