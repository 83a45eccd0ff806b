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

/** What passes by itself, of a list and of a batch. */
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
/** After code -2 a list asks for less; a batch cannot. */
const LIST_FAULTS = /** @type {const} */ ([...FAULTS, "instagramTimeout"]);
/** Of an inbox that fails by itself between two faults: a second empty page would name the cursor of the first one again. */
const HEAVY_FAULTS = LIST_FAULTS.filter((fault) => fault !== "emptyPage");
/** What ends a call at once, until somebody does something. */
const LASTING = /** @type {const} */ ([
	"checkpointed",
	"unconfirmedUser",
	"lostPageRole",
	"expiredToken",
	"errorIn200",
	"permission",
	"permission1",
	"termsNotAccepted",
	"pageMigrated",
	"blocked",
	"null",
]);

/**
 * The simulator's `fetch`, of which three in ten requests go wrong, but never more in a row than two, which are retried. Lists and
 * batches, which can be under way together, each have a row of their own: which of them comes first changes nothing.
 *
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 * @param {number} seed
 * @param {(calls: number) => void} meanwhile what else happens before a list is answered
 * @param {{ refused: number }} [heavy] of an inbox that is hard to read: the part of its lists, from 0 to 1, that is refused for good
 * @returns {import("graph-inbox/simulator").GraphSimulator["fetch"]}
 */
export function faultyFetch(simulator, seed, meanwhile, heavy) {
	const failsList = faultsInARow(
		randomFrom(seed + 0.25),
		heavy ? HEAVY_FAULTS : LIST_FAULTS,
	);
	const failsBatch = faultsInARow(randomFrom(seed + 0.75), FAULTS);
	const random = randomFrom(seed + 0.5);
	let calls = 0;
	return (input, init) => {
		const isList = init?.method === "GET";
		const isRefused = isList && random() < (heavy?.refused ?? 0);
		const passing = isList ? failsList() : failsBatch();
		const fault = isRefused ? pickFrom(random, LASTING) : passing;
		if (fault) simulator.failWhen(({ url }) => url === input, fault, 1);
		if (isList) {
			calls += 1;
			meanwhile(calls);
		}
		return simulator.fetch(input, init);
	};
}

/**
 * @template T
 * @param {() => number} random
 * @param {readonly T[]} list
 */
export function pickFrom(random, list) {
	return list[Math.floor(random() * list.length)];
}

/**
 * @param {() => number} random
 * @param {readonly (typeof LIST_FAULTS)[number][]} faults
 */
function faultsInARow(random, faults) {
	let inARow = 0;
	return () => {
		const fails = inARow < 2 && random() < 0.3;
		inARow = fails ? inARow + 1 : 0;
		if (!fails) return undefined;
		const fault = pickFrom(random, faults);
		// Twice in a row it would name the same cursor twice, which is no passing fault.
		return fault === "emptyPage" && inARow > 1 ? "transient" : fault;
	};
}
