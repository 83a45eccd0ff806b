// The bot on the real Chat SDK, called by its webhook. The adapter is one of this test: it keeps its history in the process, as the
// SDK's own for Messenger does, and posts to nobody. Graph is a simulator on a loopback port.
import assert from "node:assert/strict";
import { cpSync, writeFileSync } from "node:fs";
import { beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { PAGE_INBOX_APP_ID } from "graph-inbox";
import { answerDirectMessages } from "../../recipes/chat-sdk-bot.mjs";
import { at, run } from "../../scripts/tools.mjs";
import { makeApp } from "../matrix/row.mjs";
import { personOf, prints, startGraph } from "../package/graph.mjs";

const TOKEN = "EAATokenOfTheBotThatStaysInside";

const { simulator, access } = await startGraph({
	accessToken: TOKEN,
	conversations: { messenger: 5, instagram: 0 },
});
const inbox = {
	...access,
	appId: simulator.appId,
	callsPerSecond: /** @type {const} */ (false),
	maxRetries: 0,
};

// The SDK by its lock file, since all other tests can do without its seventy packages.
const app = await makeApp(import.meta.url, { app: "chat-sdk" });
writeFileSync(
	app.path("sdk.mjs"),
	'export * from "chat"; export { createMemoryState } from "@chat-adapter/state-memory";',
);
const { Chat, Message, parseMarkdown, createMemoryState } = await import(
	pathToFileURL(app.path("sdk.mjs")).href
);

/** @typedef {import("../../recipes/chat-sdk-bot.mjs").Context} Context */

/** What the bot was asked to answer, and what it posted. @type {Context[]} */
let asked = [];
/** @type {[threadId: string, text: string][]} */
let posted = [];
/** What the SDK logged as errors. @type {unknown[]} */
let errors = [];
/** @type {import("graph-inbox").ThreadOwner[]} */
let silent = [];

beforeEach(() => {
	simulator.reset();
	asked = [];
	posted = [];
	errors = [];
	silent = [];
});

/** As much of the SDK's Messenger adapter as a handler can see. @param {string} name */
function adapterOf(name) {
	/** @type {Map<string, any[]>} */
	const cache = new Map();
	/** @type {any} */
	let chat;
	return {
		name,
		userName: "bot",
		async initialize(/** @type {any} */ instance) {
			chat = instance;
		},
		async handleWebhook(
			/** @type {Request} */ request,
			/** @type {any} */ options,
		) {
			const { sender, message } = await request.json();
			const threadId = `${name}:${sender.id}`;
			const author = {
				userId: sender.id,
				userName: sender.id,
				fullName: sender.id,
				isBot: false,
				isMe: false,
			};
			const received = new Message({
				...{ id: message.mid, threadId, text: message.text, author },
				...{ formatted: parseMarkdown(message.text), raw: message },
				...{
					attachments: [],
					metadata: { dateSent: new Date(), edited: false },
				},
			});
			cache.set(threadId, [...(cache.get(threadId) ?? []), received]);
			chat.processMessage(this, threadId, received, options);
			return new Response("EVENT_RECEIVED");
		},
		async fetchMessages(/** @type {string} */ threadId) {
			return { messages: cache.get(threadId) ?? [] };
		},
		async postMessage(/** @type {string} */ threadId, /** @type {any} */ text) {
			posted.push([threadId, text]);
			return { id: `m_${posted.length}`, threadId, raw: {} };
		},
		isDM: () => true,
		channelIdFromThreadId: (/** @type {string} */ threadId) => threadId,
		encodeThreadId: (/** @type {string} */ person) => `${name}:${person}`,
		decodeThreadId: (/** @type {string} */ threadId) => threadId.split(":")[1],
	};
}

/** A bot as it is after a cold start. */
function coldBot() {
	const ignore = () => {};
	const logger = {
		...{ debug: ignore, info: ignore, warn: ignore, child: () => logger },
		error: (/** @type {unknown[]} */ ...what) => void errors.push(...what),
	};
	const bot = new Chat({
		userName: "bot",
		adapters: {
			messenger: adapterOf("messenger"),
			telegram: adapterOf("telegram"),
		},
		state: createMemoryState(),
		logger,
	});
	answerDirectMessages(bot, {
		inbox,
		async answer(context) {
			asked.push(context);
			return `You said: ${context.history.at(-1)?.content}`;
		},
		onSilent: (_, owner) => silent.push(owner),
	});
	return bot;
}

/**
 * A person writes: Graph lists it, unless told otherwise, and the webhook says so.
 *
 * @param {string} text
 * @param {{ person: string, mid?: string, bot?: any, adapter?: string }} to
 */
async function write(
	text,
	{ person, mid, bot = coldBot(), adapter = "messenger" },
) {
	if (!mid) {
		const { id } = simulator.receiveMessage({ from: person, text });
		const fields = "id,messages.limit(1){id}";
		const listed = simulator.conversations({ fields });
		mid = listed.find((each) => each.id === id)?.messages?.data[0].id;
	}
	const request = new Request("https://bot.example.com/", {
		method: "POST",
		body: JSON.stringify({ sender: { id: person }, message: { mid, text } }),
	});
	/** @type {Promise<unknown>[]} */
	const work = [];
	const waitUntil = (/** @type {Promise<unknown>} */ task) => work.push(task);
	await bot.webhooks[adapter](request, { waitUntil });
	await Promise.all(work);
	assert.ok(!prints([asked, posted, errors, silent]).includes(TOKEN));
}

/** A person of the inbox, whose thread is the bot's or somebody else's. @param {Parameters<typeof simulator.setOwner>[1]} owner */
function personWith(owner, place = 0) {
	const person = personOf(simulator.conversations()[place], simulator);
	simulator.setOwner(person, owner);
	return person;
}

/** The texts of a conversation as Graph has them, oldest first. @param {string} person */
function textsOf(person) {
	const conversation = simulator
		.conversations({ fields: "participants,messages.limit(20){from,message}" })
		.find((each) => personOf(each, simulator) === person);
	return (conversation?.messages?.data ?? [])
		.filter(({ message }) => message)
		.map(({ from, message }) => ({
			role: from?.id === person ? "user" : "assistant",
			content: message,
		}))
		.reverse();
}

describe("chat-sdk-bot", () => {
	it("knows the conversation after a cold start, as the SDK does not", async () => {
		const person = personWith({ app_id: simulator.appId });
		const bot = coldBot();
		await write("Is it open?", { person, bot });
		const known = await bot
			.thread(`messenger:${person}`)
			.adapter.fetchMessages(`messenger:${person}`);
		assert.equal(known.messages.length, 1);
		const [{ history, isComplete }] = asked;
		assert.deepEqual(history, textsOf(person));
		assert.ok(history.length > 2 && isComplete);
		assert.ok(history.some(({ role }) => role === "assistant"));
		assert.deepEqual(posted, [
			[`messenger:${person}`, "You said: Is it open?"],
		]);
		assert.deepEqual(errors, []);
	});

	it("takes the new message from the webhook where Graph does not list it yet", async () => {
		const person = personWith(null, 1);
		const before = textsOf(person);
		await write("Hello?", { person, mid: "m_not_listed_yet" });
		const now = { role: "user", content: "Hello?" };
		assert.deepEqual(asked[0].history, [...before, now]);
	});

	it("answers somebody whom Graph does not list", async () => {
		const person = personWith(null, 2);
		simulator.failWhen(/user_id=/, { body: { data: [] } });
		await write("Hello?", { person, mid: "m_1" });
		assert.deepEqual(asked[0], {
			history: [{ role: "user", content: "Hello?" }],
			isComplete: true,
		});
	});

	it("answers where its app has the thread, or nobody", async () => {
		await write("One", { person: personWith({ app_id: simulator.appId }, 0) });
		await write("Two", { person: personWith(null, 1) });
		assert.deepEqual(
			posted.map(([, text]) => text),
			["You said: One", "You said: Two"],
		);
		assert.deepEqual(silent, []);
	});

	it("is silent where people, another app, or an app that Graph does not name has it", async () => {
		for (const owner of [
			{ app_id: PAGE_INBOX_APP_ID },
			{ app_id: "123456789" },
			/** @type {const} */ ("hidden"),
		])
			await write("Hello?", { person: personWith(owner) });
		assert.deepEqual([asked, posted, errors], [[], [], []]);
		assert.deepEqual(
			silent.map(({ role, state }) => role ?? state),
			["meta_inbox", "other_app", "hidden"],
		);
	});

	it("is silent where the owner or the conversation cannot be read", async () => {
		const person = personWith(null);
		for (const part of [/thread_owner/, /conversations/]) {
			const lift = simulator.failWhen(part, "permission");
			await write("Hello?", { person });
			lift();
		}
		assert.deepEqual([asked, posted], [[], []]);
		assert.equal(
			errors.filter((each) => /GraphError/.test(prints(each))).length,
			2,
		);
	});

	it("says that the history lacks messages that Graph could not deliver", async () => {
		const person = personWith(null);
		const [{ id }] = simulator.conversations();
		simulator.breakConversation(id, { unreadable: ["messages"] });
		await write("Hello?", { person });
		simulator.breakConversation(id, false);
		assert.deepEqual(asked, [
			{ history: [{ role: "user", content: "Hello?" }], isComplete: false },
		]);
	});

	it("leaves threads of other adapters alone", async () => {
		await write("Hello?", { person: personWith(null), adapter: "telegram" });
		assert.deepEqual([asked, posted, errors], [[], [], []]);
	});

	it("needs the ID of its app", () => {
		const options = { inbox: { ...inbox, appId: "" }, answer: async () => "" };
		const bot = { onDirectMessage() {} };
		assert.throws(() => answerDirectMessages(bot, options), /appId/);
	});

	it("takes the SDK's own types", async () => {
		writeFileSync(
			app.path("types.mts"),
			`import { Chat } from "chat";
			import { createMemoryState } from "@chat-adapter/state-memory";
			import { answerDirectMessages } from "./chat-sdk-bot.mjs";
			const bot = new Chat({ userName: "bot", adapters: {}, state: createMemoryState() });
			answerDirectMessages(bot, {
				inbox: { pageId: "me", accessToken: "", appId: "1" },
				answer: async ({ history }) => history[0].content,
				onSilent: (thread) => thread.startTyping(),
			});`,
		);
		cpSync(at("recipes", "chat-sdk-bot.mjs"), app.path("chat-sdk-bot.mjs"));
		writeFileSync(
			app.path("tsconfig.json"),
			JSON.stringify({
				extends: at("tsconfig.json"),
				compilerOptions: {
					skipLibCheck: true,
					typeRoots: [at("node_modules", "@types")],
				},
				files: ["types.mts"],
				include: [],
			}),
		);
		await run("tsc", ["--project", app.folder], { quiet: true });
	});
});
