import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { ask, personOf } from "./ask.mjs";

const now = () => Date.UTC(2026, 10, 22);
const seconds = now() / 1000;

for (const [platform, inboxApp] of /** @type {const} */ ([
	["MESSENGER", "263902037430900"],
	["INSTAGRAM", "1217981644879628"],
])) {
	test(`${platform}: the seed spreads every kind of owner`, async () => {
		const simulator = createGraphSimulator({ conversations: 80, now });
		const kinds = new Set();
		for (const conversation of simulator.conversations({ platform })) {
			const { body, text } = await ask(
				simulator,
				`/me/thread_owner?recipient=${personOf(conversation).id}`,
			);
			const owner = body.data[0]?.thread_owner;
			assert.ok(!owner || owner.expiration > seconds);
			assert.equal(
				conversation.is_owner,
				String(owner?.app_id) === simulator.appId,
			);
			kinds.add(owner ? String(owner.app_id ?? "hidden") : "idle");
			if (owner?.app_id)
				kinds.add(/"app_id":"/.test(text) ? "quoted" : "unquoted");
		}
		for (const kind of [
			"idle",
			"hidden",
			"quoted",
			"unquoted",
			inboxApp,
			simulator.appId,
		])
			assert.ok(kinds.has(kind), kind);
		assert.equal([...kinds].filter((kind) => /^\d+$/.test(kind)).length, 3);
	});
}

test("setOwner decides, to the digit", async () => {
	const simulator = createGraphSimulator({ now });
	const recipient = personOf(simulator.conversations()[4]).id;
	const day = seconds + 86_400;
	for (const [owner, answer] of /** @type {const} */ ([
		[null, '{"data":[]}'],
		["hidden", `{"data":[{"thread_owner":{"expiration":${day}}}]}`],
		[
			{ app_id: "5512" },
			`{"data":[{"thread_owner":{"app_id":"5512","expiration":${day}}}]}`,
		],
		[
			{ app_id: 5512, expiration: 1_900_000_000 },
			'{"data":[{"thread_owner":{"app_id":5512,"expiration":1900000000}}]}',
		],
		[
			{ app_id: 98765432109876543210n, expiration: null },
			'{"data":[{"thread_owner":{"app_id":98765432109876543210}}]}',
		],
	])) {
		simulator.setOwner(recipient, owner);
		const { status, text } = await ask(
			simulator,
			`/${simulator.pageId}/thread_owner?recipient=${recipient}`,
		);
		assert.equal(status, 200);
		assert.equal(text, answer);
	}
	simulator.setOwner(recipient, { app_id: simulator.appId });
	assert.equal(simulator.conversations()[4].is_owner, true);
	assert.throws(() => simulator.setOwner("1", null), RangeError);
});

for (const [query, code, subcode] of /** @type {const} */ ([
	["", 100, undefined],
	["?recipient=", 100, undefined],
	[`?recipient=${encodeURIComponent('{"id":"1"}')}`, 100, undefined],
	["?recipient=24000000000000000", 100, 2018001],
])) {
	test(`thread_owner${query} is error ${code}/${subcode}`, async () => {
		const { status, body } = await ask(
			createGraphSimulator(),
			`/me/thread_owner${query}`,
		);
		assert.equal(status, 400);
		assert.deepEqual(
			[body.error.code, body.error.error_subcode],
			[code, subcode],
		);
	});
}
