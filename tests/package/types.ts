// Checked by the compiler alone: what `fields` narrows, how lists are read, what narrows errors, owners and events, and
// what the types refuse.
import {
	type Attachment,
	type Changes,
	type Conversation,
	type ConversationPage,
	type ConversationParams,
	type ConversationWatch,
	type ConversationWith,
	createInbox,
	DEFAULT_API_VERSION,
	type DefaultFields,
	type Edge,
	type ErrorKind,
	GraphError,
	getThreadOwner,
	InboxError,
	type InboxEvent,
	listConversations,
	type MaybeUnreadable,
	type MediaData,
	type Message,
	mergeConversations,
	PAGE_INBOX_APP_ID,
	type Participant,
	parseGraphTime,
	type preload,
	type Reaction,
	type ReplyState,
	replyState,
	type Share,
	type Story,
	type ThreadOwner,
	type ThreadOwnerResult,
	type Usage,
	type WatchParams,
	type WithOwner,
} from "graph-inbox";
import { nodeFetch } from "graph-inbox/node";
import { createGraphSimulator } from "graph-inbox/simulator";
import * as slim from "graph-inbox/slim";

type Same<A, B> =
	(<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2
		? true
		: false;
const is = <_ extends true>() => {};

const access = { pageId: "me", accessToken: async () => "token" };
const inbox = createInbox({
	...access,
	onEvent: (event: InboxEvent) => event.type,
});

export async function narrowed() {
	const standard = await inbox.listConversations();
	is<
		Same<keyof (typeof standard.data)[0], "id" | "updated_time" | "unreadable">
	>();

	const chosen = await inbox.listConversations({
		fields: [
			"snippet",
			"participants",
			{ messages: { limit: 2, fields: ["id"] } },
		],
	});
	const [first] = chosen.data;
	is<
		Same<
			keyof typeof first,
			"id" | "snippet" | "participants" | "messages" | "unreadable"
		>
	>();
	is<Same<typeof first.unreadable, string[] | undefined>>();
	is<Same<typeof first.id, string>>();
	is<Same<typeof first.snippet, string | undefined>>();
	is<Same<typeof first.participants, Edge<Participant> | undefined>>();
	is<Same<typeof first.messages, Edge<Message> | undefined>>();
	// @ts-expect-error it was not asked for
	first.unread_count;

	for await (const conversation of listConversations({
		...access,
		fields: ["link"],
	})) {
		is<Same<keyof typeof conversation, "id" | "link" | "unreadable">>();
	}
	for await (const page of inbox
		.listConversations({ fields: ["name"] })
		.pages()) {
		is<
			Same<
				typeof page,
				ConversationPage<
					{ id: string } & MaybeUnreadable & Pick<Conversation, "name">
				>
			>
		>();
	}

	// Fields that were chosen elsewhere narrow as well, where they are constant.
	const fields = ["folder", "can_reply"] as const;
	const all = await inbox.listConversations({ fields }).toArray();
	is<
		Same<keyof (typeof all)[0], "id" | "folder" | "can_reply" | "unreadable">
	>();
	is<Same<(typeof all)[0], ConversationWith<typeof fields>>>();

	const none = await inbox.listConversations({ fields: [] });
	is<Same<keyof (typeof none.data)[0], "id" | "unreadable">>();
}

/** Edges with a selection of their own narrow by their names, several in one object too. */
export async function edges() {
	const page = await inbox.listConversations({
		fields: [
			{
				participants: { limit: 5, fields: ["id", "username"] },
				messages: {
					limit: 5,
					after: "x",
					fields: ["id", { attachments: { limit: 1, before: "x" } }],
				},
			},
			{ senders: { fields: ["email"] } },
			{ former_participants: {} },
		],
	});
	const [first] = page.data;
	is<
		Same<
			keyof typeof first,
			| "id"
			| "participants"
			| "messages"
			| "senders"
			| "former_participants"
			| "unreadable"
		>
	>();
	const message = first.messages?.data[0];
	is<Same<NonNullable<typeof message>, Message>>();
	is<Same<Message["attachments"], Edge<Attachment> | undefined>>();
	is<Same<Attachment["image_data"], MediaData | undefined>>();
	is<Same<Message["shares"], Edge<Share> | undefined>>();
	is<Same<Message["reactions"], Edge<Reaction> | undefined>>();
	is<Same<Reaction["users"], Participant[] | undefined>>();
	is<Same<Message["story"], Story | undefined>>();
	const url = message?.attachments?.data[0].video_data?.preview_url;
	is<Same<typeof url, string | undefined>>();

	// A row of one's own list is a conversation, its note included.
	const row: Conversation = first;
	is<Same<typeof row.unreadable, string[] | undefined>>();
}

export async function read() {
	const list = inbox.listConversations({ fields: ["snippet"] });
	type One = { id: string } & MaybeUnreadable & Pick<Conversation, "snippet">;
	is<Same<Awaited<typeof list>, ConversationPage<One>>>();

	const page = await list;
	is<Same<typeof page.data, One[]>>();
	is<Same<ReturnType<typeof page.hasNextPage>, boolean>>();
	is<Same<typeof page.nextCursor, string | undefined>>();
	const next = await page.nextPage();
	is<Same<typeof next, ConversationPage<One> | null>>();
	is<Same<typeof page.paging.cursors, CursorsOrNone>>();
	is<Same<typeof page.meta.usage, Usage[]>>();

	const array = await list.toArray();
	is<Same<typeof array, One[]>>();
	for await (const conversation of list) is<Same<typeof conversation, One>>();
	for await (const one of list.pages()) is<Same<typeof one, typeof page>>();

	const caught = await list.catch(() => "failed" as const);
	is<Same<typeof caught, ConversationPage<One> | "failed">>();
	const settled = await list.finally(() => {});
	is<Same<typeof settled, ConversationPage<One>>>();
	const both = await Promise.all([list, inbox.getThreadOwner("1")]);
	is<Same<typeof both, [ConversationPage<One>, ThreadOwner]>>();
	is<Same<ReturnType<typeof preload>, Promise<void>>>();
	is<Same<ReturnType<typeof parseGraphTime>, Date>>();
}
type CursorsOrNone = { before?: string; after?: string } | undefined;

export async function owners() {
	const owner = await inbox.getThreadOwner("24051967");
	is<Same<typeof owner, ThreadOwner>>();
	is<Same<typeof owner.state, "owned" | "hidden" | "idle">>();
	is<Same<typeof owner.app_id, string | null>>();
	is<Same<typeof owner.expiration, number | null>>();
	is<Same<typeof owner.role, "self" | "meta_inbox" | "other_app" | null>>();
	owner.app_id === PAGE_INBOX_APP_ID;
	const same = await getThreadOwner({ ...access, recipient: "24051967" });
	is<Same<typeof same, ThreadOwner>>();

	const results = await inbox.getThreadOwners(new Set(["1", "2"]));
	is<Same<typeof results, ThreadOwnerResult[]>>();
	for (const result of results) {
		is<Same<typeof result.recipient, string>>();
		if (result.error) {
			is<Same<typeof result.error, InboxError>>();
			is<Same<typeof result.owner, undefined>>();
		} else is<Same<typeof result.owner, ThreadOwner>>();
		if (result.owner) is<Same<typeof result.error, undefined>>();
		// @ts-expect-error perhaps there is an error in its place
		result.owner.state;
	}

	const joined = inbox.listConversationsWithOwner({ fields: ["snippet"] });
	for await (const conversation of joined) {
		is<
			Same<
				keyof typeof conversation,
				"id" | "snippet" | "thread_owner" | "unreadable"
			>
		>();
		is<Same<typeof conversation.thread_owner, ThreadOwnerResult>>();
	}
	const page = await inbox.listConversationsWithOwner();
	is<
		Same<
			keyof (typeof page.data)[0],
			"id" | "updated_time" | "thread_owner" | "unreadable"
		>
	>();
}

export async function onePerson() {
	const standard = await inbox.getConversation("1");
	is<Same<typeof standard, ConversationWith<DefaultFields> | null>>();
	// @ts-expect-error perhaps Graph lists none
	standard.id;

	const chosen = await inbox.getConversation("1", {
		folder: "page_done",
		platform: "instagram",
		fields: ["snippet", { messages: { limit: 20, fields: ["message"] } }],
		signal: new AbortController().signal,
		timeoutMs: 1,
		totalTimeoutMs: 1,
		maxRetries: 0,
	});
	is<
		Same<
			keyof NonNullable<typeof chosen>,
			"id" | "snippet" | "messages" | "unreadable"
		>
	>();
	if (chosen) is<Same<typeof chosen.messages, Edge<Message> | undefined>>();
	const params: ConversationParams = { fields: ["snippet"] };
	const any = await inbox.getConversation("1", params);
	is<Same<NonNullable<typeof any>["id"], string>>();

	// @ts-expect-error of whom?
	inbox.getConversation();
	// @ts-expect-error IDs are strings
	inbox.getConversation(24051967);
	// @ts-expect-error a list has pages, one person has none
	inbox.getConversation("1", { limit: 5 });
	// @ts-expect-error it is the first parameter
	inbox.getConversation("1", { userId: "2" });
	// @ts-expect-error no such field
	inbox.getConversation("1", { fields: ["participant"] });
}

export async function watched() {
	const watch = inbox.watchConversations();
	is<Same<typeof watch, ConversationWatch<ConversationWith<DefaultFields>>>>();
	const changes = await watch.poll();
	is<Same<typeof changes, Changes<ConversationWith<DefaultFields>>>>();
	is<Same<typeof changes.checkpoint, string>>();

	const all = inbox.watchConversations({
		folder: "inbox",
		platform: "MESSENGER",
		fields: ["snippet", { participants: {} }],
		since: new Date(),
		intervalMs: 1_000,
		withOwner: false,
		signal: new AbortController().signal,
		timeoutMs: 1,
		totalTimeoutMs: 1,
		maxRetries: 0,
	});
	type One = { id: string } & MaybeUnreadable &
		Pick<Conversation, "snippet" | "participants">;
	for await (const { conversations, checkpoint } of all) {
		is<Same<typeof conversations, One[]>>();
		const next: WatchParams = { checkpoint };
		inbox.watchConversations(next);
		break;
	}
	const iterator = all[Symbol.asyncIterator]();
	const result = await iterator.next();
	if (!result.done) is<Same<typeof result.value, Changes<One>>>();
	await iterator.return?.();
	for (const since of ["2026-01-01T00:00:00Z", 0, new Date()])
		inbox.watchConversations({ since });

	// @ts-expect-error the constructor is not exported
	new ConversationWatch();
	// @ts-expect-error a watch has no pages
	inbox.watchConversations({ limit: 5 });
	// @ts-expect-error since is its word for it
	inbox.watchConversations({ updatedSince: 0 });
	// @ts-expect-error it is one person's
	inbox.watchConversations({ userId: "1" });
	// @ts-expect-error a checkpoint is a string
	inbox.watchConversations({ checkpoint: changes });
	// @ts-expect-error milliseconds are a number
	inbox.watchConversations({ intervalMs: "1000" });
	// @ts-expect-error no such field
	inbox.watchConversations({ fields: ["participant"] });
	// @ts-expect-error it is iterated or polled, not awaited for a first page
	(await watch).data;
	// @ts-expect-error it was not asked for
	for await (const { conversations } of watch) conversations[0].snippet;
}

export async function watchedWithOwners() {
	const watch = inbox.watchConversations({
		withOwner: true,
		fields: ["snippet"],
	});
	const { conversations } = await watch.poll();
	const [first] = conversations;
	is<Same<typeof first.snippet, string | undefined>>();
	type Joined = ConversationWith<readonly ["snippet"]> & WithOwner;
	is<Same<typeof first, Joined>>();
	is<Same<typeof first.thread_owner, ThreadOwnerResult>>();
	const without = inbox.watchConversations({ fields: ["snippet"] });
	// @ts-expect-error owners were not asked for
	(await without.poll()).conversations[0].thread_owner;
}

export async function waiting() {
	const { data } = await inbox.listConversations({
		fields: [{ messages: { fields: ["from", "created_time"] } }],
	});
	const state = replyState(data[0], ["1", "2"] as const, new Date());
	is<Same<typeof state, ReplyState | null>>();
	if (state) {
		is<Same<typeof state.last_from, "customer" | "business">>();
		is<Same<typeof state.waiting_since, Date | null>>();
		is<Same<typeof state.reply_until, Date | null>>();
		is<Same<typeof state.is_open, boolean>>();
	}
	const conversation: Conversation = data[0];
	replyState(conversation, "1");
	const [bare] = (await inbox.listConversations({ fields: ["snippet"] })).data;
	// @ts-expect-error its messages were not asked for
	replyState(bare, "1");
	// @ts-expect-error nobody was found
	replyState(null, "1");
	// @ts-expect-error IDs are strings
	replyState(conversation, 1);
	// @ts-expect-error of which business?
	replyState(conversation);
	// @ts-expect-error a Date
	replyState(conversation, "1", Date.now());
}

export async function merged() {
	const messenger = inbox.listConversations();
	const instagram = inbox.listConversations({ platform: "instagram" });
	const both = mergeConversations(
		{ messenger, instagram },
		{
			onError(source, error) {
				is<Same<typeof source, "messenger" | "instagram">>();
				is<Same<typeof error, unknown>>();
			},
		},
	);
	for await (const { source, conversation } of both) {
		is<Same<typeof source, "messenger" | "instagram">>();
		is<Same<typeof conversation, ConversationWith<DefaultFields>>>();
	}
	const joined = inbox.listConversationsWithOwner({ fields: ["updated_time"] });
	for await (const { conversation } of mergeConversations({ joined }))
		is<Same<typeof conversation.thread_owner, ThreadOwnerResult>>();

	// As many as there are Pages.
	const lists: Record<string, typeof messenger> = {};
	for await (const { source } of mergeConversations(lists))
		is<Same<typeof source, string>>();

	const list = inbox.listConversations({ fields: ["snippet"] });
	// @ts-expect-error without updated_time there is no order
	mergeConversations({ list });
	// @ts-expect-error lists have names
	mergeConversations(messenger);
	// @ts-expect-error an awaited list is its first page
	mergeConversations({ messenger: await messenger });
	// @ts-expect-error no such option
	mergeConversations({ messenger }, { onerror() {} });
}

/** Compiles only while it knows every kind. */
export function advice(error: InboxError): string {
	switch (error.kind) {
		case "authentication":
		case "permission":
			return "get a new token";
		case "invalid_option":
			is<Same<typeof error.option, string | undefined>>();
			return `correct ${error.option}`;
		case "invalid_request":
			return "correct the call";
		case "rate_limit":
			is<Same<typeof error.retryAfterMs, number | undefined>>();
			return "come back later";
		case "blocked":
			return "show it to a person";
		case "transient":
		case "connection":
		case "timeout":
			return "try again";
		case "response":
			is<Same<typeof error.body, string | undefined>>();
			return "look at what stands between";
		case "unknown":
			return "look at code";
		default: {
			const impossible: never = error.kind;
			return impossible;
		}
	}
}

/** Does not compile, since kinds are missing. */
export function forgetful(kind: ErrorKind): string {
	switch (kind) {
		case "timeout":
			return "try again";
		default: {
			// @ts-expect-error the other kinds are left
			const impossible: never = kind;
			return impossible;
		}
	}
}

export function caught(error: unknown) {
	if (error instanceof GraphError) {
		is<Same<typeof error.name, "GraphError">>();
		is<Same<typeof error.code, number | undefined>>();
		is<Same<typeof error.usage, Usage[]>>();
		is<Same<typeof error.kind, ErrorKind>>();
	} else if (error instanceof InboxError) {
		is<Same<typeof error.retryable, boolean>>();
		is<Same<typeof error.cursor, string | undefined>>();
		// @ts-expect-error Graph did not report it
		error.code;
		// @ts-expect-error nobody changes an error
		error.retryable = true;
	}
	if (error instanceof InboxError && error.kind === "rate_limit")
		is<Same<typeof error.kind, "rate_limit">>();
	// @ts-expect-error no such kind
	if (error instanceof InboxError && error.kind === "oauth") error.retryable;
	// @ts-expect-error not for users to make
	new InboxError("x");
	// @ts-expect-error not for users to make
	new GraphError("x");
}

export function told(event: InboxEvent): string | number {
	switch (event.type) {
		case "request":
			return event.method;
		case "response":
			return event.durationMs;
		case "retry":
			is<Same<typeof event.reason, string>>();
			return event.delayMs;
		case "wait":
			is<
				Same<typeof event.reason, "pace" | "rate_limit" | "interval" | "usage">
			>();
			return event.delayMs;
		case "page_size":
			return event.to;
		case "nested_limit":
			is<Same<typeof event.edge, string>>();
			return event.to - event.from;
		case "unreadable":
			is<Same<typeof event.fields, string[]>>();
			return event.conversationId;
		case "version":
			// @ts-expect-error of other events
			event.path;
			return event.served;
		default: {
			const impossible: never = event;
			return impossible;
		}
	}
}

export function options() {
	const all = createInbox({
		...access,
		accessToken: () => "token",
		appSecret: "s",
		apiVersion: DEFAULT_API_VERSION,
		baseUrl: "https://graph.facebook.com",
		tokenTransport: "query",
		instagramAccountId: "1",
		appId: "1",
		fetch: createGraphSimulator({ conversations: 5 }).fetch,
		timeoutMs: 1,
		totalTimeoutMs: 1,
		maxRetries: 0,
		maxRateLimitWaitMs: 0,
		callsPerSecond: false,
		schedule: (call) => call(),
		onEvent: (event) => event.type,
	});
	createInbox({ ...access, fetch, callsPerSecond: 0.5 });
	// Graph has folders that it does not document.
	all.listConversations({ folder: "pending" });
	all.listConversations({
		folder: "page_done",
		platform: "INSTAGRAM",
		userId: "1",
		limit: 5,
		after: "x",
		before: "x",
		maxItems: 1,
		updatedSince: new Date(),
		catchUp: true,
		signal: new AbortController().signal,
		timeoutMs: 1,
		totalTimeoutMs: 1,
		maxRetries: 0,
	});
	slim.init(new Uint8Array([0]));
	slim.init(new ArrayBuffer(1));
	is<Same<typeof slim.createInbox, typeof createInbox>>();
	is<Same<typeof slim.InboxError, typeof InboxError>>();
}

export function refused() {
	const { listConversations: list, listConversationsWithOwner: joined } = inbox;

	// @ts-expect-error no such field
	list({ fields: ["participant"] });
	// @ts-expect-error no such field
	joined({ fields: ["participant"] });
	// @ts-expect-error no such field
	listConversations({ ...access, fields: ["participant"] });
	// @ts-expect-error no such edge
	list({ fields: [{ participant: { limit: 5 } }] });
	// @ts-expect-error no such field of a message
	list({ fields: [{ messages: { fields: ["text"] } }] });
	// @ts-expect-error no such field of a person
	list({ fields: [{ participants: { fields: ["message"] } }] });
	// @ts-expect-error an edge has no such part
	list({ fields: [{ messages: { since: 0 } }] });
	// @ts-expect-error what could not be read is no field of Graph
	list({ fields: ["unreadable"] });

	// @ts-expect-error a folder is a string
	list({ folder: 1 });
	// @ts-expect-error a folder is a string
	joined({ folder: ["inbox"] });
	// @ts-expect-error a folder is a string
	listConversations({ ...access, folder: null });

	// @ts-expect-error no such platform
	list({ platform: "whatsapp" });
	// @ts-expect-error no such platform
	joined({ platform: "whatsapp" });
	// @ts-expect-error no such platform
	listConversations({ ...access, platform: "whatsapp" });

	// @ts-expect-error no time-based paging
	list({ since: 0 });
	// @ts-expect-error no time-based paging
	joined({ since: 0 });
	// @ts-expect-error no time-based paging
	listConversations({ ...access, since: 0 });
	// @ts-expect-error no such option
	createInbox({ ...access, retries: 2 });
	// @ts-expect-error no such option
	getThreadOwner({ ...access, recipient: "1", retries: 2 });
	// @ts-expect-error no such option
	inbox.getThreadOwner("1", { retries: 2 });
	// @ts-expect-error no such option
	inbox.getThreadOwners(["1"], { retries: 2 });
	// @ts-expect-error no such option
	createGraphSimulator({ retries: 2 });

	// @ts-expect-error null is not "not given"
	list({ limit: null });
	// @ts-expect-error a number written as a string
	list({ limit: "5" });
	// @ts-expect-error false is off, there is no on
	createInbox({ ...access, callsPerSecond: true });
	// @ts-expect-error no such way
	createInbox({ ...access, tokenTransport: "cookie" });

	// @ts-expect-error IDs are strings
	inbox.getThreadOwner(24051967);
	// @ts-expect-error IDs are strings
	inbox.getThreadOwners([24051967]);
	// @ts-expect-error IDs are strings
	getThreadOwner({ ...access, recipient: 24051967 });
	// @ts-expect-error of whom?
	getThreadOwner(access);
	// @ts-expect-error no token
	createInbox({ pageId: "me" });
	// @ts-expect-error no Page
	listConversations({ accessToken: "token" });
	// @ts-expect-error not a time
	parseGraphTime(new Date());
}

export function withNodeFetch() {
	createInbox({ ...access, fetch: nodeFetch() });
	createInbox({ ...access, fetch: nodeFetch({ maxSockets: 10 }) });
	// @ts-expect-error: it is a number.
	nodeFetch({ maxSockets: "10" });
	// @ts-expect-error: there is no such option.
	nodeFetch({ timeoutMs: 10 });
}
