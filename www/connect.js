import { byId } from "./dom.js";

/**
 * What was typed. It is handed on and kept nowhere.
 *
 * @typedef {{ pageId: string, accessToken: string, instagramAccountId: string, appId: string }} Credentials
 */

/**
 * The form that connects to a real Page, and what stands in its place while connected.
 *
 * @param {object} listener
 * @param {(credentials: Credentials) => void} listener.onConnect
 * @param {() => void} listener.onDisconnect
 */
export function createConnectPanel({ onConnect, onDisconnect }) {
	const panel = byId("connect-panel", HTMLElement);
	const form = byId("connect", HTMLFormElement);
	const connected = byId("connected", HTMLElement);
	const token = byId("access-token", HTMLInputElement);
	const disconnect = byId("disconnect", HTMLButtonElement);
	const typed = (/** @type {string} */ id) =>
		byId(id, HTMLInputElement).value.trim();

	form.addEventListener("submit", (event) => {
		event.preventDefault();
		const accessToken = token.value.trim();
		// From here on only the client holds it.
		token.value = "";
		onConnect({
			pageId: typed("page-id") || "me",
			accessToken,
			instagramAccountId: typed("instagram-id"),
			appId: typed("app-id"),
		});
	});
	disconnect.addEventListener("click", () => {
		form.reset();
		onDisconnect();
		token.focus();
	});

	return {
		hide() {
			token.value = "";
			panel.hidden = true;
		},

		/** @param {string | undefined} label of the Page that is connected */
		show(label) {
			const hadFocus = form.contains(document.activeElement);
			panel.hidden = false;
			form.hidden = label !== undefined;
			connected.hidden = label === undefined;
			byId("connected-to", HTMLElement).textContent = label ?? "";
			if (label !== undefined && hadFocus) disconnect.focus();
		},
	};
}
