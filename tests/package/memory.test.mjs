import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { queryObjects, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { startGraph } from "./graph.mjs";

const { inbox, simulator, access } = await startGraph({ conversations: 100 });

/** @typedef {ReturnType<ReturnType<typeof inbox>["listConversations"]>} List */

/** @type {Record<string, (list: List) => Promise<unknown>>} */
const uses = {
	awaited: async (list) => void (await list),
	"iterated to its end": (list) => list.toArray(),
	"broken off": async (list) => {
		for await (const _ of list) break;
	},
	"read page by page": async (list) => {
		for await (const page of list.pages()) page.hasNextPage();
	},
	"left while its first page is on its way": async (list) => {
		const iterator = /** @type {any} */ (list[Symbol.asyncIterator]());
		const pending = iterator.next();
		await wait(1);
		await iterator.return();
		await pending;
	},
	"left by an error": async (list) => {
		for await (const _ of list) throw new Error("enough");
	},
};

/** Every walk has the IDs it met in one, and Rust holds it as long as the walk lives. */
const countHeld = () => queryObjects(Set, { format: "count" });

describe("a list leaves nothing behind when it was", () => {
	for (const [name, use] of Object.entries(uses)) {
		it(name, async () => {
			const client = inbox();
			await use(client.listConversations({ limit: 5 })).catch(() => {});
			const before = countHeld();
			for (let count = 0; count < 40; count++)
				await use(client.listConversations({ limit: 5 })).catch(() => {});
			// What hangs together across the border to Rust goes one after the other.
			let left = countHeld() - before;
			for (let round = 0; round < 20 && left > 4; round++) {
				await wait(10);
				left = countHeld() - before;
			}
			assert.ok(left <= 4, `${left} of 40 are left`);
		});
	}
});

it("a page is let go without a look through the whole heap", async () => {
	setFlagsFromString("--expose-gc");
	const collect = runInNewContext("gc");
	const young = () => {
		collect({ type: "minor" });
		collect({ type: "minor" });
		return process.memoryUsage().heapUsed;
	};
	// From memory: sockets and a server leave more behind than a page is.
	const answer = await simulator.fetch(
		`${access.baseUrl}/v25.0/me/conversations?fields=updated_time,snippet,unread_count,participants&limit=100`,
		{ headers: { Authorization: `Bearer ${access.accessToken}` } },
	);
	const body = await answer.text();
	const client = inbox({ fetch: async () => new Response(body) });
	const read = async (/** @type {number} */ times) => {
		for (let count = 0; count < times; count++)
			await client.listConversations();
	};
	// What is compiled on the way is not counted.
	await read(300);
	collect();
	const before = young();
	await read(40);
	const kept = (young() - before) / 40;
	// A page of 100 takes some 65 KB.
	assert.ok(kept < 25_000, `${Math.round(kept)} bytes are left of each`);
});
