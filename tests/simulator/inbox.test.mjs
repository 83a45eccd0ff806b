import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids, personOf } from "./ask.mjs";

const now = () => Date.UTC(2026, 10, 22, 9, 30);

test("the same seed gives the same inbox, another seed another one", () => {
	const read = (/** @type {number} */ seed) =>
		createGraphSimulator({ seed, now }).conversations();
	assert.deepEqual(read(7), read(7));
	assert.notDeepEqual(ids(read(7)), ids(read(8)));
});

test("sizes are those of the inbox folder, other folders come besides", () => {
	const simulator = createGraphSimulator({
		conversations: { messenger: 40, instagram: 7 },
	});
	const sizes = /** @type {const} */ ([
		"inbox",
		"other",
		"page_done",
		"spam",
	]).map((folder) => [
		simulator.conversations({ folder }).length,
		simulator.conversations({ folder, platform: "INSTAGRAM" }).length,
	]);
	assert.deepEqual(sizes, [
		[40, 7],
		[4, 1],
		[4, 1],
		[2, 1],
	]);
	assert.equal(
		createGraphSimulator({ conversations: 0 }).conversations().length,
		0,
	);
});

test("a quiet inbox reaches further back", () => {
	const simulator = createGraphSimulator({
		now,
		conversations: 25,
		secondsBetweenConversations: 7200,
	});
	const times = simulator
		.conversations()
		.map(({ updated_time }) => Date.parse(updated_time ?? ""));
	assert.deepEqual(
		times,
		times.toSorted((one, other) => other - one),
	);
	const hours = (now() - times[24]) / 3_600_000;
	assert.ok(hours >= 48 && hours < 50.1, String(hours));
});

test("IDs are unique, and those of Messenger people exceed what a number holds", () => {
	const simulator = createGraphSimulator({ conversations: 2000 });
	for (const platform of /** @type {const} */ (["MESSENGER", "INSTAGRAM"])) {
		const conversations = simulator.conversations({ platform });
		assert.equal(new Set(ids(conversations)).size, 2000);
		assert.equal(
			new Set(conversations.map((one) => personOf(one).id)).size,
			2000,
		);
	}
	const people = simulator.conversations().map((one) => personOf(one).id);
	assert.ok(people.some((id) => String(Number(id)) !== id));
});

test("a Messenger conversation has the shape Graph gives it", () => {
	const simulator = createGraphSimulator({ now });
	const [first] = simulator.conversations();
	const person = personOf(first);
	assert.match(first.id, /^t_\d{16}$/);
	assert.match(
		first.link ?? "",
		new RegExp(`^/${simulator.pageId}/inbox/\\d+/$`),
	);
	assert.match(first.updated_time ?? "", /^2026-11-22T09:\d\d:\d\d\+0000$/);
	assert.deepEqual(Object.keys(person), ["name", "email", "id"]);
	assert.equal(first.participants?.data[1].id, simulator.pageId);
	assert.deepEqual(first.senders, first.participants);
	assert.deepEqual(first.former_participants, { data: [] });
	assert.equal(first.scoped_thread_key, first.id);
	assert.equal(first.folder, "inbox");
	assert.equal(typeof first.is_owner, "boolean");
});

test("an Instagram conversation has usernames, an opaque ID and no link", () => {
	const simulator = createGraphSimulator();
	const [first] = simulator.conversations({ platform: "instagram" });
	assert.match(first.id, /^aWdfZAG06\w{40,}$/);
	assert.deepEqual(Object.keys(personOf(first)), ["username", "id"]);
	assert.equal(first.participants?.data[1].id, simulator.instagramAccountId);
	for (const field of ["link", "senders", "scoped_thread_key", "can_reply"])
		assert.ok(!(field in first), field);
});

test("people write in many scripts, with joined emoji among them", () => {
	const text = JSON.stringify(
		createGraphSimulator({ conversations: 300 }).conversations(),
	);
	for (const script of [
		"Cyrillic",
		"Arabic",
		"Hebrew",
		"Devanagari",
		"Bengali",
		"Thai",
		"Han",
		"Hiragana",
		"Hangul",
		"Ethiopic",
	]) {
		assert.match(text, new RegExp(`\\p{Script=${script}}`, "u"), script);
	}
	assert.match(text, /[À-ÿ]/);
	assert.match(text, /\p{Emoji}\u200d\p{Emoji}/u);
});

test("what has no value is left out: nothing unread is no unread_count", () => {
	const conversations = createGraphSimulator({
		conversations: 200,
	}).conversations();
	const counts = new Set(
		conversations.map((one) =>
			"unread_count" in one ? one.unread_count : "left out",
		),
	);
	assert.deepEqual([...counts].sort(), [1, 2, 3, "left out"]);
});

test("100 000 conversations cost nothing until they are read", async () => {
	const before = process.memoryUsage().heapUsed;
	const simulator = createGraphSimulator({ conversations: 100_000 });
	const { body } = await ask(
		simulator,
		"/me/conversations?fields=id,snippet&limit=100",
	);
	assert.equal(body.data.length, 100);
	assert.ok(process.memoryUsage().heapUsed - before < 20e6);
});

test("options that make no sense are refused", () => {
	for (const options of [
		{ conversations: -1 },
		{ secondsBetweenConversations: 59 },
		{ secondsBetweenConversations: 1.5 },
		{ conversations: { instagram: 1.5 } },
		{ seed: Number.NaN },
		{ requireProof: true },
	]) {
		assert.throws(
			() => createGraphSimulator(options),
			TypeError,
			JSON.stringify(options),
		);
	}
});
