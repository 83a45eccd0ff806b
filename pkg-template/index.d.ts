/**
 * graph-inbox reads a Facebook Page's Messenger and Instagram inbox from Meta's Graph API: its conversations, and which
 * app owns each thread.
 *
 * Two rules of naming: options are ours and camelCase; what Graph returns keeps Graph's names (`updated_time`), so that
 * the name asked for in `fields` is the name that comes back.
 *
 * Rules that hold everywhere:
 *  - `undefined` means "not given". `null`, unknown names and numbers written as strings are refused with an `InboxError` of
 *    kind `invalid_option` before any request: client options are checked by `createInbox`, which throws; parameters reject
 *    the call, or the list when it is first used, and so do the plain functions.
 *  - A URL in an answer is never followed, nor is a redirect.
 *  - A field that Graph left out is left out, never `null`.
 *
 * @module graph-inbox
 */

/* ------------------------------------------------------------------ client */

/** What a client is made from. */
export interface InboxOptions {
	/** Page ID, or `me` for the Page that a Page access token belongs to. Refused when it could change the path. */
	pageId: string;
	/**
	 * Page access token; or a function that gives one, asked before every request (for rotation and secret stores). What
	 * the function throws is passed on as it is.
	 */
	accessToken: string | (() => string | Promise<string>);
	/**
	 * App secret, for servers only. Every request then carries `appsecret_proof`. Refused in browsers, where whoever opens
	 * the page could read it.
	 *
	 * @see https://developers.facebook.com/docs/graph-api/securing-requests
	 */
	appSecret?: string;
	/**
	 * Graph API version, as `v25.0` or `25.0`. Default: `DEFAULT_API_VERSION`. Graph serves an expired version silently with
	 * another; which one answered is in `meta.apiVersion`.
	 */
	apiVersion?: string;
	/** Where Graph is. Default: `https://graph.facebook.com`. Plain http is refused except for loopback hosts. */
	baseUrl?: string;
	/**
	 * How the token travels. `header` is `Authorization: Bearer`, which keeps it out of URLs, logs and traces: the default
	 * outside browsers. `query` is `access_token=`, which needs no CORS preflight: the default in browsers. A batch carries it
	 * in its form body either way, as Graph documents.
	 */
	tokenTransport?: "header" | "query";
	/**
	 * Instagram professional account ID: tells the business from the customer among `participants`, for
	 * `listConversationsWithOwner`.
	 */
	instagramAccountId?: string;
	/** Used in place of the global `fetch`; also where a simulator's `fetch` goes. */
	fetch?: (input: string, init: RequestInit) => Promise<Response>;
	/** For one attempt, body included; time spent queued in `schedule` is not counted. Default 30 000 ms. */
	timeoutMs?: number;
	/**
	 * For one call (one page of an iteration), all attempts, waits and queueing included, in milliseconds. Default: none. A
	 * wait that does not fit is not begun: the call rejects at once with the error that asked for it (a wait for the pace:
	 * kind `timeout`). Of a joined list each page and each batch of owners is a call. For a whole iteration use
	 * `signal: AbortSignal.timeout(ms)`.
	 */
	totalTimeoutMs?: number;
	/**
	 * Retries after the first attempt; 0 means exactly one request. Default 2. Retried, with growing, jittered waits, are
	 * `transient`, `connection`, `timeout`, and a `response` that is `retryable`. `Retry-After` (digits or an HTTP date;
	 * anything else is ignored) is never waited shorter, and beyond `maxRateLimitWaitMs` not waited at all. A page size
	 * lowered because Graph asked for less data is no retry.
	 */
	maxRetries?: number;
	/**
	 * The longest wait for a rate limit to lift that is slept out (within `maxRetries`), in milliseconds; a longer one rejects
	 * at once. Default 10 000. The wait is the longer of `Retry-After` and the usage headers' estimate; without either, code
	 * 613 waits a second and then longer, and the others reject at once. While one call waits, the client's other calls wait
	 * along. Once a rate limit is given up on with `retryAfterMs`, the client's calls reject without a request until then,
	 * since Graph lengthens a block with each one.
	 */
	maxRateLimitWaitMs?: number;
	/**
	 * Conversation-list requests a second, for each platform: a number above 0, or `false` for no limit. Default 2, Graph's
	 * documented limit. Fractions are allowed: 0.5 is one call in two seconds, so that four processes can share two a second.
	 * A lone call is never delayed. Clients share nothing; for a common budget see `schedule`.
	 */
	callsPerSecond?: number | false;
	/**
	 * Wraps every HTTP request, body included: `(call) => limiter.schedule(call)` gives many clients or processes one
	 * budget. What it throws is passed on as it is.
	 */
	schedule?: <T>(call: () => Promise<T>) => Promise<T>;
	/** Told what happens, secrets removed. What it throws, or a promise of its that rejects, changes nothing. */
	onEvent?: (event: InboxEvent) => void;
}

