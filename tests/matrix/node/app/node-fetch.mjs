// The app of the matrix with the fetch of graph-inbox/node: node node-fetch.mjs
import { createInbox, InboxError } from "graph-inbox";
import { nodeFetch } from "graph-inbox/node";

const access = {
	pageId: process.env.PAGE_ID,
	accessToken: process.env.PAGE_TOKEN,
	baseUrl: process.env.GRAPH_URL,
	fetch: nodeFetch(),
};
const inbox = createInbox(access);

const list = inbox.listConversations({ fields: ["id"] });
const conversations = (await list.toArray()).map(({ id }) => id);
const owner = await inbox.getThreadOwner(process.env.RECIPIENT);

let failure;
try {
	await createInbox({ ...access, accessToken: "expired" }).listConversations();
} catch (error) {
	if (error instanceof InboxError) failure = error.kind;
}

console.log(JSON.stringify({ conversations, owner, failure }));
