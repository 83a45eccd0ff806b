import { UNIFIED_THREAD } from "./conversation.js";
import { prepare } from "./faults.js";
import { readLimit } from "./fields.js";
import { MESSAGES_LIMIT } from "./messages.js";
import { atLeastZero } from "./settings.js";

/**
 * Tells how a request meets a broken conversation.
 *
 * @typedef {import("./fields.js").Selection} Selection
 * @typedef {import("./faults.js").Prepared} Prepared
 * @typedef {(asked: readonly Selection[]) => Prepared | undefined} Breakage undefined: the request is answered
 */

/** @type {import("../simulator.d.ts").BrokenConversation} */
const WHOLLY = { readable: ["id", "updated_time"] };

/**
 * Returns how requests meet the conversation that is described. Throws a `TypeError` for a field or fault that does not exist.
 *
 * @param {import("../simulator.d.ts").BrokenConversation} broken
 * @returns {Breakage}
 */
export function breakageOf(broken) {
	const { unreadable, mostMessages, fault } = broken;
	const isWhollyBroken = !unreadable && mostMessages === undefined;
	const { readable } = isWhollyBroken ? { ...WHOLLY, ...broken } : broken;
	for (const name of [...(readable ?? []), ...(unreadable ?? [])])
		if (!Object.hasOwn(UNIFIED_THREAD.fields, name))
			throw new TypeError(`breakConversation: no field is called ${name}`);
	const most = atLeastZero("mostMessages", mostMessages);
	const unreadableFault = prepare(fault ?? "unknown1");
	const heavyFault = prepare(fault ?? "reduceData");

	return (asked) => {
		const names = ["id", ...asked.map(({ name }) => name)];
		const isUnreadable = (/** @type {string} */ name) =>
			unreadable?.includes(name) || readable?.includes(name) === false;
		if (names.some(isUnreadable)) return unreadableFault;
		const isTooHeavy = asked.some(
			({ name, modifiers }) =>
				name === "messages" &&
				(readLimit(modifiers.limit) ?? MESSAGES_LIMIT) > most,
		);
		return isTooHeavy ? heavyFault : undefined;
	};
}
