import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, ids, personOf, walk } from "./ask.mjs";

const simulator = createGraphSimulator({
	conversations: { messenger: 60, instagram: 30 },
});

test("by default: 25 from the Messenger inbox, newest first, id and updated_time", async () => {
	const { status, body } = await ask(
		simulator,
		`/${simulator.pageId}/conversations`,
	);
	assert.equal(status, 200);
	assert.deepEqual(
		body.data,
		simulator.conversations({ fields: "id,updated_time" }).slice(0, 25),
	);
	const times = body.data.map((/** @type {any} */ one) => one.updated_time);
	assert.deepEqual(times, [...times].sort().reverse());
});

for (const [query, filter] of /** @type {const} */ ([
	["platform=INSTAGRAM", { platform: "INSTAGRAM" }],
	["platform=instagram&folder=spam", { platform: "INSTAGRAM", folder: "spam" }],
	["platform=Messenger&folder=other", { folder: "other" }],
	["folder=page_done", { folder: "page_done" }],
	["since=1&until=2", {}],
])) {
	test(`${query} lists what belongs there`, async () => {
		const { body } = await ask(
			simulator,
			`/me/conversations?limit=100&${query}`,
		);
		assert.deepEqual(ids(body.data), ids(simulator.conversations(filter)));
		assert.ok(body.data.length > 0);
	});
}

test("user_id finds the one conversation of a person, on their platform", async () => {
	const [, chosen] = simulator.conversations({ platform: "INSTAGRAM" });
	const find = async (/** @type {string} */ query) =>
		(await ask(simulator, `/me/conversations?${query}`)).body;
	const { id } = personOf(chosen);
	assert.deepEqual(ids((await find(`platform=INSTAGRAM&user_id=${id}`)).data), [
		chosen.id,
	]);
	assert.deepEqual(await find(`user_id=${id}`), { data: [] });
	assert.deepEqual(await find("user_id=12345"), { data: [] });
});

test("only the fields asked for are given, in their order, and id", async () => {
	const { body } = await ask(
		simulator,
		"/me/conversations?limit=3&fields=snippet,participants.limit(1){name}",
	);
	for (const one of body.data) {
		assert.deepEqual(Object.keys(one), ["snippet", "participants", "id"]);
		assert.equal(one.participants.data.length, 1);
		assert.deepEqual(Object.keys(one.participants.data[0]), ["name", "id"]);
	}
});

test("messages are nested with limit, fields and paging of their own", async () => {
	const fields = "messages.limit(2){message,from{name},to}";
	const { body } = await ask(
		simulator,
		`/me/conversations?limit=30&fields=${encodeURIComponent(fields)}`,
	);
	const long = body.data.find(
		(/** @type {any} */ one) => one.messages.paging?.next,
	);
	assert.equal(long.messages.data.length, 2);
	assert.deepEqual(Object.keys(long.messages.data[0]), [
		"message",
		"from",
		"to",
		"id",
	]);
	const next = new URL(long.messages.paging.next);
	assert.equal(next.pathname, `/v25.0/${long.id}/messages`);
	assert.equal(next.searchParams.get("access_token"), simulator.accessToken);
	assert.equal(next.searchParams.get("fields"), "message,from{name},to");
	const older = await (await simulator.fetch(next)).json();
	assert.ok(
		!ids(older.data).some((id) => ids(long.messages.data).includes(id)),
	);
	const short = body.data.find(
		(/** @type {any} */ one) => one.messages.data.length === 1,
	);
	assert.deepEqual(Object.keys(short.messages.paging), ["cursors"]);
});

test("of messages beyond the newest 20 only id and created_time are given", async () => {
	const { id } =
		simulator.conversations().find((one) => (one.message_count ?? 0) > 20) ??
		assert.fail("no long conversation");
	const messages = await walk(
		simulator,
		`/${id}/messages?fields=message,created_time,from&limit=7`,
	);
	assert.deepEqual(
		messages.map((one) => "from" in one),
		messages.map((_, index) => index < 20),
	);
	const times = messages.map((one) => one.created_time);
	assert.deepEqual(times, [...times].sort().reverse());
});

test("messages at times hold a picture, a sticker, a reaction", async () => {
	const big = createGraphSimulator({ conversations: 200 });
	const fields =
		"messages.limit(20){message,sticker,tags,attachments,reactions,is_unsupported}";
	const messages = /** @type {const} */ (["MESSENGER", "INSTAGRAM"]).flatMap(
		(platform) =>
			big
				.conversations({ platform, fields })
				.flatMap((one) => one.messages?.data ?? []),
	);
	for (const name of /** @type {const} */ ([
		"sticker",
		"attachments",
		"reactions",
		"is_unsupported",
		"tags",
	])) {
		const having = messages.filter((one) => name in one).length;
		assert.ok(having > 0 && having < messages.length, name);
	}
});

test("one conversation can be read by its ID", async () => {
	for (const platform of /** @type {const} */ (["MESSENGER", "INSTAGRAM"])) {
		const [, chosen] = simulator.conversations({
			platform,
			fields: "snippet,participants",
		});
		const { body } = await ask(
			simulator,
			`/${encodeURIComponent(chosen.id)}?fields=snippet,participants`,
		);
		assert.deepEqual(body, chosen);
	}
});
