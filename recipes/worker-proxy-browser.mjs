// The browser's side of worker-proxy.mjs: shows a Page's inbox and who answers each thread. No Page token is here.
// Needs: npm install graph-inbox; the Worker's address; a way to the session that your server gave to this browser.
// Goes into: the dashboard's own code, through whatever bundles it.
import { createInbox, InboxError, PAGE_INBOX_APP_ID } from "graph-inbox";

/**
 * @param {object} where
 * @param {string} where.proxyUrl of the Worker
 * @param {() => string | Promise<string>} where.session asked before every request, so that it can be renewed
 * @param {HTMLElement} where.list an `<ol>`
 * @param {HTMLElement} where.status an `<output>`
 */
export function showInbox({ proxyUrl, session, list, status }) {
	const inbox = createInbox({
		pageId: "me",
		baseUrl: proxyUrl,
		accessToken: session,
		// In a URL the session would be in logs. A header costs a preflight for every URL, which the Worker answers by itself.
		tokenTransport: "header",
	});

	/** Reads the newest conversations, and shows them in place of those that are there. */
	return async function refresh() {
		status.textContent = "Reading";
		try {
			const { data, meta } = await inbox.listConversationsWithOwner({
				fields: ["snippet", "updated_time", "participants"],
				limit: 25,
			});
			list.replaceChildren(...data.map(row));
			// Readable because the Worker exposes Graph's headers.
			const used = meta.usage.map(({ callCount = 0 }) => callCount);
			status.textContent = `${Math.max(0, ...used)} % of the calls used`;
		} catch (error) {
			if (!(error instanceof InboxError)) throw error;
			status.textContent = explain(error);
		}
	};
}

/** @typedef {import("graph-inbox").Conversation & { thread_owner: import("graph-inbox").ThreadOwnerResult }} Row */

/** @param {Row} conversation */
function row({ id, snippet, unreadable, thread_owner: { owner, error } }) {
	const item = document.createElement("li");
	item.dataset.id = id;
	let answeredBy = "nobody";
	if (error) answeredBy = "not known";
	else if (owner.state !== "idle")
		answeredBy = owner.app_id === PAGE_INBOX_APP_ID ? "Meta's inbox" : "an app";
	// As text, never as markup: it comes from strangers.
	const text = snippet ?? (unreadable ? "Could not be read" : "");
	item.textContent = `${text} (${answeredBy})`;
	return item;
}

/** @param {InboxError} error */
function explain({ kind, retryAfterMs, retryable }) {
	if (kind === "authentication") return "Sign in again";
	if (retryAfterMs !== undefined)
		return `Again in ${Math.ceil(retryAfterMs / 1000)} s`;
	return retryable ? "Try again" : `The inbox cannot be read (${kind})`;
}
