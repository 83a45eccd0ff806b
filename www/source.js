import { createInbox, DEFAULT_API_VERSION } from "./graph-inbox/index.js";

/** @typedef {import("./graph-inbox/index.js").Inbox} Inbox */
/** @typedef {import("./graph-inbox/index.js").InboxEvent} InboxEvent */
/** @typedef {import("./graph-inbox/index.js").Usage} Usage */

/**
 * What is known of the requests made so far.
 *
 * @typedef {object} Traffic
 * @property {number} requests
 * @property {number} answers
 * @property {string} asked version
 * @property {string} [served] version; browsers seldom show it
 * @property {Usage[]} usage the latest reading
 */

/**
 * An inbox to read from. The access token is held by `inbox` alone.
 *
 * @typedef {object} Source
 * @property {Inbox} inbox
 * @property {string} label
 * @property {string[]} businessIds those of Page and Instagram account, where known
 * @property {string} [appId] the app that the token belongs to, where known
 * @property {Traffic} traffic
 */

/**
 * @param {import("./graph-inbox/index.js").InboxOptions} options
 * @param {Pick<Source, "label" | "businessIds" | "appId">} about
 * @param {(traffic: Traffic, event: InboxEvent) => void} onEvent told whatever happens, counted already
 * @returns {Source}
 */
export function openSource(options, about, onEvent) {
	/** @type {Traffic} */
	const traffic = {
		requests: 0,
		answers: 0,
		asked: options.apiVersion ?? DEFAULT_API_VERSION,
		usage: [],
	};
	const inbox = createInbox({
		...options,
		onEvent(event) {
			if (event.type === "request") traffic.requests += 1;
			if (event.type === "response") {
				traffic.answers += 1;
				traffic.served = event.apiVersion ?? traffic.served;
				// An answer without a reading says nothing about the limits.
				if (event.usage.length > 0) traffic.usage = event.usage;
			}
			onEvent(traffic, event);
		},
	});
	return { ...about, inbox, traffic };
}
