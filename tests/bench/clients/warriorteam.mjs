// @warriorteam/messenger-sdk: conversations alone, and of each what Graph chooses.
import { createRequire } from "node:module";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export async function open({ peers, baseUrl, pageId, accessToken }) {
	const load = createRequire(`${peers}/`);
	const { Messenger } = load("@warriorteam/messenger-sdk");
	const messenger = new Messenger({ accessToken, baseUrl });
	return {
		page: (limit) => messenger.conversations.list(pageId, { limit }),
	};
}
