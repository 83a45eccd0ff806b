// Follows the stream of live-server.mjs in a browser: calls back with the conversations that changed, and when to read the list again.
// Needs: nothing; EventSource is part of every browser. Goes into: your dashboard, behind whatever bundles it.

/** Milliseconds to wait after an error status, such as 502, after which EventSource does not connect again by itself. */
const PAUSE_MS = 5_000;

/**
 * Follows the stream until the returned function is called. `onReset` is called first, and again after an absence that was too
 * long: read the list then. `onChanges` may be called meanwhile, and with a conversation that the list has: replace it by `id`.
 *
 * @param {object} options
 * @param {string | URL} options.url
 * @param {(conversations: (import("graph-inbox").Conversation & import("graph-inbox").WithOwner)[]) => void} options.onChanges
 *   oldest change first; an owner's `error` is plain data here
 * @param {() => void} options.onReset
 * @param {number} [options.pauseMs]
 * @returns {() => void} ends it
 */
export function followInbox({ url, onChanges, onReset, pauseMs = PAUSE_MS }) {
	/** @type {EventSource} */
	let stream;
	/** @type {ReturnType<typeof setTimeout> | undefined} */
	let timer;

	function open() {
		stream = new EventSource(url, { withCredentials: true });
		stream.addEventListener("changes", ({ data }) =>
			onChanges(JSON.parse(data)),
		);
		stream.addEventListener("reset", onReset);
		stream.addEventListener("error", () => {
			// In any other state it connects again by itself, with the ID of the last event.
			if (stream.readyState === EventSource.CLOSED)
				timer = setTimeout(open, pauseMs);
		});
	}

	open();
	return () => {
		clearTimeout(timer);
		stream.close();
	};
}
