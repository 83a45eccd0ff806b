// The webhook with deliveries signed as Meta signs them; Graph is a simulator on a loopback port.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { beforeEach, describe, it } from "node:test";
import { createWebhook } from "../../recipes/webhook-refresh.mjs";
import { personOf, prints, startGraph } from "../package/graph.mjs";

const TOKEN = "EAATokenOfTheWebhookThatStaysInside";
const APP_SECRET = "c0ffee00c0ffee00c0ffee00c0ffee00";
const VERIFY_TOKEN = "chosen by whoever runs this";
const URL = "https://bot.example.com/webhook";

const { simulator, inbox: makeInbox } = await startGraph({
	...{ accessToken: TOKEN, appSecret: APP_SECRET },
	conversations: { messenger: 5, instagram: 3 },
});
const { pageId, instagramAccountId } = simulator;
const inbox = makeInbox({ maxRetries: 0 });
const people = simulator
	.conversations()
	.map((each) => personOf(each, simulator));

/** @typedef {Parameters<typeof createWebhook>[0]} Options */

/**
 * The arguments of each call.
 *
 * @type {Parameters<Options["onConversation"]>[]}
 */
let told = [];
/** @type {unknown[]} */
let errors = [];
/** @type {Promise<unknown>[]} */
let work = [];
/** @type {ReturnType<typeof createWebhook>} */
let handle;
beforeEach(() => {
	simulator.reset();
	told = [];
	errors = [];
	work = [];
	handle = webhook();
});

/** @param {Partial<Options>} [options] */
function webhook(options) {
	return createWebhook({
		inboxOf: (id) =>
			[pageId, instagramAccountId].includes(id) ? inbox : undefined,
		appSecret: APP_SECRET,
		verifyToken: VERIFY_TOKEN,
		onConversation: (...call) => told.push(call),
		onError: (error) => errors.push(error),
		...options,
	});
}

/** @param {string} person who writes to the business */
const from = (person, business = pageId) => ({
	sender: { id: person },
	recipient: { id: business },
	timestamp: 1_790_000_000_000,
	message: { mid: "m_1", text: "Is it open? ☕" },
});
/** @param {string} person to whom the business wrote */
const echoTo = (person, business = pageId) => ({
	sender: { id: business },
	recipient: { id: person },
	message: { mid: "m_2", is_echo: true, app_id: 1 },
});

/** @param {object[]} messaging */
const page = (...messaging) => ({
	object: "page",
	entry: [{ id: pageId, time: 1_790_000_000_000, messaging }],
});

/**
 * @param {object} payload
 * @param {{ secret?: string, header?: string, send?: string }} [options] `send`: another body than the one that is signed
 */
function deliver(payload, { secret = APP_SECRET, header, send } = {}) {
	const body = JSON.stringify(payload);
	const hex = createHmac("sha256", secret).update(body).digest("hex");
	const headers = { "x-hub-signature-256": header ?? `sha256=${hex}` };
	const request = new Request(URL, {
		...{ method: "POST", headers, body: send ?? body },
	});
	return handle(request, (promise) => work.push(promise));
}

/** Lets Graph answer nothing until it is released. */
function hold() {
	let release = () => {};
	/** @type {Promise<void>} */
	const released = new Promise((resolve) => {
		release = resolve;
	});
	simulator.failWhen(/./, async (_, answer) => {
		await released;
		return answer;
	});
	return release;
}

async function settled() {
	await Promise.all(work);
	const sent = simulator.requests.map(({ url }) => url).join();
	const out = prints([told, errors]);
	for (const secret of [TOKEN, APP_SECRET]) {
		assert.ok(!out.includes(secret));
		assert.ok(!sent.includes(secret));
	}
}

const lists = () =>
	simulator.requests
		.filter(({ path }) => path.endsWith("/conversations"))
		.map(({ query }) => [query.get("platform"), query.get("user_id")]);

