// A process of shared-limiter.test.mjs: reads a whole inbox, page by page, once it is told to, and tells what it got.
import { once } from "node:events";
import { createInbox } from "graph-inbox";
import { sharedInbox } from "../../recipes/shared-limiter.mjs";

/**
 * @typedef {{
 *   access: import("graph-inbox").InboxOptions,
 *   recipient: string,
 *   limit: number,
 *   redisUrl?: string,
 * }} Task without `redisUrl` the process keeps a pace of its own
 */
/** @typedef {{ ids: string[], held: import("graph-inbox").InboxEvent[] }} Report `held`: retries, and waits for a limit */

/** @type {Task} */
const { access, recipient, limit, redisUrl } = JSON.parse(process.argv[2]);
/** @type {Report} */
const report = { ids: [], held: [] };

/** @type {import("graph-inbox").InboxOptions} */
const options = {
	...access,
	// A refused page must not be refused for good: without the shared limiter it can be unlucky more than once.
	maxRetries: 5,
	onEvent(event) {
		if (event.type === "retry") report.held.push(event);
		if (event.type === "wait" && event.reason === "rate_limit")
			report.held.push(event);
	},
};
const { inbox, close } =
	redisUrl === undefined
		? { inbox: createInbox(options), close: undefined }
		: sharedInbox({ ...options, redisUrl });

// A process's first request takes long to arrive, on a busy machine longer than the limiter allows for; this is not about that.
await inbox.getThreadOwner(recipient);
process.send?.("ready");
await once(process, "message");
for await (const page of inbox.listConversations({ limit }).pages())
	report.ids.push(...page.data.map(({ id }) => id));
await close?.();
process.send?.(report);
// Nothing may keep the process alive now.
process.disconnect();
