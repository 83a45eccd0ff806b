// The same for CommonJS: bun inbox.cjs
const { createInbox, InboxError } = require("graph-inbox");

const access = {
	pageId: process.env.PAGE_ID,
	accessToken: process.env.PAGE_TOKEN,
	baseUrl: process.env.GRAPH_URL,
};
const inbox = createInbox(access);

async function main() {
	const conversations = (
		await inbox.listConversations({ fields: ["id"] }).toArray()
	).map(({ id }) => id);
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
