// Calls from wherever the stack ends, and a little above; then reads an inbox.
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { createInbox } from "../../target/pkg-test-panics/dist/index.js";

const { pageId, accessToken, fetch } = createGraphSimulator();
const inbox = createInbox({
	pageId,
	accessToken,
	fetch,
	callsPerSecond: false,
});

/** @type {Promise<unknown>[]} */
const calls = [];
const dive = () => {
	try {
		dive();
	} catch {
		// On the way up there is a little more room each time.
	}
	if (calls.length > 200) return;
	try {
		calls.push(inbox.getThreadOwner("1"));
	} catch {
		// Not even a promise could be made.
	}
};
dive();
await Promise.allSettled(calls);
const { length } = await inbox.listConversations().toArray();
console.log(`${calls.length} calls, ${length} conversations after them`);