/** Options of a single call. */
export interface CallOptions {
	/**
	 * Aborts the call wherever it is: waiting for a token, a retry, the pace or `schedule`, in flight, or reading the body.
	 * The promise rejects with `signal.reason`, that very value.
	 */
	signal?: AbortSignal;
	/** In place of the client's. */
	timeoutMs?: number;
	/** In place of the client's. */
	totalTimeoutMs?: number;
	/** In place of the client's. */
	maxRetries?: number;
}

/**
 * Makes a client for one Page. It opens nothing and holds nothing that must be freed.
 *
 * @throws {InboxError} kind `invalid_option`, naming the option.
 */
export function createInbox(options: InboxOptions): Inbox;

/** A client for one Page. Any number of calls can be under way at once. */
export interface Inbox {
	/**
	 * The Page's conversations, newest activity first: `GET /{page-id}/conversations`. Await the list for its first page;
	 * `for await` it for every conversation.
	 *
	 * @see https://developers.facebook.com/docs/graph-api/reference/page/conversations/
	 */
	listConversations<const F extends readonly FieldSelection[] = DefaultFields>(
		params?: ConversationsParams<F>,
	): ConversationList<ConversationWith<F>>;

	/**
	 * The same list, each conversation joined with the owner of its thread; the owners of a page are read 50 to a request,
	 * while the next page is on its way. The customer is the participant who is not the business: `pageId`,
	 * `instagramAccountId`, or else the ID that all conversations read so far have in common. Where that leaves none or
	 * several, `thread_owner` is an error with an empty `recipient`. `participants` is read for this, and left out again if it
	 * was not asked for.
	 */
	listConversationsWithOwner<
		const F extends readonly FieldSelection[] = DefaultFields,
	>(
		params?: ConversationsParams<F>,
	): ConversationList<
		ConversationWith<F> & {
			/** The owner of its thread, or why it is not known. */
			thread_owner: ThreadOwnerResult;
		}
	>;

	/**
	 * Which app has control of the conversation with a person: `GET /{page-id}/thread_owner?recipient=…`.
	 *
	 * @param recipient Page-scoped ID (Messenger) or Instagram-scoped ID of the person, as a string.
	 * @see https://developers.facebook.com/docs/graph-api/reference/page/thread_owner/
	 */
	getThreadOwner(
		recipient: string,
		options?: CallOptions,
	): Promise<ThreadOwner>;

	/**
	 * Owners of many threads, 50 to a request; one result for each recipient, in the order given; a recipient given twice is
	 * asked about once. What fails for one recipient, or for the batch it was in, is that recipient's `error`; items that
	 * Graph did not get to, or that failed for a moment, are asked again within `maxRetries`. Rejects only for bad options
	 * (an empty recipient is one), an abort, and what your own functions threw.
	 *
	 * @see https://developers.facebook.com/docs/graph-api/batch-requests
	 */
	getThreadOwners(
		recipients: Iterable<string>,
		options?: CallOptions,
	): Promise<ThreadOwnerResult[]>;
}

/** `Inbox.listConversations` for a single use: options and parameters in one object. */
export function listConversations<
	const F extends readonly FieldSelection[] = DefaultFields,
>(
	options: InboxOptions & ConversationsParams<F>,
): ConversationList<ConversationWith<F>>;

/** `Inbox.getThreadOwner` for a single use: options and recipient in one object. */
export function getThreadOwner(
	options: InboxOptions & CallOptions & { recipient: string },
): Promise<ThreadOwner>;

/**
 * Compiles the WebAssembly ahead of the first call, which otherwise does it, and beside the thread that asks. Optional; safe to call
 * twice.
 */
export function preload(): Promise<void>;

/** The version asked for where `apiVersion` is not given. */
export const DEFAULT_API_VERSION: `v${number}.${number}`;
/** App ID of Meta's own Page inbox: a Messenger thread with this owner is in human hands. */
export const PAGE_INBOX_APP_ID: "263902037430900";
/** App ID of Meta's own Instagram inbox: an Instagram thread with this owner is in human hands. */
export const INSTAGRAM_INBOX_APP_ID: "1217981644879628";

