import { byId } from "./dom.js";

// What stands below the table: how much is shown, whether there is more, and whether there is anything at all.

const status = byId("status", HTMLElement);
const empty = byId("empty", HTMLElement);
const more = byId("load-more", HTMLButtonElement);

/** @param {string} text in place of a count */
export function clearSummary(text) {
	status.textContent = text;
	empty.hidden = true;
	more.hidden = true;
}

export function showLoading() {
	status.textContent = "Loading…";
}

/**
 * @param {number} count of rows shown
 * @param {{ hasMore: boolean } | undefined} reading they come from, where one succeeded
 */
export function showSummary(count, reading) {
	if (!reading) return clearSummary("Nothing could be read");
	const { hasMore } = reading;
	// A hidden button would drop the focus to the top of the page.
	if (!hasMore && document.activeElement === more) status.focus();
	more.hidden = !hasMore;
	empty.hidden = count > 0;
	const conversations = count === 1 ? "conversation" : "conversations";
	status.textContent = `${count} ${conversations} shown${hasMore ? "" : ", no more to load"}`;
}
