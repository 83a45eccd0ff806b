import { errors } from "./errors.js";

/** Calls that the usage headers call 100 % where no `callLimit` is set. */
const NOMINAL_CALLS = 1000;

/**
 * Graph's rate limits: how much was used, what the headers say of it, and when it is too much.
 * https://developers.facebook.com/docs/graph-api/overview/rate-limiting
 */
export class Limits {
	#settings;
	#calls = 0;
	/** @type {Map<string, number[]>} times of the lists answered in the last second */
	#lists = new Map();

	/** @param {import("./settings.js").Settings} settings */
	constructor(settings) {
		this.#settings = settings;
	}

	/** Counts a call, and throws when there were too many; those refused count too, as on Graph. */
	countCall() {
		this.#calls += 1;
		if (!this.#isReached) return;
		throw this.#settings.host === "instagram"
			? errors.appLimit()
			: errors.messengerLimit();
	}

	get #isReached() {
		return this.#calls > (this.#settings.callLimit ?? Number.POSITIVE_INFINITY);
	}

	/** @param {"MESSENGER" | "INSTAGRAM"} platform */
	countList(platform) {
		const { callsPerSecond, now } = this.#settings;
		if (callsPerSecond === false) return;
		const at = now();
		const recent = (this.#lists.get(platform) ?? []).filter(
			(time) => time > at - 1000,
		);
		if (recent.length >= callsPerSecond) throw errors.callsPerSecond();
		this.#lists.set(platform, [...recent, at]);
	}

	/** @returns {Record<string, string>} */
	usageHeaders() {
		const { callLimit, regainAccessMinutes } = this.#settings;
		const percent = (this.#calls / (callLimit || NOMINAL_CALLS)) * 100;
		// Without a limit nothing is ever refused, so nothing reads as used up.
		const used = Math.ceil(
			callLimit === undefined ? Math.min(percent, 95) : percent,
		);
		return usageHeaders(
			this.#settings,
			used,
			this.#isReached ? regainAccessMinutes : 0,
		);
	}

	lift() {
		this.#calls = 0;
		this.#lists.clear();
	}
}

/**
 * Returns the headers that say how much was used, spelled as on the host.
 *
 * @param {import("./settings.js").Settings} settings
 * @param {number} percent
 * @param {number} regainAccessMinutes 0 says nothing about when
 * @returns {Record<string, string>}
 */
export function usageHeaders({ host, pageId }, percent, regainAccessMinutes) {
	const time = Math.ceil(percent / 2);
	if (host === "instagram") {
		const usage = { call_volume: percent, cpu_time: time };
		return { "x-app-usage": JSON.stringify(usage) };
	}
	const usage = { call_count: percent, total_cputime: time, total_time: time };
	const messenger = {
		type: "messenger",
		...usage,
		estimated_time_to_regain_access: regainAccessMinutes,
	};
	return {
		"x-app-usage": JSON.stringify({
			...usage,
			call_count: Math.ceil(percent / 4),
		}),
		"x-business-use-case-usage": JSON.stringify({ [pageId]: [messenger] }),
	};
}
