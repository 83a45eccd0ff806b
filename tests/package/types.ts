// Checked by the compiler alone: what `fields` narrows, and what the types refuse.
import {
	type Conversation,
	type ConversationPage,
	createInbox,
	type Edge,
	InboxError,
	type InboxEvent,
	listConversations,
	type Message,
	type Participant,
	type ThreadOwner,
} from "graph-inbox";

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
	is<Same<keyof (typeof standard.data)[0], "id" | "updated_time">>();

	const chosen = await inbox.listConversations({
		fields: [
			"snippet",
			"participants",
			{ messages: { limit: 2, fields: ["id"] } },
		],
	});
	const [first] = chosen.data;
	is<
		Same<keyof typeof first, "id" | "snippet" | "participants" | "messages">
	>();
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
		is<Same<keyof typeof conversation, "id" | "link">>();
	}
	for await (const page of inbox
		.listConversations({ fields: ["name"] })
		.pages()) {
		is<
			Same<
				typeof page,
				ConversationPage<{ id: string } & Pick<Conversation, "name">>
			>
		>();
	}
	is<Same<ReturnType<typeof inbox.getThreadOwner>, Promise<ThreadOwner>>>();
}

export function refused(error: unknown) {
	// @ts-expect-error no such field
	inbox.listConversations({ fields: ["participant"] });
	// @ts-expect-error no such folder
	inbox.listConversations({ folder: "archive" });
	// @ts-expect-error no such platform
	inbox.listConversations({ platform: "whatsapp" });
	// @ts-expect-error no time-based paging
	inbox.listConversations({ since: 0 });
	// @ts-expect-error a number written as a string
	inbox.listConversations({ limit: "5" });
	// @ts-expect-error IDs are strings
	inbox.getThreadOwner(24051967);
	// @ts-expect-error no token
	createInbox({ pageId: "me" });
	// @ts-expect-error not for users to make
	new InboxError("x");
	if (error instanceof InboxError && error.kind === "rate_limit")
		error.retryable;
	// @ts-expect-error no such kind
	if (error instanceof InboxError && error.kind === "oauth") error.retryable;
}
