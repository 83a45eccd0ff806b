// Next.js, App Router: GET /api/inbox?after=<cursor> gives a page of the inbox, and who answers each thread, as JSON. The
// Page's token stays here.
// Needs: npm install graph-inbox; the environment variables PAGE_TOKEN, PAGE_ID (else the token's own Page), SESSION_KEY
// (see session.js) and, if the app requires proofs, APP_SECRET.
// Goes into: app/api/inbox, with session.js; app/inbox has the page that shows it.
import { createInbox, InboxError, PAGE_INBOX_APP_ID } from "graph-inbox";
import { isSignedIn } from "./session.js";

/** In seconds: Vercel ends the function then. */
export const maxDuration = 30;
const DEADLINE_MS = 25_000;

// Of the module, so that it knows until when a rate limit holds, whatever request met it.
const inbox = createInbox({
	// With its ID it is sure who of a conversation is the Page, also where a list has only one.
	pageId: process.env.PAGE_ID || "me",
	// A function, for `next build` loads this too, where no token need be.
	accessToken: () => process.env.PAGE_TOKEN ?? "",
	appSecret: process.env.APP_SECRET || undefined,
	// For tests.
	baseUrl: process.env.GRAPH_URL || undefined,
	// Some versions of Next keep what `fetch` reads.
	fetch: (url, init) => fetch(url, { ...init, cache: "no-store" }),
});

/** Reads the request, so Next asks it anew each time. @param {Request} request */
export async function GET(request) {
	if (!isSignedIn(request)) return reply(401, { kind: "session" });
	// The reader leaves, or time is up.
	const signal = AbortSignal.any([
		request.signal,
		AbortSignal.timeout(DEADLINE_MS),
	]);
	const after = new URL(request.url).searchParams.get("after") || undefined;
	try {
		const page = await inbox.listConversationsWithOwner({
			fields: ["updated_time", "snippet", "unread_count"],
			after,
			signal,
		});
		const conversations = page.data.map(withAnswerer);
		return reply(200, { conversations, after: page.nextCursor });
	} catch (error) {
		if (error === signal.reason) return reply(504, { kind: "timeout" });
		if (!(error instanceof InboxError)) throw error;
		return explain(error, after);
	}
}

/** Only what the page shows. @param {import("graph-inbox").Conversation & { thread_owner: import("graph-inbox").ThreadOwnerResult }} conversation */
function withAnswerer({ thread_owner: { owner, error }, ...conversation }) {
	let answeredBy = "an app";
	if (error) answeredBy = "not known";
	else if (owner.state === "idle") answeredBy = "nobody";
	else if (owner.app_id === PAGE_INBOX_APP_ID) answeredBy = "Meta's inbox";
	return { ...conversation, answeredBy };
}

/** @param {InboxError} error @param {string} [after] */
function explain(error, after) {
	const { kind, option, retryAfterMs } = error;
	// Cursors do not live long. Without one this is about something else.
	const isCursor = option === "after" || (kind === "invalid_request" && after);
	if (isCursor) return reply(400, { kind: "cursor" });
	if (kind === "timeout") return reply(504, { kind });
	if (kind === "rate_limit") {
		const seconds = Math.ceil((retryAfterMs ?? 60_000) / 1000);
		return reply(503, { kind, seconds }, { "retry-after": `${seconds}` });
	}
	// For whoever runs this; no secret is in it.
	console.error(JSON.stringify(error));
	return reply(502, { kind });
}

/**
 * @param {number} status
 * @param {object} body
 * @param {Record<string, string>} [headers]
 */
function reply(status, body, headers) {
	return Response.json(body, {
		status,
		headers: { ...headers, "cache-control": "no-store" },
	});
}
