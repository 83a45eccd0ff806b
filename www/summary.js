import { byId } from "./dom.js";

// How much is shown, whether there is more, and whether there is anything at all.

const status = byId("status", HTMLElement);
const empty = byId("empty", HTMLElement);
const more = byId("load-more", HTMLButtonElement);
const all = byId("load-all", HTMLButtonElement);
const skeletons = byId("skeletons", HTMLElement);

const SKELETONS = 8;

/** @param {number} count */
const number = (count) => count.toLocaleString("en");

/** @param {string} text in place of a count */
export function clearSummary(text) {
	tell(text);
	empty.hidden = more.hidden = all.hidden = true;
	skeletons.replaceChildren();
}

/** @param {boolean} isEmpty nothing is there to look at meanwhile */
export function showLoading(isEmpty) {
	tell("Loading…");
	empty.hidden = true;
	if (!isEmpty || skeletons.hasChildNodes()) return;
	for (let count = 0; count < SKELETONS; count += 1) {
		const row = document.createElement("div");
		row.className = "row skeleton-row";
		row.append(...["avatar", "name", "snippet"].map(bone));
		skeletons.append(row);
	}
}

/** @param {string} name */
function bone(name) {
	const element = document.createElement("span");
	element.className = `skeleton ${name}`;
	return element;
}

/**
 * @param {object} list
 * @param {number} list.count of conversations that were read
 * @param {number} list.shown those that the filter lets through
 * @param {boolean} list.hasMore
 * @param {boolean} list.isRead whether any page of it was
 */
export function showSummary({ count, shown, hasMore, isRead }) {
	skeletons.replaceChildren();
	if (!isRead) return clearSummary("Nothing could be read");
	// A hidden button would drop the focus to the top of the page.
	const focused = document.activeElement;
	if (!hasMore && (focused === more || focused === all)) status.focus();
	more.hidden = all.hidden = !hasMore;
	empty.hidden = shown > 0;
	if (shown === 0) explainEmpty(count, hasMore);
	tell(`${countText(count, shown)}${hasMore ? "" : ", no more to load"}`);
}

/** @param {number} count @param {number} shown */
function countText(count, shown) {
	const conversations = count === 1 ? "conversation" : "conversations";
	return shown === count
		? `${number(count)} ${conversations} shown`
		: `${number(shown)} of ${number(count)} ${conversations} shown`;
}

/** @param {number} count @param {boolean} hasMore */
function explainEmpty(count, hasMore) {
	const among = hasMore
		? "None of the conversations read so far; more can be loaded."
		: "No conversation is like that.";
	const [title, advice] =
		count > 0
			? ["None of these", among]
			: ["Nothing here", "This folder has no conversations."];
	byId("empty-title", HTMLElement).textContent = title;
	byId("empty-advice", HTMLElement).textContent = advice;
}

/** @param {string} text */
function tell(text) {
	if (status.textContent !== text) status.textContent = text;
}
