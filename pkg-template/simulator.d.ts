/**
 * graph-inbox/simulator: a small Graph API with an inbox of its own, for tests and demos.
 *
 * It imitates `GET /{page-id}/conversations` and `GET /{page-id}/thread_owner` of Meta's Graph API
 * (https://developers.facebook.com/docs/graph-api/reference/page/conversations/ and …/page/thread_owner/), the reading of one
 * conversation, batches of these (`POST /` with `batch`, …/docs/graph-api/batch-requests; items do not depend on each other), and how
 * Graph fails. It runs wherever `Request` and `Response` exist, opens no connection and needs no account.
 *
 * @module graph-inbox/simulator
 * @example
 * const simulator = createGraphSimulator();
 * const inbox = createInbox({ pageId: simulator.pageId, accessToken: simulator.accessToken, fetch: simulator.fetch });
 * simulator.failNext("html502");
 * const page = await inbox.listConversations();
 */
import type { Conversation } from "./index.js";

/** Creates a simulator. Cheap whatever its size: conversations are made from the seed as they are read. */
export function createGraphSimulator(
	options?: GraphSimulatorOptions,
): GraphSimulator;

/** Every option can be left out. A value that makes no sense throws a `TypeError`. */
export interface GraphSimulatorOptions {
	/**
	 * An integer. IDs, names, texts and owners depend on it alone; times also depend on the clock when the simulator is made.
	 * Default 1.
	 */
	seed?: number;
	/** Default `"102938475601928"`. */
	pageId?: string;
	/** Default `"Lantern Street Bakery"`. */
	pageName?: string;
	/** Instagram professional account linked to the Page. Default `"17841455502736181"`. */
	instagramAccountId?: string;
	/** Default `"lantern.street.bakery"`. */
	instagramUsername?: string;
	/**
	 * Which of Meta's hosts the simulator imitates: `"facebook"` is graph.facebook.com, `"instagram"` is graph.instagram.com (Instagram
	 * Login). The Instagram host lists the conversations of `/{instagramAccountId}` or `/me`, has Instagram conversations only, no
	 * `unread_count`, no `thread_owner` and no batches, sends `instagram-api-version` and an `x-app-usage` of `call_volume` and
	 * `cpu_time`, and writes errors of type `IGApiException`. The host of a request's URL is not looked at. Default `"facebook"`.
	 */
	host?: "facebook" | "instagram";
	/** The Page access token that is accepted; any other is error 190. Default: a made-up one. */
	accessToken?: string;
	/** When given, an `appsecret_proof` that is sent is checked, the timed form (`appsecret_time`) too. */
	appSecret?: string;
	/** Whether a call without `appsecret_proof` is an error. Needs `appSecret`. Default false. */
	requireProof?: boolean;
	/** The calling app: the owner of some threads, and what `is_owner` is about. Default `"771188225544331"`. */
	appId?: string;
	/**
	 * Conversations in the `inbox` folder; a number is for each platform. The folders `other` and `page_done` hold a tenth as many
	 * besides, `spam` a twentieth. Default `{ messenger: 60, instagram: 40 }`.
	 */
	conversations?:
		| number
		| {
				/** On Messenger. Default 60. */
				messenger?: number;
				/** On Instagram. Default 40. */
				instagram?: number;
		  };
	/**
	 * How far apart the latest activity of one conversation and the next one in its list is on average, in seconds: a whole number, 60
	 * or more. Default 613.
	 */
	secondsBetweenConversations?: number;
	/** The clock, in milliseconds since 1970. Default `Date.now`. */
	now?: () => number;
	/** Wait before each answer, in milliseconds of real time. Default 0. */
	latencyMs?: number;
	/**
	 * Error 613 for conversation lists, those in batches too, beyond this many answered in one second, for each platform. Graph's
	 * documented limit is 2.
	 * Default `false`: off.
	 */
	callsPerSecond?: number | false;
	/**
	 * Calls after which each one is error 80006, until `liftLimit()`; the usage headers rise towards it. Each item of a batch is a call,
	 * the batch itself is none. On the host `"instagram"` the error is code 4. Default: none.
	 */
	callLimit?: number;
	/** What the usage headers estimate once a limit is reached, in minutes. Default 5. */
	regainAccessMinutes?: number;
	/**
	 * The largest `limit × (1 + limits of nested edges)` before code 1, "reduce the amount of data". A nested `messages` without
	 * `.limit()` counts 25, and a list with `user_id` counts as one conversation. Default 1000.
	 */
	dataLimit?: number;
	/**
	 * The most conversations and messages that one answer can hold together before code 1, "reduce the amount of data". In contrast to
	 * `dataLimit` it counts the messages that each conversation really has, up to the limit asked for. Default: no limit.
	 */
	answerLimit?: number;
	/**
	 * The largest `limit` of a conversation list. A number answers larger pages with code 1; an object says what happens to them:
	 * `{ limit: 1, fault: "instagramTimeout" }`, or `{ limit: 10, fault: "hang" }` for pages that never answer. Lists with `user_id`
	 * are not affected. Default: no limit.
	 */
	pageLimit?: number | PageLimit;
	/**
	 * Answers Instagram lists that ask for too much with code -2, "Timeout", as Graph does for an app without Advanced Access. Default:
	 * never.
	 */
	instagramTimeout?: InstagramTimeout;
	/**
	 * An older version is served, silently, by `oldest`, and so is a call without a version; a newer one than `newest` does not
	 * exist (error 2500). `facebook-api-version` tells which version answered. Default `{ oldest: "v21.0", newest: "v26.0" }`.
	 */
	apiVersions?: {
		/** Such as `v21.0`. */
		oldest: string;
		/** Such as `v26.0`. */
		newest: string;
	};
}

