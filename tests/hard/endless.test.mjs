// Lists that never end: they go on for as long as the caller wants, and no longer.
import assert from "node:assert/strict";
import { it } from "node:test";
import { tally } from "./form.mjs";
import { answering, serve } from "./hostile-server.mjs";
import { watchWasm } from "./wasm-memory.mjs";

const { bytes: wasmBytes } = watchWasm();
const { createInbox } = await import("graph-inbox");

/**
 * A page after the other, each with a cursor that was not there before.
 *
 * @param {(count: number) => object[]} data
 */
async function endless(data) {
	let count = 0;
	const server = await serve({
		what: "",
		ends: {},
		http(request, response) {
			count += 1;
			const cursors = { after: `QVFI${count}${"x".repeat(60)}` };
			const next = `https://x.example/?after=${count}`;
			const page = { data: data(count), paging: { cursors, next } };
			answering(JSON.stringify(page))(request, response);
		},
	});
	const inbox = createInbox({
		pageId: "1",
		accessToken: "EAAHostile",
		baseUrl: server.url,
		callsPerSecond: false,
	});
	return { server, inbox, count: () => count };
}

const conversations = (/** @type {number} */ count) =>
	Array.from({ length: 10 }, (_, index) => ({
		id: `t_${count}_${index}`,
		// Each page is newer than the one before.
		updated_time: new Date(1.8e12 + count * 1000).toISOString(),
	}));

const { trial } = tally("Lists without end");
/** A thousand pages are enough to see what each leaves. */
const PAGES = 1000;
const WASM = 1_000_000;

it("maxItems ends a list without end, and what was read of it is right", () =>
	trial(async () => {
		const { server, inbox, count } = await endless(conversations);
		const list = inbox.listConversations({ maxItems: PAGES * 10 });
		const found = await list.toArray();
		await server.close();
		assert.equal(new Set(found.map(({ id }) => id)).size, PAGES * 10);
		assert.equal(count(), PAGES);
		assert.ok(wasmBytes() < 1_200_000 + WASM, `${wasmBytes()}`);
	}));

/** @type {Record<string, (count: number) => object[]>} */
const kinds = {
	"empty pages": () => [],
	"the same page": () => conversations(0),
	"ever newer pages, caught up with": conversations,
};
for (const [what, data] of Object.entries(kinds))
	it(`an abort ends a list of ${what}, with its reason`, () =>
		trial(async () => {
			const { server, inbox, count } = await endless(data);
			const controller = new AbortController();
			const reason = {};
			const start = wasmBytes();
			const timer = setInterval(() => {
				if (count() >= PAGES) controller.abort(reason);
			}, 5);
			const { signal } = controller;
			const list = inbox.listConversations({ signal, catchUp: true });
			const ended = await list.toArray().catch((thrown) => thrown);
			clearInterval(timer);
			await server.close();
			assert.equal(ended, reason);
			const grown = wasmBytes() - start;
			assert.ok(grown < WASM, `${grown} bytes more after ${count()} pages`);
		}));
