import { errors } from "./errors.js";

/**
 * GET /{page-id}/thread_owner
 *
 * @param {import("./graph.js").Call} call
 * @param {import("./inbox.js").Inbox} inbox
 */
export function readThreadOwner(call, inbox) {
	const recipient = call.parameters.get("recipient");
	if (!recipient) throw errors.parameter("The parameter recipient is required");
	if (!/^\d+$/.test(recipient)) {
		throw errors.parameter(
			'Param recipient must be a valid ID string (e.g., "123")',
		);
	}
	const thread = inbox.findPerson(recipient);
	if (!thread) throw errors.noMatchingUser();
	const owner = inbox.owners.of(thread);
	return { data: owner ? [{ thread_owner: owner }] : [] };
}
