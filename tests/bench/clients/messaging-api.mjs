// messaging-api-messenger: the owner of a thread alone.
import { createRequire } from "node:module";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export async function open({ peers, baseUrl, accessToken, recipient }) {
	const load = createRequire(`${peers}/`);
	const { MessengerClient } = load("messaging-api-messenger");
	const client = new MessengerClient({ accessToken, origin: baseUrl });
	return { owner: (id = recipient) => client.getThreadOwner(id) };
}