/**
 * Reads a date as Graph writes it (`2021-07-23T09:28:50+0000`), which not every engine's `Date` parses, and ISO 8601 with
 * a time and a zone.
 *
 * @throws {InboxError} kind `invalid_option` for anything else.
 */
export function parseGraphTime(value: string): Date;

/* ----------------------------------------------------------- conversations */

/** Which conversations to list, and what to read of each. */
export interface ConversationsParams<
	F extends readonly FieldSelection[] = readonly FieldSelection[],
> extends CallOptions {
	/** Default: Graph's own, the inbox. `page_done` holds conversations archived after mid-2018. */
	folder?: "inbox" | "other" | "page_done" | "spam";
	/** Default: Graph's own, Messenger. Sent in capitals, as documented. */
	platform?: "MESSENGER" | "INSTAGRAM" | "messenger" | "instagram";
	/** Page-scoped or Instagram-scoped ID of a person: at most one conversation comes back. */
	userId?: string;
	/**
	 * Names, or nested selections; `id` is always read. Default: Graph's own, `id` and `updated_time`. At run time a name
	 * unknown to the types is sent on, since Graph adds fields, and an expansion may be written as Graph writes it:
	 * `'messages.limit(5){id,message,from}'`. At most 250, nested at most 8 deep.
	 */
	fields?: F;
	/**
	 * Conversations to a page: a whole number, 1 or more. Default: Graph's own, 25. Iterating, code 1 ("reduce the amount of
	 * data") or a page of more than 16 MiB halves it, down to 1, before anything is retried, and pages that succeed raise it
	 * again. A conversation that can not be read even alone comes with its `id` only, and an `unreadable` event.
	 */
	limit?: number;
	/** The cursor after which the first page begins. */
	after?: string;
	/** The cursor before which the first page ends. Not together with `after`. */
	before?: string;
	/** Iterating: stop after this many; 0 sends nothing. `pages()` gives whole pages and stops after the one that reaches it. */
	maxItems?: number;
	/**
	 * Iterating: stop at the first conversation last updated before this (a Date, a date as `parseGraphTime` reads it, or
	 * milliseconds since 1970); `pages()` stops after the page that holds it. Graph has no `since` or `until` on this
	 * edge. `updated_time` is read for this, and left out again if it was not asked for.
	 */
	updatedSince?: Date | string | number;
	/**
	 * Iterating: a conversation that gets a message while older pages are read moves up to pages already read, and is missed.
	 * With this, the walk ends by reading the newest pages again, until nothing newer than its start is left. Default
	 * false.
	 */
	catchUp?: boolean;
}

/** A field, or an edge with its own limit and fields: `{ messages: { limit: 5, fields: ['id', 'message'] } }`. */
export type FieldSelection =
	| keyof Conversation
	| {
			[E in "messages"]?: {
				/** How many: a whole number, 1 or more. Default: Graph's own. */
				limit?: number;
				/** What to read of each. Default: Graph's own, `id` and `created_time`. */
				fields?: readonly (keyof Message | object)[];
			};
	  };
/** What Graph returns where no `fields` are asked for. */
export type DefaultFields = readonly ["id", "updated_time"];
/** Only what was asked for; all but `id` can be missing, since Graph leaves out what has no value. */
export type ConversationWith<F extends readonly FieldSelection[]> = {
	/** `t_…` on Messenger, opaque on Instagram. */
	id: string;
} & Pick<Conversation, SelectedNames<F>>;
/** The names of fields in a selection. */
export type SelectedNames<F extends readonly FieldSelection[]> =
	F[number] extends infer S
		? S extends keyof Conversation
			? S
			: S extends object
				? keyof S & keyof Conversation
				: never
		: never;

/**
 * Await it for the first page; iterate it for conversations; `pages()` for pages. Nothing is sent before one of these. The
 * first page is read once, however often it is awaited or iterated; one that failed is read again.
 *
 * Iterating, each conversation comes once, even if it moves between pages while they are read; `pages()` gives them as
 * Graph did. An empty page with a next one goes on. A cursor that Graph gave before ends the list with an error of kind
 * `response`, where following it would go round in circles.
 */
