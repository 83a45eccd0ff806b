// AWS Lambda behind an API Gateway HTTP API (payload format 2.0): GET /inbox?after=… is a page of conversations as JSON, each
// with the owner of its thread, and the cursor of the next page. `unreadable` of a conversation names the fields that Graph could
// not deliver.
// Needs: npm install graph-inbox; a route GET /inbox with an authorizer, for whoever may call it reads the inbox; in the
// environment PAGE_ID (else the token's own Page) and PAGE_TOKEN. Better than that is PAGE_TOKEN_SECRET, the name of a secret
// in Secrets Manager, with the layer AWS-Parameters-and-Secrets-Lambda-Extension, which keeps it for five minutes.
// Goes into: the function, as its handler.
import { createInbox, InboxError } from "graph-inbox";

/** @typedef {{ queryStringParameters?: Record<string, string | undefined> }} Event of API Gateway */
/** @typedef {{ getRemainingTimeInMillis: () => number }} Context of Lambda */

// Kept by warm invocations, with its pace, and until when Graph's limit holds.
const inbox = createInbox({
	pageId: process.env.PAGE_ID ?? "me",
	accessToken: readToken,
	// For tests; undefined is Graph.
	baseUrl: process.env.GRAPH_URL,
	// Whoever calls can wait for less money than a function can.
	maxRateLimitWaitMs: 1_000,
});

/** Asked before every request: a token that was replaced counts from the next one on. */
async function readToken() {
	const { PAGE_TOKEN, PAGE_TOKEN_SECRET, AWS_SESSION_TOKEN } = process.env;
	if (PAGE_TOKEN) return PAGE_TOKEN;
	const port = process.env.PARAMETERS_SECRETS_EXTENSION_HTTP_PORT ?? 2773;
	const url = `http://localhost:${port}/secretsmanager/get?secretId=${encodeURIComponent(PAGE_TOKEN_SECRET ?? "")}`;
	const answer = await fetch(url, {
		headers: { "x-aws-parameters-secrets-token": AWS_SESSION_TOKEN ?? "" },
	});
	if (!answer.ok)
		throw new Error(`The secret is not to be had: ${answer.status}`);
	const { SecretString } = await answer.json();
	return SecretString;
}

/** API Gateway's own limit: later answers reach nobody. */
const GATEWAY_MS = 30_000;
/** Kept to answer, once it is clear that Graph will not. */
const ANSWER_MS = 1_000;

/**
 * @param {Event} event
 * @param {Context} context
 */
export async function handler({ queryStringParameters }, context) {
	const after = queryStringParameters?.after;
	const left = Math.min(context.getRemainingTimeInMillis(), GATEWAY_MS);
	const totalTimeoutMs = Math.max(1, left - ANSWER_MS);
	// That is for each request with its waits, of which none is begun that does not fit; this is for page and owners together.
	const signal = AbortSignal.timeout(totalTimeoutMs);
	try {
		const page = await inbox.listConversationsWithOwner({
			fields: ["updated_time", "snippet", "unread_count", "participants"],
			...{ after, totalTimeoutMs, signal },
		});
		return respond(200, {
			conversations: page.data.map(({ thread_owner, ...conversation }) => ({
				...conversation,
				// `null` is not known, which is something else than idle.
				owner: thread_owner.owner ?? null,
			})),
			after: page.nextCursor ?? null,
		});
	} catch (error) {
		if (error === signal.reason) return respond(504, { error: "timeout" });
		// The token could not be had. Lambda logs it, API Gateway answers 500.
		if (!(error instanceof InboxError)) throw error;
		const { kind, retryAfterMs } = error;
		const status = statusOf(error, after);
		// In the log, and only there, is all that Graph said; never a token.
		if (status >= 500) console.error(JSON.stringify(error));
		const seconds = retryAfterMs && Math.ceil(retryAfterMs / 1000);
		return respond(status, { error: kind }, seconds);
	}
}

/**
 * @param {InboxError} error
 * @param {string | undefined} after
 */
function statusOf({ kind, option }, after) {
	if (kind === "invalid_option") return option === "after" ? 400 : 500;
	// Cursors do not live long.
	if (kind === "invalid_request" && after !== undefined) return 400;
	if (kind === "rate_limit") return 503;
	return kind === "timeout" ? 504 : 502;
}

/**
 * @param {number} statusCode
 * @param {object} body
 * @param {number} [retryAfter] in seconds
 */
function respond(statusCode, body, retryAfter) {
	return {
		statusCode,
		headers: {
			"cache-control": "no-store",
			"content-type": "application/json",
			...(retryAfter && { "retry-after": String(retryAfter) }),
		},
		body: JSON.stringify(body),
	};
}
