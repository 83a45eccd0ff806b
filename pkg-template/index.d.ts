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
	 * the function throws is passed on as it is. It is taken out of everything that leaves the package. One of fewer than 8
	 * characters, as tests have, is only taken out where it was sent (`access_token=…`, `Bearer …`): elsewhere it could be a
	 * part of any word.
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
	/**
	 * Where Graph, or your proxy, is. Default: `https://graph.facebook.com`. Plain http is refused except for loopback hosts. Its
	 * path stands before every path that is sent, and in the `path` of errors and events.
	 *
	 * `https://graph.instagram.com`, with a token of Instagram Login, lists conversations as well. It has no thread owners:
	 * `listConversationsWithOwner`, `getThreadOwner` and `getThreadOwners` reject there before any request, with kind
	 * `invalid_option` and option `baseUrl`.
	 */
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
	/** Your app's ID, so that `ThreadOwner.role` can be `self`. Refused where it is that of one of Meta's own inboxes. */
	appId?: string;
	/**
	 * Used in place of the global `fetch`; also where a simulator's `fetch` goes. In Node, `nodeFetch` of `graph-inbox/node` takes less
	 * processor time.
	 */
	fetch?: (input: string, init: RequestInit) => Promise<Response>;
	/**
	 * For one attempt, body included; time spent queued in `schedule` is not counted. Default 60 000 ms: Graph's own "Timeout"
	 * (code -2) takes 27 to 40 s to arrive, and it carries the reason.
	 */
	timeoutMs?: number;
	/**
	 * For one call, in milliseconds: all attempts, lighter questions (see `limit`), waits and queueing included. Default: none. A
	 * wait that does not fit is not begun: the call rejects at once with the error that asked for it (a wait for the pace:
	 * kind `timeout`). `getThreadOwners` is one call, all batches and rounds together. Of a list each page is a call, and of a
	 * joined list also the owners of each page. For a whole iteration use `signal: AbortSignal.timeout(ms)`.
	 */
	totalTimeoutMs?: number;
	/**
	 * Retries after the first attempt; 0 means none. Default 2. Retried, with growing, jittered waits, are
	 * `transient`, `connection`, `timeout`, and a `response` that is `retryable`. `Retry-After` (digits or an HTTP date;
	 * anything else is ignored) is never waited shorter, and beyond `maxRateLimitWaitMs` not waited at all. After code
	 * 1 or a timeout a list asks for less instead (see `limit`), with 0 too: 0 means that no question is repeated as it was.
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
	 * while the next page is on its way. The recipient is `userId` where it is given, else the participant who is not the
	 * business: `pageId`, `instagramAccountId`, or else the ID that all conversations read so far have in common. `participants`
	 * is read for this, and left out again if it was not asked for.
	 *
	 * Where the customer is not known, `thread_owner` is an error with an empty `recipient`. Of kind `response`, its message
	 * says which case it is: the conversation has no participants, only the business, or several beside it. Of kind
	 * `invalid_option`, the business is not known: give `pageId` as a number, and `instagramAccountId`.
	 */
	listConversationsWithOwner<
		const F extends readonly FieldSelection[] = DefaultFields,
	>(
		params?: ConversationsParams<F>,
	): ConversationList<ConversationWith<F> & WithOwner>;

	/**
	 * The conversation with one person, or `null` where Graph lists none: `GET /{page-id}/conversations?user_id=…`. Where
	 * `messages` are among the fields, Graph returns up to 20 of the most recent in detail. Lightened like a list.
	 *
	 * @param userId Page-scoped ID (Messenger) or Instagram-scoped ID of the person, as a string.
	 * @see https://developers.facebook.com/docs/graph-api/reference/page/conversations/
	 */
	getConversation<const F extends readonly FieldSelection[] = DefaultFields>(
		userId: string,
		params?: ConversationParams<F>,
	): Promise<ConversationWith<F> | null>;

	/**
	 * What changes in the inbox, as it changes: iterate it in a process that lives on, or `poll()` it from a cron job. Nothing is
	 * sent before. Without `checkpoint` and `since` it begins with what the first look lists, of which nothing is delivered.
	 * Wrong parameters reject its first use.
	 */
	watchConversations<const F extends readonly FieldSelection[] = DefaultFields>(
		params: WatchParams<F> & { withOwner: true },
	): ConversationWatch<ConversationWith<F> & WithOwner>;
	/**
	 * What changes in the inbox, as it changes, without the owners of the threads.
	 *
	 * @see {@link ConversationWatch} for what it promises
	 */
	watchConversations<const F extends readonly FieldSelection[] = DefaultFields>(
		params?: WatchParams<F>,
	): ConversationWatch<ConversationWith<F>>;

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
	 * Graph did not get to, or that failed for a moment, are asked again. No recipient is asked about more than 1 + `maxRetries`
	 * times, whatever failed (the item, the batch, the connection); `error.attempts` is that number. `totalTimeoutMs` is for the
	 * whole call. Rejects only for bad options (an empty recipient is one), an abort, and what your own functions threw.
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
/** App ID of Meta's own inbox for Messenger: people, or Meta's AI. Graph does not say which of them. */
export const PAGE_INBOX_APP_ID: "263902037430900";
/** App ID of Meta's own inbox for Instagram: people, or Meta's AI. Graph does not say which of them. */
export const INSTAGRAM_INBOX_APP_ID: "1217981644879628";

