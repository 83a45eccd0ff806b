import { byId } from "./dom.js";

// Where there is no room for all three columns side by side, one covers the others.

const body = document.body;
const main = byId("main", HTMLElement);
const panel = byId("panel", HTMLElement);
const opener = byId("open-panel", HTMLButtonElement);
const top = document.querySelector(".top");

/** The same width as in layout.css, where the panel has a column of its own. */
const hasRoom = matchMedia("(width >= 1200px)");

opener.addEventListener("click", () => openPanel(true));
byId("close-panel", HTMLButtonElement).addEventListener("click", () =>
	openPanel(false),
);
panel.addEventListener("keydown", ({ key }) => {
	if (key === "Escape" && !hasRoom.matches) openPanel(false);
});
// The other way round there is nothing to close but what was opened meanwhile.
hasRoom.addEventListener("change", ({ matches }) => {
	if (matches) openPanel(false);
});

/** @param {boolean} open */
function openPanel(open) {
	const wasOpen = body.dataset.panel === "open";
	body.dataset.panel = open ? "open" : "";
	opener.ariaExpanded = String(open);
	// What is covered must not be reached by the keyboard.
	main.inert = open;
	top?.toggleAttribute("inert", open);
	if (open) {
		panel.role = "dialog";
		panel.ariaModal = "true";
	} else {
		panel.role = null;
		panel.ariaModal = null;
	}
	if (open) byId("panel-title", HTMLElement).focus();
	else if (wasOpen && !hasRoom.matches) opener.focus();
}

/** On a phone the open conversation stands in place of the list. */
export function showConversationColumn() {
	body.dataset.view = "conversation";
	byId("conversation-name", HTMLElement).focus({ preventScroll: true });
}

export function showListColumn() {
	body.dataset.view = "list";
}
