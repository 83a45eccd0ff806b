// The app of the matrix, as a Cloudflare Worker: npx wrangler dev
// The token belongs into a secret: npx wrangler secret put PAGE_TOKEN
import { createInbox, InboxError } from "graph-inbox";

export default {
	async fetch(_request, env) {
		const access = {
			pageId: env.PAGE_ID,
			accessToken: env.PAGE_TOKEN,
			baseUrl: env.GRAPH_URL,
		};
		const inbox = createInbox(access);

		const conversations = [];
		for await (const { id } of inbox.listConversations({ fields: ["id"] })) {
			conversations.push(id);
		}
		const owner = await inbox.getThreadOwner(env.RECIPIENT);

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

		return Response.json({ conversations, owner, failure });
	},
};
