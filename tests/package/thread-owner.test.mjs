import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
	getThreadOwner,
	INSTAGRAM_INBOX_APP_ID,
	PAGE_INBOX_APP_ID,
} from "graph-inbox";
import { failureOf, personOf, startGraph } from "./graph.mjs";

const { simulator, access, inbox } = await startGraph();
const recipient = personOf(simulator.conversations()[0], simulator);

describe("GET /{page-id}/thread_owner", () => {
	const expiration = 1_900_000_000;
	/** @type {[string, Parameters<typeof simulator.setOwner>[1], object][]} */
	const states = [
		[
			"owned",
			{ app_id: PAGE_INBOX_APP_ID, expiration },
			{
				state: "owned",
				app_id: PAGE_INBOX_APP_ID,
				role: "meta_inbox",
				expiration,
			},
		],
		[
			"owned without an end",
			{ app_id: "7", expiration: null },
			{ state: "owned", app_id: "7", role: "other_app", expiration: null },
		],
		[
			"unquoted",
			{ app_id: 263902037430900, expiration },
			{
				state: "owned",
				app_id: "263902037430900",
				role: "meta_inbox",
				expiration,
			},
		],
		[
			"unquoted above 2^53",
			{ app_id: 18446744073709551615n, expiration },
			{
				state: "owned",
				app_id: "18446744073709551615",
				role: "other_app",
				expiration,
			},
		],
		[
			"idle",
			null,
			{ state: "idle", app_id: null, role: null, expiration: null },
		],
	];
	for (const [name, owner, expected] of states) {
		it(`reads an owner that is ${name}`, async () => {
			simulator.setOwner(recipient, owner);
			assert.deepEqual(await inbox().getThreadOwner(recipient), {
				recipient,
				...expected,
			});
		});
	}

	it("reads an owner that is hidden", async () => {
		simulator.setOwner(recipient, "hidden");
		const { state, app_id, role, expiration } =
			await inbox().getThreadOwner(recipient);
		assert.deepEqual(
			[state, app_id, role, typeof expiration],
			["hidden", null, null, "number"],
		);
	});

	for (const body of [
		"{}",
		'{"data":[]}',
		'{"data":[{"thread_owner":{}}],"paging":{}}',
	]) {
		it(`takes ${body} for idle`, async () => {
			simulator.failNext({ body });
			assert.equal((await inbox().getThreadOwner(recipient)).state, "idle");
		});
	}

	for (const body of [
		'{"data":null}',
		'{"data":[null]}',
		'{"data":[{"thread_owner":7}]}',
		"[]",
	]) {
		it(`does not take ${body} for idle`, async () => {
			simulator.failNext({ body });
			const error = await failureOf(inbox().getThreadOwner(recipient));
			assert.deepEqual(
				[error.kind, error.retryable, error.body],
				["response", false, body],
			);
		});
	}

	it("sends the recipient as plain text that can not become anything else", async () => {
		await failureOf(inbox().getThreadOwner("1&access_token=x#/../?y={}"));
		const { path, query } = /** @type {any} */ (simulator.requests.at(-1));
		assert.equal(path, `/v25.0/${simulator.pageId}/thread_owner`);
		assert.deepEqual([...query], [["recipient", "1&access_token=x#/../?y={}"]]);
	});

	it("tells when the person is unknown", async () => {
		const error = await failureOf(inbox().getThreadOwner("123"));
		assert.deepEqual(
			[error.name, error.kind, error.code, error.subcode],
			["GraphError", "invalid_request", 100, 2018001],
		);
	});

	it("has a plain function", async () => {
		simulator.setOwner(recipient, null);
		assert.equal(
			(await getThreadOwner({ ...access, pageId: "me", recipient })).state,
			"idle",
		);
		assert.equal(simulator.requests.at(-1)?.path, "/v25.0/me/thread_owner");
	});

	it("serves a hundred calls at once", async () => {
		const client = inbox();
		const people = simulator
			.conversations()
			.map((conversation) => personOf(conversation, simulator));
		const asked = Array.from(
			{ length: 100 },
			(_, index) => people[index % people.length],
		);
		const owners = await Promise.all(
			asked.map((person) => client.getThreadOwner(person)),
		);
		assert.deepEqual(
			owners.map((owner) => owner.recipient),
			asked,
		);
	});
});

describe("role", () => {
	const { appId } = simulator;
	/** @type {[string, Parameters<typeof simulator.setOwner>[1], string | null, string | null][]} */
	const owners = [
		["the app of appId", { app_id: appId }, "self", "other_app"],
		[
			"the app of appId, written as a number",
			{ app_id: BigInt(appId) },
			"self",
			"other_app",
		],
		["another app", { app_id: "7" }, "other_app", "other_app"],
		[
			"an app whose ID begins with appId",
			{ app_id: `${appId}0` },
			"other_app",
			"other_app",
		],
		[
			"Meta's inbox for Messenger",
			{ app_id: PAGE_INBOX_APP_ID },
			"meta_inbox",
			"meta_inbox",
		],
		[
			"Meta's inbox for Instagram, written as a number",
			{ app_id: BigInt(INSTAGRAM_INBOX_APP_ID) },
			"meta_inbox",
			"meta_inbox",
		],
		["an app that Graph hides", "hidden", null, null],
		["nobody", null, null, null],
	];
	for (const [name, owner, expected, withoutAppId] of owners)
		it(`is ${expected} where the owner is ${name}`, async () => {
			simulator.setOwner(recipient, owner);
			const userId = recipient;
			for (const [options, role] of /** @type {const} */ ([
				[{ appId }, expected],
				[{}, withoutAppId],
			])) {
				const client = inbox(options);
				const single = await client.getThreadOwner(recipient);
				const plain = await getThreadOwner({
					...access,
					...options,
					recipient,
				});
				const [ofMany] = await client.getThreadOwners([recipient]);
				const [joined] = await client
					.listConversationsWithOwner({ userId })
					.toArray();
				assert.equal(single.role, role);
				for (const one of [plain, ofMany.owner, joined.thread_owner.owner])
					assert.deepEqual(one, single);
			}
		});
});