export interface ConversationList<T>
	extends PromiseLike<ConversationPage<T>>,
		AsyncIterable<T> {
	/** As of a promise of the first page. */
	catch: Promise<ConversationPage<T>>["catch"];
	/** As of a promise of the first page. */
	finally: Promise<ConversationPage<T>>["finally"];
	/** Page by page. */
	pages(): AsyncIterableIterator<ConversationPage<T>>;
	/** Every conversation in one array. */
	toArray(): Promise<T[]>;
}

/** One page of a list. */
export interface ConversationPage<T> {
	/** The conversations, newest activity first. */
	data: T[];
	/** As Graph sent it, but `next` and `previous` without access token and proof; `{}` where Graph sent none. */
	paging: {
		/** Places in the list; they do not stay valid for long. */
		cursors?: {
			/** Before the first conversation of the page. */
			before?: string;
			/** After the last conversation of the page. */
			after?: string;
		};
		/** Names the page after this one, with older conversations. */
		next?: string;
		/** Names the page before this one. */
		previous?: string;
	};
	/** How the answer came about. */
	meta: ResponseMeta;
	/** True only while Graph says so (`paging.next`); an empty page can have a next one. */
	hasNextPage(): boolean;
	/**
	 * The cursor of the next page, for `after` in a later call or another process: `cursors.after`, or else the `after` in
	 * `paging.next`. `undefined` when this was the last page, or where Graph names a next page and no cursor. Cursors do
	 * not live long.
	 */
	readonly nextCursor: string | undefined;
	/**
	 * Reads the next page through `baseUrl`, by cursor: `cursors.after`, or else the `after` in `paging.next`. `null` when
	 * this was the last page; an error of kind `response` when Graph names a next page and no cursor.
	 */
	nextPage(): Promise<ConversationPage<T> | null>;
}

/**
 * A conversation (Graph's UnifiedThread). Every field but `id` can be missing, and fields not listed here are passed
 * through.
 *
 * @see https://developers.facebook.com/docs/graph-api/reference/unified-thread/
 */
export interface Conversation {
	/** `t_…` on Messenger, opaque on Instagram. */
	id: string;
	/** `2021-07-23T09:28:50+0000`; `parseGraphTime` reads it. */
	updated_time?: string;
	/** A path relative to facebook.com; Messenger only. */
	link?: string;
	/** Preview of the latest message. */
	snippet?: string;
	/** How many messages it has. */
	message_count?: number;
	/** Can be missing where it is 0. */
	unread_count?: number;
	/** Everybody in the conversation, the business included. */
	participants?: Edge<Participant>;
	/** In the shape of `participants`; Messenger only. */
	senders?: Edge<Participant>;
	/** Who was in it before; Messenger only. */
	former_participants?: Edge<Participant>;
	/** Whether the Page can reply. */
	can_reply?: boolean;
	/** Whether the Page is subscribed to it. */
	is_subscribed?: boolean;
	/** Whether the calling app owns the thread; only where Conversation Routing is on (v24.0 and later). */
	is_owner?: boolean;
	/** Its name, where it has one. */
	name?: string;
	/** On Messenger the same as `id`. */
	scoped_thread_key?: string;
	/** The folder it is in. */
	folder?: string;
	/** Its wallpaper, where it has one. */
	wallpaper?: string;
	/** The group it belongs to, where there is one. */
	linked_group?: object;
	/** Newest first; only the 20 most recent can be read in detail. */
	messages?: Edge<Message>;
}
/** A person, or the business. Messenger gives `name` and `email`, Instagram `username`. */
export interface Participant {
	/** Page-scoped or Instagram-scoped ID; of the business its Page ID or Instagram professional account ID. */
	id: string;
	/** Messenger only. */
	name?: string;
	/** Messenger only. */
	email?: string;
	/** Instagram only. */
	username?: string;
	/** Beside `id` in some answers about Instagram. */
	user_id?: string;
}
/**
 * A message. Every field but `id` can be missing.
 *
 * @see https://developers.facebook.com/docs/graph-api/reference/message/
 */
