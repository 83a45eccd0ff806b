import { parseGraphTime } from "./graph-inbox/index.js";
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
	seed: number("seed", 4711),
	conversations: { messenger: total.MESSENGER, instagram: total.INSTAGRAM },
	// A small shop: the first page reaches back a day.
	secondsBetweenConversations: 7200,
	latencyMs: number("latency", 180),
});

/** @typedef {import("./rows.js").Platform} Platform */

const ours = [simulator.pageId, simulator.instagramAccountId];

let token = simulator.accessToken;

/** What the demo's client asks before every request, as an app asks its secret store. */
export const accessToken = () => token;

/** Takes the token that Graph accepts now, after an earlier one expired. */
export function renewToken() {
	token = simulator.accessToken;
}

/** Customers who wait for an answer for so long, in minutes. */
for (const [platform, minutes] of /** @type {const} */ ([
	["MESSENGER", 5],
	["MESSENGER", 23 * 60],
	["INSTAGRAM", 23 * 60],
]))
	keepWaiting(platform, Date.now() - minutes * 60_000);

/**
 * Somebody wrote then, and nobody answered. Where the inbox does not reach back that far, nobody did.
 *
 * @param {Platform} platform
 * @param {number} at milliseconds since 1970
 */
function keepWaiting(platform, at) {
	const fields = "id,updated_time,messages.limit(1){from}";
	const answered = simulator
		.conversations({ platform, fields })
		.find(
			({ updated_time = "", messages }) =>
				parseGraphTime(updated_time).getTime() < at &&
				ours.includes(messages?.data[0]?.from?.id ?? ""),
		);
	if (answered) simulator.receiveMessage({ conversationId: answered.id, at });
}

let written = 0;

/** By turns somebody new writes, and a person known for long. */
export function writeMessage() {
	const platform = written % 3 === 2 ? "INSTAGRAM" : "MESSENGER";
	const known = simulator.conversations({ platform, fields: "id" });
	const conversationId =
		written % 2 ? known[(written * 7 + 5) % known.length]?.id : undefined;
	written += 1;
	simulator.receiveMessage({ platform, conversationId });
}
