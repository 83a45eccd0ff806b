// A React hook that reads an inbox: the first page, more of it, and all of it anew; owners follow as they arrive. With `live`,
// conversations that get a message move to the top by themselves. Below it, a component that uses it.
// Needs: npm install graph-inbox react (18 or later). Goes into: your components, behind whatever bundles them.
import { parseGraphTime } from "graph-inbox";
import { useCallback, useEffect, useRef, useState } from "react";

/** @typedef {import("graph-inbox").Conversation & { thread_owner?: import("graph-inbox").ThreadOwnerResult }} Row without an owner until that has arrived */
/** @typedef {{ conversations: Row[], isLoading: boolean, hasMore: boolean, error: unknown }} Shown */
/** @typedef {Pick<import("graph-inbox").ConversationsParams, "platform" | "folder" | "fields" | "limit"> & { live?: boolean, intervalMs?: number }} Params `intervalMs` between two looks of `live` */

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
	const { live, intervalMs, limit = PAGE, platform, folder } = params;
	const fields = new Set(params.fields ?? FIELDS).add("participants");
	// Says which of two states of a conversation is the newer one.
	if (live) fields.add("updated_time");
	const asked = { platform, folder, fields: [...fields] };
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

	/**
	 * @param {{ after?: string, maxItems: number }} part whole pages, until they have this many
	 * @returns {Promise<boolean>} whether it was read
	 */
	async function read(part) {
		const { signal } = reading;
		isLoading = true;
		error = undefined;
		show();
		try {
			const list = inbox.listConversations({
				...{ ...asked, limit },
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
				const before = known.get(row.id);
				// The watch may have read a newer state since this page was asked for.
				const isOld = timeOf(row.updated_time) < timeOf(before?.updated_time);
				const { thread_owner } = before ?? {};
				const state = isOld ? before : row;
				conversations.set(row.id, { ...row, ...state, thread_owner });
			}
			show();
			await readOwners(rows, signal);
			return true;
		} catch (reason) {
			fail(reason, signal);
			return false;
		}
	}

	/** Watches until the list is read anew. Failures that pass are waited out, and are not shown. */
	async function follow() {
		const { signal } = reading;
		// From the time of the newest row on: messages that came while the list was read are not missed.
		const rows = [...conversations.values()];
		const since = rows.find((row) => row.updated_time)?.updated_time ?? 0;
		const watched = { ...asked, intervalMs, since, signal };
		try {
			for await (const changes of inbox.watchConversations(watched)) {
				// The oldest change comes first, so the newest ends up on top.
				for (const row of changes.conversations) {
					const { thread_owner } = conversations.get(row.id) ?? {};
					conversations.delete(row.id);
					const below = conversations;
					conversations = new Map([[row.id, { ...row, thread_owner }]]);
					for (const entry of below) conversations.set(...entry);
				}
				show();
				await readOwners(changes.conversations, signal);
			}
		} catch (reason) {
			fail(reason, signal);
		}
	}

	/**
	 * @param {unknown} reason
	 * @param {AbortSignal} signal
	 */
	function fail(reason, signal) {
		// Something newer is read by now, or nobody is there to see it.
		if (signal.aborted) return;
		isLoading = false;
		error = reason;
		show();
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
		async refresh() {
			reading.abort();
			const own = new AbortController();
			reading = own;
			const isRead = await read({
				maxItems: Math.max(limit, conversations.size),
			});
			if (isRead && live && !own.signal.aborted) follow();
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

/** @param {string | undefined} time as Graph writes it */
const timeOf = (time) => (time ? parseGraphTime(time).getTime() : Number.NaN);

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
