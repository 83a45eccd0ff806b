// What the tests of watches share: an inbox in which the tests let the time pass.
import { setTimeout } from "node:timers/promises";
import { startGraph } from "./graph.mjs";

/** Longer than a second stays open. */
const SETTLED_MS = 10_000;

/**
 * A Graph in which people wrote yesterday, each in a second that is over when anybody looks: so no conversation is delivered twice
 * for the sake of a second that is open, whether responses have the real date or that of the simulator.
 *
 * @param {import("graph-inbox/simulator").GraphSimulatorOptions} [simulated]
 */
export async function startPastGraph(simulated) {
	let nowMs = Date.now() - 86_400_000;
	const graph = await startGraph({ ...simulated, now: () => nowMs });
	const { simulator } = graph;
	/**
	 * Somebody writes in a second of their own. Returns the ID of the conversation.
	 *
	 * @param {import("graph-inbox/simulator").IncomingMessage} [message]
	 */
	const receive = (message) => {
		nowMs += 1_000;
		const { id } = simulator.receiveMessage(message);
		nowMs += SETTLED_MS;
		return id;
	};
	return {
		...graph,
		receive,
		/** Lets time pass. @param {number} seconds */
		pass(seconds) {
			nowMs += seconds * 1_000;
		},
		/**
		 * The people of these conversations write, one after the other. Returns the IDs of the conversations.
		 *
		 * @param {number[]} places in the list as it was before
		 */
		receiveAt(...places) {
			const all = simulator.conversations();
			return places.map((place) => receive({ conversationId: all[place].id }));
		},
		/** Waits until so many requests have arrived, and a little longer. @param {number} count */
		async requestsReach(count) {
			while (simulator.requests.length < count) await setTimeout(5);
			await setTimeout(20);
		},
	};
}

/**
 * A `fetch` that counts the requests that are sent at the same time.
 *
 * @param {number} [delayMs] how long each takes longer
 */
export function countingFetch(delayMs = 0) {
	const counts = { pending: 0, most: 0 };
	return {
		counts,
		/** @type {NonNullable<import("graph-inbox").InboxOptions["fetch"]>} */
		async fetch(url, init) {
			counts.most = Math.max(counts.most, ++counts.pending);
			try {
				await setTimeout(delayMs);
				return await fetch(url, init);
			} finally {
				counts.pending--;
			}
		},
	};
}

/**
 * Events of a client, and a way to wait for one.
 */
export function eventLog() {
	/** @type {any[]} */
	const events = [];
	/** @type {(() => void) | undefined} */
	let wake;
	return {
		events,
		/** @param {import("graph-inbox").InboxEvent} event */
		onEvent(event) {
			events.push(event);
			wake?.();
		},
		/** @param {string} type */
		told: (type) => events.filter((event) => event.type === type),
		/**
		 * Waits for the next event of a type, and takes it and all before it out of the log.
		 *
		 * @param {string} type
		 */
		async next(type) {
			for (;;) {
				const index = events.findIndex((event) => event.type === type);
				if (index >= 0) return events.splice(0, index + 1)[index];
				await new Promise((resolve) => {
					wake = () => resolve(undefined);
				});
			}
		},
	};
}
