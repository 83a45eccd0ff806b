import { byId } from "./dom.js";

/** @typedef {import("./graph-inbox/index.js").InboxEvent} InboxEvent */

// The line below the count: why an answer takes longer than it should. Nothing needs doing, so it goes as it came.

/** What is over sooner is not worth reading, nor being read out. */
const SHORTEST_MS = 200;
/** An answer that takes longer is called slow. */
const SLOW_MS = 1500;

/** @type {Record<string, string>} by the kind of the failure */
const MISHAPS = {
	connection: "The connection failed",
	timeout: "Graph takes too long",
	response: "That was no answer of Graph's",
};

/** @type {Record<string, string>} by the reason of the wait */
const WAITS = {
	pace: "two lists a second is Graph’s pace",
	rate_limit: "Graph asks for fewer requests",
	usage: "much of Graph’s limit is used up",
};

/** What is told stays long enough to be read. */
const SHOWN_MS = 1200;

const note = byId("note", HTMLElement);
/** @type {string | undefined} what was asked for, where the note is about one request */
let about;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let patience;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let farewell;
let toldAt = 0;

export function clearNote() {
	clearTimeout(patience);
	clearTimeout(farewell);
	about = undefined;
	note.textContent = "";
}

/** @param {InboxEvent} event */
export function noteEvent(event) {
	if (event.type === "response") {
		clearTimeout(patience);
		if (about !== undefined && about !== event.path) return;
		clearTimeout(farewell);
		farewell = setTimeout(clearNote, toldAt + SHOWN_MS - Date.now());
		return;
	}
	if (event.type === "request") {
		clearTimeout(patience);
		patience = setTimeout(
			noteText,
			SLOW_MS,
			event.path,
			"Graph is slow; still waiting for its answer",
		);
		return;
	}
	const text = explain(event);
	if (text === undefined) return;
	// Why so much is asked says more than that it is asked slowly.
	if (event.type === "wait" && event.reason === "pace" && note.textContent)
		return;
	clearTimeout(patience);
	noteText("path" in event ? event.path : undefined, text);
}

/**
 * @param {string | undefined} path
 * @param {string} text
 */
function noteText(path, text) {
	clearTimeout(farewell);
	about = path;
	toldAt = Date.now();
	// What stays as it is must not be read out again.
	if (note.textContent !== text) note.textContent = text;
}

/** @param {InboxEvent} event */
function explain(event) {
	if (event.type === "page_size" && event.to < event.from)
		return `That was too much at once for Graph; asking for ${event.to} instead of ${event.from}`;
	if (event.type === "nested_limit" && event.to < event.from)
		return `That was too much at once for Graph; asking for ${event.to} ${event.edge} instead of ${event.from}`;
	if (event.type !== "retry" && event.type !== "wait") return undefined;
	if (event.type === "wait" && event.reason === "interval") return undefined;
	if (event.delayMs < SHORTEST_MS) return undefined;
	const time = seconds(event.delayMs);
	if (event.type === "retry")
		return `${MISHAPS[event.reason] ?? "Graph had a hiccup"}; trying again in ${time}`;
	return `Waiting ${time}: ${WAITS[event.reason]}`;
}

/** @param {number} ms */
function seconds(ms) {
	return `${Math.round(ms / 100) / 10} s`;
}
