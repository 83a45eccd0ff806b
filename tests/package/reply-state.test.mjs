// Who wrote last, since when the customer waits and until when the business may answer. A failure of the property prints its seed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { build } from "esbuild";
import { parseGraphTime, replyState } from "graph-inbox";
import { at } from "../../scripts/tools.mjs";
import { randomFrom } from "../hard/schedule.mjs";
import { failureOf, startGraph } from "./graph.mjs";

const PAGE = "106540352242922";
const ACCOUNT = "17841405822304914";
const CUSTOMER = "24051967";
const DAY = 86_400;
const SEEDS = 2_000;

/** @param {number} second since the test's day began */
const timeOf = (second) => new Date(Date.UTC(2026, 5, 1) + second * 1000);

/** @param {number} second @returns {string} as Graph writes it */
const written = (second) =>
	timeOf(second).toISOString().replace(".000Z", "+0000");

/** @param {string} id @param {number} second */
const message = (id, second) => ({
	from: { id },
	created_time: written(second),
});

/**
 * @param {any[]} data messages
 * @param {number} [now] seconds
 * @param {string | string[]} [business]
 */
const stateOf = (data, now = 0, business = PAGE) =>
	replyState({ messages: { data } }, business, timeOf(now));

describe("replyState", () => {
	it("tells since when the customer waits, and until when the business may answer", () => {
		const messages = [
			message(CUSTOMER, 500),
			message(CUSTOMER, 400),
			message(PAGE, 300),
			message(CUSTOMER, 200),
		];
		assert.deepEqual(stateOf(messages, 600), {
			last_from: "customer",
			waiting_since: timeOf(400),
			reply_until: timeOf(500 + DAY),
			is_open: true,
		});
	});

	it("tells that nobody waits once the business has answered", () => {
		const messages = [message(PAGE, 300), message(CUSTOMER, 200)];
		assert.deepEqual(stateOf(messages, 400), {
			last_from: "business",
			waiting_since: null,
			reply_until: timeOf(200 + DAY),
			is_open: true,
		});
	});

	it("tells no end where no message of the customer was read", () => {
		assert.deepEqual(stateOf([message(PAGE, 300)], 400), {
			last_from: "business",
			waiting_since: null,
			reply_until: null,
			is_open: false,
		});
	});

	it("takes the oldest message that was read where none is the business's", () => {
		const messages = [message(CUSTOMER, 300), message(CUSTOMER, 100)];
		assert.deepEqual(stateOf(messages)?.waiting_since, timeOf(100));
	});

	it("is open until the last millisecond of the 24 hours, and not at their end", () => {
		const conversation = { messages: { data: [message(CUSTOMER, 100)] } };
		const end = timeOf(100 + DAY).getTime();
		for (const [now, isOpen] of /** @type {const} */ ([
			[end - 1, true],
			[end, false],
			[end + 1, false],
		]))
			assert.equal(
				replyState(conversation, PAGE, new Date(now))?.is_open,
				isOpen,
			);
	});

	it("asks the clock where no time is given", (t) => {
		const conversation = { messages: { data: [message(CUSTOMER, 100)] } };
		t.mock.timers.enable({ apis: ["Date"], now: timeOf(100 + DAY - 1) });
		assert.equal(replyState(conversation, PAGE)?.is_open, true);
		t.mock.timers.tick(1000);
		assert.equal(replyState(conversation, PAGE, undefined)?.is_open, false);
	});

	it("takes the first message of several within a second for the newest", () => {
		const [ours, theirs] = [message(PAGE, 100), message(CUSTOMER, 100)];
		assert.equal(stateOf([ours, theirs])?.last_from, "business");
		const waiting = stateOf([theirs, ours, message(CUSTOMER, 50)]);
		assert.equal(waiting?.last_from, "customer");
		assert.deepEqual(waiting?.waiting_since, timeOf(100));
	});

	it("compares times, not the strings that they are written as", () => {
		const messages = [
			{ from: { id: CUSTOMER }, created_time: "2026-06-01T10:00:00+0200" },
			{ from: { id: PAGE }, created_time: "2026-06-01T09:00:00Z" },
		];
		assert.equal(stateOf(messages)?.last_from, "business");
	});

	it("knows the business by any of its IDs", () => {
		const messages = [message(ACCOUNT, 300), message(CUSTOMER, 200)];
		assert.equal(stateOf(messages, 0, PAGE)?.last_from, "customer");
		assert.equal(stateOf(messages, 0, ACCOUNT)?.last_from, "business");
		assert.equal(stateOf(messages, 0, [PAGE, ACCOUNT])?.last_from, "business");
	});

	it("skips messages without an author or a readable time", () => {
		/** @type {any[]} */
		const unusable = [
			{ created_time: written(900) },
			{ from: {}, created_time: written(900) },
			{ from: null, created_time: written(900) },
			{ from: { id: "" }, created_time: written(900) },
			{ from: { id: 24051967 }, created_time: written(900) },
			{ from: { id: CUSTOMER } },
			{ from: { id: CUSTOMER }, created_time: "yesterday" },
			{ from: { id: CUSTOMER }, created_time: 1_780_000_000 },
			{},
			null,
			undefined,
			"message",
		];
		for (const one of unusable) {
			assert.equal(stateOf([one]), null);
			assert.deepEqual(
				stateOf([one, message(PAGE, 300), one, message(CUSTOMER, 200), one]),
				stateOf([message(PAGE, 300), message(CUSTOMER, 200)]),
			);
		}
		assert.equal(stateOf(unusable), null);
	});

	it("returns null where no messages were read", () => {
		/** @type {any[]} */
		const conversations = [
			{},
			{ id: "t_1", unreadable: ["messages"] },
			{ messages: undefined },
			{ messages: null },
			{ messages: {} },
			{ messages: { data: null } },
			{ messages: { data: [] } },
		];
		for (const conversation of conversations)
			assert.equal(replyState(conversation, PAGE), null);
	});

	it("refuses wrong arguments, and names them", async () => {
		const conversation = { messages: { data: [] } };
		/** @type {[option: string, values: any[]][]} */
		const wrong = [
			["conversation", [undefined, null, "t_1", 7, () => {}]],
			[
				"business",
				[
					...[undefined, null, "", "me", 106540352242922, {}, new Set([PAGE])],
					...[[], [""], ["me"], [PAGE, undefined], [PAGE, 1], [[PAGE]]],
				],
			],
			["now", [null, 0, "2026-06-01", new Date(Number.NaN), {}]],
		];
		for (const [option, values] of wrong) {
			for (const value of values) {
				/** @type {any} */
				const given = { conversation, business: PAGE, now: timeOf(0) };
				given[option] = value;
				const error = await failureOf(() =>
					replyState(given.conversation, given.business, given.now),
				);
				assert.equal(error.kind, "invalid_option");
				assert.equal(error.option, option);
				assert.equal(error.retryable, false);
				assert.ok(error.message.startsWith(`${option}: expected `));
			}
		}
	});

	it("shows no string that it refuses", async () => {
		const secret = "EAABsbCS1iHgBO";
		const error = await failureOf(() =>
			replyState(/** @type {any} */ (secret), PAGE),
		);
		assert.match(error.message, /got a string of 14 characters$/);
	});
});

