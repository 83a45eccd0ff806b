// Schedules of passing faults, the same for the same seed.

/** @param {number} seed @returns {() => number} from 0 to 1, the same for the same seed */
export function randomFrom(seed) {
	let state = seed * 2654435761 + 1;
	return () => {
		state = Math.imul(state ^ (state >>> 15), state | 1);
		state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
		return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** What passes by itself. */
const FAULTS = /** @type {const} */ ([
	"transient",
	"html502",
	"htmlError500",
	"connectionReset",
	"bodyCut",
	"html200",
	"truncated",
	"emptyPage",
	"empty200",
	"unknown1",
	"reduceData",
]);

/**
 * The simulator's `fetch`, of which three in ten requests go wrong, but never more in a row than two, which are retried. Lists and
 * batches, which can be under way together, each have a row of their own: which of them comes first changes nothing.
 *
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 * @param {number} seed
 * @param {(calls: number) => void} meanwhile what else happens before a list is answered
 * @returns {import("graph-inbox/simulator").GraphSimulator["fetch"]}
 */
export function faultyFetch(simulator, seed, meanwhile) {
	const failsList = faultsInARow(randomFrom(seed + 0.25));
	const failsBatch = faultsInARow(randomFrom(seed + 0.75));
	let calls = 0;
	return (input, init) => {
		const isList = init?.method === "GET";
		const fault = isList ? failsList() : failsBatch();
		if (fault) simulator.failWhen(({ url }) => url === input, fault, 1);
		if (isList) {
			calls += 1;
			meanwhile(calls);
		}
		return simulator.fetch(input, init);
	};
}

/** @param {() => number} random */
function faultsInARow(random) {
	let inARow = 0;
	return () => {
		const fails = inARow < 2 && random() < 0.3;
		inARow = fails ? inARow + 1 : 0;
		if (!fails) return undefined;
		const fault = FAULTS[Math.floor(random() * FAULTS.length)];
		// Twice in a row it would name the same cursor twice, which is no passing fault.
		return fault === "emptyPage" && inARow > 1 ? "transient" : fault;
	};
}
