// What the routes and the page share: reading the inbox.
import { createInbox, InboxError } from "graph-inbox";

export async function readInbox({ recipient, ...access }) {
	const inbox = createInbox(access);

	const conversations = [];
	for await (const { id } of inbox.listConversations({ fields: ["id"] })) {
		conversations.push(id);
	}
	const owner = await inbox.getThreadOwner(recipient);

	// Errors are told apart by their kind.
	let failure;
	try {
		await createInbox({
			...access,
			accessToken: "expired",
		}).listConversations();
	} catch (error) {
		if (error instanceof InboxError) failure = error.kind;
	}

	return { conversations, owner, failure };
}