/**
 * Tells the story of a conversation from its beginning, and what is known at its end.
 *
 * @param {number} seed
 */
function storyOf(seed) {
	const random = randomFrom(seed);
	const pick = (/** @type {number} */ below) => Math.floor(random() * below);
	let second = pick(1000);
	/** @type {any[]} */
	const messages = [];
	/** @type {any} */
	let expected = null;
	for (let left = pick(9); left > 0; left--) {
		second += pick(3) === 0 ? 0 : 1 + pick(DAY / 4);
		const id = [CUSTOMER, PAGE, ACCOUNT][pick(3)];
		messages.push(message(id, second));
		expected ??= { waiting_since: null, reply_until: null };
		if (id === CUSTOMER) {
			expected.last_from = "customer";
			expected.waiting_since ??= timeOf(second);
			expected.reply_until = timeOf(second + DAY);
		} else {
			expected.last_from = "business";
			expected.waiting_since = null;
		}
	}
	const now = second + pick(2 * DAY);
	if (expected)
		expected.is_open =
			expected.reply_until !== null && expected.reply_until > timeOf(now);
	// In any order, but the newest first within a second.
	return { messages: mixed(grouped(messages), random), now, expected };
}

/** @param {any[]} messages @returns {any[][]} those of each second */
function grouped(messages) {
	/** @type {Map<string, any[]>} */
	const groups = new Map();
	for (const one of messages)
		groups.set(one.created_time, [
			...(groups.get(one.created_time) ?? []),
			one,
		]);
	return [...groups.values()];
}

