// Watches of an inbox in which people write, under faults that pass, with crashes in between. A failure prints its seed.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { createInbox, InboxError, parseGraphTime } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { randomFrom } from "../hard/schedule.mjs";

const SEEDS = 40;
const FIELDS = /** @type {const} */ ([
	"updated_time",
	"message_count",
	"snippet",
]);

/** What passes by itself. After the last ones a look asks for less. */
const FAULTS = /** @type {const} */ ([
	"transient",
	"html502",
	"html200",
	"connectionReset",
	"bodyCut",
	"truncated",
	"empty200",
	"rateLimitPage",
	"emptyPage",
	"slowBody",
	"unknown1",
	"reduceData",
]);

/** @typedef {import("graph-inbox").ConversationWith<typeof FIELDS>} Item */

/** The simulator that is answering. @type {import("graph-inbox/simulator").GraphSimulator} */
let simulator;
/** Its time, which stands still while a look is made. */
let nowMs = 0;
/** What happens before an answer, such as that somebody writes. */
let meanwhile = () => {};

const server = await serveGraph({
	async fetch(input, init) {
		meanwhile();
		const answer = await simulator.fetch(input, init);
		answer.headers.set("date", new Date(nowMs).toUTCString());
		return answer;
	},
});
after(() => server.close());

/** @param {number} seed */
async function runSeed(seed) {
	const random = randomFrom(seed);
	const chance = (/** @type {number} */ share) => random() < share;
	const below = (/** @type {number} */ end) => Math.floor(random() * end);
	nowMs = Date.now() - 86_400_000;
	simulator = createGraphSimulator({
		seed,
		conversations: below(3) === 0 ? below(4) : 20 + below(60),
		now: () => nowMs,
	});
	const { pageId, accessToken } = simulator;
	const platform = chance(0.5) ? "messenger" : "instagram";
	const all = () => simulator.conversations({ platform });
	const newest = () => new Map(all().map((one) => [one.id, one]));

	const write = () => {
		const known = all();
		const isNew = known.length === 0 || chance(0.2);
		const conversationId = isNew ? undefined : known[below(known.length)].id;
		simulator.receiveMessage({ platform, conversationId });
	};
	const busy = chance(0.5) ? 0.3 : 0;
	meanwhile = () => {
		if (chance(busy)) write();
	};

	let pending = 0;
	const client = () =>
		createInbox({
			pageId,
			accessToken,
			baseUrl: server.url,
			callsPerSecond: false,
			maxRetries: 0,
			async fetch(url, init) {
				assert.equal(++pending, 1, "one request at a time");
				try {
					return await fetch(url, init);
				} finally {
					pending--;
				}
			},
		});
	const withOwner = chance(0.2);
	const params = /** @type {const} */ ({ platform, fields: FIELDS, withOwner });

	/** What somebody who watches keeps: the state of each conversation that was delivered, and a checkpoint. */
	/** @type {Map<string, Item>} */
	const stored = new Map();
	/** @type {string | undefined} */
	let checkpoint;
	/** How often each state came since the last crash. @type {Map<string, number>} */
	const deliveries = new Map();
	/** States that came when their second was long over. @type {Set<string>} */
	const settled = new Set();

	/** @param {import("graph-inbox").Changes<Item>} changes @param {number} beganMs */
	const store = ({ conversations }, beganMs) => {
		const times = [];
		for (const conversation of conversations) {
			const { id, updated_time = "", unreadable } = conversation;
			assert.equal(unreadable, undefined);
			const updatedMs = parseGraphTime(updated_time).getTime();
			times.push(updatedMs);
			const state = `${id} ${updated_time}`;
			assert.ok(!settled.has(state), `${state} comes again`);
			const count = (deliveries.get(state) ?? 0) + 1;
			deliveries.set(state, count);
			assert.ok(count <= 2, `${state} comes more than twice`);
			// The date of a response is a whole second.
			if (beganMs >= updatedMs + 1_000 + 5_000 + 1_000 + 500)
				settled.add(state);
			stored.set(id, conversation);
		}
		assert.deepEqual(
			times,
			times.toSorted((one, other) => one - other),
		);
		const found = conversations.map(({ id }) => id);
		assert.equal(new Set(found).size, found.length, "each once");
	};

	// Half of the watches begin at a time that was given.
	const since = chance(0.5) ? nowMs - below(600) * 1_000 : undefined;
	/** What was there when the watch began. @type {ReturnType<typeof newest>} */
	let begun = new Map();
	let watch = client().watchConversations({ ...params, since });
	if (since === undefined) {
		meanwhile = () => {
			begun = newest();
		};
		if (chance(0.3)) simulator.failNext("emptyPage");
		const first = await watch.poll();
		assert.deepEqual(first.conversations, []);
		({ checkpoint } = first);
		meanwhile = () => {
			if (chance(busy)) write();
		};
	}

	const looks = 6 + below(10);
	const faulty = chance(0.7) ? 0.5 : 0;
	for (let look = 0; look < looks; look++) {
		// Often several in one second.
		for (let writes = below(5); writes > 0; writes--) {
			write();
			if (chance(0.5)) nowMs += below(1_500);
		}
		if (chance(0.7)) nowMs += below(20_000);
		// Faults that were not used up would become many in a row, after which a look does without fields.
		simulator.reset();
		if (chance(faulty)) {
			const fault = FAULTS[below(FAULTS.length)];
			// A second empty page would name the cursor of the first one again.
			simulator.failNext(fault, fault === "emptyPage" ? 1 : 1 + below(2));
		}
		const beganMs = nowMs;
		try {
			const changes = await watch.poll();
			store(changes, beganMs);
			// The process may end before the checkpoint is stored.
			if (chance(0.9)) ({ checkpoint } = changes);
			else checkpoint ??= changes.checkpoint;
		} catch (error) {
			if (!(error instanceof InboxError && error.retryable)) throw error;
		}
		if (checkpoint !== undefined && chance(0.2)) {
			watch = client().watchConversations({ ...params, checkpoint });
			deliveries.clear();
			settled.clear();
		}
	}

	// In the end all is well, and every second is over.
	meanwhile = () => {};
	simulator.reset();
	nowMs += 60_000;
	store(await watch.poll(), nowMs);
	const { requests } = simulator;
	requests.length = 0;
	assert.deepEqual((await watch.poll()).conversations, []);
	assert.equal(requests.length, 1, "one request without news");

	let expected = 0;
	for (const [id, { updated_time = "", message_count, snippet }] of newest()) {
		const isChanged =
			since === undefined
				? begun.get(id)?.message_count !== message_count
				: parseGraphTime(updated_time).getTime() >= since;
		if (!isChanged) continue;
		expected++;
		const found = stored.get(id);
		assert.ok(found, `${id} was missed`);
		assert.deepEqual(
			[found.updated_time, found.message_count, found.snippet],
			[updated_time, message_count, snippet],
			`${id} was delivered in an older state`,
		);
	}
	return { expected, delivered: stored.size };
}

it(`a watch delivers the last state of every conversation that changed, in ${SEEDS} random runs`, async () => {
	let changes = 0;
	for (let seed = 1; seed <= SEEDS; seed++)
		changes += (
			await runSeed(seed).catch((error) => {
				throw new Error(`seed ${seed}`, { cause: error });
			})
		).expected;
	assert.ok(changes > SEEDS * 5, `${changes} conversations changed`);
});
