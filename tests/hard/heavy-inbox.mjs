// Inboxes that are hard to read, the same for the same seed, and what must come of reading them: what is delivered plus what is named
// unreadable is exactly what was asked for.
import assert from "node:assert/strict";
import { createInbox, InboxError } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { ids, readings } from "../package/graph.mjs";
import { faultyFetch, pickFrom, randomFrom } from "./schedule.mjs";

/**
 * @typedef {import("graph-inbox/simulator").BrokenConversation} BrokenConversation
 * @typedef {import("graph-inbox/simulator").GraphSimulatorOptions} GraphSimulatorOptions
 */

/** Long enough for an answer while some schedules run at once. */
const TIMEOUT_MS = 400;
/** More often than that no list is refused. */
const MOST_ERRORS = 200;

/**
 * Reads a list of an inbox that is hard to read, under faults or without, and checks what came.
 *
 * @param {number} seed
 */
export async function readHeavyInbox(seed) {
	const random = randomFrom(seed + 0.125);
	const pick = (/** @type {number} */ below) => Math.floor(random() * below);
	const chance = (/** @type {number} */ part) => random() < part;
	const platform = pickFrom(
		random,
		/** @type {const} */ (["messenger", "instagram"]),
	);
	const limits = makeLimits(random);
	const simulator = createGraphSimulator({
		seed,
		conversations: 3 + pick(40),
		...limits,
	});
	const messages = chance(0.7) ? 1 + pick(30) : 0;
	const names = ["updated_time", "snippet", "participants"].filter(() =>
		chance(0.6),
	);
	if (messages) names.splice(pick(names.length + 1), 0, "messages");
	const fields = names.map((name) =>
		name === "messages" ? `messages.limit(${messages}){id}` : name,
	);
	const whole = simulator.conversations({ platform, fields: fields.join() });
	const broken = breakSome(simulator, ids(whole), random);

	const hasFaults = chance(0.6);
	// Each list that goes on would run into the time limit anew.
	const hangs = JSON.stringify(limits).includes("hang");
	const refused = hangs ? 0 : pickFrom(random, [0, 0.03, 0.1]);
	const catchUp = !hasFaults && chance(0.3);
	/** @type {any[]} */
	const events = [];
	const inbox = createInbox({
		pageId: "me",
		accessToken: simulator.accessToken,
		fetch: hasFaults
			? faultyFetch(simulator, seed, () => {}, { refused })
			: simulator.fetch,
		callsPerSecond: false,
		maxRetries: hasFaults ? 2 : pick(3),
		timeoutMs: TIMEOUT_MS,
		onEvent: (event) => events.push(event),
	});
	const limit = chance(0.8) ? 1 + pick(40) : undefined;
	const found = await readThroughErrors(
		(after) =>
			inbox.listConversations({
				platform,
				fields: /** @type {any} */ (fields),
				limit,
				catchUp,
				after,
			}),
		pickFrom(random, Object.keys(readings).slice(0, catchUp ? 2 : undefined)),
	);

	assert.deepEqual(ids(found), ids(whole));
	for (const [place, conversation] of found.entries())
		checkConversation(conversation, whole[place], names);
	checkEvents(events, found, catchUp);
	if (hasFaults) return;
	const isWithoutMessages = limits.instagramTimeout?.dataLimit === 1;
	for (const { id, unreadable } of found) {
		/** @type {BrokenConversation} */
		const how = broken.get(id) ?? {};
		const cannot = platform === "instagram" && isWithoutMessages;
		assert.deepEqual(
			unreadable ?? [],
			leftOut(names, cannot ? { ...how, mostMessages: 0 } : how),
			`${id} ${JSON.stringify(how)}`,
		);
	}
	// Catching up reads the newest pages again.
	if (!catchUp) checkBound(simulator, limit ?? 200, messages || 1);
}

/**
 * Some limits of what one answer can hold. None of them refuses one conversation with one message, but for the Instagram one.
 *
 * @param {() => number} random
 * @returns {GraphSimulatorOptions}
 */
function makeLimits(random) {
	const most = 2 + Math.floor(random() * 60);
	return pickFrom(random, [
		{},
		{ dataLimit: most },
		{ answerLimit: most },
		{ pageLimit: most - 1 },
		{
			pageLimit: {
				limit: most - 1,
				fault: /** @type {const} */ ("instagramTimeout"),
			},
		},
		{ pageLimit: { limit: most - 1, fault: /** @type {const} */ ("hang") } },
		{ instagramTimeout: { dataLimit: most - 1 } },
		{ instagramTimeout: { dataLimit: 1 } },
	]);
}

/**
 * Breaks some conversations, each in its own way, and returns them.
 *
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 * @param {string[]} all
 * @param {() => number} random
 */
