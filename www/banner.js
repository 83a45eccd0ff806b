import { byId } from "./dom.js";
import { GraphError, InboxError } from "./graph-inbox/index.js";
import { timeAhead } from "./time.js";

/**
 * A title and what to do about it, by kind.
 *
 * @type {Record<import("./graph-inbox/index.js").ErrorKind, [title: string, advice: string]>}
 */
const KINDS = {
	invalid_option: [
		"The request was not sent",
		"What was entered cannot be used. Correct it, then try again.",
	],
	authentication: [
		"The access token is not accepted",
		"Get a new Page access token; in live mode, disconnect and connect with it.",
	],
	permission: [
		"A permission is missing",
		"Grant it to the app (Messenger: pages_messaging; Instagram: instagram_manage_messages), then get a new token.",
	],
	invalid_request: [
		"Graph refused the request",
		"Check the Page ID. If this was “Load more”, the list has moved on: Refresh reads it from the top.",
	],
	rate_limit: ["Too many requests", "Wait a while before you try again."],
	blocked: [
		"Meta has blocked this action",
		"Somebody who runs the Page should look at its status at Meta.",
	],
	transient: ["Graph failed for a moment", "Trying again usually helps."],
	timeout: [
		"Graph takes too long",
		"No answer came in the time it was given. Try again.",
	],
	connection: [
		"No answer from Graph",
		"Check the connection; a tracking blocker can also be in the way. Then try again.",
	],
	response: [
		"The answer did not come from Graph",
		"A proxy or firewall may have answered in its place.",
	],
	unknown: ["Graph reported an error", "Its code below tells more."],
};

/** The one place where errors of the list are told. */
export function createBanner() {
	const banner = byId("banner", HTMLElement);
	const button = byId("try-again", HTMLButtonElement);
	let tryAgain = () => {};
	button.addEventListener("click", () => tryAgain());

	return {
		hide() {
			const hadFocus = banner.contains(document.activeElement);
			banner.hidden = true;
			if (hadFocus) byId("refresh", HTMLButtonElement).focus();
		},

		/**
		 * @param {unknown} error
		 * @param {() => void} again
		 */
		show(error, again) {
			const [title, advice] = explain(error);
			byId("banner-title", HTMLElement).textContent = title;
			byId("banner-advice", HTMLElement).textContent = advice;
			byId("banner-details", HTMLElement).textContent = detailsOf(error);
			banner.dataset.kind = error instanceof InboxError ? error.kind : "";
			tryAgain = again;
			banner.hidden = false;
		},
	};
}

/** @param {unknown} error */
function explain(error) {
	// Anything else is not Graph's doing.
	if (!(error instanceof InboxError))
		return ["The demo failed", "Reload the page."];
	const [title, advice] = KINDS[error.kind];
	// Until then the client would not even send the request.
	return error.retryAfterMs === undefined
		? [title, advice]
		: [title, `Calls may resume at ${timeAhead(error.retryAfterMs)}.`];
}

/** @param {unknown} error */
function detailsOf(error) {
	if (!(error instanceof InboxError)) return String(error);
	const details = [error.message, error.kind];
	if (error instanceof GraphError) {
		const { code, subcode, traceId, userMessage } = error;
		if (userMessage) details.unshift(userMessage);
		if (code !== undefined)
			details.push(`code ${subcode ? `${code}/${subcode}` : code}`);
		if (traceId) details.push(`fbtrace ${traceId}`);
	}
	if (error.status) details.push(`HTTP ${error.status}`);
	if (error.attempts && error.attempts > 1)
		details.push(`${error.attempts} attempts`);
	return details.join(" · ");
}
