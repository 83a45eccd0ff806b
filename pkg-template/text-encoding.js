// For Jest's jsdom, which hides both classes: enough of them for the glue, which makes one of each when the package is loaded.
export const TextDecoder =
	globalThis.TextDecoder ??
	class {
		/** @param {Iterable<number>} [bytes] */
		decode(bytes = []) {
			let escaped = "";
			for (const byte of bytes)
				escaped += `%${byte.toString(16).padStart(2, "0")}`;
			return decodeURIComponent(escaped);
		}
	};

export const TextEncoder =
	globalThis.TextEncoder ??
	class {
		/** @param {string} text */
		encode(text) {
			const bytes = encodeURIComponent(
				/** @type {any} */ (text).toWellFormed(),
			).replace(/%(..)/g, (_, hex) =>
				String.fromCharCode(Number.parseInt(hex, 16)),
			);
			return Uint8Array.from(bytes, (byte) => byte.charCodeAt(0));
		}

		/**
		 * @param {string} text
		 * @param {Uint8Array} target
		 */
		encodeInto(text, target) {
			const bytes = this.encode(text);
			target.set(bytes);
			return { written: bytes.length };
		}
	};