export interface Message {
	/** `m_…` on Messenger, opaque on Instagram. */
	id: string;
	/** `2021-07-23T09:28:50+0000`. */
	created_time?: string;
	/** Who wrote it. */
	from?: Participant;
	/** To whom. */
	to?: Edge<Participant>;
	/** The text; can be empty. */
	message?: string;
	/** URL of a sticker's picture. */
	sticker?: string;
	/** Such as `inbox`, `read`, `sent` or `source:web`. */
	tags?: Edge<{
		/** The tag. */
		name: string;
	}>;
	/** Pictures, videos, files and templates. */
	attachments?: Edge<object>;
	/** What was shared: a link, with its name and description. */
	shares?: Edge<object>;
	/** Each reaction, with the people who chose it. */
	reactions?: Edge<object>;
	/** The story that it mentions or replies to. */
	story?: object;
	/** The message that it replies to. */
	reply_to?: object;
	/** True where Graph can not show the message, and else left out. */
	is_unsupported?: boolean;
}
/** A list inside a conversation or message, with paging of its own. */
export interface Edge<T> {
	/** The items. */
	data: T[];
	/** Where its other items are; missing where Graph sent none. */
	paging?: {
		/** Places in the list; they do not stay valid for long. */
		cursors?: {
			/** Before the first item. */
			before?: string;
			/** After the last item. */
			after?: string;
		};
		/** Without access token and proof. */
		next?: string;
		/** Without access token and proof. */
		previous?: string;
	};
}

/* ------------------------------------------------------------ thread owner */

/** Who has control of a thread. */
export interface ThreadOwner {
	/** The recipient that was asked about. */
	recipient: string;
	/**
	 * `owned`: `app_id` is known. `hidden`: some app owns the thread, and Graph does not tell this app which. `idle`: no app
	 * does.
	 */
	state: "owned" | "hidden" | "idle";
	/** App ID, exact to the last digit whether Graph quoted it or not. Compare with `PAGE_INBOX_APP_ID`. */
	app_id: string | null;
	/** When the thread goes idle, in Unix seconds. */
	expiration: number | null;
}

/** The owner of one thread of many, or why it is not known. */
export type ThreadOwnerResult =
	| {
			/** The recipient that was asked about. */
			recipient: string;
			/** Who has control of the thread. */
			owner: ThreadOwner;
			/** Nothing went wrong. */
			error?: undefined;
	  }
	| {
			/** The recipient that was asked about; empty where the customer of a conversation can not be told. */
			recipient: string;
			/** Not known. */
			owner?: undefined;
			/** Why it is not known. */
			error: InboxError;
	  };

/* ------------------------------------------------------ metadata and events */

/** What is known of an answer besides its data. */
export interface ResponseMeta {
	/** HTTP status. */
	status: number;
	/** Requests made for this answer. */
	attempts: number;
	/** The version that answered (`facebook-api-version`). Browsers may not let it be read. */
	apiVersion?: string;
	/** `x-fb-trace-id`, for Meta's support. */
	traceId?: string;
	/** `x-fb-request-id`. */
	requestId?: string;
	/** Every reading in the headers; empty where Graph sent none or a browser hides them. */
	usage: Usage[];
}

/**
 * One reading of X-App-Usage, X-Page-Usage or X-Business-Use-Case-Usage. Percentages of the limit, which can exceed 100.
 *
 * @see https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export interface Usage {
	/** Which of the three headers it stood in. */
	scope: "app" | "page" | "business";
	/** ID of the business object; for conversations the Page. */
	id?: string;
	/** Such as `messenger`, `pages` or `instagram`. */
	type?: string;
	/** Calls made. */
	callCount?: number;
	/** Time they took. */
	totalTime?: number;
	/** Processor time they took. */
	totalCpuTime?: number;
	/** Minutes; absent where Graph gave no estimate. */
	regainAccessMinutes?: number;
}

/**
 * What `onEvent` is told. `attempt` counts from 1; in `retry` it is the one that failed. Back-off tells `retry`; the pace and
 * rate limits tell `wait`. `version` is told once for each version that turns up.
 */
export type InboxEvent =
	| {
			/** A request goes out. */
			type: "request";
			/** HTTP method. */
			method: string;
			/** Path and query as sent, without token and proof. */
			path: string;
			/** Which attempt of its call this is. */
			attempt: number;
	  }
	| {
			/** The whole of an answer is there, a good one or not. */
			type: "response";
			/** As in `request`. */
			path: string;
			/** HTTP status. */
			status: number;
			/** As in `request`. */
			attempt: number;
			/** From the request to the end of the body. */
			durationMs: number;
			/** Every reading in the headers. */
			usage: Usage[];
			/** The version that answered. */
			apiVersion?: string;
	  }
	| {
			/** The call failed for the moment and is made again. */
			type: "retry";
			/** As in `request`. */
			path: string;
			/** The attempt that failed. */
			attempt: number;
			/** How long it waits before the next. */
			delayMs: number;
			/** The `kind` of the failure. */
			reason: string;
	  }
	| {
			/** A call waits for its turn. */
			type: "wait";
			/** As in `request`. */
			path: string;
			/** How long. */
			delayMs: number;
			/** `callsPerSecond`, or a rate limit that is waited out. */
			reason: "pace" | "rate_limit";
	  }
	| {
			/** A list goes on with pages of another size, since Graph asked for less data or gives more again. */
			type: "page_size";
			/** Conversations to a page until now. */
			from: number;
			/** Conversations to a page from now on. */
			to: number;
	  }
	| {
			/** Graph can not show a conversation: it comes with its `id` only. */
			type: "unreadable";
			/** Its `id`. */
			conversationId: string;
	  }
	| {
			/** Graph answered with another version than was asked for. */
			type: "version";
			/** The version asked for. */
			requested: string;
			/** The version that answered. */
			served: string;
	  };

