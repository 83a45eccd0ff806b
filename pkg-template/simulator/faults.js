import { GraphFailure } from "./errors.js";
import { change, failWith, faultAnswers } from "./fault-answers.js";
import { unlessAborted } from "./wait.js";

/**
 * Which requests go wrong, and how.
 *
 * @typedef {import("../simulator.d.ts").Fault} Fault
 * @typedef {import("../simulator.d.ts").RecordedRequest} RecordedRequest
 * @typedef {import("./fault-answers.js").FaultAnswer} FaultAnswer
 * @typedef {{ answer: FaultAnswer, delayMs: number }} Prepared
 * @typedef {{ matches: (request: RecordedRequest) => boolean, fault: Prepared, left: number }} Rule
 */
export class Faults {
	/** @type {Rule[]} */
	#queue = [];
	/** @type {Rule[]} */
	#rules = [];

	/** @param {Fault} fault @param {number} times */
	next(fault, times) {
		this.#queue.push({
			matches: () => true,
			fault: prepare(fault),
			left: times,
		});
	}

	/**
	 * @param {Parameters<import("../simulator.d.ts").GraphSimulator["failWhen"]>[0]} match
	 * @param {Fault} fault
	 * @param {number} times
	 */
	when(match, fault, times) {
		/** @type {Rule["matches"]} */
		const matches =
			typeof match === "function" ? match : ({ url }) => found(match, url);
		const rule = { matches, fault: prepare(fault), left: times };
		this.#rules.push(rule);
		return () => {
			this.#rules = this.#rules.filter((other) => other !== rule);
		};
	}

	clear() {
		this.#queue = [];
		this.#rules = [];
	}

	/**
	 * The fault this request meets, used up by it.
	 *
	 * @param {RecordedRequest} request
	 */
	take(request) {
		const rule = [...this.#queue, ...this.#rules].find(
			({ left, matches }) => left > 0 && matches(request),
		);
		if (!rule) return undefined;
		rule.left -= 1;
		this.#queue = this.#queue.filter(({ left }) => left > 0);
		return rule.fault;
	}
}

/**
 * @param {Fault} fault
 * @returns {Prepared}
 */
function prepare(fault) {
	if (typeof fault === "function") {
		return {
			answer: async ({ request, answer, signal }) =>
				unlessAborted(fault(request, answer), signal),
			delayMs: 0,
		};
	}
	if (typeof fault === "string") return { answer: named(fault), delayMs: 0 };
	const { delayMs = 0 } = fault;
	if ("name" in fault) return { answer: named(fault.name), delayMs };
	if ("error" in fault) {
		const { error, status, headers } = fault;
		const message = error.message ?? `(#${error.code}) Simulated error`;
		const failure = new GraphFailure(
			{ message, type: "OAuthException", ...error },
			status,
		);
		return {
			answer: ({ answer }) => change(failWith(failure, answer), { headers }),
			delayMs,
		};
	}
	return { answer: ({ answer }) => change(answer, fault), delayMs };
}

/** @param {import("../simulator.d.ts").FaultName} name */
function named(name) {
	if (!Object.hasOwn(faultAnswers, name)) {
		throw new TypeError(
			`No fault is called ${name}; there are: ${Object.keys(faultAnswers).join(", ")}`,
		);
	}
	return faultAnswers[name];
}

/** @param {string | RegExp} match @param {string} url */
function found(match, url) {
	return typeof match === "string"
		? url.includes(match)
		: url.search(match) >= 0;
}
