// Exports all conversations of a Page over as many invocations as that takes: for a function that may run for minutes, and
// an inbox that takes hours. Call it with the state that was stored last ({} the first time) until that says `done`.
// Needs: npm install graph-inbox; somewhere to keep a few bytes of state (a row, a parameter, a file).
//
// Each page is written before its cursor is stored. After a crash it comes again, so let the sink replace by `id`.
//
// A conversation without messages has no `messages`, or an empty list. Where Graph could not deliver them, its `unreadable`
// names them: write that as well, and keep what the sink has of these fields from an earlier time. Where they were too heavy,
// there are fewer than asked for, and `messages.paging.next` says that there are more.
import { InboxError } from "graph-inbox";

/** @typedef {import("graph-inbox").FieldSelection} FieldSelection */

/** @type {FieldSelection[]} */
const FIELDS = ["participants", "snippet", "message_count"];

/**
 * @typedef {object} State to be stored as JSON
 * @property {boolean} [done]
 * @property {string} [after] the cursor behind what is written
 * @property {string} [newest] time of the newest conversation when this walk began
 * @property {string} [since] walk no further back than this
 */

/**
 * @param {object} options
 * @param {import("graph-inbox").Inbox} options.inbox
 * @param {State} options.state
 * @param {(conversations: import("graph-inbox").Conversation[]) => Promise<unknown>} options.write
 * @param {(state: State) => Promise<unknown>} options.store
 * @param {number} options.deadline when reading must have ended, in milliseconds since 1970; leave time for `write` and `store`
 * @param {() => number} [options.now]
 * @param {Omit<import("graph-inbox").ConversationsParams, "after" | "signal" | "updatedSince">} [options.params] the same for the whole export
 * @returns {Promise<State & { resumeAt?: number }>} `resumeAt`: Graph's limit is reached, call again at that time
 */
export async function exportSome({ inbox, state, write, store, ...options }) {
	const { deadline, now = Date.now, params } = options;
	// The walks need it, whatever is asked for.
	/** @type {Set<FieldSelection>} */
	const fields = new Set(["updated_time", ...(params?.fields ?? FIELDS)]);
	const signal = AbortSignal.timeout(Math.max(0, deadline - now()));
	/** @param {State} next */
	const keep = async (next) => {
		await store(next);
		state = next;
	};
	try {
		while (!state.done && now() < deadline) {
			const { after, since } = state;
			let pages = after === undefined ? 0 : 1;
			// The client asks for less where Graph does not answer. A short `timeoutMs` leaves it the time to get behind such a page
			// in one invocation; else the next one would have to begin there in the same way.
			const timeoutMs = Math.min(60_000, Math.ceil((deadline - now()) / 16));
			const list = inbox.listConversations({
				...{ timeoutMs, ...params, fields: [...fields] },
				...{ after, updatedSince: since, signal },
			});
			for await (const page of list.pages()) {
				await write(page.data);
				pages += 1;
				const newest = state.newest ?? page.data[0]?.updated_time;
				await keep({ since, newest, after: page.nextCursor });
				if (page.hasNextPage() && now() >= deadline) return state;
			}
			// A message moves its conversation to the top, past a walk that is under way. So the next walk reads what is newer than
			// the start of this one, until that is nothing, or one page.
			const { newest } = state;
			const isWhole = pages === 1 || !newest || newest === since;
			await keep(isWhole ? { done: true } : { since: newest });
		}
		return state;
	} catch (error) {
		if (error === signal.reason) return state;
		if (!(error instanceof InboxError)) throw error;
		const { kind, retryAfterMs = 60_000 } = error;
		if (kind === "rate_limit")
			return { ...state, resumeAt: now() + retryAfterMs };
		// Cursors do not live long. Without one this error is about something else.
		if (kind !== "invalid_request" || state.after === undefined) throw error;
		await keep({ since: state.since });
		return state;
	}
}
