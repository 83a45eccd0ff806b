/**
 * Reads option objects for options.rs. Each table here must name exactly the options of its interface in index.d.ts: `tsc`
 * refuses a table that has one too few or one too many.
 */

/** @typedef {import("../../pkg-template/index.d.ts").InboxOptions} InboxOptions */
/** @typedef {import("../../pkg-template/index.d.ts").ConversationsParams} ConversationsParams */
/** @typedef {import("../../pkg-template/index.d.ts").ConversationParams} ConversationParams */
/** @typedef {import("../../pkg-template/index.d.ts").WatchParams} WatchParams */
/** @typedef {import("../../pkg-template/index.d.ts").CallOptions} CallOptions */
/** @typedef {Parameters<typeof import("../../pkg-template/index.d.ts").getThreadOwner>[0]} OwnerOptions */

/** @type {(value: unknown) => boolean} */
const isString = (value) => typeof value === "string";
/** @type {(value: unknown) => boolean} */
const isFunction = (value) => typeof value === "function";
/** @type {(value: any) => boolean} */
const isWhole = (value) =>
	Number.isInteger(value) && value >= 0 && value <= 0xffff_ffff;

/** The rules for values. `expected` in protocol/option.rs has the words for each. */
const RULES = {
	any: () => true,
	text: isString,
	person: isString,
	function: isFunction,
	flag: (/** @type {unknown} */ value) => typeof value === "boolean",
	whole: isWhole,
	count: (/** @type {any} */ value) => isWhole(value) && value > 0,
	rate: (/** @type {any} */ value) =>
		value === false || (Number.isFinite(value) && value > 0),
	token: (/** @type {unknown} */ value) => isString(value) || isFunction(value),
	// Its class does not matter: another window, a polyfill or a test has its own.
	signal: (/** @type {any} */ value) =>
		typeof value.aborted === "boolean" &&
		isFunction(value.addEventListener) &&
		isFunction(value.removeEventListener),
};

/** @typedef {keyof typeof RULES} Rule */

/**
 * The options that a client takes for its calls, and a call for itself.
 *
 * @satisfies {Record<keyof CallOptions & keyof InboxOptions, Rule>}
 */
const LIMITS = {
	timeoutMs: "count",
	totalTimeoutMs: "count",
	maxRetries: "whole",
};

/**
 * The options that only a call takes.
 *
 * @satisfies {Record<Exclude<keyof CallOptions, keyof InboxOptions>, Rule>}
 */
const CALL_OPTIONS = { signal: "signal" };

/**
 * The options that only a client takes.
 *
 * @satisfies {Record<Exclude<keyof InboxOptions, keyof CallOptions>, Rule>}
 */
const INBOX_OPTIONS = {
	pageId: "text",
	accessToken: "token",
	appSecret: "text",
	apiVersion: "text",
	baseUrl: "text",
	tokenTransport: "text",
	instagramAccountId: "text",
	appId: "text",
	fetch: "function",
	maxRateLimitWaitMs: "whole",
	callsPerSecond: "rate",
	schedule: "function",
	onEvent: "function",
};

/**
 * The options that only a list takes.
 *
 * @satisfies {Record<Exclude<keyof ConversationsParams, keyof CallOptions>, Rule>}
 */
const CONVERSATIONS_PARAMS = {
	folder: "text",
	platform: "text",
	userId: "text",
	fields: "any",
	limit: "count",
	after: "text",
	before: "text",
	maxItems: "whole",
	updatedSince: "any",
	catchUp: "flag",
};

/**
 * The person whose conversation `getConversation` reads.
 *
 * @satisfies {Record<"userId", Rule>}
 */
const PERSON = { userId: "person" };

/**
 * The options that only `getConversation` and a watch take, with those of a call.
 *
 * @satisfies {Record<Exclude<keyof ConversationParams, keyof CallOptions>, Rule>}
 */
const CONVERSATION_PARAMS = { folder: "text", platform: "text", fields: "any" };

/**
 * The options that only a watch takes.
 *
 * @satisfies {Record<Exclude<keyof WatchParams, keyof ConversationParams>, Rule>}
 */
const WATCH_PARAMS = {
	checkpoint: "text",
	since: "any",
	intervalMs: "count",
	withOwner: "flag",
};

/**
 * The option that only the plain function `getThreadOwner` takes.
 *
 * @satisfies {Record<Exclude<keyof OwnerOptions, keyof InboxOptions | keyof CallOptions>, Rule>}
 */
const OWNER_OPTIONS = { recipient: "any" };

/**
 * The tables for each kind of function, in the order in which messages name the options. Joined at the call: bundlers keep a
 * spread, even where nothing uses it.
 *
 * @satisfies {Record<string, Record<string, Rule>[]>}
 */
const ACCEPTED = {
	client: [INBOX_OPTIONS, LIMITS],
	list: [CONVERSATIONS_PARAMS, CALL_OPTIONS, LIMITS],
	conversation: [PERSON, CONVERSATION_PARAMS, CALL_OPTIONS, LIMITS],
	watch: [CONVERSATION_PARAMS, WATCH_PARAMS, CALL_OPTIONS, LIMITS],
	call: [CALL_OPTIONS, LIMITS],
	"client list": [INBOX_OPTIONS, CONVERSATIONS_PARAMS, CALL_OPTIONS, LIMITS],
	"client owner": [INBOX_OPTIONS, OWNER_OPTIONS, CALL_OPTIONS, LIMITS],
};

/**
 * Reads an object of options, each property once.
 *
 * @param {Record<string, unknown>} options
 * @param {keyof typeof ACCEPTED} accepts
 * @returns {{ names: string, read: object } | [name: string, known: string] | [name: string, rule: Rule, value: unknown]}
 *   the options that are set, with their names; or the first option that is unknown, with the known names; or the first
 *   with a wrong value
 */
export function readOptions(options, accepts) {
	/** @type {Record<string, Rule>} */
	const rules = Object.assign({}, ...ACCEPTED[accepts]);
	for (const name of Object.keys(options)) {
		if (!Object.hasOwn(rules, name) && options[name] !== undefined)
			return [name, Object.keys(rules).join(", ")];
	}
	/** @type {Record<string, unknown>} */
	const read = {};
	for (const [name, rule] of Object.entries(rules)) {
		const value = options[name];
		if (value === undefined) continue;
		if (value === null || !RULES[rule](value)) return [name, rule, value];
		read[name] = value;
	}
	return { names: Object.keys(read).join(" "), read };
}

/**
 * Returns the items of an iterable, or `undefined` where the value is none. A string does not count: nobody means its
 * characters.
 *
 * @param {any} iterable
 */
export function toArray(iterable) {
	return typeof iterable === "object" && isFunction(iterable?.[Symbol.iterator])
		? [...iterable]
		: undefined;
}

/**
 * Describes a value that is no string, for a message.
 *
 * @param {unknown} value
 */
export function kindOf(value) {
	if (value === null) return "null";
	if (Array.isArray(value)) return "an array";
	if (typeof value === "number") return `the number ${value}`;
	if (typeof value === "function") return "a function";
	return typeof value === "object" ? "an object" : typeof value;
}
