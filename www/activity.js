import { byId, make } from "./dom.js";
import { unreadableText } from "./unreadable.js";

/** @typedef {import("./graph-inbox/index.js").InboxEvent} InboxEvent */
/** @typedef {import("./traffic.js").Traffic} Traffic */

const SHOWN = 60;

const ofDay = new Intl.DateTimeFormat("en", {
	timeStyle: "medium",
	hourCycle: "h23",
});
const list = byId("events", HTMLElement);
/** @type {Traffic | undefined} whose events are shown */
let shown;

/**
 * What the client did: the counts, and the latest events.
 *
 * @param {Traffic | undefined} traffic
 */
export function showActivity(traffic) {
	const { requests = 0, retries = 0, waits = 0, log = [] } = traffic ?? {};
	count("count-requests", requests);
	count("count-retries", retries);
	count("count-waits", waits);
	if (shown !== traffic) {
		shown = traffic;
		const latest = log.slice(-SHOWN).reverse();
		list.replaceChildren(...latest.map(item));
		return;
	}
	const newest = log.at(-1);
	if (!newest) return;
	list.prepend(item(newest));
	while (list.childElementCount > SHOWN) list.lastElementChild?.remove();
}

/** @param {Traffic["log"][number]} entry */
function item({ at, event }) {
	return make(
		"li",
		{ class: `event ${event.type}${isBad(event) ? " bad" : ""}` },
		make(
			"time",
			{ class: "clock", datetime: at.toISOString() },
			ofDay.format(at),
		),
		make("span", { class: "what" }, textOf(event)),
	);
}

/** @param {InboxEvent} event */
const isBad = (event) => event.type === "response" && event.status >= 400;

/** By the reason. */
const WAITS = {
	pace: "two lists a second",
	rate_limit: "rate limit",
	interval: "until the next look",
	usage: "usage is high",
};

/** @param {InboxEvent} event */
function textOf(event) {
	switch (event.type) {
		case "request":
			return `${event.method} ${shortPath(event.path)}${event.attempt > 1 ? ` (attempt ${event.attempt})` : ""}`;
		case "response":
			return `${event.status} in ${Math.round(event.durationMs)} ms`;
		case "retry":
			return `Retry in ${milliseconds(event.delayMs)}: ${event.reason.replaceAll("_", " ")}`;
		case "wait":
			return `Wait of ${milliseconds(event.delayMs)}: ${WAITS[event.reason]}`;
		case "page_size":
			return `Page size ${event.from} → ${event.to}`;
		case "nested_limit":
			return `Limit of ${event.edge} ${event.from} → ${event.to}`;
		case "unreadable":
			return `${unreadableText(event.fields)}: ${event.conversationId}`;
		case "version":
			return `Asked ${event.requested}, served ${event.served}`;
	}
}

/**
 * Without the version and the fields, which are long and always the same.
 *
 * @param {string} path
 */
function shortPath(path) {
	const [way, query = ""] = path.replace(/^\/v[\d.]+/, "").split("?");
	const kept = new URLSearchParams(query);
	kept.delete("fields");
	const after = kept.get("after");
	if (after) kept.set("after", `${after.slice(0, 6)}…`);
	const rest = decodeURIComponent(kept.toString());
	return `${way || "/ (batch)"}${rest && ` ${rest}`}`;
}

/** @param {number} ms */
const milliseconds = (ms) =>
	ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

/**
 * @param {string} id
 * @param {number} value
 */
function count(id, value) {
	byId(id, HTMLElement).textContent = value.toLocaleString("en");
}
