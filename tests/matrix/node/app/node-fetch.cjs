// The same for CommonJS: node node-fetch.cjs
const { createInbox, InboxError } = require("graph-inbox");
const { nodeFetch } = require("graph-inbox/node");

const access = {
	pageId: process.env.PAGE_ID,
	accessToken: process.env.PAGE_TOKEN,
	baseUrl: process.env.GRAPH_URL,
	fetch: nodeFetch(),
};
const inbox = createInbox(access);

async function main() {
	const list = inbox.listConversations({ fields: ["id"] });
	const conversations = (await list.toArray()).map(({ id }) => id);
	const owner = await inbox.getThreadOwner(process.env.RECIPIENT);

	let failure;
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
