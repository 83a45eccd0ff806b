/**
 * Undoes DEFLATE (RFC 1951). Made for what the build itself deflated: small, with nothing prepared at import, and slower
 * than a library, which would be twice as large.
 *
 * @param {Uint8Array} source
 * @param {number} length of what comes out
 */
export function inflate(source, length) {
	const out = new Uint8Array(length);
	let written = 0;
	let read = 0;
	let bits = 0;
	let held = 0;

	/** @param {number} count of bits that are to be at hand */
	const hold = (count) => {
		for (; held < count; held += 8) bits |= source[read++] << held;
	};

	/** @param {number} count */
	const drop = (count) => {
		bits >>>= count;
		held -= count;
	};

	/** @param {number} count */
	const take = (count) => {
		hold(count);
		const value = bits & ((1 << count) - 1);
		drop(count);
		return value;
	};

	/** @param {Uint16Array} code */
	const decode = (code) => {
		hold(LONGEST);
		const found = code[bits & (code.length - 1)];
		if (found === 0) throw new RangeError("no such code");
		drop(found & 15);
		return found >> 4;
	};

	const copyStored = () => {
		// It begins with a whole byte, and says twice how long it is.
		read -= held >> 3;
		bits = 0;
		held = 0;
		const count = source[read] | (source[read + 1] << 8);
		read += 4;
		out.set(source.subarray(read, read + count), written);
		read += count;
		written += count;
	};

	const readCodes = () => {
		const sizes = [take(5) + 257, take(5) + 1];
		const count = take(4) + 4;
		const lengths = new Uint8Array(19);
		for (let index = 0; index < count; index++) lengths[ORDER[index]] = take(3);
		const code = codeOf(lengths);
		const all = new Uint8Array(sizes[0] + sizes[1]);
		for (let index = 0; index < all.length; ) {
			const symbol = decode(code);
			if (symbol < 16) all[index++] = symbol;
			else {
				const repeated = symbol === 16 ? all[index - 1] : 0;
				const times =
					symbol === 16
						? take(2) + 3
						: symbol === 17
							? take(3) + 3
							: take(7) + 11;
				all.fill(repeated, index, index + times);
				index += times;
			}
		}
		return [codeOf(all.subarray(0, sizes[0])), codeOf(all.subarray(sizes[0]))];
	};

	for (let isLast = 0; !isLast; ) {
		isLast = take(1);
		const kind = take(2);
		if (kind === 0) {
			copyStored();
			continue;
		}
		const [literals, distances] = kind === 1 ? fixedCodes() : readCodes();
		for (;;) {
			const symbol = decode(literals);
			if (symbol === 256) break;
			if (symbol < 256) out[written++] = symbol;
			else {
				// Lengths and distances grow in steps that double: four of each size, and two.
				const end = written + spread(symbol - 257, 4, 3, 258);
				const back = spread(decode(distances), 2, 1);
				for (; written < end; written++) out[written] = out[written - back];
			}
		}
	}
	return out;

	/**
	 * @param {number} symbol
	 * @param {number} each symbols to a step
	 * @param {number} least what the first symbol stands for
	 * @param {number} [most] what symbol 28 stands for
	 */
	function spread(symbol, each, least, most) {
		if (most && symbol === 28) return most;
		const step = Math.max(Math.floor(symbol / each) - 1, 0);
		const base = step ? ((symbol % each) + each) << step : symbol;
		return least + base + take(step);
	}
}

/** The longest code of a symbol, in bits. */
const LONGEST = 15;

/**
 * A table from the bits that come next to the symbol that they begin with, and how many of them are its code.
 *
 * @param {Uint8Array} lengths of the code of each symbol
 */
function codeOf(lengths) {
	const longest = Math.max(...lengths, 1);
	const table = new Uint16Array(1 << longest);
	let code = 0;
	for (let size = 1; size <= longest; size++) {
		for (let symbol = 0; symbol < lengths.length; symbol++) {
			if (lengths[symbol] !== size) continue;
			// Codes are written with their first bit first, numbers with their last.
			let reversed = 0;
			for (let bit = 0; bit < size; bit++)
				reversed |= ((code >> bit) & 1) << (size - 1 - bit);
			for (; reversed < table.length; reversed += 1 << size)
				table[reversed] = (symbol << 4) | size;
			code++;
		}
		code <<= 1;
	}
	return table;
}

function fixedCodes() {
	const lengths = new Uint8Array(288)
		.fill(8)
		.fill(9, 144, 256)
		.fill(7, 256, 280);
	return [codeOf(lengths), codeOf(new Uint8Array(30).fill(5))];
}

const ORDER = [
	16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15,
];
