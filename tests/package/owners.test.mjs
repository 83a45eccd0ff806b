import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { failureOf, ids, personOf, reasonOf, startGraph } from "./graph.mjs";

const appSecret = "feedfacefeedfacefeedfacefeedface";
const graph = await startGraph({
	appSecret,
	conversations: { messenger: 130, instagram: 40 },
});
const { simulator } = graph;
const people = simulator
	.conversations()
	.map((conversation) => personOf(conversation, simulator));
afterEach(() => simulator.reset());

/** @param {Partial<import("graph-inbox").InboxOptions>} [options] */
const inbox = (options) => graph.inbox(options);

describe("getThreadOwners", () => {
	it("asks 50 to a request and answers in the order given", async () => {
		const owners = await inbox().getThreadOwners(people);
		assert.deepEqual(
			owners.map(({ recipient }) => recipient),
			people,
		);
		const sent = simulator.requests.splice(0);
		assert.deepEqual(
			sent.map(({ method, items }) => [method, items.length]),
			[
				["POST", 50],
				["POST", 50],
				["POST", 30],
			],
		);
		for (const index of [0, 49, 50, 129]) {
			assert.deepEqual(
				owners[index].owner,
				await inbox().getThreadOwner(people[index]),
			);
		}
	});

	it("asks about a recipient once who is given twice", async () => {
		const [a, b] = people;
		const owners = await inbox().getThreadOwners(new Set([a, b]).values());
		const twice = await inbox().getThreadOwners([b, a, b, b]);
		assert.deepEqual(
			twice.map(({ recipient }) => recipient),
			[b, a, b, b],
		);
		assert.deepEqual(twice[1].owner, owners[0].owner);
		assert.equal(simulator.requests.at(-1)?.items.length, 2);
	});

	it("sends nothing for nobody", async () => {
		assert.deepEqual(await inbox().getThreadOwners([]), []);
		assert.equal(simulator.requests.length, 0);
	});

	it("sends token and proof once, in the form, and nothing in the URL", async () => {
		for (const tokenTransport of /** @type {const} */ (["header", "query"])) {
			await inbox({ appSecret, tokenTransport }).getThreadOwners(
				people.slice(0, 2),
			);
			const { url, headers, body } = simulator.requests.splice(0)[0];
			assert.match(url, /\/v25\.0\/$/);
			assert.equal(headers.get("authorization"), null);
			assert.match(
				String(headers.get("content-type")),
				/^application\/x-www-form-urlencoded/,
			);
			const form = new URLSearchParams(String(body));
			assert.deepEqual(
				[...form.keys()],
				["batch", "include_headers", "access_token", "appsecret_proof"],
			);
			assert.equal(form.get("include_headers"), "false");
			assert.equal(form.getAll("access_token").length, 1);
		}
	});

	it("keeps every digit of an ID that Graph does not quote", async () => {
		simulator.setOwner(people[7], { app_id: 18446744073709551615n });
		const [{ owner }] = await inbox().getThreadOwners([people[7]]);
		assert.equal(owner?.app_id, "18446744073709551615");
	});

	it("leaves an item's error with its recipient", async () => {
		const unknown = "4711";
		simulator.failItems(people[2], "permission");
		simulator.failItems(people[3], { status: 200, body: '{"data":7}' });
		const owners = await inbox().getThreadOwners([
			people[0],
			unknown,
			people[2],
			people[3],
			people[4],
		]);
		assert.deepEqual(
			owners.map(({ error }) => error?.kind),
			[undefined, "invalid_request", "permission", "response", undefined],
		);
		assert.equal(
			owners[1].error?.path,
			`/v25.0/${simulator.pageId}/thread_owner?recipient=${unknown}`,
		);
		assert.equal(
			simulator.requests.length,
			1,
			"none of it is worth asking again",
		);
	});

	it("asks again for what Graph did not get to and for passing faults", async () => {
		simulator.failItems(people[1], "timedOut", 1);
		simulator.failItems(people[5], "transient", 2);
		/** @type {any[]} */
		const retries = [];
		const client = inbox({
			onEvent: (event) => event.type === "retry" && retries.push(event),
		});
		const owners = await client.getThreadOwners(people.slice(0, 60));
		assert.ok(owners.every(({ owner }) => owner));
		assert.deepEqual(
			simulator.requests.map(({ items }) => items.length),
			[50, 10, 2, 1],
		);
		assert.deepEqual(
			retries.map(({ attempt, reason }) => [attempt, reason]),
			[
				[1, "transient"],
				[2, "transient"],
			],
		);
	});

	it("gives up on an item within maxRetries", async () => {
		simulator.failItems(people[1], "timedOut");
		const [good, bad] = await inbox({ maxRetries: 1 }).getThreadOwners(
			people.slice(0, 2),
		);
		assert.ok(good.owner);
		assert.deepEqual([bad.error?.kind, bad.error?.attempts], ["transient", 2]);
		assert.equal(simulator.requests.length, 2);
	});

	it("lands the failure of a whole batch on each of its recipients", async () => {
		simulator.failWhen(({ items }) => items.length === 10, "expiredToken");
		const owners = await inbox().getThreadOwners(people.slice(0, 60));
		assert.ok(owners.slice(0, 50).every(({ owner }) => owner));
		assert.deepEqual(
			new Set(owners.slice(50).map(({ error }) => error?.kind)),
			new Set(["authentication"]),
		);
	});

	it("retries a whole batch that failed for a moment", async () => {
		simulator.failNext("html502");
		const owners = await inbox().getThreadOwners(people.slice(0, 3));
		assert.ok(owners.every(({ owner }) => owner));
	});

	it("asks nobody more often than retries allow, whatever failed", async () => {
		const [person] = people;
		for (const maxRetries of [0, 1, 2]) {
			simulator.reset();
			// The connection first, then the item, then the whole batch.
			simulator.failNext("connectionReset", 1);
			simulator.failItems(person, "transient", 9);
			const [{ error }] = await inbox({ maxRetries }).getThreadOwners([person]);
			assert.equal(simulator.requests.length, 1 + maxRetries);
			assert.equal(error?.attempts, 1 + maxRetries);
		}
	});

	it("ends with its totalTimeoutMs, all batches and rounds together", async () => {
		simulator.failNext("transient", 100);
		const start = Date.now();
		const owners = await inbox({ maxRetries: 20 }).getThreadOwners(people, {
			totalTimeoutMs: 400,
		});
		assert.ok(Date.now() - start < 1200, `${Date.now() - start} ms`);
		assert.equal(owners.length, people.length);
		for (const { error } of owners) assert.ok(error?.retryable, String(error));
	});

	it("sends nothing more once an item is rate-limited", async () => {
		const limited = await startGraph({
			conversations: { messenger: 400, instagram: 0 },
			callLimit: 60,
		});
		const recipients = limited.simulator
			.conversations()
			.map((conversation) => personOf(conversation, limited.simulator));
		const owners = await limited.inbox().getThreadOwners(recipients);
		assert.equal(owners.filter(({ owner }) => owner).length, 60);
		const errors = owners.flatMap(({ error }) => error ?? []);
		assert.ok(
			errors.every(
				({ kind, retryAfterMs }) =>
					kind === "rate_limit" && Number(retryAfterMs) > 0,
			),
		);
		assert.ok(
			limited.simulator.requests.length <= 5,
			"only what was under way",
		);
	});

	it("rejects for bad recipients, before any request", async () => {
		for (const recipients of [
			undefined,
			null,
			"123",
			7,
			{},
			[1],
			["1", ""],
			[null],
			["1 2"],
		]) {
			const error = await failureOf(
				inbox().getThreadOwners(/** @type {any} */ (recipients)),
			);
			assert.deepEqual(
				[error.kind, error.option],
				["invalid_option", "recipients"],
				JSON.stringify(recipients),
			);
		}
		assert.equal(simulator.requests.length, 0);
	});

	it("rejects with an abort's own reason, and with what the iterable throws", async () => {
		const mine = new RangeError("mine");
		function* broken() {
			yield people[0];
			throw mine;
		}
		await assert.rejects(
			inbox().getThreadOwners(broken()),
			(error) => error === mine,
		);
		const controller = new AbortController();
		simulator.failNext("hang");
		const rejected = reasonOf(
			inbox().getThreadOwners(people, { signal: controller.signal }),
		);
		setTimeout(() => controller.abort("left"), 50);
		assert.equal(await rejected, "left");
	});
});