/** The largest page of a conversation list, and what happens to larger ones. */
export interface PageLimit {
	/** The largest `limit` that is answered. A list without a `limit` asks for 25. */
	limit: number;
	/** What goes wrong with larger pages. Default `"reduceData"`. */
	fault?: Fault;
}

/** When an Instagram list is answered with code -2, "Timeout". */
export interface InstagramTimeout {
	/**
	 * The largest `limit × (1 + limits of nested edges)` that is answered, counted as for the option `dataLimit`. 1 answers single
	 * conversations without nested edges; 0 answers no list at all.
	 */
	dataLimit: number;
	/** How long after the request the error comes, in milliseconds of real time; Graph takes 27 to 40 s. Default 0. */
	delayMs?: number;
}

/** What Graph can still read of a broken conversation, and how a request for more fails. */
export interface BrokenConversation {
	/**
	 * The only fields that can be read. `["id"]` answers `fields=id` alone; `[]` answers nothing, whatever is asked. Default, where
	 * neither `unreadable` nor `mostMessages` is given: `["id", "updated_time"]`.
	 */
	readable?: readonly string[];
	/** Fields that cannot be read, such as `["messages"]`; all others can. */
	unreadable?: readonly string[];
	/** The most messages that can be read at once: a conversation that is heavier than others. `messages` without `.limit()` asks for 25. */
	mostMessages?: number;
	/**
	 * What goes wrong with a page or a single read that asks for more. `"hang"` never answers. Default `"unknown1"`, and `"reduceData"`
	 * for too many messages.
	 */
	fault?: Fault;
}

