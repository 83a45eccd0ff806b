import { Access } from "./access.js";
import { breakageOf } from "./breakage.js";
import { threadType } from "./conversation.js";
import { Faults } from "./faults.js";
import { parseFields } from "./fields.js";
import { Graph } from "./graph.js";
import { asConversation, Inbox } from "./inbox.js";
import { Limits } from "./limits.js";
import { checkFields } from "./node-type.js";
import { readSettings } from "./settings.js";
import { createFetch } from "./transport.js";

/** @type {typeof import("../simulator.d.ts").createGraphSimulator} */
export function createGraphSimulator(options = {}) {
	const settings = readSettings(options);
	const inbox = new Inbox(settings);
	const access = new Access(settings);
	const limits = new Limits(settings);
	const faults = new Faults();
	const graph = new Graph(settings, inbox, access, limits, faults);
	/** @type {import("../simulator.d.ts").RecordedRequest[]} */
	const requests = [];

	return {
		fetch: createFetch({ settings, graph, faults, requests }),
		pageId: settings.pageId,
		instagramAccountId: settings.instagramAccountId,
		get accessToken() {
			return access.token;
		},
		appSecret: settings.appSecret,
		appId: settings.appId,
		requests,

		conversations({ platform, folder = "inbox", fields } = {}) {
			const selections = fields === undefined ? undefined : parseFields(fields);
			checkFields(selections, threadType(settings));
			const threads = inbox.mailboxOf(platform).walk(folder, undefined, 1);
			return Array.from(threads, (thread) =>
				asConversation(thread, selections),
			);
		},
		receiveMessage(message = {}) {
			return asConversation(inbox.receive(message));
		},
		setOwner(recipient, owner) {
			const thread = inbox.findPerson(recipient);
			if (!thread)
				throw new RangeError(`setOwner: nobody here has the ID ${recipient}`);
			inbox.owners.set(thread, owner);
		},
		breakConversation(conversationId, broken = true) {
			if (broken) {
				const breakage = breakageOf(broken === true ? {} : broken);
				inbox.broken.set(conversationId, breakage);
			} else inbox.broken.delete(conversationId);
		},

		failNext(fault, times = 1) {
			faults.next(fault, times);
			return this;
		},
		failWhen(match, fault, times = Number.POSITIVE_INFINITY) {
			return faults.when(match, fault, times);
		},
		failItems(match, fault, times = Number.POSITIVE_INFINITY) {
			return faults.whenItem(match, fault, times);
		},
		liftLimit: () => limits.lift(),
		expireToken: () => access.expire(),
		expireCursors() {
			graph.generation += 1;
		},
		reset() {
			faults.clear();
			limits.lift();
			access.renew();
			requests.length = 0;
		},
	};
}
