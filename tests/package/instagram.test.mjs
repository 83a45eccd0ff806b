// graph.instagram.com as `baseUrl`: the same list under another host, which knows no thread owners.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { createInbox, getThreadOwner, listConversations } from "graph-inbox";
import { failureOf, ids, personOf, readings, startGraph } from "./graph.mjs";

const HOST = "https://graph.instagram.com";
const graph = await startGraph({
	host: "instagram",
	conversations: { messenger: 0, instagram: 45 },
});
const { simulator, url } = graph;
afterEach(graph.restore);

/** Sends what goes to the host to the loopback server. @type {NonNullable<import("graph-inbox").InboxOptions["fetch"]>} */
const toLoopback = (input, init) => {
	assert.ok(input.startsWith(`${HOST}/`), "nothing goes to another host");
	return fetch(input.replace(HOST, url), init);
};

/** @type {import("graph-inbox").InboxOptions} */
const options = {
	pageId: simulator.instagramAccountId,
	accessToken: simulator.accessToken,
	baseUrl: HOST,
	fetch: toLoopback,
	callsPerSecond: false,
};

/** @param {Partial<import("graph-inbox").InboxOptions>} [changes] */
const inbox = (changes) => createInbox({ ...options, ...changes });

describe("the conversations of graph.instagram.com", () => {
	for (const pageId of [simulator.instagramAccountId, "me"])
		for (const [way, read] of Object.entries(readings))
			it(`are those of ${pageId === "me" ? "me" : "the account"}: ${way}`, async () => {
				const list = inbox({ pageId }).listConversations({ limit: 20 });
				assert.deepEqual(ids(await read(list)), ids(simulator.conversations()));
				assert.ok(
					simulator.requests.every(
						({ path }) => path === `/v25.0/${pageId}/conversations`,
					),
				);
			});

	it("can be asked for with the platform and with the plain function", async () => {
		const page = await listConversations({
			...options,
			platform: "instagram",
			fields: ["participants", { messages: { limit: 2 } }],
			limit: 3,
		});
		assert.deepEqual(
			page.data.map(({ id, participants }) => ({ id, participants })),
			simulator
				.conversations()
				.slice(0, 3)
				.map(({ id, participants }) => ({ id, participants })),
		);
	});

	it("say in meta and in events which version answered, by a header of that host", async () => {
		/** @type {any[]} */
		const events = [];
		const client = inbox({
			apiVersion: "v19.0",
			onEvent: (event) => events.push(event),
		});
		const { meta } = await client.listConversations({ limit: 1 });
		assert.equal(meta.apiVersion, "v21.0");
		const told = (/** @type {string} */ type) =>
			events.find((event) => event.type === type);
		assert.equal(told("response").apiVersion, "v21.0");
		assert.deepEqual(told("version"), {
			type: "version",
			requested: "v19.0",
			served: "v21.0",
		});
	});

	it("say in meta how much of the limits is used", async () => {
		const { meta } = await inbox().listConversations({ limit: 1 });
		const [usage] = meta.usage;
		assert.deepEqual([meta.usage.length, usage.scope], [1, "app"]);
		assert.ok(Number(usage.callCount) > 0 && Number(usage.totalCpuTime) > 0);
	});

	it("are lightened like any", async () => {
		const { id } = simulator.conversations()[4];
		simulator.breakConversation(id, { unreadable: ["messages"] });
		const found = await inbox()
			.listConversations({ fields: ["updated_time", "messages"], limit: 10 })
			.toArray();
		simulator.breakConversation(id, false);
		assert.deepEqual(ids(found), ids(simulator.conversations()));
		const { updated_time } = simulator.conversations()[4];
		assert.deepEqual(found[4], { id, updated_time, unreadable: ["messages"] });
	});

	it("are refused with the errors of that host", async () => {
		const error = await failureOf(
			inbox().listConversations({ fields: ["unread_count"] }),
		);
		assert.deepEqual(
			[error.kind, error.code, error.type],
			["invalid_request", 100, "IGApiException"],
		);
		const limited = await failureOf(
			inbox({ fetch: failing("rateLimitApp") }).listConversations(),
		);
		assert.deepEqual([limited.kind, limited.code], ["rate_limit", 4]);
	});

	/** @param {import("graph-inbox/simulator").Fault} fault @returns {typeof toLoopback} */
	function failing(fault) {
		return (input, init) => {
			simulator.failNext(fault);
			return toLoopback(input, init);
		};
	}
});

describe("thread owners of graph.instagram.com", () => {
	const recipient = personOf(simulator.conversations()[0], simulator);
	/** @type {Record<string, (client: import("graph-inbox").Inbox) => unknown>} */
	const calls = {
		getThreadOwner: (client) => client.getThreadOwner(recipient),
		getThreadOwners: (client) => client.getThreadOwners([recipient, "1"]),
		"an awaited list with owners": (client) =>
			client.listConversationsWithOwner({ limit: 2 }),
		"an iterated list with owners": (client) =>
			client.listConversationsWithOwner().toArray(),
		"a list with owners of one person": (client) =>
			client.listConversationsWithOwner({ userId: recipient }),
		"the pages of a list with owners": (client) =>
			client.listConversationsWithOwner().pages().next(),
		"the plain getThreadOwner": () => getThreadOwner({ ...options, recipient }),
	};
	for (const [name, call] of Object.entries(calls))
		for (const baseUrl of [HOST, `${HOST}/`, "https://GRAPH.Instagram.com"])
			it(`are refused before any request: ${name} with ${baseUrl}`, async () => {
				let [sent, asked] = [0, 0];
				const client = inbox({
					baseUrl,
					fetch: async () => {
						sent += 1;
						return new Response();
					},
					accessToken: () => {
						asked += 1;
						return simulator.accessToken;
					},
				});
				const error = await failureOf(
					() => /** @type {Promise<unknown>} */ (call(client)),
				);
				assert.deepEqual(
					[error.kind, error.option, error.retryable, error.attempts],
					["invalid_option", "baseUrl", false, undefined],
				);
				assert.match(error.message, /^baseUrl: .*thread_owner/);
				assert.deepEqual([sent, asked], [0, 0]);
			});

	it("are refused for nobody too", async () => {
		const error = await failureOf(inbox().getThreadOwners([]));
		assert.equal(error.option, "baseUrl");
	});

	it("are refused where the URL names the port of https", async () => {
		const client = inbox({
			baseUrl: `${HOST}:443`,
			fetch: async () => Response.json([]),
		});
		const error = await failureOf(client.getThreadOwner(recipient));
		assert.equal(error.option, "baseUrl");
	});

	it("are asked for where a proxy has another host", async () => {
		const proxied = await startGraph();
		const client = proxied.inbox();
		const someone = personOf(
			proxied.simulator.conversations({ platform: "instagram" })[0],
			proxied.simulator,
		);
		assert.equal((await client.getThreadOwner(someone)).recipient, someone);
	});
});