/** A Graph API for one Page. */
export interface GraphSimulator {
	/**
	 * Like the global `fetch`, and bound, so that it can be passed on by itself. The host is not looked at. Aborting `init.signal`
	 * rejects with its reason at any wait, and breaks a body still under way. A redirect is followed, refused or handed out as
	 * `init.redirect` says; where a browser would hide it ("manual"), the 302 is handed out, as Node does.
	 */
	fetch(input: string | URL | Request, init?: RequestInit): Promise<Response>;
	/** The Page. */
	readonly pageId: string;
	/** The Instagram professional account linked to the Page. */
	readonly instagramAccountId: string;
	/** The token that is accepted now. */
	readonly accessToken: string;
	/** The one given, which proofs are checked with. */
	readonly appSecret: string | undefined;
	/** The calling app. */
	readonly appId: string;
	/** Every request so far, in the order they arrived. */
	readonly requests: RecordedRequest[];
	/**
	 * What Graph would list now, the whole of it in Graph's order, to compare with. Default: Messenger (on the host `"instagram"`
	 * Instagram), folder `inbox`, every field but `messages`. Nested edges come without `paging`.
	 */
	conversations(filter?: ConversationFilter): Conversation[];
	/**
	 * A person writes to the Page. Their conversation moves to the top of its list (out of `page_done` into `inbox`), and its
	 * `unread_count`, `message_count`, `updated_time` and `snippet` follow. Without `from` and `conversationId` it is somebody new.
	 * Returns the conversation, with every field but `messages`. A `RangeError` when `conversationId` is unknown.
	 */
	receiveMessage(message?: IncomingMessage): Conversation;
	/**
	 * Says who owns the thread of a person: `null` for nobody (idle), `"hidden"` for an app Graph does not name. An `app_id` given as
	 * a number or bigint is written without quotes, with every digit. It stays until set again. `RangeError` when the person is unknown.
	 */
	setOwner(recipient: string, owner: null | "hidden" | SimulatedOwner): void;
	/**
	 * Makes a conversation unreadable, wholly or in part: any page that it is on and any single read of it fail when they ask for more
	 * than it can give, as on Graph. `true` (the default) leaves `id` and `updated_time` readable and answers everything else with code
	 * 1; an object says what can be read and what goes wrong otherwise; `false` repairs it. In a batch, an item that would not be
	 * answered is `null`, and none is delayed.
	 *
	 * @example
	 * simulator.breakConversation(id, { unreadable: ["messages"] }); // everything but messages
	 * simulator.breakConversation(id, { readable: ["id"] }); // fields=id alone
	 * simulator.breakConversation(id, { readable: [], fault: "hang" }); // never answers
	 * simulator.breakConversation(id, { mostMessages: 10 }); // 50 messages are too much, 10 are fine
	 */
	breakConversation(
		conversationId: string,
		broken?: boolean | BrokenConversation,
	): void;
	/** The next request, or the next `times`, go wrong. A batch is one request. Faults queue up in the order they were given. */
	failNext(fault: Fault, times?: number): this;
	/**
	 * Requests that match go wrong, `times` of them at most (default: all). A string or pattern is looked for in the URL, which says
	 * nothing of a batch's items: `request.items` does. What `failNext` has queued goes first. Returns a function that removes the rule.
	 */
	failWhen(
		match: string | RegExp | ((request: RecordedRequest) => boolean),
		fault: Fault,
		times?: number,
	): () => void;
	/**
	 * Items of batches go wrong, each by itself, `times` of them at most (default: all); the others are answered. A string or pattern is
	 * looked for in the item's relative URL as it was sent, percent-encoded. Where several rules match, the first one given counts. A
	 * batch that goes wrong as a whole uses them up as well. Returns a function that removes the rule.
	 */
	failItems(
		match: string | RegExp | ((relativeUrl: string) => boolean),
		fault: ItemFault,
		times?: number,
	): () => void;
	/** Ends error 80006 of `callLimit`: usage starts from nothing again. */
	liftLimit(): void;
	/** The token expires (190/463). Returns the one issued in its place, which `accessToken` also tells. */
	expireToken(): string;
	/** Cursors handed out so far are no longer valid (#100). */
	expireCursors(): void;
	/** Forgets faults, recorded requests and usage, and accepts the first token again. The inbox stays. */
	reset(): void;
}

