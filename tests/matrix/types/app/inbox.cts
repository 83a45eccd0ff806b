// The same as CommonJS: npx tsc && node inbox.cjs
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

async function main() {
	const list = inbox.listConversations({ fields: ["id"] });
	const conversations = (await list.toArray()).map(({ id }) => id);
	const owner = await inbox.getThreadOwner(RECIPIENT);

	let failure: ErrorKind | undefined;
	try {
		await createInbox({
			...access,
			accessToken: "expired",
		}).listConversations();
	} catch (error) {
		if (error instanceof InboxError) failure = error.kind;
	}

	console.log(JSON.stringify({ conversations, owner, failure }));
}

main();
