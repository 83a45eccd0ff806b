// Random schedules of faults over inboxes that change while they are read, and over inboxes that are hard to read, through the whole
// package: a smoke test of the driver, for what is decided in them is tested natively, a million schedules at a time. A failure
// prints its seed; GRAPH_INBOX_SEED=n replays it alone.
import assert from "node:assert/strict";
import { it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { ids, personOf } from "../package/graph.mjs";
import { amount, progress, tally } from "./form.mjs";
import { readHeavyInbox } from "./heavy-inbox.mjs";
import { faultyFetch, randomFrom } from "./schedule.mjs";

const SCHEDULES = amount("SCHEDULES", 40, 1_000);
/** Under way at once: they spend nearly all of their time waiting for a retry. */
const TOGETHER = 1000;
/** Fewer where answers have a time limit. */
const HEAVY_TOGETHER = 100;
const ITEM_FAULTS = /** @type {const} */ ([
	"timedOut",
	"transient",
	"html502",
	"empty200",
	"truncated",
]);

/** @typedef {import("graph-inbox/simulator").GraphSimulator} GraphSimulator */

/**
 * @param {number} seed
 * @param {() => number} random
 */
function makeInbox(seed, random) {
	const pick = (/** @type {number} */ below) => Math.floor(random() * below);
	let clock = 1_800_000_000_000;
	const simulator = createGraphSimulator({
		seed,
		conversations: { messenger: 5 + pick(60), instagram: 0 },
		now: () => clock,
	});
	const before = simulator.conversations();
	// Some inboxes are read within one second, others while hours pass.
	const slowest = [0, 300, 3000, 600_000][pick(4)];
	const busy = random() * 0.6;
	const ends = 4 + pick(30);
	/** Time passes, and people write: known ones, several at once, and new ones. */
	const meanwhile = (/** @type {number} */ calls) => {
		clock += pick(slowest + 1);
		while (calls < ends && random() < busy) {
			if (random() < 0.1) simulator.receiveMessage();
			else
				simulator.receiveMessage({
					conversationId: before[pick(before.length)].id,
				});
		}
	};
	return { simulator, before, meanwhile, pick };
}

/**
 * A few threads whose owners are not told at once, but are by the last attempt.
 *
 * @param {GraphSimulator} simulator
 * @param {string[]} people
 * @param {(below: number) => number} pick
 */
function failSomeOwners(simulator, people, pick) {
	for (let count = pick(4); count > 0; count--) {
		const [person] = people.splice(pick(people.length), 1);
		const fault = ITEM_FAULTS[pick(ITEM_FAULTS.length)];
		simulator.failItems(person, fault, 1 + pick(2));
	}
}

/** @param {number} seed */
async function runSchedule(seed) {
	const random = randomFrom(seed);
	const { simulator, before, meanwhile, pick } = makeInbox(seed, random);
	const { pageId, accessToken } = simulator;
	const inbox = createInbox({
		pageId,
		accessToken,
		fetch: faultyFetch(simulator, seed, meanwhile),
		callsPerSecond: false,
		maxRetries: 2,
	});
	const params = { limit: 1 + pick(12), catchUp: true };
	if (random() < 0.8) {
		check(before, await inbox.listConversations(params).toArray());
		return;
	}
	const people = before.map((one) => personOf(one, simulator));
	failSomeOwners(simulator, [...people], pick);
	const joined = await inbox.listConversationsWithOwner(params).toArray();
	check(before, joined);
	// Faults of the item, the batch and the connection add up; nobody is asked about more often than three times.
	for (const { thread_owner } of joined)
		if (thread_owner.error) {
			assert.equal(thread_owner.error.attempts, 3, String(thread_owner.error));
			assert.ok(thread_owner.error.retryable, String(thread_owner.error));
		}
	const owned = joined.map(({ thread_owner }) => thread_owner.recipient);
	assert.deepEqual(
		people.filter((person) => !owned.includes(person)),
		[],
	);
}

/**
 * @param {{ id: string }[]} before what was there throughout
 * @param {{ id: string }[]} found
 */
function check(before, found) {
	const delivered = ids(found);
	const missing = ids(before).filter((id) => !delivered.includes(id));
	assert.deepEqual(missing, [], "never delivered");
	const twice = delivered.filter((id, at) => delivered.indexOf(id) !== at);
	assert.deepEqual(twice, [], "delivered more than once");
}

/**
 * Runs all schedules, some at once, and fails with the seeds of those that failed.
 *
 * @param {ReturnType<typeof tally>} counted
 * @param {(seed: number) => Promise<void>} run
 * @param {number} together
 */
async function runAll({ row, trial }, run, together) {
	const { GRAPH_INBOX_SEED: only } = process.env;
	const seeds = only
		? [Number(only)]
		: Array.from({ length: SCHEDULES }, (_, seed) => seed);
	/** @type {{ seed: number, message: string }[]} */
	const failures = [];
	let ended = 0;
	const work = async () => {
		for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
			const replayed = seed;
			await trial(() => run(replayed)).catch(({ message }) => {
				failures.push({ seed: replayed, message });
			});
			ended += 1;
			if (ended % 100 === 0)
				progress(`${ended} schedules, ${row.failed} failed`);
		}
	};
	await Promise.all(Array.from({ length: together }, work));
	const [first] = failures;
	if (!first) return;
	const failed = failures
		.map(({ seed }) => seed)
		.sort((one, other) => one - other);
	row.note = `GRAPH_INBOX_SEED=${failed.join(", ")}`;
	assert.fail(`${row.note}. Of ${first.seed}: ${first.message}`);
}

const changing = tally("Random schedules of faults, over inboxes that change");
const heavy = tally(
	"Random schedules of faults, over inboxes that are hard to read",
);

it(`delivers what was there throughout, once, under ${SCHEDULES} schedules`, () =>
	runAll(changing, runSchedule, TOGETHER));

it(`delivers what can be read and names the rest, under ${SCHEDULES} schedules`, () =>
	runAll(heavy, readHeavyInbox, HEAVY_TOGETHER));
