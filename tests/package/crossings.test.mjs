// How often calls cross between JavaScript and WebAssembly. Each crossing takes a fraction of a microsecond when it is warm and
// some hundred times that at first. The numbers are budgets: they go down, and what raises one says why.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { inspect } from "node:util";
import { createGraphSimulator } from "graph-inbox/simulator";

/** The crossings since the last `measured`. */
let crossings = 0;

/** @param {Record<string, any>} all functions among other values */
const counted = (all) =>
	Object.fromEntries(
		Object.entries(all).map(([name, value]) => [
			name,
			typeof value === "function"
				? (/** @type {unknown[]} */ ...given) => {
						crossings++;
						return value(...given);
					}
				: value,
		]),
	);

const { Instance } = WebAssembly;
/** @type {any} */ (WebAssembly).Instance = class {
	/**
	 * @param {WebAssembly.Module} module
	 * @param {Record<string, Record<string, any>>} [imports]
	 */
	constructor(module, imports = {}) {
		const wrapped = Object.entries(imports).map(
			([name, members]) => /** @type {const} */ ([name, counted(members)]),
		);
		const instance = new Instance(module, Object.fromEntries(wrapped));
		this.exports = counted(instance.exports);
	}
};
const { createInbox } = await import("graph-inbox");

const simulator = createGraphSimulator({
	conversations: { messenger: 300, instagram: 0 },
});
const inbox = createInbox({
	pageId: simulator.pageId,
	accessToken: simulator.accessToken,
	fetch: simulator.fetch,
	callsPerSecond: false,
});
const people = simulator
	.conversations()
	.map(({ participants }) => participants?.data[0]?.id ?? "");

/**
 * Counts the crossings of a call. It runs once before: what is made at the first call only is not of interest.
 *
 * @param {() => PromiseLike<unknown>} call
 */
async function measured(call) {
	await call();
	crossings = 0;
	await call();
	return crossings;
}

/** @type {[what: string, most: number, call: () => PromiseLike<unknown>][]} */
const BUDGETS = [
	["a page of 25 that is awaited", 107, () => inbox.listConversations()],
	[
		"its meta, when it is looked at",
		230,
		async () => (await inbox.listConversations()).meta,
	],
	[
		"100 conversations in 4 pages that are iterated",
		468,
		() => inbox.listConversations({ limit: 25, maxItems: 100 }).toArray(),
	],
	["one owner", 70, () => inbox.getThreadOwner(people[0])],
	[
		"50 owners in one batch",
		3126,
		() => inbox.getThreadOwners(people.slice(0, 50)),
	],
	[
		"a page of 25 with owners",
		2643,
		() => inbox.listConversationsWithOwner({ maxItems: 25 }).toArray(),
	],
];

describe("crossings between JavaScript and WebAssembly", () => {
	for (const [what, most, call] of BUDGETS)
		it(`${what}: at most ${most}`, async (context) => {
			const found = await measured(call);
			context.diagnostic(`${found} crossings`);
			assert.ok(found <= most, `${found} crossings, the budget is ${most}`);
		});
});

describe("meta of a page", () => {
	it("is made when somebody looks at it, once", async () => {
		const page = await inbox.listConversations();
		crossings = 0;
		const { meta } = page;
		assert.ok(crossings > 0);
		crossings = 0;
		assert.equal(page.meta, meta);
		assert.equal(crossings, 0);
		assert.equal(meta.status, 200);
	});

	it("is part of a print, a copy and JSON", async () => {
		const pages = [];
		for (let count = 0; count < 4; count++)
			pages.push(await inbox.listConversations());
		assert.match(
			inspect(pages[0]),
			/^ConversationPage \{[\s\S]*meta: \{\s+status: 200/,
		);
		assert.equal({ ...pages[1] }.meta.status, 200);
		assert.equal(JSON.parse(JSON.stringify(pages[2])).meta.status, 200);
		assert.deepEqual(Object.keys(pages[3]), ["data", "paging", "meta"]);
	});

	it("of a frozen page can be read, and can be replaced in any other", async () => {
		const page = Object.freeze(await inbox.listConversations());
		assert.equal(page.meta.status, 200);
		assert.equal(page.meta, page.meta);
		const other = await inbox.listConversations();
		const mine = { ...page.meta, attempts: 7 };
		other.meta = mine;
		assert.equal(other.meta, mine);
		assert.match(inspect(other), /attempts: 7/);
	});

	it("of a page behind a proxy can be read, printed and replaced", async () => {
		const page = await inbox.listConversations();
		const proxy = new Proxy(page, {});
		assert.equal(JSON.parse(JSON.stringify(proxy)).meta.status, 200);
		assert.equal(Object.create(page).meta, page.meta);
		const proxyOfAnother = new Proxy(await inbox.listConversations(), {});
		assert.match(inspect(proxyOfAnother), /meta: \{\s+status: 200/);
		const mine = { ...page.meta, attempts: 7 };
		proxyOfAnother.meta = mine;
		assert.equal(proxyOfAnother.meta, mine);
	});

	it("of a sealed or frozen page can be read and printed", async () => {
		for (const close of [Object.seal, Object.freeze]) {
			const page = close(await inbox.listConversations());
			assert.match(
				inspect(page),
				/^ConversationPage \{[\s\S]*meta: \{\s+status: 200/,
			);
			assert.equal(page.meta.status, 200);
			assert.equal(page.meta, page.meta);
		}
	});
});
