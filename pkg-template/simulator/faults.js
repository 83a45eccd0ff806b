import { GraphFailure } from "./errors.js";
import { change, failWith, faultAnswers } from "./fault-answers.js";
import { unlessAborted } from "./wait.js";

/**
 * Which requests, and which items of batches, go wrong, and how.
 *
 * @typedef {import("../simulator.d.ts").Fault} Fault
 * @typedef {import("../simulator.d.ts").RecordedRequest} RecordedRequest
 * @typedef {import("./fault-answers.js").FaultAnswer} FaultAnswer
 * @typedef {{ answer: FaultAnswer, delayMs: number, name?: import("../simulator.d.ts").FaultName }} Prepared
 * @typedef {{ matches: (request: RecordedRequest) => boolean, fault: Prepared, left: number }} Rule
 *
 * @typedef {import("../simulator.d.ts").ItemFault} ItemFault
 * @typedef {(meeting: import("./fault-answers.js").Meeting) => Response | null | Promise<Response | null>} ItemFaultAnswer null: no answer
 * @typedef {{ matches: (relativeUrl: string) => boolean, answer: ItemFaultAnswer, left: number }} ItemRule
 */
export class Faults {
	/** @type {Rule[]} */
	#queue = [];
	/** @type {Rule[]} */
	#rules = [];
	/** @type {ItemRule[]} */
	#itemRules = [];

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

	/**
	 * @param {Parameters<import("../simulator.d.ts").GraphSimulator["failItems"]>[0]} match
	 * @param {ItemFault} fault
	 * @param {number} times
	 */
	whenItem(match, fault, times) {
		/** @type {ItemRule["matches"]} */
		const matches =
			typeof match === "function" ? match : (url) => found(match, url);
		const rule = { matches, answer: prepareForItem(fault), left: times };
		this.#itemRules.push(rule);
		return () => {
			this.#itemRules = this.#itemRules.filter((other) => other !== rule);
		};
	}

	clear() {
		this.#queue = [];
		this.#rules = [];
		this.#itemRules = [];
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

	/**
	 * The fault this item meets, used up by it.
	 *
	 * @param {string} relativeUrl
	 */
	takeItem(relativeUrl) {
		const rule = this.#itemRules.find(
			({ left, matches }) => left > 0 && matches(relativeUrl),
		);
		if (!rule) return undefined;
		rule.left -= 1;
		return rule.answer;
	}
}

/** What happens to a connection cannot happen to one item. @type {ReadonlySet<unknown>} */
const NOT_FOR_ITEMS = new Set(
	/** @satisfies {Exclude<import("../simulator.d.ts").FaultName, ItemFault>[]} */ ([
		"connectionReset",
		"bodyCut",
		"hang",
		"hangBody",
		"slowBody",
		"redirect",
	]),
);

/**
 * @param {ItemFault} fault
 * @returns {ItemFaultAnswer}
 */
function prepareForItem(fault) {
	if (fault === "timedOut") return () => null;
	if (NOT_FOR_ITEMS.has(fault))
		throw new TypeError(`The fault ${fault} cannot happen to an item alone`);
	return prepare(fault).answer;
}

/**
 * Returns what happens to an item that meets a fault because of the conversations it asks for. Where no answer would come, Graph
 * answers the batch without it.
 *
 * @param {Prepared} fault
 * @returns {ItemFaultAnswer}
 */
export function forItem({ name, answer }) {
	return NOT_FOR_ITEMS.has(name) ? () => null : answer;
}

/**
 * Checks a fault, and returns what it does to an answer.
 *
 * @param {Fault} fault
 * @returns {Prepared}
 */
export function prepare(fault) {
	if (typeof fault === "function") {
		return {
			answer: async ({ request, answer, signal }) =>
				unlessAborted(fault(request, answer), signal),
			delayMs: 0,
		};
	}
	if (typeof fault === "string")
		return { answer: named(fault), delayMs: 0, name: fault };
	const { delayMs = 0 } = fault;
	if ("name" in fault)
		return { answer: named(fault.name), delayMs, name: fault.name };
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
