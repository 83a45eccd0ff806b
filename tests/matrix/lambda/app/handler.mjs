// An AWS Lambda function behind an API Gateway HTTP API, deployed as one file, which npm run esbuild-cjs (or esbuild-esm,
// or webpack) writes below dist.
import { createInbox, InboxError } from "graph-inbox";

export async function handler(event) {
	const inbox = createInbox({
		pageId: process.env.PAGE_ID,
		accessToken: process.env.PAGE_TOKEN,
		baseUrl: process.env.GRAPH_URL,
	});
	try {
		const list = inbox.listConversations({ fields: ["id"] });
		const conversations = (await list.toArray()).map(({ id }) => id);
		const owner = await inbox.getThreadOwner(
			event.queryStringParameters.recipient,
		);
		return respond(200, { conversations, owner });
	} catch (error) {
		if (!(error instanceof InboxError)) throw error;
		return respond(error.retryable ? 503 : 502, { failure: error.kind });
	}
}

function respond(statusCode, body) {
	return {
		statusCode,
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
	};
}