/** One request as it arrived. */
export interface RecordedRequest {
	/** HTTP method. */
	readonly method: string;
	/** As sent, not normalised; a relative one made absolute. */
	readonly url: string;
	/** Path alone, with the version. */
	readonly path: string;
	/** Parameters of the URL. */
	readonly query: URLSearchParams;
	/** As sent. */
	readonly headers: Headers;
	/** As sent; `null` where there was none. */
	readonly body: string | null;
	/** The relative URLs of a batch, in its order and as they were sent; empty for any other request. */
	readonly items: readonly string[];
	/** HTTP status answered; `null` before that, and when no answer was sent. */
	readonly status: number | null;
	/** When it arrived, by the simulator's clock. */
	readonly at: number;
}

/** In capitals or not. */
export type Platform = "MESSENGER" | "INSTAGRAM" | "messenger" | "instagram";
/** Where conversations are. */
export type Folder = "inbox" | "other" | "page_done" | "spam";

/** Which conversations to compare with, and what of each. */
export interface ConversationFilter {
	/** Default: Messenger; on the host `"instagram"` Instagram. */
	platform?: Platform;
	/** Default: `inbox`. */
	folder?: Folder;
	/** In Graph's syntax, as in a request: `id,messages.limit(2){message}`. */
	fields?: string;
}

/** A message that a person writes to the Page. */
export interface IncomingMessage {
	/** Default: the platform of the person or conversation, else Messenger; on the host `"instagram"` Instagram. */
	platform?: Platform;
	/** Page-scoped (Instagram-scoped) ID of who writes; one not seen yet starts a conversation. */
	from?: string;
	/** The conversation it belongs to, which must exist. */
	conversationId?: string;
	/** Default: words made from the seed. */
	text?: string;
	/** Name of somebody new; the username on Instagram. */
	name?: string;
	/**
	 * When it was written, in milliseconds since 1970, for somebody who waits already: the conversation moves to where that time
	 * belongs, and no further down than it was. A `RangeError` where it is still to come. Default: now, and at the top.
	 */
	at?: number;
}

/** An app that has control of a thread. */
export interface SimulatedOwner {
	/** A string is written in quotes, a number or bigint without. */
	app_id: string | number | bigint;
	/** Unix seconds. Default: in 24 hours. `null`: Graph sends none. Passing it does not make the thread idle. */
	expiration?: number | null;
}

/**
 * What can go wrong: a name; one with a delay; a change to the good answer, where what is not given stays as it was (so
 * `{ delayMs: 500 }` is a good answer, late); an error in Graph's envelope; or a function that is shown the good answer.
 */
export type Fault =
	| FaultName
	| {
			/** What goes wrong. */
			name: FaultName;
			/** How long after the request, in milliseconds of real time. */
			delayMs?: number;
	  }
	| {
			/** HTTP status. */
			status?: number;
			/** Set beside those of the good answer, or in their place. */
			headers?: Record<string, string>;
			/** Text, or an object written as JSON. */
			body?: string | object;
			/** How long after the request, in milliseconds of real time. */
			delayMs?: number;
	  }
	| {
			/** Graph's own names; `message` and `type` can be left out. */
			error: SimulatedError;
			/** Default 400. */
			status?: number;
			/** Set beside those of the good answer, or in their place. */
			headers?: Record<string, string>;
			/** How long after the request, in milliseconds of real time. */
			delayMs?: number;
	  }
	| FaultFunction;

/**
 * What can go wrong with one item of a batch. The batch itself is answered with 200. An item that goes wrong counts as a call all the
 * same, and what it says in headers is said in the headers of the item.
 */
export type ItemFault =
	/** The item's entry is `null`: time was up before Graph got to it. */
	| "timedOut"
	/** Those that need no connection of their own. */
	| Exclude<
			FaultName,
			| "connectionReset"
			| "bodyCut"
			| "hang"
			| "hangBody"
			| "slowBody"
			| "redirect"
	  >
	/** A change to the good answer, where what is not given stays as it was. */
	| {
			/** HTTP status. */
			status?: number;
			/** Set beside those of the good answer, or in their place. */
			headers?: Record<string, string>;
			/** Text, or an object written as JSON. */
			body?: string | object;
	  }
	/** An error in Graph's envelope. */
	| {
			/** Graph's own names; `message` and `type` can be left out. */
			error: SimulatedError;
			/** Default 400. */
			status?: number;
			/** Set beside those of the good answer, or in their place. */
			headers?: Record<string, string>;
	  };

