"use client";
// The list in the browser: reads page by page what app/api/inbox gives. It needs react, which is there with Next.js.

import { useEffect, useState } from "react";

/** @typedef {import("graph-inbox").Conversation & { answeredBy: string }} Row */
/** @typedef {{ conversations: Row[], after?: string }} Page */
/** @typedef {{ conversations: Row[], after?: string, isLoading: boolean, problem?: string }} Shown */

/** @type {Shown} */
const NOTHING = { conversations: [], isLoading: true };

export function Inbox() {
	const [shown, setShown] = useState(NOTHING);
	// What is read now or was read last; a new object reads again.
	const [wanted, setWanted] = useState({ after: "" });

	useEffect(() => {
		const controller = new AbortController();
		const { signal } = controller;
		readPage(wanted.after, signal).then(
			({ conversations, after }) => {
				if (signal.aborted) return;
				setShown((shown) => ({
					conversations: wanted.after
						? join(shown.conversations, conversations)
						: conversations,
					after,
					isLoading: false,
				}));
			},
			(error) => {
				if (signal.aborted) return;
				const problem = error.message;
				setShown((shown) => ({ ...shown, problem, isLoading: false }));
			},
		);
		return () => controller.abort();
	}, [wanted]);

	/** @param {{ after: string }} next */
	function read(next) {
		setShown((shown) => ({ ...shown, problem: undefined, isLoading: true }));
		setWanted(next);
	}

	const { conversations, after, isLoading, problem } = shown;
	return (
		<section aria-busy={isLoading}>
			<ol>
				{conversations.map(
					({ id, snippet, unread_count, unreadable, answeredBy }) => (
						<li key={id} data-id={id}>
							{unread_count ? <strong>{snippet}</strong> : snippet}
							{unreadable && "(could not be read)"} <small>{answeredBy}</small>
						</li>
					),
				)}
			</ol>
			{problem && (
				<p role="alert">
					{problem}{" "}
					<button type="button" onClick={() => read({ ...wanted })}>
						Try again
					</button>
				</p>
			)}
			{after && !problem && (
				<button
					type="button"
					disabled={isLoading}
					onClick={() => read({ after })}
				>
					More
				</button>
			)}
			<button type="button" onClick={() => read({ after: "" })}>
				Refresh
			</button>
		</section>
	);
}

/**
 * @param {string} after
 * @param {AbortSignal} signal
 * @returns {Promise<Page>}
 */
async function readPage(after, signal) {
	const query = after && `?${new URLSearchParams({ after })}`;
	const answer = await fetch(`/api/inbox${query}`, { signal });
	if (answer.ok) return answer.json();
	const failure = await answer.json().catch(() => ({ kind: answer.status }));
	throw new Error(explain(failure));
}

/** What moved down while pages were read comes again: it keeps its place, and is as it is now. @param {Row[]} known @param {Row[]} more */
function join(known, more) {
	return [...new Map([...known, ...more].map((row) => [row.id, row])).values()];
}

/** @param {{ kind: string, seconds?: number }} failure */
function explain({ kind, seconds }) {
	if (kind === "session") return "Sign in again.";
	if (kind === "rate_limit") return `Come back in ${seconds} s.`;
	if (kind === "cursor") return "The list has changed: refresh it.";
	return `The inbox cannot be read now (${kind}).`;
}
