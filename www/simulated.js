import { createGraphSimulator } from "./graph-inbox/simulator.js";

// The simulated Graph: it lives in this page, so the demo needs no server. Its size and speed can be given in the address:
// ?messenger=5000&instagram=0&latency=20&seed=7

const given = new URLSearchParams(location.search);

/**
 * @param {string} name
 * @param {number} otherwise
 */
function number(name, otherwise) {
	const text = given.get(name) ?? "";
	return /^\d{1,6}$/.test(text) ? Number(text) : otherwise;
}

export const total = {
	MESSENGER: number("messenger", 2400),
	INSTAGRAM: number("instagram", 900),
};

export const simulator = createGraphSimulator({
	seed: number("seed", 2474),
	conversations: { messenger: total.MESSENGER, instagram: total.INSTAGRAM },
	latencyMs: number("latency", 180),
});

let token = simulator.accessToken;

/** What the demo's client asks before every request, as an app asks its secret store. */
export const accessToken = () => token;

/** Takes the token that Graph accepts now, after an earlier one expired. */
export function renewToken() {
	token = simulator.accessToken;
}

/** @typedef {{ userId: string, platform: import("./reading.js").Platform }} Message who wrote, and where */

/** @type {Set<(message: Message) => void>} */
const webhooks = new Set();

/** @param {(message: Message) => void} listener told of each message, as Meta's webhook would tell a server */
export function onMessage(listener) {
	webhooks.add(listener);
}

/**
 * Somebody writes, and the webhook tells.
 *
 * @param {import("./graph-inbox/simulator.js").IncomingMessage} message
 */
export function receive(message) {
	const { platform = "MESSENGER" } = message;
	const { participants } = simulator.receiveMessage({ platform, ...message });
	const ours = [simulator.pageId, simulator.instagramAccountId];
	const person = participants?.data.find(({ id }) => !ours.includes(id));
	if (!person) return;
	const told = platform.toUpperCase();
	for (const tell of webhooks)
		tell({
			userId: person.id,
			platform: /** @type {Message["platform"]} */ (told),
		});
}

let written = 0;

/** By turns somebody new writes, and a person known for long. */
export function writeMessage() {
	const platform = written % 3 === 2 ? "INSTAGRAM" : "MESSENGER";
	const known = simulator.conversations({ platform, fields: "id" });
	const conversationId =
		written % 2 ? known[(written * 7 + 5) % known.length]?.id : undefined;
	written += 1;
	receive({ platform, conversationId });
}
