// facebook-nodejs-business-sdk: has both endpoints.
import { createRequire } from "node:module";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export async function open({ peers, baseUrl, pageId, accessToken, recipient }) {
	const load = createRequire(`${peers}/`);
	const { FacebookAdsApi, Page } = load("facebook-nodejs-business-sdk");
	// There is no option for it.
	Object.defineProperty(FacebookAdsApi, "GRAPH", { get: () => baseUrl });
	FacebookAdsApi.init(accessToken);
	const page = new Page(pageId);
	return {
		owner: (id = recipient) => page.getThreadOwner([], { recipient: id }),
		page: (limit, fields = []) => page.getConversations(fields, { limit }),
	};
}