describe("listConversationsWithOwner", () => {
	for (const platform of /** @type {const} */ (["messenger", "instagram"])) {
		it(`joins every conversation of ${platform} with its owner`, async () => {
			const { instagramAccountId } = simulator;
			const list = inbox({ instagramAccountId }).listConversationsWithOwner({
				platform,
				limit: 50,
				fields: ["snippet"],
			});
			const found = await list.toArray();
			const expected = simulator.conversations({ platform });
			assert.deepEqual(ids(found), ids(expected));
			for (const [index, { thread_owner, ...rest }] of found.entries()) {
				assert.equal(
					thread_owner.recipient,
					personOf(expected[index], simulator),
				);
				assert.equal(thread_owner.owner?.recipient, thread_owner.recipient);
				assert.deepEqual(
					Object.keys(rest),
					["id", "snippet"],
					"participants were not asked for",
				);
			}
		});
	}

	it("keeps participants that were asked for", async () => {
		const page = await inbox().listConversationsWithOwner({
			fields: ["participants"],
			limit: 2,
		});
		assert.ok(
			page.data.every(
				({ participants, thread_owner }) => participants && thread_owner.owner,
			),
		);
		const next = await page.nextPage();
		assert.ok(next?.data.every(({ thread_owner }) => thread_owner.owner));
	});

	it("goes on by hand from a page whose iteration was broken off", async () => {
		const list = inbox().listConversationsWithOwner({ limit: 10 });
		for await (const page of list.pages()) {
			const next = await page.nextPage();
			assert.ok(next?.data.every(({ thread_owner }) => thread_owner.owner));
			break;
		}
		const pages = list.pages();
		const { value: page } = await pages.next();
		await pages.return?.();
		const next = await page.nextPage();
		assert.equal(next.data.length, 10);
	});

	it("finds the business by what all conversations have in common", async () => {
		const found = await inbox({ pageId: "me" })
			.listConversationsWithOwner({ limit: 20, maxItems: 40 })
			.toArray();
		assert.ok(found.every(({ thread_owner }) => thread_owner.owner));
	});

	it("takes the person that the list is about for the customer", async () => {
		for (const platform of /** @type {const} */ (["messenger", "instagram"]))
			for (const pageId of [simulator.pageId, "me"]) {
				const [, , { id, participants }] = simulator.conversations({
					platform,
				});
				const userId = personOf({ id, participants }, simulator);
				const found = await inbox({ pageId })
					.listConversationsWithOwner({ platform, userId })
					.toArray();
				assert.deepEqual(ids(found), [id]);
				const [{ thread_owner }] = found;
				assert.equal(thread_owner.recipient, userId);
				assert.equal(thread_owner.owner?.recipient, userId);
			}
	});

	/** The participants of a conversation, and why its customer is not known. @type {[string, { id: string }[] | undefined, string, string | undefined, RegExp][]} */
	const unknown = [
		[
			"there are no participants",
			undefined,
			"response",
			undefined,
			/has no participants/,
		],
		[
			"the list of participants is empty",
			[],
			"response",
			undefined,
			/has no participants/,
		],
		[
			"there is only the business",
			[{ id: simulator.pageId }],
			"response",
			undefined,
			/business is the only participant/,
		],
		[
			"there are several people",
			[{ id: "1" }, { id: simulator.pageId }, { id: "2" }],
			"response",
			undefined,
			/several participants beside the business/,
		],
		[
			"the business is not among them",
			[{ id: "1" }, { id: "2" }],
			"invalid_option",
			"instagramAccountId",
			/give pageId as a number and instagramAccountId/,
		],
	];
	for (const [title, people, kind, option, message] of unknown)
		it(`says why the customer is not known: ${title}`, async () => {
			const participants = people && { data: people };
			simulator.failNext({ body: { data: [{ id: "t_1", participants }] } });
			const { data } = await inbox().listConversationsWithOwner({ limit: 1 });
			const [{ thread_owner }] = data;
			assert.deepEqual(
				[
					thread_owner.recipient,
					thread_owner.owner,
					thread_owner.error?.kind,
					thread_owner.error?.option,
				],
				["", undefined, kind, option],
			);
			assert.match(String(thread_owner.error?.message), message);
			// Advice that would change nothing is none.
			if (!option)
				assert.doesNotMatch(String(thread_owner.error), /pageId|instagramAcc/);
			assert.equal(simulator.requests.length, 1);
		});

	it("says the same where the business is known from other conversations", async () => {
		const business = { id: simulator.pageId };
		const lists = [
			[{ id: "1" }, business],
			[{ id: "2" }, business],
			[business],
			[{ id: "1" }, business, { id: "2" }],
		];
		const data = lists.map((people, place) => ({
			id: `t_${place}`,
			participants: { data: people },
		}));
		simulator.failNext({ body: { data } });
		const page = await inbox({ pageId: "me" }).listConversationsWithOwner({
			limit: 4,
		});
		const [one, other, alone, several] = page.data.map(
			({ thread_owner }) => thread_owner,
		);
		assert.deepEqual([one.recipient, other.recipient], ["1", "2"]);
		for (const { recipient, error } of [alone, several])
			assert.deepEqual([recipient, error?.kind], ["", "response"]);
		assert.match(String(alone.error), /business is the only participant/);
		assert.match(String(several.error), /several participants beside/);
	});

	it("says which IDs would tell the customer where a single conversation does not", async () => {
		const [only] = (
			await inbox({ pageId: "me" }).listConversationsWithOwner({ limit: 1 })
		).data;
		assert.deepEqual(
			[only.thread_owner.recipient, only.thread_owner.error?.kind],
			["", "invalid_option"],
		);
		assert.match(String(only.thread_owner.error), /give pageId as a number/);
	});

	it("joins once, however often the list is used", async () => {
		const list = inbox().listConversationsWithOwner({
			limit: 10,
			maxItems: 10,
		});
		await list.toArray();
		const again = await list.toArray();
		assert.ok(again.every(({ thread_owner }) => thread_owner.owner));
		assert.equal(simulator.requests.length, 2);
	});

	it("asks for the owners of what it delivers alone", async () => {
		const items = () =>
			simulator.requests.splice(0).flatMap((request) => request.items).length;
		const list = inbox().listConversationsWithOwner({ maxItems: 3 });
		assert.equal((await list.toArray()).length, 3);
		assert.equal(items(), 3);
		// The page is read once; of the rest the owners are asked for when somebody wants them.
		const page = await list;
		assert.ok(page.data.every(({ thread_owner }) => thread_owner.owner));
		assert.equal(items(), 22);

		// What is read again to catch up was delivered already.
		const whole = inbox({ callsPerSecond: false }).listConversationsWithOwner({
			catchUp: true,
			limit: 50,
		});
		assert.equal((await whole.toArray()).length, 130);
		assert.equal(items(), 130);
	});

	it("reads 1,000 conversations with owners in 30 requests", async () => {
		const large = await startGraph({
			conversations: { messenger: 1000, instagram: 0 },
			latencyMs: 20,
			dataLimit: 1e6,
		});
		const found = await large
			.inbox()
			.listConversationsWithOwner({ limit: 100 })
			.toArray();
		assert.equal(
			found.filter(({ thread_owner }) => thread_owner.owner).length,
			1000,
		);
		assert.equal(large.simulator.requests.length, 30);
		// The next page was asked for before the owners of this one.
		const order = large.simulator.requests.map(({ method }) => method).join();
		assert.match(
			order,
			/^GET,GET,POST,POST|^GET,POST,GET,POST|^GET,POST,POST,GET/,
		);
	});
});
