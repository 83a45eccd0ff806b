import { byId } from "./dom.js";

/** @typedef {import("./graph-inbox/index.js").InboxEvent} InboxEvent */

// The line below the count: why an answer takes longer than it should. Nothing needs doing, so it goes as it came.

/** What is over sooner is not worth reading, nor being read out. */
const SHORTEST_MS = 200;

/** @type {Record<string, string>} by the kind of the failure */
const MISHAPS = {
	connection: "The connection failed",
	timeout: "Graph takes too long",
	response: "That was no answer of Graph's",
};

const note = byId("note", HTMLElement);
/** @type {string | undefined} what was asked for, where the note is about one request */
let about;

export function clearNote() {
	about = undefined;
	tell("");
}

/** @param {InboxEvent} event */
export function noteEvent(event) {
	if (event.type === "response") {
		if (about === undefined || about === event.path) clearNote();
		return;
	}
	const text = explain(event);
	if (text === undefined) return;
	about = "path" in event ? event.path : undefined;
	tell(text);
}

/** @param {InboxEvent} event */
function explain(event) {
	if (event.type === "page_size" && event.to < event.from)
		return `That was too much at once for Graph; asking for ${event.to} instead of ${event.from}`;
	if (event.type !== "retry" && event.type !== "wait") return undefined;
	if (event.delayMs < SHORTEST_MS) return undefined;
	const time = seconds(event.delayMs);
	if (event.type === "retry")
		return `${MISHAPS[event.reason] ?? "Graph had a hiccup"}; trying again in ${time}`;
	return event.reason === "pace"
		? `Waiting ${time}: two lists a second is Graph’s pace`
		: `Waiting ${time}: Graph asks for fewer requests`;
}

/** @param {number} ms */
function seconds(ms) {
	return `${Math.round(ms / 100) / 10} s`;
}

/** @param {string} text */
function tell(text) {
	// What stays as it is must not be read out again.
	if (note.textContent !== text) note.textContent = text;
}
