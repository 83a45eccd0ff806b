// Gives a Messenger bot built on the Chat SDK (npm chat) its history, and tells it when to be silent. The SDK's own Messenger adapter
// knows only the messages that passed through this process, so after a cold start its history is empty; and it also answers while
// people do. This bot reads the conversation from Graph, and answers only where its app has the thread, or nobody has it.
// Needs: npm install graph-inbox chat, and an adapter named `messenger`, whose threads are `messenger:<page-scoped ID>`.
//
// Call `answerDirectMessages` once, where the bot is made. The history has the form that the AI SDK takes as `messages`.
import { createInbox } from "graph-inbox";

/** Graph returns no more of them in detail. */
const MESSAGES = 20;

/** @typedef {{ role: "user" | "assistant", content: string }} Said */
/** @typedef {{ id: string, post(text: string): Promise<unknown> }} Thread the part of the SDK's that is used here */
/** @typedef {{ id: string, text: string }} Message the part of the SDK's that is used here */

/**
 * @typedef {object} Context
 * @property {Said[]} history oldest first; the new message is the last one
 * @property {boolean} isComplete false where Graph could not deliver the earlier messages
 */

/**
 * @template {Thread} T
 * @template {Message} M
 * @param {{ onDirectMessage(handler: (thread: T, message: M, ...others: any[]) => Promise<void>): void }} bot a `Chat`
 * @param {object} options
 * @param {import("graph-inbox").InboxOptions & { appId: string }} options.inbox `appId` is the app of the bot: without it
 *   `role` is never `self`
 * @param {(context: Context) => Promise<string>} options.answer
 * @param {(thread: T, owner: import("graph-inbox").ThreadOwner) => unknown} [options.onSilent] called in place of `answer` where somebody else has the thread
 */
export function answerDirectMessages(bot, { inbox: options, ...callbacks }) {
	const { answer, onSilent } = callbacks;
	if (!options.appId) throw new TypeError("appId: expected the bot's app ID");
	// One client for the process, so that it knows until when a rate limit holds.
	const inbox = createInbox(options);

	bot.onDirectMessage(async (thread, message) => {
		const [platform, person] = thread.id.split(":");
		// Other adapters of the same bot have histories of their own.
		if (platform !== "messenger" || !person) return;
		// The SDK logs a rejection. The bot is silent then: without the owner it might interrupt people.
		const [conversation, owner] = await Promise.all([
			inbox.getConversation(person, {
				platform,
				fields: [
					{ messages: { limit: MESSAGES, fields: ["from", "message"] } },
				],
			}),
			inbox.getThreadOwner(person),
		]);
		if (owner.role !== "self" && owner.state !== "idle") {
			await onSilent?.(thread, owner);
			return;
		}
		const messages = conversation?.messages?.data ?? [];
		const isComplete = !conversation?.unreadable?.includes("messages");
		/** @type {Said[]} */
		const history = messages
			.filter(({ id, message: text }) => text && id !== message.id)
			.map(({ from, message: content = "" }) => ({
				role: from?.id === person ? "user" : "assistant",
				content,
			}));
		// Graph lists the newest first, and may not list the new one yet.
		history.reverse().push({ role: "user", content: message.text });
		await thread.post(await answer({ history, isComplete }));
	});
}
