import { threadType } from "./conversation.js";
import { errors } from "./errors.js";
import { costOf } from "./node-type.js";

/**
 * Looks whether a list asks for too much. Where it does, the call meets the fault of the limit, or code 1 is thrown.
 *
 * @param {import("./graph.js").Call} call
 * @param {"MESSENGER" | "INSTAGRAM"} platform
 * @param {number | undefined} limit undefined: one conversation is asked for, that of a person
 */
export function checkQuestion({ fields, settings, met }, platform, limit) {
	const { dataLimit, pageLimit, instagramTimeout } = settings;
	const cost = (limit ?? 1) * costOf(fields, threadType(settings));
	if (platform === "INSTAGRAM" && cost > instagramTimeout.dataLimit)
		met.fault = instagramTimeout.fault;
	else if (limit !== undefined && limit > pageLimit.limit)
		met.fault = pageLimit.fault;
	else if (cost > dataLimit) throw errors.reduceData();
}

/**
 * Throws code 1 where an answer holds more than one may. A call that has met a fault already keeps that.
 *
 * @param {import("./graph.js").Call} call
 * @param {number} nodes conversations and messages
 */
export function checkAnswer({ settings, met }, nodes) {
	if (nodes > settings.answerLimit && !met.fault) throw errors.reduceData();
}
