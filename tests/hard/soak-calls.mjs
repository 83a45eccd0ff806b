// Everything that can be begun with a client, and the ways in which it can be left.
import { createInbox, getThreadOwner, listConversations } from "graph-inbox";

/** @typedef {import("graph-inbox").InboxOptions} InboxOptions */
/** @typedef {import("graph-inbox").Inbox} Inbox */
/** @typedef {import("graph-inbox").CallOptions} CallOptions */

/**
 * What a call is made with: a client that lives on, its options, and who can be asked about.
 *
 * @typedef {{ inbox: Inbox, options: InboxOptions, people: string[], call: CallOptions, pick: (below: number) => number }} Around
 */

/** @type {Record<string, (around: Around) => Promise<unknown> | unknown>} */
export const calls = {
	"a page": ({ inbox, call }) => inbox.listConversations(call),
	"the next page": async ({ inbox, call }) =>
		(await inbox.listConversations({ ...call, limit: 20 })).nextPage(),
	"a whole list": ({ inbox, call, pick }) =>
		inbox.listConversations({ ...call, limit: 20 + pick(60) }).toArray(),
	"a list that catches up": ({ inbox, call }) =>
		inbox.listConversations({ ...call, limit: 40, catchUp: true }).toArray(),
	"a list with owners": ({ inbox, call }) =>
		inbox.listConversationsWithOwner({ ...call, maxItems: 60 }).toArray(),
	"a list that is broken off": async ({ inbox, call, pick }) => {
		let left = pick(40);
		for await (const _ of inbox.listConversations({ ...call, limit: 10 }))
			if (left-- === 0) break;
	},
	"pages that are broken off": async ({ inbox, call }) => {
		for await (const page of inbox.listConversationsWithOwner(call).pages())
			if (page.hasNextPage()) break;
	},
	"an iteration that is left by an error": async ({ inbox, call }) => {
		for await (const _ of inbox.listConversations(call)) throw call;
	},
	"an iterator that is forgotten": ({ inbox, call }) =>
		inbox
			.listConversations({ ...call, limit: 5 })
			[Symbol.asyncIterator]()
			.next(),
	"a list that is never used": ({ inbox, call }) =>
		void inbox.listConversations(call),
	"one owner": ({ inbox, call, people, pick }) =>
		inbox.getThreadOwner(people[pick(people.length)], call),
	"many owners": ({ inbox, call, people }) =>
		inbox.getThreadOwners(people, call),
	"a client for one call": ({ options, call }) =>
		createInbox(options).listConversations(call),
	"a plain function": ({ options, call }) =>
		listConversations({ ...options, ...call }),
	"the other plain function": ({ options, call, people }) =>
		getThreadOwner({ ...options, ...call, recipient: people[0] }),
	"a wrong option": ({ inbox }) =>
		inbox.listConversations(/** @type {any} */ ({ limit: 0 })),
};
