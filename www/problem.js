import { byId } from "./dom.js";
import { GraphError, InboxError } from "./graph-inbox/index.js";
import { clock, timeAhead } from "./time.js";

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
		"Get a new Page access token. What was read is still here.",
	],
	permission: [
		"A permission is missing",
		"Grant it to the app (Messenger: pages_messaging; Instagram: instagram_manage_messages), then get a new token.",
	],
	invalid_request: [
		"Graph refused the request",
		"Check the Page ID. If this was “Load more”, the list has moved on: Refresh reads what is new.",
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

const notice = byId("problem", HTMLElement);
const button = byId("problem-action", HTMLButtonElement);
const countdown = byId("countdown", HTMLElement);
const bar = byId("countdown-bar", HTMLProgressElement);

/** What the button does, and what it is called. @typedef {{ label: string, run: () => void }} Action */

/** @type {Action} */
let action = { label: "", run() {} };
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;
button.addEventListener("click", () => action.run());

export function hideProblem() {
	clearInterval(ticking);
	const hadFocus = notice.contains(document.activeElement);
	notice.hidden = true;
	if (hadFocus) byId("refresh", HTMLButtonElement).focus();
}

/**
 * The one place where errors of the list are told. A rate limit counts down, and then goes on by itself.
 *
 * @param {unknown} error
 * @param {Action} next
 */
export function showProblem(error, next) {
	clearInterval(ticking);
	const [title, advice] = explain(error);
	byId("problem-title", HTMLElement).textContent = title;
	byId("problem-advice", HTMLElement).textContent = advice;
	byId("problem-details", HTMLElement).textContent = detailsOf(error);
	notice.dataset.kind = error instanceof InboxError ? error.kind : "";
	action = next;
	button.textContent = next.label;
	notice.hidden = false;
	const wait = error instanceof InboxError ? error.retryAfterMs : undefined;
	countdown.hidden = wait === undefined;
	if (wait !== undefined) countDown(wait);
}

/** @param {number} waitMs */
function countDown(waitMs) {
	const until = Date.now() + waitMs;
	bar.max = waitMs;
	const tick = () => {
		const left = Math.max(0, until - Date.now());
		byId("countdown-time", HTMLElement).textContent =
			`Resumes in ${clock(left)}`;
		bar.value = waitMs - left;
		if (left > 0) return;
		clearInterval(ticking);
		action.run();
	};
	ticking = setInterval(tick, 250);
	tick();
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
		: [
				title,
				`Nothing is sent until calls may resume, at ${timeAhead(error.retryAfterMs)}.`,
			];
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
