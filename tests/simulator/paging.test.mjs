import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids, walk } from "./ask.mjs";

test("next leads through the whole list, once", async () => {
	const simulator = createGraphSimulator();
	const found = await walk(simulator, "/me/conversations?limit=7");
	assert.deepEqual(ids(found), ids(simulator.conversations()));
	assert.equal(simulator.requests.length, 9);
});

test("the first page has no previous, the last has cursors but no next", async () => {
	const simulator = createGraphSimulator({ conversations: 6 });
	const first = (
		await ask(
			simulator,
			"/me/conversations?limit=3&fields=id&platform=instagram",
		)
	).body.paging;
	assert.deepEqual(Object.keys(first), ["cursors", "next"]);
	const next = new URL(first.next);
	assert.equal(next.pathname, `/v25.0/${simulator.pageId}/conversations`);
	assert.deepEqual(Object.fromEntries(next.searchParams), {
		access_token: simulator.accessToken,
		platform: "instagram",
		fields: "id",
		pretty: "0",
		limit: "3",
		after: first.cursors.after,
	});
	const last = (await (await simulator.fetch(next)).json()).paging;
	assert.deepEqual(Object.keys(last), ["cursors", "previous"]);
	assert.deepEqual(
		(
			await ask(
				simulator,
				`/me/conversations?platform=instagram&after=${last.cursors.after}`,
			)
		).body,
		{ data: [] },
	);
});

test("previous leads back", async () => {
	const simulator = createGraphSimulator();
	const all = ids(simulator.conversations());
	const { body: first } = await ask(simulator, "/me/conversations?limit=10");
	const second = await (await simulator.fetch(first.paging.next)).json();
	const third = await (await simulator.fetch(second.paging.next)).json();
	const back = await (await simulator.fetch(third.paging.previous)).json();
	assert.deepEqual(ids(back.data), all.slice(10, 20));
	assert.deepEqual(back.data, second.data);
	const top = await (await simulator.fetch(back.paging.previous)).json();
	assert.deepEqual(top.data, first.data);
	assert.ok(!("previous" in top.paging));
});

test("conversations that move up while pages are read are the only ones a walk loses", async () => {
	const simulator = createGraphSimulator({ conversations: 50 });
	const all = ids(simulator.conversations());
	// One not reached yet, one already read, and the very one the cursor was made from.
	const moved = [all[33], all[2], all[9]];
	const found = ids(
		await walk(simulator, "/me/conversations?limit=10", (_, number) => {
			if (number === 1)
				for (const conversationId of moved)
					simulator.receiveMessage({ conversationId });
		}),
	);
	assert.equal(new Set(found).size, found.length);
	assert.deepEqual(
		found,
		all.filter((id) => id !== all[33]),
	);
	assert.deepEqual(ids(simulator.conversations()).slice(0, 3), moved.reverse());
});

test("moved and untouched conversations merge on both ways", async () => {
	const simulator = createGraphSimulator({ conversations: 30 });
	for (const { id } of simulator
		.conversations()
		.filter((_, index) => index % 3 === 0)) {
		simulator.receiveMessage({ conversationId: id });
	}
	const all = ids(simulator.conversations());
	const { body: first } = await ask(simulator, "/me/conversations?limit=9");
	const second = await (await simulator.fetch(first.paging.next)).json();
	assert.deepEqual(ids([...first.data, ...second.data]), all.slice(0, 18));
	const back = await (await simulator.fetch(second.paging.previous)).json();
	assert.deepEqual(back.data, first.data);
});

test("a cursor that is not, or no longer, one of this list is error 100", async () => {
	const simulator = createGraphSimulator();
	const { body } = await ask(simulator, "/me/conversations?limit=2");
	const { after } = body.paging.cursors;
	const status = async (/** @type {string} */ query) => {
		const { status, body } = await ask(simulator, `/me/conversations?${query}`);
		return body.error?.code ?? status;
	};
	assert.equal(await status(`after=${after}`), 200);
	assert.equal(await status("after=not+a+cursor"), 100);
	assert.equal(await status("before=MAZDZD"), 100);
	assert.equal(await status(`platform=INSTAGRAM&after=${after}`), 100);
	assert.equal(await status(`folder=spam&after=${after}`), 100);
	simulator.expireCursors();
	assert.equal(await status(`after=${after}`), 100);
});
