// A Deno program: deno run --allow-net=graph.facebook.com --allow-env inbox.ts
import { createInbox, InboxError } from "graph-inbox";

const access = {
	pageId: Deno.env.get("PAGE_ID") ?? "",
	accessToken: Deno.env.get("PAGE_TOKEN") ?? "",
	baseUrl: Deno.env.get("GRAPH_URL"),
};
const inbox = createInbox(access);

const conversations: string[] = [];
for await (const { id } of inbox.listConversations({ fields: ["id"] })) {
	conversations.push(id);
}
const owner = await inbox.getThreadOwner(Deno.env.get("RECIPIENT") ?? "");

// Errors are told apart by their kind.
let failure: string | undefined;
try {
	await createInbox({ ...access, accessToken: "expired" }).listConversations();
} catch (error) {
	if (error instanceof InboxError) failure = error.kind;
}

console.log(JSON.stringify({ conversations, owner, failure }));
