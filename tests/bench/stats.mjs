// Medians with their spread, and how they are written.

/** @typedef {{ median: number, low: number, high: number }} Figure the quartiles around the median */

/**
 * @param {number[]} samples
 * @returns {Figure}
 */
export function figureOf(samples) {
	const sorted = [...samples].sort((a, b) => a - b);
	const at = (/** @type {number} */ part) => {
		const place = (sorted.length - 1) * part;
		const below = Math.floor(place);
		const next = sorted[Math.min(below + 1, sorted.length - 1)];
		return sorted[below] + (next - sorted[below]) * (place - below);
	};
	return { median: at(0.5), low: at(0.25), high: at(0.75) };
}

/**
 * Sample by sample: those taken beside each other saw the same machine.
 *
 * @param {number[]} samples
 * @param {number[]} beside
 * @param {(sample: number, other: number) => number} compare
 */
export function paired(samples, beside, compare) {
	return figureOf(
		samples.map((sample, index) => compare(sample, beside[index])),
	);
}

/** @type {(samples: number[], beside: number[]) => Figure} */
export const ratio = (samples, beside) =>
	paired(samples, beside, (a, b) => a / b);

/** @type {(samples: number[], beside: number[]) => Figure} */
export const difference = (samples, beside) =>
	paired(samples, beside, (a, b) => a - b);

/** @param {number} number three digits, as many as are worth reading */
export function digits(number) {
	const size = Math.abs(number);
	return number.toFixed(size < 10 ? 2 : size < 100 ? 1 : 0);
}

/**
 * @param {Figure} figure
 * @param {string} unit
 * @param {(number: number) => string} [write]
 */
export function shown({ median, low, high }, unit, write = digits) {
	const middle = `${write(median)} ${unit}`.trim();
	return `${middle} (${write(low)}–${write(high)})`;
}

/** @param {number} number with its sign */
export const signed = (number) =>
	(number < 0 ? "−" : "+") + digits(Math.abs(number));
