// The app of the matrix, built by Rspack: npm run build
import { createInbox, InboxError } from "graph-inbox";

async function main() {
	// A real dashboard's server would say this, and keep the Page's token from people it does not trust with it.
	const settings = await fetch("/settings.json");
	const { recipient, ...access } = await settings.json();
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

	document.querySelector("#answer").textContent = JSON.stringify({
		conversations,
		owner,
		failure,
	});
}

main();