/**
 * Reads a date as Graph writes it (`2021-07-23T09:28:50+0000`), which not every engine's `Date` parses, and ISO 8601 with
 * a time and a zone.
 *
 * @throws {InboxError} kind `invalid_option` for anything else.
 */
export function parseGraphTime(value: string): Date;

/* --------------------------------------------------------- who has to answer */

/**
 * Computes who wrote last in a conversation, since when the customer waits and until when the business may answer. It calls
 * nothing, and importing it alone loads no WebAssembly.
 *
 * It reads `from` and `created_time` of the conversation's messages, in any order, and skips messages without `from.id` or without
 * a time that `parseGraphTime` can read. Among messages of the same second, the first one in the array counts as the newest, as
 * Graph lists them. It knows only the messages that it is given: `waiting_since` is never older than the oldest of them. One
 * message is enough for `last_from`; for `waiting_since` read as many as a customer writes in a row.
 *
 * @param conversation With `{ messages: { fields: ["from", "created_time"] } }` among its `fields`.
 * @param business Page ID, Instagram professional account ID, or an array of both. `me` is refused, since no message is from `me`.
 * @param now When `is_open` is asked for. Default: the current time.
 * @returns `null` where no message tells anything: the conversation has none, or they were not read.
 * @throws {InboxError} kind `invalid_option`, with the name of the parameter as `option`.
 * @see https://developers.facebook.com/docs/messenger-platform/policy/policy-overview (standard messaging window)
 */
export function replyState(
	conversation: {
		/** Messages that were read of the conversation. */
		messages?: Edge<{
			/** Who wrote the message. */
			from?: Participant;
			/** `2021-07-23T09:28:50+0000`. */
			created_time?: string;
		}>;
	},
	business: string | readonly string[],
	now?: Date,
): ReplyState | null;
/** Who wrote last in a conversation, and how long the business has to answer. */
export interface ReplyState {
	/** Who wrote the newest message. */
	last_from: "customer" | "business";
	/**
	 * When the customer began to wait: the time of the oldest message that the customer wrote since the last one of the business.
	 * `null` where the business wrote last, so that nobody waits.
	 */
	waiting_since: Date | null;
	/**
	 * Until when the business may answer: 24 hours after the customer's newest message, which is Meta's standard messaging window.
	 * `null` where no message of the customer was read.
	 */
	reply_until: Date | null;
	/** Whether `reply_until` is later than `now`; false where it is `null`. */
	is_open: boolean;
}

/* --------------------------------------------------------- many lists as one */

/**
 * Merges lists of any clients, platforms and folders into one that yields the conversation with the newest `updated_time` first;
 * `updated_time` must be among the `fields` of each list. Where two times are equal, the list that was given first comes first.
 * A conversation without a time that `parseGraphTime` can read comes as soon as its list reaches it.
 *
 * Iterate it with `for await`. Each iteration reads the lists anew, and sends nothing before its first `next()`, which reads the
 * beginnings of all lists at once. Later each `next()` reads on only in the list whose conversation came last. So each list is
 * read as far as the merged one is used, and one page ahead. Calls of `next()` are answered in order.
 *
 * Where a list fails, the iteration rejects with its error and ends all lists. With `onError` the iteration calls that in place of
 * rejecting, leaves out the list that failed, and goes on with the others.
 *
 * Leaving the loop, or calling `return()`, ends all lists, and a pending `next()` resolves as done at once. What
 * the lists are reading is cancelled, except for a first page, which whoever else awaits the list shares.
 *
 * The function itself loads no WebAssembly.
 *
 * @param lists An object whose values are the lists. Each name comes back as `source`.
 * @throws {InboxError} kind `invalid_option` at the call, with option `lists`, `options` or `onError`.
 */
