import { renewToken, simulator, writeMessage } from "./simulated.js";

// What can be done to the simulated Graph, a switch each.

/**
 * @typedef {object} Mischief
 * @property {string} id
 * @property {string} name
 * @property {string} hint what will be seen
 * @property {boolean} [isQuiet] needs no request to show itself
 * @property {(end: () => void) => () => void} start returns what undoes it; `end` is for what ends by itself
 */

const SLOW_MS = 3000;
const LIMIT_SECONDS = 20;
const MESSAGE_EVERY_MS = 2500;
/** More than this on one page is too much for Graph. */
const LARGEST_PAGE = 6;

const always = () => true;

/** @type {Mischief[]} */
export const mischiefs = [
	{
		id: "slow",
		name: "Slow answers",
		hint: "three seconds each",
		start: () => simulator.failWhen(always, { delayMs: SLOW_MS }),
	},
	{
		id: "errors",
		name: "Errors 502",
		hint: "every other request; retried with growing waits",
		start() {
			let count = 0;
			return simulator.failWhen(() => ++count % 2 === 1, "html502");
		},
	},
	{
		id: "offline",
		name: "No connection",
		hint: "each request is tried three times",
		start: () => simulator.failWhen(always, "connectionReset"),
	},
	{
		id: "limit",
		name: "Rate limit",
		hint: `for ${LIMIT_SECONDS} seconds; nothing is sent until calls may resume`,
		start(end) {
			const until = Date.now() + LIMIT_SECONDS * 1000;
			const remove = simulator.failWhen(always, (_, answer) =>
				limited(answer, until),
			);
			const timer = setTimeout(end, LIMIT_SECONDS * 1000);
			return () => {
				clearTimeout(timer);
				remove();
			};
		},
	},
	{
		id: "token",
		name: "Expired token",
		hint: "never retried: only a new token helps",
		start() {
			simulator.expireToken();
			return renewToken;
		},
	},
	{
		id: "data",
		name: "Too much data",
		hint: "smaller pages are asked for until Graph is content",
		start: () =>
			simulator.failWhen(
				({ path, query }) =>
					path.endsWith("/conversations") &&
					Number(query.get("limit") ?? 25) > LARGEST_PAGE,
				"reduceData",
			),
	},
	{
		id: "unreadable",
		name: "Broken thread",
		hint: "the newest; found among the others, which are shown all the same",
		start: () => breakThreads(0, true),
	},
	{
		id: "heavy",
		name: "Heavy messages",
		hint: "the second newest gives none, the third a few at a time; less is asked for until Graph is content",
		start() {
			const repairs = [
				breakThreads(1, { mostMessages: 0 }),
				breakThreads(2, { mostMessages: 5 }),
			];
			return () => {
				for (const repair of repairs) repair();
			};
		},
	},
	{
		id: "messages",
		name: "New messages",
		hint: "somebody writes every few seconds; Live shows it",
		isQuiet: true,
		start() {
			writeMessage();
			const timer = setInterval(writeMessage, MESSAGE_EVERY_MS);
			return () => clearInterval(timer);
		},
	},
];

/**
 * One conversation of each platform.
 *
 * @param {number} place in the list; 0 is the newest
 * @param {true | import("./graph-inbox/simulator.js").BrokenConversation} broken
 * @returns {() => void} repairs them
 */
function breakThreads(place, broken) {
	const found = /** @type {const} */ (["MESSENGER", "INSTAGRAM"]).flatMap(
		(platform) =>
			simulator.conversations({ platform, fields: "id" }).at(place) ?? [],
	);
	for (const { id } of found) simulator.breakConversation(id, broken);
	return () => {
		for (const { id } of found) simulator.breakConversation(id, false);
	};
}

/**
 * Graph's answer at the limit for a Page's Messenger calls.
 *
 * @param {Response} answer the good one
 * @param {number} until when it is lifted, in milliseconds since 1970
 */
function limited(answer, until) {
	const headers = new Headers(answer.headers);
	const seconds = Math.max(1, Math.ceil((until - Date.now()) / 1000));
	headers.set("retry-after", String(seconds));
	const usage = { call_count: 100, total_cputime: 41, total_time: 46 };
	const reading = {
		type: "messenger",
		...usage,
		estimated_time_to_regain_access: 0,
	};
	headers.set(
		"x-business-use-case-usage",
		JSON.stringify({ [simulator.pageId]: [reading] }),
	);
	const error = {
		message:
			"(#80006) There have been too many calls to this Messenger account. Wait a bit and try again.",
		type: "OAuthException",
		code: 80006,
		fbtrace_id: headers.get("x-fb-trace-id") ?? undefined,
	};
	return new Response(JSON.stringify({ error }), { status: 400, headers });
}
