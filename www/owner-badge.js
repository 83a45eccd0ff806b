import { make } from "./dom.js";
import { absoluteTime } from "./time.js";

/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */
/** @typedef {import("./rows.js").OwnerResult} OwnerResult */

/**
 * Who answers, as the filter names it.
 *
 * @typedef {"self" | "meta_inbox" | "other_app" | "idle" | "hidden"} OwnerGroup
 */

/**
 * @param {ThreadOwner} owner
 * @returns {OwnerGroup}
 */
function groupOf({ role, state }) {
	if (state === "owned") return role ?? "other_app";
	return state;
}

/** @param {OwnerResult | undefined} result */
export function ownerGroup(result) {
	return result?.owner ? groupOf(result.owner) : "unknown";
}

/** In a word or two, and in a sentence. @type {Record<OwnerGroup, [name: string, meaning: string]>} */
const WORDS = {
	self: ["This app", "The app that asks has control."],
	meta_inbox: [
		"Meta’s inbox",
		"Meta’s inbox has control: people, or Meta’s AI.",
	],
	other_app: ["Another app", "Another app has control."],
	idle: ["Nobody", "No app has control of this thread."],
	hidden: [
		"Hidden",
		"Another app has control; Graph does not tell this one which.",
	],
};

/**
 * The owner, or why it is not known.
 *
 * @param {OwnerResult} result
 */
export function ownerBadge({ owner, error }) {
	if (!owner) return failure(error);
	const group = groupOf(owner);
	return make(
		"span",
		{ class: `badge ${group}`, title: meaningOf(owner) },
		WORDS[group][0],
	);
}

/** @param {ThreadOwner} owner */
export function meaningOf(owner) {
	const group = groupOf(owner);
	const parts = [WORDS[group][1]];
	if (group === "other_app") parts.push(`Its ID is ${owner.app_id}.`);
	if (owner.expiration)
		parts.push(`Until ${absoluteTime(new Date(owner.expiration * 1000))}.`);
	return parts.join(" ");
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
