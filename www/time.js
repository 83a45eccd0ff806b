import { make } from "./dom.js";
import { parseGraphTime } from "./graph-inbox/index.js";

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const absolute = new Intl.DateTimeFormat("en", {
	dateStyle: "medium",
	timeStyle: "short",
});

const ofDay = new Intl.DateTimeFormat("en", { timeStyle: "medium" });

/** Each with the seconds it lasts. */
const UNITS = /** @type {const} */ ([
	["year", 31_536_000],
	["month", 2_592_000],
	["week", 604_800],
	["day", 86_400],
	["hour", 3600],
	["minute", 60],
]);

/**
 * @param {Date} date
 * @param {number} [now] in milliseconds since 1970
 */
export function relativeTime(date, now = Date.now()) {
	const seconds = (date.getTime() - now) / 1000;
	for (const [unit, size] of UNITS)
		if (Math.abs(seconds) >= size)
			return relative.format(Math.trunc(seconds / size), unit);
	return relative.format(0, "second");
}

/** @param {Date} date */
export const absoluteTime = (date) => absolute.format(date);

/**
 * The time of day when so much has passed, with the date where that is another day. Never too early.
 *
 * @param {number} ms
 */
export function timeAhead(ms) {
	const now = new Date();
	const date = new Date(Math.ceil((now.getTime() + ms) / 1000) * 1000);
	const isToday = date.toDateString() === now.toDateString();
	return isToday ? ofDay.format(date) : absoluteTime(date);
}

/**
 * Minutes and seconds, rounded up.
 *
 * @param {number} ms
 */
export function clock(ms) {
	const seconds = Math.ceil(ms / 1000);
	const rest = String(seconds % 60).padStart(2, "0");
	return `${Math.floor(seconds / 60)}:${rest}`;
}

const MINUTE_MS = 60 * 1000;

/**
 * How long something is open.
 *
 * @param {Date} until
 */
export function timeLeft(until) {
	const ms = until.getTime() - Date.now();
	const minutes = Math.ceil(ms / MINUTE_MS);
	if (minutes <= 0) return "closed";
	if (minutes < 60) return `${minutes} min left`;
	return `${Math.floor(minutes / 60)} h left`;
}

/** What a time on the page says, by its class. */
const TEXTS = {
	ago: (/** @type {Date} */ date) => relativeTime(date),
	left: timeLeft,
};

/**
 * A time that goes on as it is looked at.
 *
 * @param {keyof typeof TEXTS} kind
 * @param {Date} date
 */
export function timeElement(kind, date) {
	return make(
		"time",
		{
			class: kind,
			datetime: date.toISOString(),
			title: absoluteTime(date),
		},
		TEXTS[kind](date),
	);
}

/**
 * @param {string | undefined} graphTime as Graph writes it
 * @returns {HTMLElement}
 */
export function agoElement(graphTime) {
	return graphTime
		? timeElement("ago", parseGraphTime(graphTime))
		: make("span", { class: "quiet" }, "—");
}

/** Lets the times on the page go on. */
export function keepTimesFresh() {
	setInterval(() => {
		for (const [kind, textOf] of Object.entries(TEXTS)) {
			const times = /** @type {NodeListOf<HTMLTimeElement>} */ (
				document.querySelectorAll(`time.${kind}`)
			);
			for (const element of times) {
				const text = textOf(new Date(element.dateTime));
				// Only real changes, to spare the page work and screen readers noise.
				if (element.textContent !== text) element.textContent = text;
			}
		}
	}, 15_000);
}
