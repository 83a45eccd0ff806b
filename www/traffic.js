import { DEFAULT_API_VERSION } from "./graph-inbox/index.js";

/** @typedef {import("./graph-inbox/index.js").InboxEvent} InboxEvent */
/** @typedef {import("./graph-inbox/index.js").Usage} Usage */

/** More than anybody reads, and little to keep. */
const KEPT = 200;

/** What a client told of its requests, counted. Nothing in it is secret: the package took that out. */
export class Traffic {
	requests = 0;
	answers = 0;
	retries = 0;
	waits = 0;
	asked = DEFAULT_API_VERSION;
	/** @type {string | undefined} version; browsers seldom show it */
	served;
	/** @type {Usage[]} the latest reading */
	usage = [];
	/** @type {{ at: Date, event: InboxEvent }[]} oldest first */
	log = [];

	/** @param {(traffic: Traffic, event: InboxEvent) => void} listener told of each event, counted already */
	constructor(listener) {
		this.listener = listener;
	}

	/** @param {InboxEvent} event */
	note = (event) => {
		this.log.push({ at: new Date(), event });
		if (this.log.length > KEPT) this.log.shift();
		if (event.type === "request") this.requests += 1;
		if (event.type === "retry") this.retries += 1;
		// A watch that is between two looks waits for nothing.
		if (event.type === "wait" && event.reason !== "interval") this.waits += 1;
		if (event.type === "response") {
			this.answers += 1;
			this.served = event.apiVersion ?? this.served;
			// An answer without a reading says nothing about the limits.
			if (event.usage.length > 0) this.usage = event.usage;
		}
		this.listener(this, event);
	};
}
