// The app of the matrix, in TypeScript: npx tsc && node inbox.mjs
import {
	createInbox,
	type ErrorKind,
	InboxError,
	type InboxOptions,
} from "graph-inbox";

const {
	PAGE_ID = "",
	PAGE_TOKEN = "",
	GRAPH_URL,
	RECIPIENT = "",
} = process.env;
const access: InboxOptions = {
	pageId: PAGE_ID,
	accessToken: PAGE_TOKEN,
	baseUrl: GRAPH_URL,
};
const inbox = createInbox(access);

const conversations: string[] = [];
for await (const { id } of inbox.listConversations({ fields: ["id"] })) {
	conversations.push(id);
}
const owner = await inbox.getThreadOwner(RECIPIENT);

// Errors are told apart by their kind.
let failure: ErrorKind | undefined;
try {
	await createInbox({ ...access, accessToken: "expired" }).listConversations();
} catch (error) {
	if (error instanceof InboxError) failure = error.kind;
}

console.log(JSON.stringify({ conversations, owner, failure }));