describe("a delivery", () => {
	it("is answered before Graph is, and reads conversation and owner", async () => {
		const release = hold();
		const [person] = people;
		simulator.setOwner(person, { app_id: 9007199254740993123n });
		const { status } = await deliver(page(from(person)));
		assert.equal(status, 200);
		assert.equal(told.length, 0);
		release();
		await settled();

		assert.equal(told.length, 1);
		const [conversation, owner, thread] = told[0];
		const [{ id, snippet, updated_time }] = simulator.conversations();
		assert.equal(conversation.id, id);
		assert.equal(conversation.snippet, snippet);
		assert.equal(conversation.updated_time, updated_time);
		assert.equal(owner.owner?.app_id, "9007199254740993123");
		const businessId = pageId;
		assert.deepEqual(thread, { platform: "messenger", businessId, person });
		assert.deepEqual(errors, []);
	});

	it("is read on the platform that it names", async () => {
		const [conversation] = simulator.conversations({ platform: "INSTAGRAM" });
		const person = personOf(conversation, simulator);
		const messaging = [from(person, instagramAccountId)];
		const entry = [{ id: instagramAccountId, messaging }];
		await deliver({ object: "instagram", entry });
		await settled();
		assert.deepEqual(lists(), [["INSTAGRAM", person]]);
		assert.equal(told[0][0].id, conversation.id);
		assert.equal(told[0][2].platform, "instagram");
	});

	it("knows the person where the business has written", async () => {
		const [one, other, third] = people;
		const read = { ...echoTo(other), message: undefined };
		const echo = echoTo(third, "the account by another of its IDs");
		await deliver(page(echoTo(one), read, echo));
		await settled();
		assert.deepEqual(
			told.map(([, , { person }]) => person),
			[one, other, third],
		);
	});

	it("reads threads that another app owns", async () => {
		const [person] = people;
		const entry = [{ id: pageId, standby: [from(person)] }];
		await deliver({ object: "page", entry });
		await settled();
		assert.equal(told.length, 1);
	});

	it("reads a thread once, however much happens in it", async () => {
		const [one, other] = people;
		await deliver(page(from(one), echoTo(one), from(other), from(one)));
		await settled();
		assert.deepEqual(
			lists().map(([, person]) => person),
			[one, other],
		);
	});

	it("takes in what comes while a thread waits, and reads it again where it was being read", async () => {
		const [one, other] = people;
		const release = hold();
		await deliver(page(from(one), from(other)));
		// The first is under way by now, the other waits for it.
		await deliver(page(from(other), from(one)));
		await deliver(page(from(other), from(one)));
		release();
		await settled();
		assert.deepEqual(
			lists().map(([, person]) => person),
			[one, other, one],
		);
	});

	it("that is not about our messages changes nothing", async () => {
		const [person] = people;
		for (const payload of [
			{ object: "user", entry: [{ id: pageId, messaging: [from(person)] }] },
			{ object: "page", entry: [{ id: pageId, changes: [{ field: "feed" }] }] },
			{ object: "page", entry: [{ id: "1", messaging: [from(person)] }] },
			page({ timestamp: 1 }),
			{ object: "page" },
		])
			assert.equal((await deliver(payload)).status, 200);
		await settled();
		assert.deepEqual([told, errors, simulator.requests], [[], [], []]);
	});
});

describe("a delivery that Meta did not sign", () => {
	const payload = page(from(people[0]));

	/** @type {Record<string, Parameters<typeof deliver>[1]>} */
	const forged = {
		"with another secret": { secret: "guessed" },
		"without a signature": { header: "" },
		"with an old kind of signature": { header: `sha1=${"0".repeat(40)}` },
		"with zeros": { header: `sha256=${"0".repeat(64)}` },
		"with half a signature": { header: "sha256=00" },
		"with another body": { send: JSON.stringify(page(from(people[1]))) },
		"with one more space": { send: `${JSON.stringify(payload)} ` },
	};
	for (const [what, options] of Object.entries(forged))
		it(what, async () => {
			assert.equal((await deliver(payload, options)).status, 401);
			await settled();
			assert.deepEqual([told, simulator.requests], [[], []]);
		});
});

describe("failures", () => {
	it("of one thread leave the others", async () => {
		const [one, other] = people;
		simulator.failWhen(`user_id=${one}`, "permission");
		await deliver(page(from(one), from(other)));
		await settled();
		assert.deepEqual(
			told.map(([, , { person }]) => person),
			[other],
		);
		assert.deepEqual(
			errors.map((error) => /** @type {any} */ (error).kind),
			["permission"],
		);
	});

	it("of an owner come with the conversation", async () => {
		simulator.failItems(/./, "permission");
		await deliver(page(from(people[0])));
		await settled();
		assert.equal(told[0][1].error?.kind, "permission");
		assert.deepEqual(errors, []);
	});

	it("of what is called end nothing", async () => {
		const mine = new Error("the database is full");
		handle = webhook({
			onConversation: () => Promise.reject(mine),
			onError() {
				throw mine;
			},
		});
		await deliver(page(from(people[0])));
		await assert.rejects(Promise.all(work), mine);
		work = [];
		const [, person] = people;
		await deliver(page(from(person)));
		await Promise.allSettled(work);
		assert.equal(lists().at(-1)?.[1], person);
	});

	it("of fields come with their names, and with the other fields", async () => {
		const [{ id, updated_time, participants }] = simulator.conversations();
		simulator.breakConversation(id);
		await deliver(page(from(people[0])));
		await settled();
		simulator.breakConversation(id, false);
		const unreadable = ["snippet", "unread_count", "participants"];
		assert.deepEqual(told[0][0], { id, updated_time, unreadable });
		assert.ok(participants && told[0][1].owner);
		assert.deepEqual(errors, []);
	});

	it("include a conversation that Graph does not show", async () => {
		await deliver(page(from("4040404040404")));
		await settled();
		assert.deepEqual([told, errors], [[], []]);
	});
});

describe("the subscription", () => {
	/** @param {Record<string, string>} query */
	const subscribe = (query) =>
		handle(new Request(`${URL}?${new URLSearchParams(query)}`));

	it("is confirmed to whoever knows the verify token", async () => {
		const response = await subscribe({
			"hub.mode": "subscribe",
			"hub.verify_token": VERIFY_TOKEN,
			"hub.challenge": "<b>1158201444</b>",
		});
		assert.equal(response.status, 200);
		assert.equal(await response.text(), "<b>1158201444</b>");
		assert.match(response.headers.get("content-type") ?? "", /^text\/plain/);
	});

	it("is refused to anybody else", async () => {
		for (const query of [
			{ "hub.verify_token": "guessed", "hub.challenge": "1" },
			{ "hub.verify_token": "", "hub.challenge": "1" },
			{ "hub.challenge": "1" },
		]) {
			const response = await subscribe(/** @type {any} */ (query));
			assert.equal(response.status, 403);
			assert.equal(await response.text(), "");
		}
	});
});
