import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { getThreadOwner, PAGE_INBOX_APP_ID } from "graph-inbox";
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
			{ state: "owned", app_id: PAGE_INBOX_APP_ID, expiration },
		],
		[
			"owned without an end",
			{ app_id: "7", expiration: null },
			{ state: "owned", app_id: "7", expiration: null },
		],
		[
			"unquoted",
			{ app_id: 263902037430900, expiration },
			{ state: "owned", app_id: "263902037430900", expiration },
		],
		[
			"unquoted above 2^53",
			{ app_id: 18446744073709551615n, expiration },
			{ state: "owned", app_id: "18446744073709551615", expiration },
		],
		["idle", null, { state: "idle", app_id: null, expiration: null }],
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
		const { state, app_id, expiration } =
			await inbox().getThreadOwner(recipient);
		assert.deepEqual(
			[state, app_id, typeof expiration],
			["hidden", null, "number"],
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