function breakSome(simulator, all, random) {
	/** @type {Map<string, BrokenConversation>} */
	const broken = new Map();
	for (let count = Math.floor(random() * 5); count > 0; count--) {
		const id = pickFrom(random, all);
		/** @type {BrokenConversation} */
		const how = pickFrom(random, [
			{ unreadable: ["messages"] },
			{ unreadable: ["snippet"] },
			{ readable: ["id"] },
			{ readable: ["id", "updated_time"] },
			{ mostMessages: Math.floor(random() * 12) },
		]);
		const fault = pickFrom(
			random,
			/** @type {const} */ (["unknown1", "reduceData", "instagramTimeout"]),
		);
		// One that hangs is enough: each question to it takes until the time limit.
		const hangs = broken.size === 0 && random() < 0.1;
		simulator.breakConversation(id, { ...how, fault: hangs ? "hang" : fault });
		broken.set(id, how);
	}
	return broken;
}

/**
 * Reads a list; where it is refused, goes on with another one at the cursor of the error.
 *
 * @param {(after: string | undefined) => import("graph-inbox").ConversationList<any>} makeList
 * @param {string} way one of `readings`
 */
async function readThroughErrors(makeList, way) {
	const found = [];
	/** @type {string | undefined} */
	let after;
	for (let errors = 0; errors < MOST_ERRORS; errors++) {
		// What was read before the error is kept, which `toArray` does not do.
		const list = makeList(after);
		/** @type {any[]} */
		const read = [];
		try {
			if (way.startsWith("awaited")) {
				/** @type {import("graph-inbox").ConversationPage<any> | null} */
				let page = await list;
				for (; page; page = await page.nextPage()) read.push(...page.data);
			} else if (way.includes("pages"))
				for await (const page of list.pages()) read.push(...page.data);
			else for await (const conversation of list) read.push(conversation);
			found.push(...read);
			return found;
		} catch (error) {
			assert.ok(error instanceof InboxError, String(error));
			assert.ok(
				error.cursor !== undefined ||
					(read.length === 0 && after === undefined),
				`no cursor after ${read.length} conversations: ${error}`,
			);
			found.push(...read);
			after = error.cursor;
		}
	}
	return assert.fail(`refused ${MOST_ERRORS} times`);
}

/**
 * Every field that was asked for is there as Graph has it, or named as unreadable; nothing else is there.
 *
 * @param {any} found
 * @param {any} whole
 * @param {string[]} names
 */
function checkConversation(found, whole, names) {
	const { unreadable, ...rest } = found;
	if (unreadable !== undefined) {
		assert.ok(unreadable.length > 0);
		assert.deepEqual(
			unreadable,
			names.filter((name) => unreadable.includes(name)),
		);
	}
	for (const name of ["id", ...names]) {
		if (unreadable?.includes(name)) assert.ok(!(name in rest), name);
		else if (name !== "messages") assert.deepEqual(rest[name], whole[name]);
		else {
			// Fewer messages are no unreadable ones; there are always some.
			const { data } = rest.messages;
			assert.deepEqual(data, whole.messages.data.slice(0, data.length));
			assert.ok(data.length > 0 || whole.messages.data.length === 0);
		}
		delete rest[name];
	}
	assert.deepEqual(rest, {}, "it was not asked for");
}

/**
 * What is told is what is marked.
 *
 * @param {any[]} events
 * @param {any[]} found
 * @param {boolean} catchUp reads some pages again
 */
function checkEvents(events, found, catchUp) {
	const told = events
		.filter(({ type }) => type === "unreadable")
		.map(({ conversationId, fields }) => `${conversationId} ${fields}`);
	const marked = found
		.filter(({ unreadable }) => unreadable)
		.map(({ id, unreadable }) => `${id} ${unreadable}`);
	assert.deepEqual(catchUp ? [...new Set(told)] : told, marked);
}

/**
 * The fields that no step of the ladder can deliver together with what it still can.
 *
 * @param {string[]} names
 * @param {BrokenConversation} how
 */
function leftOut(names, { readable, unreadable = [], mostMessages = 1 }) {
	const isReadable = (/** @type {string} */ name) =>
		readable?.includes(name) !== false &&
		!unreadable.includes(name) &&
		(name !== "messages" || mostMessages > 0);
	const ladder = [
		names,
		names.filter((name) => name !== "messages"),
		["updated_time"],
		[],
	];
	const read = ladder.find((step) => step.every(isReadable)) ?? [];
	return names.filter((name) => !read.includes(name));
}

/**
 * No page costs more requests beyond its own than the halvings of its size and of nested limits, and four.
 *
 * @param {import("graph-inbox/simulator").GraphSimulator} simulator
 * @param {number} limit
 * @param {number} nested
 */
function checkBound({ requests }, limit, nested) {
	/** @type {Map<string | null, number>} */
	const perPage = new Map();
	for (const { query } of requests) {
		const after = query.get("after");
		perPage.set(after, (perPage.get(after) ?? 0) + 1);
	}
	const most = 1 + Math.log2(limit) + Math.log2(nested) + 4;
	for (const count of perPage.values()) assert.ok(count <= most, `${count}`);
}
