// The bodies of answers: in pieces, without end, from a fetch that is not the runtime's.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, describe, it } from "node:test";
import { failureOf, ids, startGraph } from "./graph.mjs";

const MOST = 16 * 1024 * 1024;
const { simulator, inbox, watched } = await startGraph({
	conversations: { messenger: 60, instagram: 0 },
});

/**
 * A client that gets one body, whatever it asks for.
 *
 * @param {BodyInit | null} body
 * @param {number} [status]
 */
function answered(body, status = 200) {
	let requests = 0;
	const client = inbox({
		fetch: async () => {
			requests++;
			return new Response(body, { status });
		},
	});
	return { client, count: () => requests };
}

/**
 * @param {Uint8Array} bytes
 * @param {number} size of a piece
 */
const inPieces = (bytes, size) =>
	new ReadableStream({
		start(controller) {
			for (let at = 0; at < bytes.length; at += size)
				controller.enqueue(bytes.subarray(at, at + size));
			controller.close();
		},
	});

/** @param {number} length of the body */
function pageOf(length) {
	const [start, end] = ['{"data":[{"id":"t_1","snippet":"', '"}]}'];
	return start + "m".repeat(length - start.length - end.length) + end;
}

describe("a body in pieces", () => {
	const snippet = "Zwölf Brötchen 🥐 – שלום";
	const page = JSON.stringify({ data: [{ id: "t_1", snippet }] });

	for (const size of [1, 2, 3, 1000]) {
		it(`of ${size} bytes is put together, within a character too`, async () => {
			const bytes = new TextEncoder().encode(`\u{FEFF}${page}`);
			const { client } = answered(inPieces(bytes, size));
			const { data } = await client.listConversations({ fields: ["snippet"] });
			assert.deepEqual(data, [{ id: "t_1", snippet }]);
		});
	}

	it("that breaks off is a lost connection", async () => {
		const broken = new ReadableStream({
			start(controller) {
				controller.enqueue(new TextEncoder().encode('{"data":'));
			},
			pull(controller) {
				controller.error(new Error("reset"));
			},
		});
		const { client } = answered(broken);
		const error = await failureOf(client.listConversations({ maxRetries: 0 }));
		assert.deepEqual([error.kind, error.retryable], ["connection", true]);
	});

	it("that is none is no answer of Graph's", async () => {
		const { client } = answered(null);
		const error = await failureOf(client.listConversations({ maxRetries: 0 }));
		assert.deepEqual([error.kind, error.body], ["response", undefined]);
	});
});

describe("a body of more than 16 MiB", () => {
	it("is not read; one of 16 MiB is", async () => {
		const { client } = answered(pageOf(MOST));
		assert.equal((await client.listConversations()).data.length, 1);

		// One conversation is as long as all of them, so less is asked for in vain: the page, the same once more where retries are
		// allowed, ID and time, and the ID alone.
		for (const [maxRetries, requests] of [
			[0, 3],
			[1, 4],
			[2, 4],
		]) {
			const longer = answered(pageOf(MOST + 1));
			const error = await failureOf(
				longer.client.listConversations({ limit: 1, maxRetries }),
			);
			assert.deepEqual(
				[error.kind, error.retryable, error.status, error.attempts],
				["response", false, 200, requests],
			);
			assert.equal(longer.count(), requests);
			assert.match(error.message, /more than 16 MiB/);
			assert.equal(error.body?.length, 200);
		}
	});

	it("counts as what its status says, where that is no good one", async () => {
		const { client } = answered(pageOf(MOST + 1), 502);
		const error = await failureOf(
			client.getThreadOwner("1", { maxRetries: 0 }),
		);
		assert.deepEqual([error.kind, error.retryable], ["transient", true]);
	});

	it("is let go of: the server notices", async () => {
		const server = createServer((_, response) => {
			const pour = () => {
				while (response.write(" ".repeat(1e6)));
			};
			response.on("drain", pour);
			pour();
		});
		server.listen(0, "127.0.0.1");
		await once(server, "listening");
		after(() => server.close());
		const { port } = /** @type {import("node:net").AddressInfo} */ (
			server.address()
		);
		const closed = new Promise((resolve) =>
			server.once("connection", (socket) => socket.once("close", resolve)),
		);
		const baseUrl = `http://127.0.0.1:${port}`;
		const error = await failureOf(inbox({ baseUrl }).listConversations());
		assert.equal(error.kind, "response");
		await closed;
	});

	it("makes a list ask for less, down to a conversation that is too long by itself", async () => {
		const [huge] = simulator.conversations().slice(30);
		const { inbox, told, sizes } = watched({
			async fetch(url, init) {
				const { status, text, headers } = await padded(url, init, huge.id);
				return new Response(text, { status, headers });
			},
		});
		const found = await inbox
			.listConversations({ fields: ["updated_time", "snippet"], limit: 50 })
			.toArray();
		assert.deepEqual(ids(found), ids(simulator.conversations()));
		const { id, updated_time } = huge;
		assert.deepEqual(found[30], { id, updated_time, unreadable: ["snippet"] });
		assert.ok(found[29].snippet && found[31].snippet);
		assert.deepEqual(
			told("unreadable").map(({ conversationId }) => conversationId),
			[huge.id],
		);
		assert.deepEqual(sizes().slice(0, 2), [
			[50, 25],
			[25, 12],
		]);
		assert.equal(told("retry").length, 0);
	});

	/**
	 * What the simulator answers, each snippet a MiB long, and one of them too long.
	 *
	 * @param {string} url
	 * @param {RequestInit} init
	 * @param {string} huge
	 */
	async function padded(url, init, huge) {
		const answer = await simulator.fetch(url, init);
		const body = await answer.json();
		for (const conversation of body.data)
			if (conversation.snippet)
				conversation.snippet = "m".repeat(
					conversation.id === huge ? MOST : 2 ** 20,
				);
		const headers = [...answer.headers].filter(
			([name]) => name !== "content-length",
		);
		return { status: answer.status, text: JSON.stringify(body), headers };
	}
});

describe("a fetch that is not the runtime's", () => {
	/** @param {string} text */
	const polyfilled = (text) =>
		inbox({
			fetch: async () =>
				/** @type {any} */ ({
					status: 200,
					headers: new Map(),
					text: async () => text,
				}),
		});

	it("needs no streams", async () => {
		const page = await polyfilled(pageOf(100)).listConversations();
		assert.equal(page.data.length, 1);
	});

	it("is told when a body is too long as well", async () => {
		const client = polyfilled(pageOf(MOST + 1));
		const error = await failureOf(client.listConversations());
		assert.match(error.message, /more than 16 MiB/);
	});

	it("may not have read the body already", async () => {
		const used = new Response("{}");
		await used.text();
		const client = inbox({ fetch: async () => used, maxRetries: 0 });
		const error = await failureOf(client.listConversations());
		assert.equal(error.kind, "connection");
	});
});
