import { plainType } from "./node-type.js";

/** @typedef {import("./thread.js").Thread} Thread */

export const USER = plainType("User", ["name", "email", "username", "id"]);

/**
 * The business as a participant: the Page, or its Instagram account.
 *
 * @param {Thread} thread
 */
export function business({ mailbox: { platform, settings } }) {
	const { pageId, pageName, instagramAccountId, instagramUsername } = settings;
	return platform === "MESSENGER"
		? { name: pageName, email: `${pageId}@facebook.com`, id: pageId }
		: { username: instagramUsername, id: instagramAccountId };
}

/** @param {Thread} thread */
export function participants(thread) {
	return [thread.person.participant, business(thread)];
}
