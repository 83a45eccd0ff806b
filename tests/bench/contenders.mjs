// Who is measured.
import { fileURLToPath } from "node:url";
import { PEERS } from "../../scripts/peers.mjs";
import { BARE, OURS, WITH_NODE_FETCH } from "./context.mjs";

/** @typedef {import("./context.mjs").Contender} Contender */

/** @type {Record<keyof typeof PEERS, string>} */
const FILES = {
	"@warriorteam/messenger-sdk": "warriorteam",
	"messaging-api-messenger": "messaging-api",
	"facebook-nodejs-business-sdk": "business-sdk",
};

/**
 * @param {import("./start-server.mjs").Graph} graph
 * @param {{ peers?: string, beside?: string }} folders of the peers; of another build of the package
 * @returns {Contender[]}
 */
export function contenders(graph, { peers = "", beside }) {
	const contender = (
		/** @type {string} */ name,
		/** @type {string} */ file,
		/** @type {string | undefined} */ build = undefined,
	) => ({
		name,
		file: fileURLToPath(new URL(`clients/${file}.mjs`, import.meta.url)),
		settings: { ...graph, peers, build },
	});
	return [
		contender(BARE, "bare-fetch"),
		contender(OURS, "graph-inbox"),
		contender(WITH_NODE_FETCH, "graph-inbox-node-fetch"),
		...(beside ? [contender("the other build", "graph-inbox", beside)] : []),
		...(peers
			? Object.entries(FILES).map(([name, file]) => contender(name, file))
			: []),
	];
}
