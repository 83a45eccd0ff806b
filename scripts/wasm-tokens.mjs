// Takes WebAssembly apart into tokens: bytes that are frequent as they are, and operands that vary.
// https://webassembly.github.io/spec/core/binary/instructions.html

/** The kinds of slots, by the numbers of their streams, and the number of streams. */
export const SLOTS = {
	/** A function begins: no bytes. */
	BEGIN: 1,
	/** A function ends, and its size is known: no bytes. */
	END: 2,
	/** A length and as many bytes: those between functions, of jump tables, and of floating-point constants. */
	BYTES: 3,
	TARGETS: 4,
	FLOAT: 5,
	/** A number as LEB128 whose bytes after the first are in a stream of their own, two numbers on. */
	CALL: 6,
	OFFSET: 7,
	/** A number as LEB128. */
	LOCAL_GET: 10,
	LOCAL_SET: 11,
	LOCAL_TEE: 12,
	LABEL: 13,
	LONG: 14,
	LOCALS: 15,
	/** A number as LEB128, in one of sixteen streams, by the upper half of the opcode that comes next. */
	CONST: 16,
};
/**
 * The operands of an instruction: how many LEB128 numbers belong to its symbol, and the slot that takes the last operand.
 * A symbol is one of 256, so operands that vary have slots.
 *
 * @typedef {{ kept: number, slot: number }} Operands
 */

/** @type {Map<number, Operands>} by opcode */
const INSTRUCTIONS = new Map();
const define = (
	/** @type {number} */ from,
	/** @type {number} */ to,
	/** @type {number} */ kept,
	/** @type {number} */ slot = 0,
) => {
	for (let opcode = from; opcode <= to; opcode++)
		INSTRUCTIONS.set(opcode, { kept, slot });
};
define(0x00, 0x01, 0); // unreachable, nop
define(0x02, 0x04, 1); // block, loop, if
define(0x05, 0x05, 0); // else
define(0x0b, 0x0b, 0); // end
define(0x0c, 0x0d, 0, SLOTS.LABEL); // br, br_if
define(0x0e, 0x0e, 0, SLOTS.TARGETS); // br_table
define(0x0f, 0x0f, 0); // return
define(0x10, 0x10, 0, SLOTS.CALL); // call
define(0x11, 0x11, 2); // call_indirect
define(0x1a, 0x1b, 0); // drop, select
define(0x20, 0x20, 0, SLOTS.LOCAL_GET);
define(0x21, 0x21, 0, SLOTS.LOCAL_SET);
define(0x22, 0x22, 0, SLOTS.LOCAL_TEE);
define(0x23, 0x26, 1); // global.get, global.set, table.get, table.set
define(0x28, 0x3e, 1, SLOTS.OFFSET); // loads and stores: the alignment, the offset
define(0x3f, 0x40, 1); // memory.size, memory.grow
define(0x41, 0x41, 0, SLOTS.CONST); // i32.const
define(0x42, 0x42, 0, SLOTS.LONG); // i64.const
define(0x43, 0x44, 0, SLOTS.FLOAT); // f32.const, f64.const
define(0x45, 0xc4, 0); // comparisons, arithmetic, conversions
define(0xd0, 0xd0, 1); // ref.null
define(0xd1, 0xd1, 0); // ref.is_null
define(0xd2, 0xd2, 0, SLOTS.CALL); // ref.func

/** How many numbers follow the second byte of an instruction that begins with 0xfc. */
const PREFIX = 0xfc;
const PREFIXED = [0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 2, 1, 2, 1, 2, 1, 1, 1];

/**
 * Some bytes, and a slot with the bytes that it takes.
 *
 * @typedef {{ literals: number[], slot: number, taken: number[] }} Token
 */

/** @typedef {{ bytes: Uint8Array, isFunction?: boolean }} Part */

/**
 * Cuts a module before and after each function. What is not a module stays whole.
 *
 * @param {Uint8Array} wasm
 * @returns {Part[]}
 */
export function partsOf(wasm) {
	/** @type {Part[]} */
	const parts = [];
	let done = 0;
	const cut = (/** @type {number} */ at, isFunction = false) => {
		parts.push({ bytes: wasm.subarray(done, at), isFunction });
		done = at;
	};
	try {
		const cursor = new Cursor(wasm, 8);
		while (cursor.at < wasm.length) {
			const isCode = cursor.byte() === CODE;
			const size = cursor.number();
			const next = cursor.at + size;
			if (isCode) {
				const count = cursor.number();
				cut(cursor.at);
				for (let index = 0; index < count; index++) {
					cursor.skip(cursor.number());
					cut(cursor.at, true);
				}
			}
			if (cursor.at > next) throw new Unknown();
			cursor.at = next;
		}
	} catch (error) {
		if (!(error instanceof Unknown)) throw error;
		return [{ bytes: wasm }];
	}
	cut(wasm.length);
	return parts;
}

