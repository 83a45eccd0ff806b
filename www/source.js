import { createInbox } from "./graph-inbox/index.js";
import { Traffic } from "./traffic.js";

/**
 * An inbox to read from. The access token is held by `inbox` alone.
 *
 * @typedef {object} Source
 * @property {import("./graph-inbox/index.js").Inbox} inbox
 * @property {Traffic} traffic
 * @property {string} label
 * @property {string} pageId
 * @property {string[]} businessIds those of Page and Instagram account, where known
 * @property {number} [intervalMs] between two looks of a watch
 * @property {Partial<Record<Platform, number>>} [total] conversations in the inbox folder; Graph never tells
 * @typedef {import("./reading.js").Platform} Platform
 */

/**
 * @param {import("./graph-inbox/index.js").InboxOptions} options
 * @param {Pick<Source, "label" | "businessIds" | "intervalMs" | "total">} about
 * @param {ConstructorParameters<typeof Traffic>[0]} onEvent
 * @returns {Source}
 */
export function openSource(options, about, onEvent) {
	const traffic = new Traffic(onEvent);
	const inbox = createInbox({ ...options, onEvent: traffic.note });
	return { ...about, pageId: options.pageId, inbox, traffic };
}
