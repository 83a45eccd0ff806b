import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { failureOf, ids, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 23, instagram: 4 },
});
const { simulator } = graph;
const inbox = graph.inbox({ maxRetries: 0 });
const all = () => ids(simulator.conversations());

/** @param {() => Promise<unknown>} call */
async function requestsOf(call) {
	const before = simulator.requests.length;
	await call();
	return simulator.requests.length - before;
}

describe("a list", () => {
	it("sends nothing before it is used", async () => {
		assert.equal(
			await requestsOf(async () => void inbox.listConversations()),
			0,
		);
	});

	it("reads its first page once, however often it is used", async () => {
		const list = inbox.listConversations({ limit: 10 });
		const sent = await requestsOf(async () => {
			const [one, two] = await Promise.all([list, list.then((page) => page)]);
			assert.deepEqual(one.data, two.data);
			for await (const conversation of list) {
				assert.ok(conversation.id);
				break;
			}
			assert.deepEqual(ids(await list.toArray()), all());
		});
		assert.equal(sent, 3, "the first page once, and two more for the whole");
	});

	it("reads a first page again that failed", async () => {
		const list = inbox.listConversations({ limit: 10 });
		simulator.failNext("transient");
		assert.equal((await failureOf(list)).kind, "transient");
		assert.equal((await list).data.length, 10);
	});

	it("can be iterated twice", async () => {
		const list = inbox.listConversations({ limit: 10 });
		assert.deepEqual(ids(await list.toArray()), all());
		assert.deepEqual(ids(await list.toArray()), all());
	});

	it("tells the cursor of the next page, with which another call goes on", async () => {
		const first = await inbox.listConversations({ limit: 10 });
		const after = first.nextCursor;
		assert.equal(after, first.paging.cursors?.after);
		const rest = await inbox.listConversations({ limit: 20, after });
		assert.deepEqual([...ids(first.data), ...ids(rest.data)], all());
		assert.equal(rest.nextCursor, undefined);
		// Not a property of its own: a page is sent on as Graph gave it.
		assert.ok(!JSON.stringify(rest).includes("nextCursor"));
	});

	it("tells the cursor that stands in the URL of the next page alone, and none where there is none", async () => {
		const url =
			"https://graph.facebook.com/v25.0/1/conversations?after=Q3Vyc29y&access_token=x";
		for (const [paging, cursor] of /** @type {const} */ ([
			[{ next: url }, "Q3Vyc29y"],
			[{ next: "https://graph.facebook.com/v25.0/1/conversations" }, undefined],
		])) {
			simulator.failNext({ body: { data: [], paging } });
			const page = await inbox.listConversations();
			assert.equal(page.hasNextPage(), true);
			assert.equal(page.nextCursor, cursor);
		}
	});

	it("gives pages", async () => {
		const sizes = [];
		for await (const page of inbox.listConversations({ limit: 10 }).pages())
			sizes.push(page.data.length);
		assert.deepEqual(sizes, [10, 10, 3]);
	});

	it("goes from page to page by hand", async () => {
		const list = inbox.listConversations({ limit: 10 });
		const found = [];
		for (let page = await list; ; ) {
			found.push(...ids(page.data));
			const next = await page.nextPage();
			assert.equal(next !== null, page.hasNextPage());
			if (!next) break;
			page = next;
		}
		assert.deepEqual(found, all());
	});

	it("reads a next page as often as it is asked for", async () => {
		const page = await inbox.listConversations({ limit: 10 });
		const [one, two] = [await page.nextPage(), await page.nextPage()];
		assert.deepEqual(one?.data, two?.data);
	});

	it("reads one page ahead, and sends nothing more once it is broken off", async () => {
		const sent = await requestsOf(async () => {
			let count = 0;
			for await (const _ of inbox.listConversations({ limit: 5 })) {
				count += 1;
				// Time enough for all five pages, were they read ahead.
				if (count <= 2) await setTimeout(40);
				if (count === 3) break;
			}
			await setTimeout(40);
		});
		assert.equal(sent, 2);
	});

	it("resumes behind a cursor, and before one", async () => {
		const first = await inbox.listConversations({ limit: 10 });
		const after = first.paging.cursors?.after;
		assert.deepEqual(
			ids(await inbox.listConversations({ limit: 10, after }).toArray()),
			all().slice(10),
		);
		const second = await inbox.listConversations({ limit: 10, after });
		const before = second.paging.cursors?.before;
		assert.deepEqual(
			ids((await inbox.listConversations({ limit: 10, before })).data),
			all().slice(0, 10),
		);
	});

	it("serves parallel next() calls in order", async () => {
		const list = inbox.listConversations({ limit: 5 });
		const iterator = list[Symbol.asyncIterator]();
		const results = await Promise.all(
			Array.from({ length: 25 }, () => iterator.next()),
		);
		assert.deepEqual(
			results.map(({ value }) => value?.id),
			[...all(), undefined, undefined],
		);
	});

	it("has catch and finally", async () => {
		simulator.failNext("blocked");
		const list = inbox.listConversations();
		assert.equal(await list.catch((error) => error.kind), "blocked");
		let settled = false;
		await inbox.listConversations().finally(() => {
			settled = true;
		});
		assert.ok(settled);
	});
});

