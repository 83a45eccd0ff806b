import { COMMUNITIES, HANDLES } from "./people.js";
import { pick } from "./seed.js";

/**
 * The person of a conversation, from its seed or as `receiveMessage` named them.
 *
 * @param {import("./thread.js").Thread} thread
 */
export function personOf(thread) {
	const { mailbox, known } = thread;
	const community = pick(COMMUNITIES, thread.random(10));
	const id = known.id ?? mailbox.personId(thread.index);
	const participant =
		mailbox.platform === "INSTAGRAM"
			? { username: known.name ?? username(thread), id }
			: {
					name: known.name ?? fullName(thread, community),
					email: `${id}@facebook.com`,
					id,
				};
	return { id, community, participant };
}

/**
 * @param {import("./thread.js").Thread} thread
 * @param {import("./people.js").Community} community
 */
function fullName(thread, { name, given, family }) {
	return name(pick(given, thread.random(11)), pick(family, thread.random(12)));
}

/** @param {import("./thread.js").Thread} thread */
function username(thread) {
	const joint = pick(HANDLES.joint, thread.random(13));
	const first = pick(HANDLES.first, thread.random(14));
	const second = pick(HANDLES.second, thread.random(15));
	// Usernames are unique; an index makes them so.
	return `${first}${joint}${second}${joint}${thread.index + 1}`;
}