export function mergeConversations<
	K extends string,
	T extends {
		/** By which the conversations are ordered. */
		updated_time?: string;
	},
>(
	lists: Readonly<Record<K, ConversationList<T>>>,
	options?: {
		/**
		 * Called once for each list that fails, with its name and what it rejected with. What it throws, or a promise of its that
		 * rejects, ends the iteration; the iteration waits for such a promise. Default: a list that fails ends the iteration.
		 */
		onError?: (source: K, error: unknown) => void;
	},
): AsyncIterable<{
	/** The name of the list that it is from. */
	source: K;
	/** The conversation, as that list yields it. */
	conversation: T;
}>;

/* ----------------------------------------------------------- conversations */

/** Which conversations to list, and what to read of each. */
export interface ConversationsParams<
	F extends readonly FieldSelection[] = readonly FieldSelection[],
> extends CallOptions {
	/**
	 * Default: Graph's own, the inbox. `page_done` holds conversations archived after mid-2018. Any other string of letters,
	 * digits and `_` is sent as well; Graph refuses what it does not know.
	 */
	folder?: "inbox" | "other" | "page_done" | "spam" | (string & {});
	/** Default: Graph's own, Messenger. Sent in capitals, as documented. */
	platform?: "MESSENGER" | "INSTAGRAM" | "messenger" | "instagram";
	/**
	 * Page-scoped or Instagram-scoped ID of a person: at most one conversation comes back. It is also the recipient in
	 * `listConversationsWithOwner`.
	 */
	userId?: string;
	/**
	 * Names, or nested selections; `id` is always read. Default: Graph's own, `id` and `updated_time`. At run time a name
	 * unknown to the types is sent on, since Graph adds fields, and an expansion may be written as Graph writes it:
	 * `'messages.limit(5){id,message,from}'`. At most 250, nested at most 8 deep.
	 */
	fields?: F;
	/**
	 * The most conversations to a page: a whole number, 1 or more. Without it, an awaited list has Graph's own size, 25. An
	 * iterated one begins with 25, and doubles the size, to at most 200, after each page that came within 2 s, as long as
	 * conversations × (1 + nested items asked for each) is 1,000 or less.
	 *
	 * A page can hold fewer. Where Graph cannot deliver what a list asks for, the client asks for less: after code 1 ("reduce the
	 * amount of data", but not 1/99), code -2, an attempt that timed out, or a body over 16 MiB; of every page, however it is
	 * read. Its questions, until one is answered:
	 *  1. half as many conversations, down to 1: after code -2 1 at once; with `userId` this step is left out;
	 *  2. half as many items of all nested edges, down to 1; `messages` without a limit counts as 25;
	 *  3. the same once more, after a wait, unless `maxRetries` is 0;
	 *  4. without `messages`, and without edges that have `fields` of their own;
	 *  5. `id` and `updated_time`, and in a joined list `participants`;
	 *  6. `id`.
	 *
	 * What an answer holds is delivered. From step 4 on, the conversation's `unreadable` names what it lacks. Good answers raise the
	 * size again, though not to one that code -2 or a timeout refused; nested limits are lowered for one page. After three timeouts in a row the
	 * next question is `id` alone, and if that times out as well, the call rejects. The error at the end of the steps is
	 * `permission` for code -2 (with Graph's reason first in its message), `timeout`, `transient` for code 1, or `response` for a
	 * body that is too long.
	 */
	limit?: number;
	/** The cursor after which the first page begins: any string without control characters, since cursors are opaque. */
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

/** What a joined conversation has beside its fields. */
export interface WithOwner {
	/** The owner of its thread, or why it is not known. */
	thread_owner: ThreadOwnerResult;
}

/** What to read of the conversation with one person. */
export type ConversationParams<
	F extends readonly FieldSelection[] = readonly FieldSelection[],
> = CallOptions &
	Pick<ConversationsParams<F>, "folder" | "platform" | "fields">;

/** What to watch, from when on, and how often to look. `totalTimeoutMs` is for one look. */
export interface WatchParams<
	F extends readonly FieldSelection[] = readonly FieldSelection[],
> extends ConversationParams<F> {
	/** The `checkpoint` of an earlier watch of the same Page, platform and folder: the watch goes on from there. */
	checkpoint?: string;
	/** Without a checkpoint: begin with what changed since, as `updatedSince`. Not together with `checkpoint`. */
	since?: Date | string | number;
	/**
	 * Milliseconds between two looks of an iteration: a whole number, 1,000 or more. Default 15 000. While Graph's usage is at
	 * 75 % or more, and after a look that failed, the pause doubles, up to ten minutes; then it halves again. An event of type
	 * `wait` reports each pause.
	 */
	intervalMs?: number;
	/** Join each changed conversation with the owner of its thread, as `listConversationsWithOwner` does. */
	withOwner?: boolean;
}

/**
 * A watch of an inbox. A look without news costs one request. What it promises:
 *
 *  - A conversation that gets a message after the checkpoint is delivered at least once, in its state then or a later one,
 *    whatever fails in between, if each checkpoint is stored after the conversations that came with it.
 *  - A state (`id` with `updated_time`) is delivered once, unless its second was still open: Graph's times are whole seconds, so a
 *    conversation that was read less than 5 s after the end of its second may have changed again within it. It is then
 *    delivered once more when the second is closed. A second is closed by the `Date` of the response, else by the local clock.
 *  - A conversation of which only `id` could be read (`unreadable`) is delivered once, and again when its time can be read.
 *  - Iterating, failures that pass are waited out: `transient`, `connection`, `timeout`, a `response` that is `retryable`, and
 *    `rate_limit` however long. It rejects with anything else, and with the reason of `signal`. `poll()` rejects like any call.
 *    A look that failed moves no checkpoint.
 *  - Leaving the loop ends it, also during a pause: nothing more is sent, and no timer is left.
 *  - Looks of one watch never overlap: a `poll()` waits for the look before it. A second iteration at once is refused.
 */
export interface ConversationWatch<T> extends AsyncIterable<Changes<T>> {
	/** Looks once. Each look goes on where the one before ended. */
	poll(): Promise<Changes<T>>;
	/** Looks again and again. It yields only where something changed. */
	[Symbol.asyncIterator](): AsyncIterator<Changes<T>, undefined>;
}

/** What one look of a watch found. */
export interface Changes<T> {
	/** The conversations that changed, each once, oldest change first. Of `poll()` it can be empty. */
	conversations: T[];
	/** Where the watch is: store it after the conversations. Opaque, at most 2 KB, without secrets. */
	checkpoint: string;
}

/** The name of a field of a conversation, as Graph knows it. */
export type ConversationField = Exclude<
	keyof Conversation,
	keyof MaybeUnreadable
>;
/** A field, or edges with limits and fields of their own: `{ messages: { limit: 5, fields: ['id', 'message'] } }`. */
export type FieldSelection =
	| ConversationField
	| {
			/** Messages, newest first. */
			messages?: EdgeSelection<Message>;
			/** Everybody in the conversation. */
			participants?: EdgeSelection<Participant>;
			/** In the shape of `participants`. */
			senders?: EdgeSelection<Participant>;
			/** Who was in it before. */
			former_participants?: EdgeSelection<Participant>;
	  };
/** What to read of an edge inside a conversation or message. */
export interface EdgeSelection<T> {
	/** The most items: a whole number, 1 or more. Default: Graph's own, 25 messages. */
	limit?: number;
	/**
	 * The cursor after which the items begin, without white space, parentheses or braces. That Graph takes cursors here is not
	 * documented.
	 */
	after?: string;
	/** The cursor before which the items end; otherwise as `after`. */
	before?: string;
	/** Names, or objects of edges as in `FieldSelection`. Default: Graph's own, of messages `id` and `created_time`. */
	fields?: readonly (keyof T | object)[];
}
/** What Graph returns where no `fields` are asked for. */
export type DefaultFields = readonly ["id", "updated_time"];
/**
 * Only what was asked for, and `unreadable` where Graph could not deliver all of it. All but `id` can be missing, since
 * Graph leaves out what has no value.
 */
export type ConversationWith<F extends readonly FieldSelection[]> = {
	/** `t_…` on Messenger, opaque on Instagram. */
	id: string;
} & MaybeUnreadable &
	Pick<Conversation, SelectedNames<F>>;
/** What a conversation has that Graph could not deliver in full. */
export interface MaybeUnreadable {
	/**
	 * The names of the fields that were asked for and that Graph could not deliver, however little was asked for. Absent on every
	 * other conversation: so "no messages" and "messages not read" differ.
	 */
	unreadable?: string[];
}
/** The names of fields in a selection. */
export type SelectedNames<F extends readonly FieldSelection[]> =
	F[number] extends infer S
		? S extends ConversationField
			? S
			: S extends object
				? keyof S & ConversationField
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
	/**
	 * Every conversation in one array. Where a page fails for good, the promise rejects and what was read before is gone. To keep
	 * it, use `for await`, and go on after `error.cursor`; or go page by page, and store each `nextCursor`.
	 */
	toArray(): Promise<T[]>;
}

