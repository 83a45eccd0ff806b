// This package with the `fetch` of graph-inbox/node.
import { openWith } from "./graph-inbox.mjs";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export async function open(settings) {
	const path = settings.build && `${settings.build}/dist/node.js`;
	/** @type {typeof import("graph-inbox/node")} */
	const { nodeFetch } = await import(path ?? "graph-inbox/node");
	return openWith(settings, nodeFetch());
}