/**
 * Mixes the groups, each of which comes from its end to its beginning.
 *
 * @param {any[][]} groups
 * @param {() => number} random
 */
function mixed(groups, random) {
	const left = groups.map((group) => [...group]);
	const all = [];
	while (left.length > 0) {
		const index = Math.floor(random() * left.length);
		all.push(left[index].pop());
		if (left[index].length === 0) left.splice(index, 1);
	}
	return all;
}

it(`replyState knows the end of ${SEEDS} stories, whatever the order of their messages`, () => {
	for (let seed = 0; seed < SEEDS; seed++) {
		const { messages, now, expected } = storyOf(seed);
		const before = structuredClone(messages);
		assert.deepEqual(
			stateOf(messages, now, [PAGE, ACCOUNT]),
			expected,
			`seed ${seed}`,
		);
		assert.deepEqual(messages, before, `seed ${seed}: changed its argument`);
	}
});

it("replyState reads what a list returns, on both platforms", async () => {
	const { simulator, inbox } = await startGraph();
	const business = [simulator.pageId, simulator.instagramAccountId];
	for (const platform of /** @type {const} */ (["messenger", "instagram"])) {
		const { data } = await inbox().listConversations({
			platform,
			fields: [{ messages: { fields: ["from", "created_time"] } }],
		});
		assert.ok(data.length > 0);
		const authors = new Set();
		for (const conversation of data) {
			const [newest] = conversation.messages?.data ?? [];
			const state = replyState(conversation, business);
			assert.ok(newest?.from && newest.created_time && state);
			const isOurs = business.includes(newest.from.id);
			assert.equal(state.last_from, isOurs ? "business" : "customer");
			if (!isOurs)
				assert.equal(
					state.reply_until?.getTime(),
					parseGraphTime(newest.created_time).getTime() + DAY * 1000,
				);
			authors.add(state.last_from);
		}
		assert.equal(authors.size, 2, "each side wrote last somewhere");
	}
});

/** @param {string} contents of the program that is bundled */
async function bundled(contents) {
	const { outputFiles } = await build({
		stdin: { contents, resolveDir: at() },
		bundle: true,
		minify: true,
		write: false,
		format: "esm",
	});
	return outputFiles[0].text;
}

for (const [name, most] of /** @type {const} */ ([
	["replyState", 3_072],
	["mergeConversations", 4_096],
]))
	it(`a bundle of ${name} alone is small, and has no WebAssembly`, async () => {
		const code = await bundled(`export { ${name} } from "graph-inbox";`);
		assert.match(code, /invalid_option/);
		assert.doesNotMatch(code, /WebAssembly/);
		assert.ok(code.length < most, `${code.length} bytes`);
		// Or its absence above would show nothing.
		const whole = await bundled('export { createInbox } from "graph-inbox";');
		assert.match(whole, /WebAssembly/);
	});
