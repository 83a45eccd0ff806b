// What a page does in the browser: its first call, with the time of each step in milliseconds since the navigation began.

/** @typedef {{ loadedMs: number, importedMs: number, madeMs: number, answeredMs: number }} Steps */

/** @type {Record<string, string>} of each client: how it is imported, made and asked, in a program for esbuild */
export const PROGRAMS = {
	"bare fetch": `
		const make = ({ baseUrl, pageId, accessToken }) => async () => {
			const query = new URLSearchParams({ limit: "25", access_token: accessToken });
			const response = await fetch(baseUrl + "/v25.0/" + pageId + "/conversations?" + query);
			return response.json();
		};`,
	"graph-inbox": `
		import { createInbox } from "graph-inbox";
		const make = (settings) => {
			const inbox = createInbox(settings);
			return async () => await inbox.listConversations({ limit: 25 });
		};`,
	"@warriorteam/messenger-sdk": `
		import { Messenger } from "@warriorteam/messenger-sdk";
		const make = ({ baseUrl, pageId, accessToken }) => {
			const messenger = new Messenger({ baseUrl, accessToken });
			return () => messenger.conversations.list(pageId, { limit: 25 });
		};`,
};

/** Where `make` is called, and its steps are noted. */
export const AROUND = `
	const importedMs = performance.now();
	const ask = make(globalThis.settings);
	const madeMs = performance.now();
	const { data } = await ask();
	const answeredMs = performance.now();
	const [script] = performance.getEntriesByType("resource").filter(({ name }) => name.endsWith(".js"));
	globalThis.steps = { loadedMs: script.responseEnd, importedMs, madeMs, answeredMs, count: data.length };`;
