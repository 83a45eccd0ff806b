// For a function that a schedule calls, every minute or so: reads the conversations that changed since the last call, and hands them
// to you. Nothing runs between two calls, and no change is missed.
// Needs: npm install graph-inbox; a store for 2 KB for each Page and platform (a row, a key, a parameter).
//
// Changes are delivered before the checkpoint is saved. After a crash, or where two calls overlap, a change is delivered twice but
// never lost: let `deliver` replace by `id`. One look must fit into the time of the function, also after a long outage.
import { InboxError } from "graph-inbox";

/** @typedef {import("graph-inbox").Conversation} Conversation */
/** @typedef {"messenger" | "instagram"} Platform */
/** @typedef {Pick<import("graph-inbox").WatchParams, "folder" | "fields" | "withOwner">} Params */

/**
 * @typedef {object} Outcome of one platform
 * @property {Platform} platform
 * @property {number} delivered
 * @property {unknown} [error] why the look, `deliver` or `store` failed; the next call begins where this one did
 * @property {number} [resumeAt] with a rate limit: in milliseconds since 1970, when to call again
 */

/**
 * Looks once. The first call ever delivers nothing: it notes where the inbox is. Never rejects: report `error` where your platform
 * reports failures, unless `error.retryable` says that the next call may succeed.
 *
 * @param {object} options
 * @param {import("graph-inbox").Inbox} options.inbox
 * @param {{ load(key: string): Promise<string | null | undefined>, save(key: string, checkpoint: string): Promise<unknown> }} options.store
 * @param {(conversations: Conversation[], platform: Platform) => unknown} options.deliver oldest change first
 * @param {number} options.timeoutMs for all that is read; leave the function time for `deliver` and `store`
 * @param {readonly Platform[]} [options.platforms]
 * @param {Params} [options.params]
 * @returns {Promise<Outcome[]>}
 */
export function pollOnce({ inbox, store, deliver, timeoutMs, ...options }) {
	const { platforms = ["messenger"], params } = options;
	const signal = AbortSignal.timeout(timeoutMs);

	/** @param {Platform} platform @returns {Promise<Outcome>} */
	async function poll(platform) {
		try {
			const checkpoint = (await store.load(platform)) ?? undefined;
			const watch = inbox.watchConversations({
				...params,
				...{ platform, checkpoint, signal },
			});
			const changes = await watch.poll();
			const delivered = changes.conversations.length;
			if (delivered > 0) await deliver(changes.conversations, platform);
			if (changes.checkpoint !== checkpoint)
				await store.save(platform, changes.checkpoint);
			return { platform, delivered };
		} catch (error) {
			const isLimit =
				error instanceof InboxError && error.kind === "rate_limit";
			if (!isLimit) return { platform, delivered: 0, error };
			const resumeAt = Date.now() + (error.retryAfterMs ?? 60_000);
			return { platform, delivered: 0, error, resumeAt };
		}
	}

	return Promise.all(platforms.map(poll));
}
