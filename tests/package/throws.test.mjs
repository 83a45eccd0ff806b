// Whatever JavaScript throws at the Rust half: Rust has places for the values of JavaScript that it holds, and none stays taken.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { createInbox, InboxError } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { watchWasm } from "../hard/wasm-memory.mjs";

const wasm = watchWasm();
setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc");
const { pageId, accessToken, fetch } = createGraphSimulator();

/**
 * Clients and lists free their places when the engine has found that nobody has them any more, some time after it looked: so
 * this waits until the engine has also found an object of its own.
 */
async function finalized() {
	let isFound = false;
	const registry = new FinalizationRegistry(() => {
		isFound = true;
	});
	registry.register({}, undefined);
	while (!isFound) {
		collect();
		await pause(1);
	}
}

/** @type {import("graph-inbox").InboxOptions} */
const access = {
	pageId,
	accessToken,
	fetch,
	callsPerSecond: false,
	maxRetries: 0,
};

/**
 * @param {string} text
 * @param {Record<string, string>} [headers]
 */
const answering = (text, headers) =>
	createInbox({
		...access,
		fetch: async () => new Response(text, { headers }),
	});

const fail = () => {
	throw new Error("thrown on purpose");
};
const inbox = createInbox(access);
const bad = /** @type {any} */ ({
	get limit() {
		return fail();
	},
	[Symbol.iterator]: fail,
});

/** @type {Record<string, () => unknown>} what goes wrong in JavaScript, each time it is called */
const throwing = {
	"an answer that is no JSON": () =>
		answering("<!doctype html>").listConversations(),
	"an answer with long numbers that is no JSON": () =>
		answering("12345678901234567890 and more").getThreadOwners(["1"]),
	"a usage header that is no JSON": () =>
		answering('{"data":[]}', {
			"x-app-usage": "much",
		}).listConversations(),
	"a time that is none": () =>
		answering(
			'{"data":[{"id":"t_1","updated_time":"then"}]}',
		).listConversations({ updatedSince: 1 }),
	"a time to start from that is none": () =>
		inbox.listConversations({ updatedSince: "then" }),
	"a function for the token": () =>
		createInbox({ ...access, accessToken: fail }).listConversations(),
	"a function that fetches": () =>
		createInbox({ ...access, fetch: fail }).listConversations(),
	"a function that schedules": () =>
		createInbox({ ...access, schedule: fail }).listConversations(),
	"a listener": () =>
		createInbox({ ...access, onEvent: fail }).listConversations(),
	"an option that can not be read": () => inbox.listConversations(bad),
	"an option of a client that can not be read": () => createInbox(bad),
	"a selection that can not be read": () =>
		inbox.listConversations({ fields: [{ messages: bad }] }),
	"a field that can not be read": () =>
		inbox.listConversations({ fields: [bad] }),
	"recipients that can not be read": () => inbox.getThreadOwners(bad),
};

describe("takes no place for good by", () => {
	for (const [name, call] of Object.entries(throwing)) {
		it(name, async () => {
			const once = async () => {
				try {
					await call();
				} catch (error) {
					const isOurs = error instanceof InboxError;
					assert.ok(isOurs || /on purpose/.test(String(error)), String(error));
				}
			};
			const many = async () => {
				for (let count = 0; count < 50; count++) await once();
				await finalized();
			};
			for (let round = 0; round < 5; round++) await many();
			const places = wasm.places();
			assert.ok(places > 0);
			for (let count = 0; count <= places; count += 50) {
				await many();
				assert.equal(wasm.places(), places, `after ${count} calls`);
			}
		});
	}
});