const CODE = 10;

/** Thrown for bytes that this file cannot split. */
class Unknown extends Error {}

class Cursor {
	/**
	 * @param {Uint8Array} bytes
	 * @param {number} at
	 */
	constructor(bytes, at = 0) {
		this.bytes = bytes;
		this.at = at;
	}

	byte() {
		if (this.at >= this.bytes.length) throw new Unknown();
		return this.bytes[this.at++];
	}

	/** @param {number} count */
	skip(count) {
		this.at += count;
		if (this.at > this.bytes.length) throw new Unknown();
	}

	/** @returns {number[]} the bytes of a LEB128 number */
	leb() {
		const bytes = [this.byte()];
		while (bytes[bytes.length - 1] > 127) bytes.push(this.byte());
		return bytes;
	}

	/** @returns {number} an unsigned number of at most 32 bits */
	number() {
		const bytes = this.leb();
		if (bytes.length > 5) throw new Unknown();
		return bytes.reduce(
			(value, byte, index) => value + (byte & 127) * 128 ** index,
			0,
		);
	}

	/** @param {number} from */
	since(from) {
		return [...this.bytes.subarray(from, this.at)];
	}
}

/**
 * Takes a function apart.
 *
 * @param {Uint8Array} bytes which begin with their number
 * @returns {Token[] | undefined} `undefined` where they hold something unknown
 */
export function tokensOf(bytes) {
	try {
		const cursor = new Cursor(bytes);
		const size = cursor.number();
		if (cursor.at !== lebOf(size).length) return undefined;
		/** @type {Token[]} */
		const tokens = [{ literals: [], slot: SLOTS.BEGIN, taken: [] }];
		tokens.push(...locals(cursor));
		while (cursor.at < bytes.length) tokens.push(instruction(cursor));
		const last = tokens[tokens.length - 1];
		if (last.literals[0] !== END_OPCODE || last.slot) return undefined;
		last.slot = SLOTS.END;
		return tokens;
	} catch (error) {
		if (error instanceof Unknown) return undefined;
		throw error;
	}
}

const END_OPCODE = 0x0b;

/**
 * Reads the locals of a function: the number of groups, and the size and the type of each.
 *
 * @param {Cursor} cursor
 * @returns {Token[]}
 */
function locals(cursor) {
	const tokens = [];
	let literals = [cursor.byte()];
	if (literals[0] > 127) throw new Unknown();
	for (let [left] = literals; left > 0; left--) {
		tokens.push({ literals, slot: SLOTS.LOCALS, taken: cursor.leb() });
		literals = [cursor.byte()];
	}
	tokens.push({ literals, slot: 0, taken: [] });
	return tokens;
}

/**
 * @param {Cursor} cursor
 * @returns {Token}
 */
function instruction(cursor) {
	const start = cursor.at;
	const opcode = cursor.byte();
	const { kept, slot } =
		opcode === PREFIX
			? { kept: PREFIXED[cursor.byte()], slot: 0 }
			: (INSTRUCTIONS.get(opcode) ?? {});
	if (kept === undefined || slot === undefined) throw new Unknown();
	for (let left = kept; left > 0; left--) cursor.leb();
	const literals = cursor.since(start);
	const from = cursor.at;
	if (slot === SLOTS.TARGETS) {
		for (let left = cursor.number(); left >= 0; left--) cursor.leb();
		return copy(cursor.since(from), slot, literals);
	}
	if (slot === SLOTS.FLOAT) {
		cursor.skip(opcode === F32_CONST ? 4 : 8);
		return copy(cursor.since(from), slot, literals);
	}
	return { literals, slot, taken: slot ? cursor.leb() : [] };
}

const F32_CONST = 0x43;

/**
 * Makes a token that copies bytes.
 *
 * @param {Uint8Array | number[]} bytes
 * @param {number} [slot]
 * @param {number[]} [literals]
 * @returns {Token}
 */
export function copy(bytes, slot = SLOTS.BYTES, literals = []) {
	return { literals, slot, taken: [...lebOf(bytes.length), ...bytes] };
}

/**
 * @param {number} value
 * @returns {number[]} the shortest LEB128 of an unsigned number
 */
export function lebOf(value) {
	return value > 127 ? [(value & 127) | 128, ...lebOf(value >>> 7)] : [value];
}