describe("the end of a list", () => {
	it("is a missing next, not an empty page", async () => {
		simulator.failNext("emptyPage");
		const pages = [];
		for await (const page of inbox.listConversations({ limit: 10 }).pages())
			pages.push(page.data.length);
		assert.equal(pages[0], 0);
		assert.equal(
			pages.reduce((sum, size) => sum + size),
			23,
		);
	});

	it("is a missing next, though there are cursors", async () => {
		const sent = await requestsOf(async () => {
			const page = await inbox.listConversations({ limit: 100 });
			assert.ok(page.paging.cursors?.after);
			assert.equal(page.hasNextPage(), false);
			assert.equal(await page.nextPage(), null);
		});
		assert.equal(sent, 1);
	});

	it("stands without any paging", async () => {
		simulator.failNext({ body: { data: [{ id: "t_1" }] } });
		const page = await inbox.listConversations();
		assert.deepEqual([page.paging, page.hasNextPage()], [{}, false]);
	});

	it("is an error where a cursor comes again", async () => {
		/** @type {string[]} */
		const found = [];
		const remove = simulator.failWhen("after=", "repeatCursor");
		const sent = await requestsOf(async () => {
			const error = await failureOf(async () => {
				for await (const { id } of inbox.listConversations({ limit: 10 }))
					found.push(id);
			});
			assert.equal(error.kind, "response");
		});
		remove();
		assert.deepEqual(
			[found.length, sent],
			[20, 2],
			"both pages were delivered, and no third was asked for",
		);
	});

	/** A client whose pages have one conversation each, and these cursors. @param {string[]} cursors */
	const walking = (cursors) => {
		let read = 0;
		const fetch = async () => {
			const after = cursors[read++];
			const paging = after && { cursors: { after }, next: "https://x/?a" };
			return Response.json({ data: [{ id: `t_${read}` }], paging });
		};
		return graph.inbox({ fetch });
	};

	it("is an error where a cursor leads far back", async () => {
		const cursors = Array.from({ length: 500 }, (_, at) => `cursor-${at}`);
		const onward = await walking(cursors).listConversations().toArray();
		assert.equal(onward.length, 501);

		/** @type {string[]} */
		const found = [];
		const list = walking([...cursors, "cursor-7"]).listConversations();
		const error = await failureOf(async () => {
			for await (const { id } of list) found.push(id);
		});
		assert.deepEqual([error.kind, found.length], ["response", 501]);
	});

	it("can be gone through twice by hand, even where it goes on otherwise then", async () => {
		const client = walking(["A", "B", "C", "D", "B"]);
		const first = await client.listConversations();
		const second = await first.nextPage();
		await second?.nextPage();
		const again = await first.nextPage();
		assert.deepEqual([second?.nextCursor, again?.nextCursor], ["B", "D"]);
		const third = await again?.nextPage();
		const error = await failureOf(async () => third?.nextPage());
		assert.equal(error.kind, "response", "back to page 2");
	});

	it("is an error where the first cursor leads back to where the list was resumed", async () => {
		const { paging } = await inbox.listConversations({ limit: 10 });
		const after = paging.cursors?.after;
		simulator.failNext({
			body: {
				data: [{ id: "t_1" }],
				paging: { cursors: { after }, next: "https://x/?a" },
			},
		});
		const page = await inbox.listConversations({ limit: 10, after });
		assert.equal((await failureOf(page.nextPage())).kind, "response");
	});

	it("is an error where a next page has no cursor", async () => {
		simulator.failNext({
			body: {
				data: [],
				paging: { next: "https://graph.facebook.com/v25.0/1/conversations" },
			},
		});
		const page = await inbox.listConversations();
		assert.equal(page.hasNextPage(), true);
		assert.equal((await failureOf(page.nextPage())).kind, "response");
	});

	it("takes the cursor from next where there are no cursors", async () => {
		const { paging } = await inbox.listConversations({ limit: 10 });
		const next = `https://graph.example/?limit=10&after=${encodeURIComponent(paging.cursors?.after ?? "")}`;
		simulator.failNext({ body: { data: [], paging: { next } } });
		const page = await inbox.listConversations({ limit: 10 });
		assert.deepEqual(
			ids((await page.nextPage())?.data ?? []),
			all().slice(10, 20),
		);
	});
});

