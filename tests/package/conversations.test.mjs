import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { listConversations } from "graph-inbox";
import { failureOf, ids, personOf, startGraph } from "./graph.mjs";

const { simulator, access, inbox } = await startGraph();

/** The query of the last request, without the token. */
function lastQuery() {
	const query = Object.fromEntries(simulator.requests.at(-1)?.query ?? []);
	delete query.access_token;
	return query;
}

describe("GET /{page-id}/conversations", () => {
	it("asks for nothing that was not asked for", async () => {
		const page = await inbox().listConversations();
		assert.deepEqual(lastQuery(), {});
		const [first] = simulator.conversations();
		assert.deepEqual(page.data[0], {
			id: first.id,
			updated_time: first.updated_time,
		});
	});

	it("sends every parameter", async () => {
		await inbox().listConversations({
			folder: "inbox",
			platform: "instagram",
			userId: "17841400000000001",
			fields: [
				"id",
				{ messages: { limit: 5, fields: ["id", "message", "from"] } },
			],
			limit: 7,
		});
		assert.deepEqual(lastQuery(), {
			folder: "inbox",
			platform: "INSTAGRAM",
			user_id: "17841400000000001",
			fields: "id,messages.limit(5){id,message,from}",
			limit: "7",
		});
	});

	for (const platform of /** @type {const} */ (["messenger", "instagram"])) {
		for (const folder of /** @type {const} */ ([
			"inbox",
			"other",
			"page_done",
			"spam",
		])) {
			it(`lists ${folder} of ${platform}`, async () => {
				const all = await inbox()
					.listConversations({ platform, folder })
					.toArray();
				assert.deepEqual(
					ids(all),
					ids(simulator.conversations({ platform, folder })),
				);
			});
		}
	}

	it("gives back what Graph sent, field by field", async () => {
		const fields = /** @type {const} */ ([
			"updated_time",
			"snippet",
			"participants",
			"unread_count",
			"message_count",
			"link",
			"can_reply",
		]);
		const { data } = await inbox().listConversations({ fields, limit: 30 });
		const expected = simulator.conversations({
			fields: `id,${fields.join(",")}`,
		});
		assert.deepEqual(data, expected.slice(0, 30));
		assert.ok(data.some((conversation) => !("unread_count" in conversation)));
	});

	it("takes an expansion as Graph writes it", async () => {
		const fields = /** @type {any} */ (["messages.limit(2){id,message,from}"]);
		const { data } = await inbox().listConversations({ fields, limit: 3 });
		assert.equal(lastQuery().fields, "id,messages.limit(2){id,message,from}");
		const [message] = /** @type {any} */ (data[0]).messages.data;
		assert.deepEqual(Object.keys(message).sort(), ["from", "id", "message"]);
	});

	it("sends edges with limits, cursors and fields of their own", async () => {
		/** @type {[any, string][]} */
		const selections = [
			[{ participants: { limit: 1 } }, "participants.limit(1)"],
			[{ senders: { fields: ["name"] } }, "senders{name}"],
			[
				{ former_participants: { limit: 2, fields: ["id"] } },
				"former_participants.limit(2){id}",
			],
			[
				{ messages: { limit: 3, fields: [{ attachments: { limit: 2 } }] } },
				"messages.limit(3){attachments.limit(2)}",
			],
		];
		for (const [selection, sent] of selections) {
			const fields = [selection];
			const { data } = await inbox().listConversations({ fields, limit: 2 });
			assert.equal(lastQuery().fields, `id,${sent}`);
			const [first] = simulator.conversations({ fields: `id,${sent}` });
			const [name] = Object.keys(selection);
			const edge = /** @type {any} */ (data[0])[name].data;
			assert.deepEqual(edge, /** @type {any} */ (first)[name].data);
		}
	});

	it("takes undefined for not given in an edge too", async () => {
		for (const name of ["limit", "fields", "after", "before"]) {
			const fields = /** @type {any} */ ([{ messages: { [name]: undefined } }]);
			await inbox().listConversations({ fields, limit: 1 });
			assert.equal(lastQuery().fields, "id,messages");
		}
	});

	it("reads on in nested messages by a cursor, and back", async () => {
		const { id, participants } =
			simulator
				.conversations()
				.find(({ message_count = 0 }) => message_count > 8) ??
			assert.fail("no long conversation");
		const userId = personOf({ id, participants }, simulator);
		/** @param {object} messages */
		const read = async (messages) => {
			const fields = /** @type {any} */ ([{ messages }]);
			const page = await inbox().listConversations({ userId, fields });
			return /** @type {any} */ (page.data[0]).messages;
		};
		const all = ids((await read({ limit: 8 })).data);
		const first = await read({ limit: 4, fields: ["message"] });
		assert.deepEqual(ids(first.data), all.slice(0, 4));
		const { after } = first.paging.cursors;
		const second = await read({ fields: ["message"], after, limit: 4 });
		assert.equal(
			lastQuery().fields,
			`id,messages.limit(4).after(${after}){message}`,
		);
		assert.deepEqual(ids(second.data), all.slice(4, 8));
		const { before } = second.paging.cursors;
		const back = await read({ limit: 4, before });
		assert.deepEqual(ids(back.data), all.slice(0, 4));
	});

	it("finds the conversation of one person", async () => {
		const conversation = simulator.conversations()[20];
		const userId = personOf(conversation, simulator);
		assert.deepEqual(
			ids(await inbox().listConversations({ userId }).toArray()),
			[conversation.id],
		);
	});

	it("passes on fields that the types do not know", async () => {
		const error = await failureOf(
			inbox().listConversations({ fields: /** @type {any} */ (["brand_new"]) }),
		);
		assert.equal(lastQuery().fields, "id,brand_new");
		assert.deepEqual([error.kind, error.code], ["invalid_request", 100]);
	});

	it("tells how the answer came about", async () => {
		const { meta } = await inbox({ apiVersion: "19.0" }).listConversations();
		assert.equal(
			simulator.requests.at(-1)?.path,
			`/v19.0/${simulator.pageId}/conversations`,
		);
		assert.equal(
			meta.apiVersion,
			"v21.0",
			"an expired version is served by the oldest",
		);
		assert.deepEqual([meta.status, meta.attempts], [200, 1]);
		assert.ok(meta.traceId && meta.requestId);
		assert.deepEqual(
			meta.usage.map(({ scope, type, id }) => ({ scope, type, id })),
			[
				{ scope: "app", type: undefined, id: undefined },
				{ scope: "business", type: "messenger", id: simulator.pageId },
			],
		);
		assert.ok(Number(meta.usage[0].callCount) > 0);
	});

	it("has a plain function", async () => {
		const page = await listConversations({
			...access,
			platform: "INSTAGRAM",
			limit: 2,
		});
		assert.deepEqual(
			ids(page.data),
			ids(simulator.conversations({ platform: "instagram" })).slice(0, 2),
		);
	});

	it("keeps the options it was given, whatever becomes of the object", async () => {
		const params = { limit: 3 };
		const list = inbox().listConversations(params);
		params.limit = 9;
		assert.equal((await list).data.length, 3);
	});
});
