import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids, personOf } from "./ask.mjs";

test("a message moves its conversation to the top and is counted", async () => {
	let time = Date.UTC(2026, 10, 22);
	const simulator = createGraphSimulator({ now: () => time });
	const before = simulator.conversations();
	const chosen = before[30];
	time += 5000;
	const after = simulator.receiveMessage({
		conversationId: chosen.id,
		text: "Ist noch etwas da?",
	});
	assert.equal(after.id, chosen.id);
	assert.equal(after.snippet, "Ist noch etwas da?");
	assert.equal(after.updated_time, "2026-11-22T00:00:05+0000");
	assert.equal(after.message_count, (chosen.message_count ?? 0) + 1);
	assert.equal(after.unread_count, (chosen.unread_count ?? 0) + 1);
	assert.deepEqual(ids(simulator.conversations()), [
		chosen.id,
		...ids(before).filter((id) => id !== chosen.id),
	]);

	const { body } = await ask(
		simulator,
		`/${chosen.id}?fields=messages.limit(2){message,from,created_time}`,
	);
	const [newest, older] = body.messages.data;
	assert.equal(newest.message, "Ist noch etwas da?");
	assert.equal(newest.from.id, personOf(chosen).id);
	assert.ok(older.created_time < newest.created_time);
});

test("somebody new starts a conversation, found by their ID afterwards", async () => {
	const simulator = createGraphSimulator({ conversations: 3 });
	const first = simulator.receiveMessage({
		platform: "instagram",
		from: "1666000000000001",
		name: "mint.harbor",
	});
	assert.deepEqual(personOf(first), {
		username: "mint.harbor",
		id: "1666000000000001",
	});
	assert.equal(first.message_count, 1);
	const again = simulator.receiveMessage({
		from: "1666000000000001",
		text: "Hallo?",
	});
	assert.equal(again.id, first.id);
	assert.equal(again.message_count, 2);
	assert.equal(simulator.conversations({ platform: "INSTAGRAM" }).length, 4);
	const { body } = await ask(
		simulator,
		"/me/conversations?platform=INSTAGRAM&user_id=1666000000000001",
	);
	assert.deepEqual(ids(body.data), [first.id]);
});

test("by default it is somebody new on Messenger, every time", () => {
	const simulator = createGraphSimulator({
		conversations: 2,
		now: () => 1_800_000_000_000,
	});
	const [one, two] = [simulator.receiveMessage(), simulator.receiveMessage()];
	assert.notEqual(personOf(one).id, personOf(two).id);
	assert.ok(one.snippet);
	// In the same second, the last to move is on top.
	assert.deepEqual(ids(simulator.conversations()).slice(0, 2), [
		two.id,
		one.id,
	]);
});

test("a message brings a conversation that was done back into the inbox", () => {
	const simulator = createGraphSimulator();
	const [done] = simulator.conversations({ folder: "page_done" });
	const { folder, unread_count } = simulator.receiveMessage({
		conversationId: done.id,
	});
	assert.deepEqual(
		{ folder, unread_count },
		{ folder: "inbox", unread_count: 1 },
	);
	assert.ok(
		!ids(simulator.conversations({ folder: "page_done" })).includes(done.id),
	);
	assert.equal(simulator.conversations()[0].id, done.id);
});

test("a message of the past moves its conversation to where its time says", async () => {
	const now = Date.UTC(2026, 10, 22);
	const simulator = createGraphSimulator({ now: () => now });
	const hour = 60 * 60 * 1000;
	const old = simulator.conversations()[40];
	const top = simulator.receiveMessage();
	const waits = simulator.receiveMessage({
		conversationId: old.id,
		text: "Still there?",
		at: now - 3 * hour,
	});
	assert.equal(waits.updated_time, "2026-11-21T21:00:00+0000");
	assert.equal(waits.snippet, "Still there?");
	const listed = simulator.conversations();
	assert.equal(listed[0].id, top.id);
	assert.equal(listed.length, 61);
	const times = listed.map(({ updated_time }) => updated_time ?? "");
	assert.deepEqual(times, times.toSorted().reverse());
	const pages = [];
	for (let after = ""; after !== undefined; ) {
		const { body } = await ask(
			simulator,
			`/me/conversations?limit=10${after && `&after=${after}`}`,
		);
		pages.push(...ids(body.data));
		after = body.paging.next && body.paging.cursors.after;
	}
	assert.deepEqual(pages, ids(listed));

	// Not before what was written already.
	const [{ updated_time }] = simulator.conversations({ platform: "instagram" });
	const kept = simulator.receiveMessage({
		conversationId: simulator.conversations({ platform: "instagram" })[0].id,
		at: now - 99 * hour,
	});
	assert.equal(kept.updated_time, updated_time);
	for (const at of [now + 1, Number.NaN])
		assert.throws(() => simulator.receiveMessage({ at }), RangeError);
});

test("an unknown conversation is refused", () => {
	assert.throws(
		() => createGraphSimulator().receiveMessage({ conversationId: "t_1" }),
		RangeError,
	);
});
