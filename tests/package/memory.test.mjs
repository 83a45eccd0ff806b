import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { queryObjects } from "node:v8";
import { startGraph } from "./graph.mjs";

const { inbox } = await startGraph({ conversations: 8 });

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
	"left by an error": async (list) => {
		for await (const _ of list) throw new Error("enough");
	},
};

/** What every iteration makes one of, and Rust holds as long as it lives. */
const countHeld = () => queryObjects(AbortController, { format: "count" });

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
