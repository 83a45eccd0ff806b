/**
 * How fast a figure grows, by linear regression.
 *
 * @param {number[]} times
 * @param {number[]} values
 */
export function slope(times, values) {
	const mean = (/** @type {number[]} */ all) =>
		all.reduce((sum, one) => sum + one, 0) / all.length;
	const [time, value] = [mean(times), mean(values)];
	let [shared, own] = [0, 0];
	for (const [index, at] of times.entries()) {
		shared += (at - time) * (values[index] - value);
		own += (at - time) ** 2;
	}
	return shared / own;
}
