import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids } from "./ask.mjs";

const simulator = createGraphSimulator();
const long =
	simulator.conversations().find((one) => (one.message_count ?? 0) > 12) ??
	assert.fail("no long conversation");

/** @param {string} fields */
const read = async (fields) =>
	(await ask(simulator, `/${long.id}?fields=${encodeURIComponent(fields)}`))
		.body;

test("nested messages go on after a cursor, and back before one", async () => {
	const all = ids((await read("messages.limit(12)")).messages.data);
	const { messages: first } = await read("messages.limit(4){message}");
	assert.deepEqual(ids(first.data), all.slice(0, 4));
	const { messages: second } = await read(
		`messages.limit(4).after(${first.paging.cursors.after}){message}`,
	);
	assert.deepEqual(ids(second.data), all.slice(4, 8));
	const { messages: third } = await read(
		`messages.after(${second.paging.cursors.after}).limit(4){message}`,
	);
	assert.deepEqual(ids(third.data), all.slice(8, 12));
	const { messages: back } = await read(
		`messages.before(${third.paging.cursors.before}).limit(4){message}`,
	);
	assert.deepEqual(back.data, second.data);
});

test("a nested cursor is good for its own conversation only", async () => {
	const { body } = await ask(
		simulator,
		"/me/conversations?limit=2&fields=messages.limit(1)",
	);
	const [one, other] = body.data;
	const cursor = one.messages.paging.cursors.after;
	const fields = `fields=messages.after(${cursor})`;
	assert.equal((await ask(simulator, `/${one.id}?${fields}`)).status, 200);
	const { error } = (await ask(simulator, `/${other.id}?${fields}`)).body;
	assert.equal(error.code, 100);
});

test("participants and senders take a limit and fields, and come without paging", async () => {
	const { participants, senders, former_participants } = await read(
		"participants.limit(1){name},senders.limit(5){id},former_participants.limit(2){id}",
	);
	const [person, business] = long.participants?.data ?? [];
	assert.deepEqual(participants, {
		data: [{ name: person.name, id: person.id }],
	});
	assert.deepEqual(senders, { data: [{ id: person.id }, { id: business.id }] });
	assert.deepEqual(former_participants, { data: [] });
});

test("attachments, shares and stories take the fields that were recorded", async () => {
	const fields =
		"messages.limit(2){attachments{id,generic_template{title}},shares{link,name,description,template},story{reply_to{link,id},mention},reactions{reaction,users}}";
	assert.equal((await read(fields)).error, undefined);
});
