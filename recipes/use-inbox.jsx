// A React hook that reads an inbox: the first page, more of it, and all of it anew; owners follow as they arrive. Below it,
// a component that uses it.
// Needs: npm install graph-inbox react (18 or later). Goes into: your components, behind whatever bundles them.
import { useCallback, useEffect, useRef, useState } from "react";

/** @typedef {import("graph-inbox").Conversation & { thread_owner?: import("graph-inbox").ThreadOwnerResult }} Row without an owner until that has arrived */
/** @typedef {{ conversations: Row[], isLoading: boolean, hasMore: boolean, error: unknown }} Shown */
/** @typedef {Pick<import("graph-inbox").ConversationsParams, "platform" | "folder" | "fields" | "limit">} Params */

/** @type {Shown} */
const NOTHING = {
	conversations: [],
	isLoading: true,
	hasMore: false,
	error: undefined,
};
/** @type {import("graph-inbox").FieldSelection[]} */
const FIELDS = ["updated_time", "snippet", "unread_count"];
/** Conversations to a page; without a `limit` the client would read more with each page. */
const PAGE = 25;

/**
 * @param {import("graph-inbox").Inbox} inbox made once, outside of components
 * @param {string[]} businessIds Page ID and Instagram professional account ID, who are participants too
 * @param {Params} [params] compared by what they say: they can be written into the call
 */
export function useInbox(inbox, businessIds, params = {}) {
	const [shown, setShown] = useState(NOTHING);
	/** @type {import("react").RefObject<ReturnType<typeof startReading> | undefined>} */
	const reading = useRef(undefined);
	const asked = JSON.stringify({ businessIds, params });

	useEffect(() => {
		const own = startReading(inbox, JSON.parse(asked), setShown);
		reading.current = own;
		own.refresh();
		return () => {
			reading.current = undefined;
			own.stop();
		};
	}, [inbox, asked]);

	const refresh = useCallback(() => reading.current?.refresh(), []);
	const loadMore = useCallback(() => reading.current?.loadMore(), []);
	return { ...shown, refresh, loadMore };
}

/**
 * @param {import("graph-inbox").Inbox} inbox
 * @param {{ businessIds: string[], params: Params }} asked
 * @param {(shown: Shown) => void} setShown not called any more once it is stopped
 */
function startReading(inbox, { businessIds, params }, setShown) {
	const { limit = PAGE } = params;
	/** @type {Map<string, Row>} by ID, so each once, in Graph's order */
	let conversations = new Map();
	/** @type {import("graph-inbox").ConversationPage<unknown> | undefined} */
	let lastPage;
	/** @type {unknown} */
	let error;
	let isLoading = false;
	let reading = new AbortController();

	function show() {
		const rows = [...conversations.values()];
		const hasMore = lastPage?.hasNextPage() ?? false;
		setShown({ conversations: rows, isLoading, hasMore, error });
	}

	/** @param {{ after?: string, maxItems: number }} part whole pages, until they have this many */
	async function read(part) {
		const { signal } = reading;
		isLoading = true;
		error = undefined;
		show();
		try {
			const fields = new Set(params.fields ?? FIELDS).add("participants");
			const list = inbox.listConversations({
				...{ ...params, limit, fields: [...fields] },
				...{ ...part, signal },
			});
			/** @type {Row[]} */
			const rows = [];
			let page;
			for await (page of list.pages()) rows.push(...page.data);
			lastPage = page;
			isLoading = false;
			const known = conversations;
			if (part.after === undefined) conversations = new Map();
			for (const row of rows) {
				const { thread_owner } = known.get(row.id) ?? {};
				conversations.set(row.id, { ...row, thread_owner });
			}
			show();
			await readOwners(rows, signal);
		} catch (reason) {
			// Something newer is read by now, or nobody is there to see it.
			if (signal.aborted) return;
			isLoading = false;
			error = reason;
			show();
		}
	}

	/**
	 * @param {Row[]} rows
	 * @param {AbortSignal} signal
	 */
	async function readOwners(rows, signal) {
		const idOf = new Map();
		for (const { id, participants } of rows) {
			const people = participants?.data ?? [];
			const person = people.find(({ id }) => !businessIds.includes(id));
			if (person) idOf.set(person.id, id);
		}
		const owners = await inbox.getThreadOwners(idOf.keys(), { signal });
		for (const thread_owner of owners) {
			const id = idOf.get(thread_owner.recipient);
			const row = conversations.get(id);
			if (row) conversations.set(id, { ...row, thread_owner });
		}
		show();
	}

	return {
		/** As many as are shown, from the top. What moved, came or went meanwhile is right again, and so is the cursor. */
		refresh() {
			reading.abort();
			reading = new AbortController();
			return read({ maxItems: Math.max(limit, conversations.size) });
		},
		loadMore() {
			const after = lastPage?.nextCursor;
			// One page, or several where Graph can only deliver smaller ones.
			if (after && !isLoading) return read({ after, maxItems: limit });
		},
		stop() {
			reading.abort();
		},
	};
}

/** @param {{ inbox: import("graph-inbox").Inbox, businessIds: string[], params?: Params }} props */
export function InboxList({ inbox, businessIds, params }) {
	const { conversations, isLoading, hasMore, error, ...actions } = useInbox(
		inbox,
		businessIds,
		params,
	);
	return (
		<section aria-busy={isLoading}>
			{error !== undefined && <p role="alert">{String(error)}</p>}
			<ol>
				{conversations.map(({ id, snippet, unreadable, thread_owner }) => (
					<li key={id} data-id={id}>
						{snippet ?? (unreadable && "(could not be read)")}{" "}
						<small>{thread_owner?.owner?.state ?? "…"}</small>
					</li>
				))}
			</ol>
			<button type="button" onClick={actions.refresh}>
				Refresh
			</button>
			{hasMore && (
				<button type="button" disabled={isLoading} onClick={actions.loadMore}>
					More
				</button>
			)}
		</section>
	);
}
