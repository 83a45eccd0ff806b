import { byId } from "./dom.js";

// How far "load all" has come.

const box = byId("loading-all", HTMLElement);
const bar = byId("progress", HTMLProgressElement);
const text = byId("progress-text", HTMLElement);

/**
 * @param {number} count
 * @param {number} [whole] Graph never tells; without it the bar shows only that something happens
 */
export function showProgress(count, whole) {
	box.hidden = false;
	const read = count.toLocaleString("en");
	if (whole) {
		bar.max = whole;
		bar.value = Math.min(count, whole);
	} else bar.removeAttribute("value");
	text.textContent = whole
		? `${read} of ${whole.toLocaleString("en")}`
		: `${read} so far`;
}

export function hideProgress() {
	const hadFocus = box.contains(document.activeElement);
	box.hidden = true;
	if (hadFocus) byId("status", HTMLElement).focus();
}
