// What inbox.test.js tests: code of one's own that reads the inbox.
import { createInbox, InboxError } from "graph-inbox";

export async function readInbox(access, recipient) {
	const inbox = createInbox(access);
	const list = await inbox.listConversations({ fields: ["id"] }).toArray();
	const owner = await inbox.getThreadOwner(recipient);
	return { conversations: list.map(({ id }) => id), owner };
}

/** Why a page can not be read; nothing where it can. */
export async function findFailure(access) {
	try {
		await createInbox(access).listConversations({ limit: 1 });
	} catch (error) {
		if (!(error instanceof InboxError)) throw error;
		return error.kind;
	}
}
