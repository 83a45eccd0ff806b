// A Graph that misbehaves now and then and whose inbox moves, in a process of its own, so that its memory is not the client's.
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { randomFrom } from "./schedule.mjs";

const FAULTS = /** @type {const} */ ([
	"html502",
	"html200",
	"truncated",
	"connectionReset",
	"bodyCut",
	"hang",
	"hangBody",
	"slowBody",
	"redirect",
	"reduceData",
	"rateLimitApp",
	"expiredToken",
	"permission",
	"emptyPage",
	"repeatCursor",
]);

const simulator = createGraphSimulator({
	conversations: { messenger: 90, instagram: 30 },
});
const known = simulator.conversations({ fields: "id,participants" });
const random = randomFrom(1);
const pick = (/** @type {number} */ below) => Math.floor(random() * below);

const { url } = await serveGraph({
	fetch(input, init) {
		// What it remembers of each request would be most of its memory.
		simulator.requests.length = 0;
		if (random() < 0.1) simulator.failNext(FAULTS[pick(FAULTS.length)]);
		if (random() < 0.05)
			simulator.receiveMessage({ conversationId: known[pick(90)].id });
		return simulator.fetch(input, init);
	},
});
const { pageId, accessToken } = simulator;
const people = known.flatMap(({ participants }) =>
	(participants?.data ?? []).map(({ id }) => id).filter((id) => id !== pageId),
);
process.send?.({ access: { baseUrl: url, pageId, accessToken }, people });
