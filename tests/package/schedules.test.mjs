// A few random schedules of faults through the whole package: what is delivered, plus what is named unreadable, is exactly what was
// asked for. What is decided in them is tested natively, a million schedules at a time; this looks whether the driver does it. A
// failure prints its seed; GRAPH_INBOX_SEED=n replays it alone.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { readHeavyInbox } from "../hard/heavy-inbox.mjs";
import { faultyFetch, randomFrom } from "../hard/schedule.mjs";
import { ids } from "./graph.mjs";

const SCHEDULES = 40;

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
	/** People write meanwhile, where that is to be caught up with. */
	const meanwhile = (/** @type {number} */ calls) => {
		if (!catchUp || calls >= 12 || random() >= 0.3) return;
		const conversationId = before[pick(before.length)];
		simulator.receiveMessage({ conversationId });
	};
	const { pageId, accessToken } = simulator;
	const inbox = createInbox({
		pageId,
		accessToken,
		fetch: faultyFetch(simulator, seed, meanwhile),
		callsPerSecond: false,
		maxRetries: 2,
	});
	const found = await inbox
		.listConversations({ limit: 1 + pick(12), catchUp })
		.toArray();
	assert.deepEqual(ids(found).toSorted(), before.toSorted(), `seed ${seed}`);
}

/** @param {(seed: number) => Promise<void>} run */
async function runAll(run) {
	const { GRAPH_INBOX_SEED: only } = process.env;
	const seeds = only
		? [Number(only)]
		: Array.from({ length: SCHEDULES }, (_, seed) => seed);
	await Promise.all(seeds.map(run));
}

it(`delivers exactly the inbox under ${SCHEDULES} schedules of faults`, () =>
	runAll(runSchedule));

it(`delivers what can be read and names the rest of ${SCHEDULES} inboxes that are hard to read`, () =>
	runAll(async (seed) => {
		await readHeavyInbox(seed).catch((error) => {
			error.message = `seed ${seed}: ${error.message}`;
			throw error;
		});
	}));
