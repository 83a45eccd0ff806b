// Where the inbox is, and who may read it.
export function readSettings() {
	return {
		pageId: process.env.PAGE_ID,
		accessToken: process.env.PAGE_TOKEN,
		baseUrl: process.env.GRAPH_URL,
		recipient: process.env.RECIPIENT,
	};
}