describe("iterating", () => {
	it("gives a conversation once that moved between pages", async () => {
		const moved = simulator.conversations()[12];
		/** @type {string[]} */
		const found = [];
		for await (const { id } of inbox.listConversations({ limit: 10 })) {
			if (found.length === 2) {
				simulator.failNext((_, answer) => addFirst(answer, found[1]));
			}
			found.push(id);
		}
		assert.deepEqual(found, all());
		assert.ok(found.includes(moved.id));
	});

	/**
	 * @param {Response} answer
	 * @param {string} id
	 */
	async function addFirst(answer, id) {
		const body = await answer.json();
		return Response.json({ ...body, data: [{ id }, ...body.data] });
	}

	it("stops after maxItems", async () => {
		for (const [maxItems, requests] of [
			[0, 0],
			[1, 1],
			[10, 1],
			[11, 2],
			[23, 3],
			[99, 3],
		]) {
			const sent = await requestsOf(async () => {
				const found = await inbox
					.listConversations({ limit: 10, maxItems })
					.toArray();
				assert.deepEqual(ids(found), all().slice(0, maxItems));
			});
			assert.equal(sent, requests, `${maxItems} items`);
		}
	});

	it("gives the whole page that reaches maxItems", async () => {
		const sizes = [];
		for await (const { data } of inbox
			.listConversations({ limit: 10, maxItems: 11 })
			.pages())
			sizes.push(data.length);
		assert.deepEqual(sizes, [10, 10]);
	});

	it("stops at the first conversation that is older than updatedSince", async () => {
		const times = simulator
			.conversations()
			.map(({ updated_time }) => String(updated_time));
		const boundary = times[13];
		const newer = all().slice(0, 14);
		for (const updatedSince of [
			boundary,
			new Date(boundary),
			Date.parse(boundary),
		]) {
			const sent = await requestsOf(async () => {
				const found = await inbox
					.listConversations({ limit: 10, updatedSince })
					.toArray();
				assert.deepEqual(ids(found), newer);
				assert.ok(found[0].updated_time, "it is among the default fields");
			});
			assert.equal(sent, 2);
		}
	});

	it("reads updated_time for updatedSince and leaves it out again", async () => {
		const list = inbox.listConversations({
			fields: ["snippet"],
			updatedSince: 0,
			limit: 10,
		});
		const found = await list.toArray();
		assert.equal(found.length, 23);
		assert.deepEqual(Object.keys(found[0]).sort(), ["id", "snippet"]);
		assert.ok(!("updated_time" in (await list).data[0]));
	});

	it("gives whole pages up to the one that holds an older conversation", async () => {
		const updatedSince = simulator.conversations()[13].updated_time;
		const sizes = [];
		for await (const { data } of inbox
			.listConversations({ limit: 10, updatedSince })
			.pages())
			sizes.push(data.length);
		assert.deepEqual(sizes, [10, 10]);
	});
});
