// The same code over the network, of a Graph that the environment names: GRAPH_URL=… npx jest
const { writeFileSync } = require("node:fs");
const { findFailure, readInbox } = require("./inbox.js");

const { GRAPH_URL, PAGE_ID, PAGE_TOKEN, RECIPIENT } = process.env;

it("the inbox is read over the network", async () => {
	if (!GRAPH_URL) throw new Error("set GRAPH_URL to the Graph to ask");
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