/** One page of a list. */
export interface ConversationPage<T> {
	/** The conversations, newest activity first. Can be fewer than `limit`, or none, while there is a next page. */
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
export interface Conversation extends MaybeUnreadable {
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
	attachments?: Edge<Attachment>;
	/** What was shared. On Instagram, Graph returns nothing here unless fields of it are named. */
	shares?: Edge<Share>;
	/** Each reaction, with the people who chose it. */
	reactions?: Edge<Reaction>;
	/** The story that it mentions or replies to. */
	story?: Story;
	/** The message that it replies to. */
	reply_to?: object;
	/** True where Graph cannot show the message, and else left out. */
	is_unsupported?: boolean;
}
/** A file of a message, or a template. */
export interface Attachment {
	/** Its ID. */
	id?: string;
	/** Such as `image/jpeg`. */
	mime_type?: string;
	/** File name. */
	name?: string;
	/** Bytes. */
	size?: number;
	/** Where the file can be downloaded, for a while. */
	file_url?: string;
	/** Of a picture. */
	image_data?: MediaData;
	/** Of a video. */
	video_data?: MediaData & {
		/** Duration. */
		length?: number;
		/** What kind of video it is. */
		video_type?: string;
		/** Degrees. */
		rotation?: number;
	};
	/** Of a template. */
	generic_template?: {
		/** First line. */
		title?: string;
		/** Second line. */
		subtitle?: string;
		/** Its picture or video. */
		media_url?: string;
		/** Its button. */
		cta?: {
			/** What the button says. */
			title?: string;
			/** What it does. */
			type?: string;
			/** Where it leads. */
			url?: string;
		};
	};
}
/** A picture or video. Its URLs work for a while. */
export interface MediaData {
	/** Pixels. */
	width?: number;
	/** Pixels. */
	height?: number;
	/** Pixels of the original. */
	max_width?: number;
	/** Pixels of the original. */
	max_height?: number;
	/** The picture or video itself. */
	url?: string;
	/** A small picture of it. */
	preview_url?: string;
	/** Graph's number for the kind of picture. */
	image_type?: number;
	/** Whether it is shown as a sticker. */
	render_as_sticker?: boolean;
	/** Where it moves, the moving picture. */
	animated_gif_url?: string;
}
/** What a message shares. */
export interface Share {
	/** Where it leads. */
	link?: string;
	/** Its title. */
	name?: string;
	/** Its description. */
	description?: string;
	/** A template, such as a product. */
	template?: object;
}
/** A reaction to a message. */
export interface Reaction {
	/** Such as `love`. */
	reaction?: string;
	/** Who chose it. */
	users?: Participant[];
}
/** The story that a message is about. */
export interface Story {
	/** The story that it replies to. */
	reply_to?: {
		/** Where it is, for a while. */
		link?: string;
		/** Its ID. */
		id?: string;
	};
	/** The story that mentions the business. */
	mention?: {
		/** Where it is, for a while. */
		link?: string;
		/** Its ID. */
		id?: string;
	};
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
	/** App ID, exact to the last digit whether Graph quoted it or not. Compare with `PAGE_INBOX_APP_ID`, `INSTAGRAM_INBOX_APP_ID`. */
	app_id: string | null;
	/**
	 * Who the owner is, where `state` is `owned`, else `null`. `self`: the app of the option `appId`. `meta_inbox`: Meta's own
	 * inbox of Messenger or Instagram, which is people or Meta's AI; Graph does not say which. `other_app`: any other app.
	 */
	role: "self" | "meta_inbox" | "other_app" | null;
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
			/** The recipient that was asked about; empty where the customer of a conversation cannot be told. */
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
	/** Requests made for this answer: retries, and all lighter questions that were asked for the page (see `limit`). */
	attempts: number;
	/**
	 * The version that answered: `facebook-api-version`, or `instagram-api-version` from graph.instagram.com. Browsers may not
	 * let it be read.
	 */
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
 * What `onEvent` is told. `attempt` counts from 1, and begins anew with each lighter question of a page; in `retry` it is the
 * one that failed. Back-off emits `retry`; the pace and rate limits emit `wait`. `version` comes once for each version that
 * turns up.
 */
export type InboxEvent =
	| {
			/** A request goes out. */
			type: "request";
			/** HTTP method. */
			method: string;
			/** Path and query as sent, that of `baseUrl` included, without token and proof. */
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
			/**
			 * `callsPerSecond`; a rate limit that is waited out; or, before a look of a watch, `intervalMs`, and `usage` where
			 * Graph's usage makes the pause longer than that.
			 */
			reason: "pace" | "rate_limit" | "interval" | "usage";
	  }
	| {
			/** A list goes on with smaller pages, since Graph cannot deliver as much, or with larger ones again. */
			type: "page_size";
			/** Conversations to a page until now. */
			from: number;
			/** Conversations to a page from now on. */
			to: number;
	  }
	| {
			/** A list asks for fewer items of a nested edge, since Graph cannot deliver as much, or for more again. */
			type: "nested_limit";
			/** Such as `messages`. */
			edge: string;
			/** Items for each conversation until now. */
			from: number;
			/** Items for each conversation from now on. */
			to: number;
	  }
	| {
			/** Graph cannot return some fields of a conversation, however little is asked for. */
			type: "unreadable";
			/** Its `id`. */
			conversationId: string;
			/** Their names, as in `unreadable` of the conversation. */
			fields: string[];
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
 * What went wrong, by what can be done about it. A known code decides first (number or numeric string; `1/99` is code 1 with
 * subcode 99), then `is_transient` if true, then the HTTP status, then the body.
 *
 * | kind | codes and causes | what to do |
 * |---|---|---|
 * | `invalid_option` | an option was refused before any request | correct the call |
 * | `authentication` | 102, 104, 190, 210, 450, 452, 458–467 | get a new token; where the message says so (190/459, 190/464), the person must log in at facebook.com first |
 * | `permission` | 3, 10, 200–299 but 210; -2 (an Instagram list was too much: no Advanced Access), 1/99, 2/2018344 (terms), 190/492 (no role on the Page any more) | get what the message names, then a new token |
 * | `invalid_request` | 21 (the Page has another ID now), 100, 803, 2500, 36103 | correct the call |
 * | `rate_limit` | 4, 17, 32, 341, 613, 80000–80099, HTTP 429 | stop calling until `retryAfterMs` has passed |
 * | `blocked` | 368 | show it to a person |
 * | `transient` | 1, 2, `is_transient`, HTTP 5xx | try again |
 * | `connection` | no answer arrived, or not the whole of it | try again |
 * | `timeout` | `timeoutMs` or `totalTimeoutMs` | try again, or give it more time |
 * | `response` | no Graph answer below 500: HTML, empty, cut off, too long, a redirect, another shape; a conversation whose customer is not known | look at `body` |
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
	/**
	 * Requests made, counted as in `ResponseMeta`; 0 where a rate limit that still holds kept the call from being made. In
	 * `getThreadOwners`: how often the recipient was asked about.
	 */
	readonly attempts?: number;
	/** HTTP method. */
	readonly method?: string;
	/** Path and query as sent, that of `baseUrl` included, without token and proof. */
	readonly path?: string;
	/**
	 * Of a page that failed: the cursor with which another list goes on there, as `after`. What was delivered before does not
	 * come again. Absent for the first page of a list without `after`.
	 */
	readonly cursor?: string;
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
