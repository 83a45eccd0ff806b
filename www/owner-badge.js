import { make } from "./dom.js";
import {
	INSTAGRAM_INBOX_APP_ID,
	PAGE_INBOX_APP_ID,
} from "./graph-inbox/index.js";
import { absoluteTime } from "./time.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
/** @typedef {import("./feed.js").OwnerResult} OwnerResult */

/**
 * Who answers, as the filter names it.
 *
 * @typedef {"meta_inbox" | "own" | "foreign" | "idle" | "concealed" | "unknown"} OwnerGroup
 */

/**
 * @param {OwnerResult | undefined} result
 * @param {string} [appId] the app that asks, where known
 * @returns {OwnerGroup}
 */
export function ownerGroup(result, appId) {
	if (!result?.owner) return "unknown";
	const { state, app_id } = result.owner;
	if (state === "idle") return "idle";
	if (state === "hidden") return "concealed";
	if (app_id === PAGE_INBOX_APP_ID || app_id === INSTAGRAM_INBOX_APP_ID)
		return "meta_inbox";
	return app_id === appId ? "own" : "foreign";
}

/** @type {Record<Exclude<OwnerGroup, "unknown">, string>} */
const MEANINGS = {
	meta_inbox: "Meta’s inbox has control: people, or Meta’s AI.",
	own: "The app that asks has control.",
	foreign: "Another app has control.",
	idle: "No app has control of this thread.",
	concealed: "Another app has control; Graph does not tell this one which.",
};

/**
 * The owner, or why it is not known.
 *
 * @param {OwnerResult} result
 * @param {string} [appId]
 */
export function ownerBadge(result, appId) {
	const group = ownerGroup(result, appId);
	if (!result.owner || group === "unknown") return failure(result.error);
	return make(
		"span",
		{ class: `badge ${group}`, title: meaningOf(result.owner, appId) },
		nameOf(group, result.owner),
	);
}

/**
 * @param {ThreadOwner} owner
 * @param {string} [appId]
 */
export function meaningOf(owner, appId) {
	const group = ownerGroup({ owner }, appId);
	const meaning = group === "unknown" ? "" : MEANINGS[group];
	if (!owner.expiration) return meaning;
	const until = absoluteTime(new Date(owner.expiration * 1000));
	return `${meaning} Until ${until}.`;
}

/**
 * @param {OwnerGroup} group
 * @param {ThreadOwner} owner
 */
function nameOf(group, { app_id }) {
	if (group === "idle") return "Idle";
	if (group === "concealed") return "Hidden";
	if (group === "own") return "Our bot";
	if (group === "foreign") return `App ${app_id}`;
	return app_id === INSTAGRAM_INBOX_APP_ID ? "Instagram Inbox" : "Page Inbox";
}

/** Shown until the owner is known. */
export function ownerPending() {
	return make(
		"span",
		{ class: "skeleton badge-wide" },
		make("span", { class: "visually-hidden" }, "owner not known yet"),
	);
}

/** Shown where a conversation names nobody to ask about. */
export function ownerUnasked() {
	return make(
		"span",
		{ class: "quiet", title: "No participant to ask about" },
		"—",
	);
}

/** @param {unknown} error */
function failure(error) {
	const { kind = "error", message } =
		/** @type {{ kind?: string, message?: string }} */ (error);
	return make(
		"span",
		{ class: "badge failed", title: `Owner not read: ${message}` },
		kind.replaceAll("_", " "),
	);
}
