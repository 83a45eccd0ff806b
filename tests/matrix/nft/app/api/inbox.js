// A Vercel Function. What is uploaded with it is what its imports are traced to: npm run trace
import { createInbox, InboxError } from "graph-inbox";

export async function GET(request) {
	const inbox = createInbox({
		pageId: process.env.PAGE_ID,
		accessToken: process.env.PAGE_TOKEN,
		baseUrl: process.env.GRAPH_URL,
	});
	try {
		const list = inbox.listConversations({ fields: ["id"] });
		const conversations = (await list.toArray()).map(({ id }) => id);
		const recipient = new URL(request.url).searchParams.get("recipient");
		const owner = await inbox.getThreadOwner(recipient);
		return Response.json({ conversations, owner });
	} catch (error) {
		if (!(error instanceof InboxError)) throw error;
		const status = error.retryable ? 503 : 502;
		return Response.json({ failure: error.kind }, { status });
	}
}
