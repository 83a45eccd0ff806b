import { byId } from "./dom.js";

/** @typedef {import("./graph-inbox/index.js").Usage} Usage */

/**
 * The footer: what the reading cost, and who answered.
 *
 * @param {import("./source.js").Source | undefined} source
 */
export function showFacts(source) {
	const traffic = source?.traffic;
	tell("fact-version", traffic ? versions(traffic) : "—");
	tell("fact-requests", traffic ? String(traffic.requests) : "—");
	const usage = traffic?.usage ?? [];
	tell("fact-usage", usage.map(reading).join(", "));
	byId("usage", HTMLElement).hidden = usage.length === 0;
}

/** @param {import("./source.js").Traffic} traffic */
function versions({ asked, served, answers }) {
	if (served) return `${asked} asked, ${served} served`;
	if (answers === 0) return `${asked} asked`;
	return `${asked} asked, served: not readable in this browser (CORS)`;
}

/** @param {Usage} usage */
function reading({ scope, type, callCount = 0 }) {
	return `${type ?? scope} ${callCount} % of calls`;
}

/**
 * @param {string} id
 * @param {string} text
 */
function tell(id, text) {
	byId(id, HTMLElement).textContent = text;
}