/** Shown the request and the good answer, it gives what is answered. */
export type FaultFunction = (
	request: RecordedRequest,
	answer: Response,
) => Response | Promise<Response>;

/** An error under Graph's own names; any further one is written as it is. */
export interface SimulatedError {
	/** Such as 190. */
	code: number;
	/** Default: one that names the code. */
	message?: string;
	/** Default: `OAuthException`. */
	type?: string;
	/** Such as 463. */
	error_subcode?: number;
	/** For the person in front of the screen. */
	error_user_title?: string;
	/** For the person in front of the screen. */
	error_user_msg?: string;
	/** Whether Graph says that it will pass. */
	is_transient?: boolean;
	[name: string]: unknown;
}

/** What can go wrong, by name. */
export type FaultName =
	/** 502, an HTML page. */
	| "html502"
	/** 200, an HTML page. */
	| "html200"
	/** 500, an HTML page. */
	| "htmlError500"
	/** 200 and no body. */
	| "empty200"
	/** The good answer, its JSON cut in the middle. */
	| "truncated"
	/** The JSON value `null`. */
	| "null"
	/** The good answer, labelled `text/html`. */
	| "wrongContentType"
	/** The good answer, labelled `text/javascript`, as Graph at times does. */
	| "textJavascript"
	/** No answer: `fetch` rejects with a `TypeError`; on the Node server the socket is reset. */
	| "connectionReset"
	/** Headers and half of the body, then the connection breaks. */
	| "bodyCut"
	/** Never answers; ends only when aborted. */
	| "hang"
	/** Headers and half of the body, then nothing; ends only when aborted. */
	| "hangBody"
	/** The good answer in eight pieces, 25 ms apart, cut without regard to characters. */
	| "slowBody"
	/** 302 to another host. */
	| "redirect"
	/** Code 2, `is_transient`, HTTP 500. */
	| "transient"
	/** Code 1, HTTP 500. */
	| "unknown1"
	/** Code 1, "reduce the amount of data": no `type`, no `fbtrace_id`, HTTP 500. */
	| "reduceData"
	/** -2/2534084, "Timeout": an Instagram list was too much for Graph. `error_user_msg` alone says why: no Advanced Access. */
	| "instagramTimeout"
	/** Code 4, HTTP 403. */
	| "rateLimitApp"
	/** Code 17, HTTP 403. */
	| "rateLimitUser"
	/** Code 32, HTTP 403. */
	| "rateLimitPage"
	/** Code 613, HTTP 400. */
	| "rateLimit613"
	/** Code 80006, HTTP 400, with an estimate in `x-business-use-case-usage`. */
	| "rateLimit80006"
	/** HTTP 429 with `Retry-After: 1` and no Graph error. */
	| "http429"
	/** 190/463. */
	| "expiredToken"
	/** 190. */
	| "invalidToken"
	/** 190/459: the person has to log in at facebook.com. */
	| "checkpointed"
	/** 190/464: the person has to confirm their account at facebook.com. */
	| "unconfirmedUser"
	/** 190/492: the person has lost their role on the Page. */
	| "lostPageRole"
	/** 200, HTTP 403. */
	| "permission"
	/** 10, HTTP 403. */
	| "permission10"
	/** 230, HTTP 403. */
	| "permission230"
	/** 1/99: a permission or Advanced Access is missing. */
	| "permission1"
	/** 2/2018344: an administrator of the Page has to accept terms. */
	| "termsNotAccepted"
	/** 21: the Page has another ID now, which the message names. */
	| "pageMigrated"
	/** 368. */
	| "blocked"
	/** Error 190 under HTTP 200. */
	| "errorIn200"
	/** A page without conversations that has a next page, where those left out come. */
	| "emptyPage"
	/** On a page reached by a cursor: that same cursor is named as the next one. */
	| "repeatCursor"
	/** `paging.next` on another host. */
	| "foreignNext";
