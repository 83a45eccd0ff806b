// Hundreds of random schedules of passing faults: what is delivered is exactly the inbox. A failure prints its seed;
// GRAPH_INBOX_SEED=n replays it alone.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { ids } from "./graph.mjs";

const SCHEDULES = 300;
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

/** @param {number} seed @returns {() => number} from 0 to 1, the same for the same seed */
function randomFrom(seed) {
	let state = seed * 2654435761 + 1;
	return () => {
		state = Math.imul(state ^ (state >>> 15), state | 1);
		state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
		return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
	};
}

/** @param {number} seed */
async function runSchedule(seed) {
	const random = randomFrom(seed);
	const pick = (/** @type {number} */ below) => Math.floor(random() * below);
	const simulator = createGraphSimulator({
		seed,
		conversations: { messenger: 5 + pick(60), instagram: 0 },
	});
	const before = ids(simulator.conversations());
	const catchUp = random() < 0.5;
	let inARow = 0;
	let calls = 0;
	/** @type {typeof simulator.fetch} */
	const fetch = (input, init) => {
		calls += 1;
		// No more in a row than there are retries.
		const fails = inARow < 2 && random() < 0.3;
		inARow = fails ? inARow + 1 : 0;
		if (fails) {
			const fault = FAULTS[pick(FAULTS.length)];
			// Twice in a row it would name the same cursor twice, which is no passing fault.
			simulator.failNext(
				fault === "emptyPage" && inARow > 1 ? "transient" : fault,
			);
		}
		// People write meanwhile, where that is to be caught up with.
		const writes = catchUp && calls < 12 && random() < 0.3;
		if (writes) {
			const conversationId = before[pick(before.length)];
			simulator.receiveMessage({ conversationId });
		}
		return simulator.fetch(input, init);
	};
	const { pageId, accessToken } = simulator;
	const inbox = createInbox({
		pageId,
		accessToken,
		fetch,
		callsPerSecond: false,
		maxRetries: 2,
	});
	const found = await inbox
		.listConversations({ limit: 1 + pick(12), catchUp })
		.toArray();
	assert.deepEqual(ids(found).toSorted(), before.toSorted(), `seed ${seed}`);
}

it(`delivers exactly the inbox under ${SCHEDULES} schedules of faults`, async () => {
	const { GRAPH_INBOX_SEED: only } = process.env;
	const seeds = only
		? [Number(only)]
		: Array.from({ length: SCHEDULES }, (_, seed) => seed);
	await Promise.all(seeds.map(runSchedule));
});
