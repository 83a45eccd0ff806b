import { make } from "./dom.js";
import {
	INSTAGRAM_INBOX_APP_ID,
	PAGE_INBOX_APP_ID,
} from "./graph-inbox/index.js";
import { absoluteTime } from "./time.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */

/**
 * The owner, or why it is not known.
 *
 * @param {import("./reading.js").OwnerResult} result
 * @param {string} [appId] the app that asks, where known
 */
export function ownerResult({ owner, error }, appId) {
	return owner ? ownerBadge(owner, appId) : ownerFailure(error);
}

/**
 * @param {ThreadOwner} owner
 * @param {string} [appId]
 */
function ownerBadge(owner, appId) {
	const { name, look, meaning } = describe(owner, appId);
	const title = owner.expiration
		? `${meaning} Until ${absoluteTime(new Date(owner.expiration * 1000))}.`
		: meaning;
	return make("span", { class: `badge ${look}`, title }, name);
}

/**
 * @param {ThreadOwner} owner
 * @param {string} [appId]
 */
function describe({ state, app_id }, appId) {
	if (state === "idle")
		return {
			name: "Idle",
			look: "idle",
			meaning: "No app has control of this thread.",
		};
	if (state === "hidden")
		return {
			name: "Hidden",
			look: "hidden-owner",
			meaning: "Another app has control; Graph does not tell this one which.",
		};
	if (app_id === PAGE_INBOX_APP_ID)
		return { name: "Page Inbox", look: "people", meaning: "In human hands." };
	if (app_id === INSTAGRAM_INBOX_APP_ID)
		return {
			name: "Instagram Inbox",
			look: "people",
			meaning: "In human hands.",
		};
	if (app_id === appId)
		return {
			name: "This app",
			look: "own",
			meaning: `The app that asks, ${app_id}, has control.`,
		};
	return {
		name: `App ${app_id}`,
		look: "foreign",
		meaning: "Another app has control.",
	};
}

/** Shown until the owner is known. */
export function ownerPending() {
	return make(
		"span",
		{ class: "skeleton badge-wide" },
		make("span", { class: "visually-hidden" }, "reading…"),
	);
}

/** Shown where a conversation names nobody to ask about. */
export function ownerUnasked() {
	return make("span", { class: "quiet", title: "No participant" }, "—");
}

/** @param {unknown} error */
function ownerFailure(error) {
	const { kind = "error", message } =
		/** @type {{ kind?: string, message?: string }} */ (error);
	return make(
		"span",
		{ class: "badge failed", title: message },
		kind.replaceAll("_", " "),
	);
}
