// Servers that try everything. Each call ends in one typed error or in a right answer, in time.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { inspect } from "node:util";
import { createInbox, InboxError } from "graph-inbox";
import { lists } from "./attacks/lists.mjs";
import { owners } from "./attacks/owners.mjs";
import { texts } from "./attacks/texts.mjs";
import { transport } from "./attacks/transport.mjs";
import { tally } from "./form.mjs";
import { serve } from "./hostile-server.mjs";

/** @typedef {import("./hostile-server.mjs").CallName} CallName */
/** @typedef {import("graph-inbox").Inbox} Inbox */

/** For what is to run into it; the rest has more than it can need, on a busy machine too. */
const [SHORT_MS, LONG_MS] = [700, 15_000];
/** Nothing may take longer: a call that has not ended by then never does. */
const NEVER_MS = 20_000;

/** @type {Record<CallName, (inbox: Inbox) => PromiseLike<any>>} */
const calls = {
	await: (inbox) => inbox.listConversations(),
	iterate: (inbox) => inbox.listConversations().toArray(),
	async pages(inbox) {
		const pages = [];
		for await (const page of inbox.listConversations().pages())
			pages.push(page);
		return pages;
	},
	withOwner: (inbox) => inbox.listConversationsWithOwner().toArray(),
	catchUp: (inbox) => inbox.listConversations({ catchUp: true }).toArray(),
	owner: (inbox) => inbox.getThreadOwner("2"),
	async owners(inbox) {
		const [one, other] = await inbox.getThreadOwners(["2", "3"]);
		if (!one.error) return [one, other];
		assert.equal(other.error?.kind, one.error.kind);
		throw one.error;
	},
};

/** @type {unknown[]} */
const unheard = [];
process.on("unhandledRejection", (reason) => unheard.push(reason));

/**
 * What comes out of a call: `{ kind }` of its error, or `{ value }`.
 *
 * @param {PromiseLike<any>} call
 * @returns {Promise<{ kind?: string, value?: any }>}
 */
async function outcomeOf(call) {
	/** @type {NodeJS.Timeout | undefined} */
	let timer;
	const never = new Promise((resolve) => {
		timer = setTimeout(resolve, NEVER_MS, { kind: "it never ends" });
	});
	const ended = Promise.resolve(call).then(
		(value) => ({ value }),
		(error) => {
			assert.ok(error instanceof InboxError, error);
			assert.ok(error.message.length > 0);
			return { kind: error.kind };
		},
	);
	try {
		return await Promise.race([ended, never]);
	} finally {
		clearTimeout(timer);
	}
}

const { row, trial } = tally("Hostile answers, each to every call it concerns");
after(() => assert.deepEqual(unheard, []));

for (const [group, attacks] of Object.entries({
	transport,
	texts,
	lists,
	owners,
})) {
	describe(group, () => {
		for (const attack of attacks) {
			it(attack.what, async (t) => {
				const server = await serve(attack);
				t.after(() => server.close());
				const inbox = createInbox({
					pageId: "1",
					accessToken: "EAAHostile",
					baseUrl: server.url,
					callsPerSecond: false,
					maxRetries: 0,
					timeoutMs: Object.values(attack.ends).some((ending) =>
						/timeout/.test(String(ending)),
					)
						? SHORT_MS
						: LONG_MS,
				});
				const names = /** @type {CallName[]} */ (Object.keys(attack.ends));
				const wrong = await Promise.allSettled(
					names.map((name) =>
						trial(async () => {
							const { kind, value } = await outcomeOf(calls[name](inbox));
							const ending = attack.ends[name];
							if (typeof ending === "string")
								assert.ok(
									ending.split("|").includes(kind ?? ""),
									`${name}: ${kind ?? inspect(value)}, not ${ending}`,
								);
							else if (kind === undefined) ending?.(value);
							else assert.fail(`${name}: ${kind}`);
						}),
					),
				);
				for (const outcome of wrong)
					if (outcome.status === "rejected") throw outcome.reason;
				// Nothing was written into what all objects share.
				assert.equal(/** @type {any} */ ({}).polluted, undefined);
				for (const line of server.asked)
					assert.match(
						line,
						/^(GET \/v25\.0\/1\/(conversations|thread_owner)|POST \/v25\.0\/)(\?|$| )/,
					);
			});
		}
	});
}
after(() => {
	row.note = `${row.times} calls`;
});
