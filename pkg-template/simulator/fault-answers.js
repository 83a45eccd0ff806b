import { cutBody, hangingBody, slowBody } from "./broken-body.js";
import { errors, GraphFailure } from "./errors.js";
import { errorEnvelope } from "./headers.js";
import { usageHeaders } from "./limits.js";
import { readCursor, writeCursor } from "./paging.js";
import { never, unlessAborted } from "./wait.js";

const ELSEWHERE = "https://graph.elsewhere.example";
/** The ID that a Page has after it was migrated. */
const MIGRATED_ID = "109876501234567";

/**
 * What a fault works with.
 *
 * @typedef {object} Meeting
 * @property {import("../simulator.d.ts").RecordedRequest} request
 * @property {Response} answer the good one
 * @property {AbortSignal | null | undefined} signal
 * @property {import("./settings.js").Settings} settings
 *
 * @typedef {(meeting: Meeting) => Response | Promise<Response>} FaultAnswer
 */

/** @type {Record<import("../simulator.d.ts").FaultName, FaultAnswer>} */
export const faultAnswers = {
	html502: () => html(502),
	html200: () => html(200),
	htmlError500: () => html(500),
	empty200: ({ answer }) => change(answer, { status: 200, body: "" }),
	truncated: async ({ answer }) => {
		const text = await answer.text();
		return change(answer, { body: text.slice(0, text.length >> 1) });
	},
	null: ({ answer }) => change(answer, { status: 200, body: "null" }),
	wrongContentType: ({ answer }) =>
		change(answer, { headers: { "content-type": "text/html; charset=utf-8" } }),
	textJavascript: ({ answer }) =>
		change(answer, {
			headers: { "content-type": "text/javascript; charset=UTF-8" },
		}),
	connectionReset: () => {
		const cause = Object.assign(new Error("read ECONNRESET"), {
			code: "ECONNRESET",
		});
		throw new TypeError("fetch failed", { cause });
	},
	bodyCut: ({ answer }) => cutBody(answer),
	hang: ({ signal }) =>
		unlessAborted(/** @type {Promise<Response>} */ (never()), signal),
	hangBody: ({ answer, signal }) => hangingBody(answer, signal),
	slowBody: ({ answer, signal }) => slowBody(answer, signal),
	redirect: ({ request }) =>
		new Response(null, {
			status: 302,
			headers: {
				location: `${ELSEWHERE}${request.path}?${request.query}`,
				"access-control-allow-origin": "*",
			},
		}),
	transient: failing(errors.transient),
	unknown1: failing(errors.unknown),
	reduceData: failing(errors.reduceData),
	instagramTimeout: failing(errors.instagramTimeout),
	rateLimitApp: failing(errors.appLimit),
	rateLimitUser: failing(errors.userLimit),
	rateLimitPage: failing(errors.pageLimit),
	rateLimit613: failing(errors.callsPerSecond),
	rateLimit80006: ({ answer, settings }) => {
		const usage = usageHeaders(settings, 100, settings.regainAccessMinutes);
		return failWith(
			errors.messengerLimit(),
			change(answer, { headers: usage }),
		);
	},
	http429: () =>
		new Response("Too many requests", {
			status: 429,
			headers: {
				"retry-after": "1",
				"content-type": "text/plain",
				"access-control-allow-origin": "*",
			},
		}),
	expiredToken: ({ answer, settings }) =>
		failWith(errors.expiredToken(Math.floor(settings.now() / 1000)), answer),
	invalidToken: failing(errors.invalidToken),
	checkpointed: failing(errors.checkpointed),
	unconfirmedUser: failing(errors.unconfirmedUser),
	lostPageRole: failing(errors.lostPageRole),
	permission: failing(errors.permission),
	permission10: failing(errors.applicationPermission),
	permission230: failing(errors.pagesMessaging),
	permission1: failing(errors.missingAccess),
	termsNotAccepted: failing(errors.termsNotAccepted),
	pageMigrated: ({ answer, settings }) =>
		failWith(errors.pageMigrated(settings.pageId, MIGRATED_ID), answer),
	blocked: failing(errors.blocked),
	errorIn200: ({ answer }) =>
		change(failWith(errors.invalidToken(), answer), { status: 200 }),
	emptyPage: editPage((page, { cursors }) => {
		// A cursor just above the first conversation left out, so that the next page brings it; by half a place, so that it is no
		// other conversation's.
		const { name, place, generation } = readCursor(cursors.before);
		const above = [...place.slice(0, -1), (place.at(-1) ?? 0) + 0.5];
		page.data = [];
		return writeCursor(name, above, generation);
	}),
	repeatCursor: editPage(
		(_, { cursors, query }) => query.get("after") ?? cursors.after,
	),
	foreignNext: editPage((_, { cursors }) => cursors.after, ELSEWHERE),
};

/**
 * The answer with some of it replaced.
 *
 * @param {Response} answer
 * @param {{ status?: number, headers?: Record<string, string>, body?: string | object }} changes
 */
export function change(answer, { status = answer.status, headers = {}, body }) {
	const changed = new Headers(answer.headers);
	for (const [name, value] of Object.entries(headers)) changed.set(name, value);
	const text = typeof body === "object" ? JSON.stringify(body) : body;
	// Some statuses allow no body at all, not even an empty one.
	const content = [204, 205, 304].includes(status)
		? null
		: (text ?? answer.body);
	return new Response(content, { status, headers: changed });
}

/**
 * The failure, with the headers of the answer.
 *
 * @param {GraphFailure} failure
 * @param {Response} answer
 */
export function failWith({ error, status }, answer) {
	const headers = new Headers(answer.headers);
	return new Response(errorEnvelope(headers, error), { status, headers });
}

/** @param {() => GraphFailure} failure @returns {FaultAnswer} */
function failing(failure) {
	return ({ answer }) => failWith(failure(), answer);
}

/** @param {number} status */
function html(status) {
	const page = `<!DOCTYPE html>
<html lang="en"><head><title>Error</title></head>
<body><h1>Sorry, something went wrong.</h1><p>We're working on it and will have it fixed soon.</p></body></html>`;
	const headers = {
		"content-type": "text/html; charset=utf-8",
		"access-control-allow-origin": "*",
	};
	return new Response(page, { status, headers });
}

/**
 * A page of a list whose `next` is another. What is no page with conversations stays as it is.
 *
 * @param {(page: { data: unknown[] }, about: { cursors: { before: string, after: string }, query: URLSearchParams }) => string} edit
 *   returns the cursor `next` goes on from
 * @param {string} [host] of `next`
 * @returns {FaultAnswer}
 */
function editPage(edit, host) {
	return async ({ request, answer, settings }) => {
		const page = await answer.clone().json();
		if (!page.paging?.cursors) return answer;
		const after = edit(page, {
			cursors: page.paging.cursors,
			query: request.query,
		});
		const next = new URL(page.paging.next ?? request.url);
		next.searchParams.set("access_token", settings.accessToken);
		next.searchParams.set("after", after);
		page.paging.cursors.after = after;
		page.paging.next = host ? next.href.replace(next.origin, host) : next.href;
		return change(answer, { body: page });
	};
}
