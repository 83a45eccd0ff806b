// The same code over the network, where there is a Graph to ask: GRAPH_URL=… npx jest
const { writeFileSync } = require("node:fs");
const { findFailure, readInbox } = require("./inbox.js");

const { GRAPH_URL, PAGE_ID, PAGE_TOKEN, RECIPIENT } = process.env;

(GRAPH_URL ? it : it.skip)("the inbox is read over the network", async () => {
	const access = {
		pageId: PAGE_ID,
		accessToken: PAGE_TOKEN,
		baseUrl: GRAPH_URL,
	};
	const read = await readInbox(access, RECIPIENT);
	expect(read.conversations).not.toEqual([]);
	const failure = await findFailure({ ...access, accessToken: "expired" });
	expect(failure).toBe("authentication");
	const environment = globalThis.document ? "jsdom" : "node";
	writeFileSync(
		`answer-${environment}.json`,
		JSON.stringify({ ...read, failure }),
	);
});
