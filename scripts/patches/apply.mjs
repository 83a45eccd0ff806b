// Applies patches and patterns. Each states how often it matches, and the build fails where the number differs.

/**
 * Either the exact number of matches, or a lower bound where the number changes with code of this repository.
 *
 * @typedef {number | { atLeast: number }} Times
 */

/**
 * `why` says what the pattern is for, with a link to the source of the problem where there is one.
 *
 * @typedef {{ name: string, why: string, find: RegExp, times: Times }} Pattern
 */

/**
 * A regular expression needs the flag `g`. A `replace` that is a string is inserted literally: `$` has no meaning in it.
 *
 * @typedef {Omit<Pattern, "find"> & { find: string | RegExp, replace: string | ((...match: string[]) => string) }} Patch
 */

/**
 * Applies the patches one after the other: each finds what those before it left.
 *
 * @param {string} code
 * @param {Patch[]} patches
 * @returns {string} the patched code
 * @throws where patches do not match as often as they state; the message names all of them
 */
export function applyPatches(code, patches) {
	/** @type {Counted[]} */
	const counted = [];
	const patched = patches.reduce((code, patch) => {
		const { find, replace } = patch;
		let found = 0;
		const patched = code.replaceAll(find, (...match) => {
			found++;
			return typeof replace === "string" ? replace : replace(...match);
		});
		counted.push([patch, found]);
		return patched;
	}, code);
	assertTimes(counted);
	return patched;
}

/**
 * Selects the names that at least one of the patterns finds.
 *
 * @param {string[]} names
 * @param {Pattern[]} patterns
 * @returns {Set<string>}
 * @throws where patterns do not find as many names as they state; the message names all of them
 */
export function selectNames(names, patterns) {
	const found = patterns.map(({ find }) =>
		names.filter((name) => name.search(find) >= 0),
	);
	assertTimes(patterns.map((pattern, index) => [pattern, found[index].length]));
	return new Set(found.flat());
}

/** @typedef {[pattern: Pick<Pattern, "name" | "times">, found: number]} Counted a pattern and the number of its matches */

/**
 * @param {Counted[]} counted
 * @throws where a pattern states another number of matches
 */
export function assertTimes(counted) {
	const misfits = counted.flatMap(([{ name, times }, found]) => {
		const isExact = typeof times === "number";
		if (isExact ? found === times : found >= times.atLeast) return [];
		const wanted = isExact ? `exactly ${times}` : `at least ${times.atLeast}`;
		return [`the patch "${name}" expected ${wanted} and found ${found}`];
	});
	if (misfits.length === 0) return;
	throw new Error(
		`${misfits.join("\n")}\n` +
			'Either wasm-bindgen changed: see "Bump wasm-bindgen" in CONTRIBUTING.md. ' +
			"Or the patch no longer fits the Rust code or its toolchain: see its `why` in scripts/patches.",
	);
}
