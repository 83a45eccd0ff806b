// Blocks of work by turns: A B C, B C A, …, so that whatever else the machine does falls on all of them alike.

/** @typedef {import("./start-worker.mjs").Worker} Worker */
/** @typedef {import("./worker.mjs").Cost} Cost */
/** @typedef {import("./tasks.mjs").Task} Task */

/**
 * @template T, R
 * @param {T[]} all
 * @param {number} rounds
 * @param {(one: T) => Promise<R>} measure
 * @returns {Promise<R[][]>} for each of them, its results round by round
 */
export async function byTurns(all, rounds, measure) {
	/** @type {R[][]} */
	const results = all.map(() => []);
	for (let round = 0; round < rounds; round++) {
		for (let turn = 0; turn < all.length; turn++) {
			const place = (turn + round) % all.length;
			results[place].push(await measure(all[place]));
		}
	}
	return results;
}

/**
 * Rounds of one task, after a warm-up that also lets the server record its answers.
 *
 * @param {Worker[]} workers
 * @param {Task} task
 * @param {{ rounds: number, warmUp?: number }} how
 * @returns {Promise<Map<string, Cost[]>>} by the names of the clients
 */
export async function inBlocks(workers, task, { rounds, warmUp = 1 }) {
	for (let time = 0; time < warmUp; time++)
		for (const worker of workers) await worker.run(task);
	const costs = await byTurns(workers, rounds, (worker) => worker.run(task));
	return new Map(workers.map(({ name }, index) => [name, costs[index]]));
}