/* ------------------------------------------------------------------ errors */

/**
 * What went wrong, by what can be done about it. A known code decides first (number or numeric string), then
 * `is_transient` if true, then the HTTP status, then the body.
 *
 * | kind | codes and causes | what to do |
 * |---|---|---|
 * | `invalid_option` | an option was refused before any request | correct the call |
 * | `authentication` | 102, 104, 190, 210, 450, 452 | get a new token |
 * | `permission` | 3, 10, 200–299 but 210 | grant the permission, then get a new token |
 * | `invalid_request` | 100, 803, 2500, 36103 | correct the call |
 * | `rate_limit` | 4, 17, 32, 341, 613, 80000–80014, HTTP 429 | stop calling until `retryAfterMs` has passed |
 * | `blocked` | 368 | show it to a person |
 * | `transient` | 1, 2, `is_transient`, HTTP 5xx | try again |
 * | `connection` | no answer arrived, or not the whole of it | try again |
 * | `timeout` | `timeoutMs` or `totalTimeoutMs` | try again, or give it more time |
 * | `response` | no Graph answer below 500: HTML, empty, cut off, too long, a redirect, another shape | look at `body` |
 * | `unknown` | any other Graph error; without a `code`, a mistake in this package, after which the next call works | look at `code` |
 *
 * @see https://developers.facebook.com/docs/graph-api/guides/error-handling
 */
export type ErrorKind =
	| "invalid_option"
	| "authentication"
	| "permission"
	| "invalid_request"
	| "rate_limit"
	| "blocked"
	| "transient"
	| "connection"
	| "timeout"
	| "response"
	| "unknown";

/**
 * Everything that this package throws or rejects with, except an abort's own reason and what your own functions threw. It
 * holds no secret, in any property or print, and no raw `cause`. `instanceof` holds across the ESM and the CommonJS copy.
 */
export class InboxError extends Error {
	protected constructor();
	/** The name of its class. */
	readonly name: "InboxError" | "GraphError";
	/** What went wrong, by what can be done about it. */
	readonly kind: ErrorKind;
	/** Whether the same call may work later without a change. */
	readonly retryable: boolean;
	/** When a later call may succeed, in milliseconds from now. */
	readonly retryAfterMs?: number;
	/** For kind `invalid_option`: the name of the option, such as `limit`. */
	readonly option?: string;
	/** HTTP status. */
	readonly status?: number;
	/** Requests made; 0 where a rate limit that still holds kept the call from being made. */
	readonly attempts?: number;
	/** HTTP method. */
	readonly method?: string;
	/** Path and query as sent, without token and proof. */
	readonly path?: string;
	/** For kind `response`: the start of the body, 200 characters at most, redacted before it was cut. */
	readonly body?: string;
	/** Name, message and every property that is set. */
	toJSON(): object;
}

/**
 * An error that Graph itself reported, whatever the HTTP status. Decide by `kind`, `code` and `subcode`: messages are
 * localised.
 */
export class GraphError extends InboxError {
	/** The name of its class. */
	readonly name: "GraphError";
	/** Graph's `code`. */
	readonly code?: number;
	/** Graph's `error_subcode`. */
	readonly subcode?: number;
	/** Such as `OAuthException`; an open set. */
	readonly type?: string;
	/** For the person in front of the screen, in their language. */
	readonly userTitle?: string;
	/** For the person in front of the screen, in their language. */
	readonly userMessage?: string;
	/** Graph's `is_transient`. */
	readonly isTransient?: boolean;
	/** `fbtrace_id`, for Meta's support; expires soon. */
	readonly traceId?: string;
	/** The readings that came with the error. */
	readonly usage: Usage[];
}
