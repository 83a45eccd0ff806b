// A Bun program: bun inbox.ts
import { createInbox, InboxError } from "graph-inbox";

const access = {
	pageId: process.env.PAGE_ID ?? "",
	accessToken: process.env.PAGE_TOKEN ?? "",
	baseUrl: process.env.GRAPH_URL,
};
const inbox = createInbox(access);

const conversations: string[] = [];
for await (const { id } of inbox.listConversations({ fields: ["id"] })) {
	conversations.push(id);
}
const owner = await inbox.getThreadOwner(process.env.RECIPIENT ?? "");

// Errors are told apart by their kind.
let failure: string | undefined;
try {
	await createInbox({ ...access, accessToken: "expired" }).listConversations();
} catch (error) {
	if (error instanceof InboxError) failure = error.kind;
}

console.log(JSON.stringify({ conversations, owner, failure }));
