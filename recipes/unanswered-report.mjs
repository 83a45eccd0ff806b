// Writes a CSV file of the customers who wait for an answer, on Messenger and Instagram together; who waits longest is at the top.
// Needs: npm install graph-inbox. Goes into: a script or a scheduled function that stores or sends the file.
//
// No text that a customer wrote becomes a formula in a spreadsheet. A conversation whose messages could not be read is in the file as
// well, because nobody knows whether it was answered.
import { mergeConversations, parseGraphTime, replyState } from "graph-inbox";

/** @typedef {"messenger" | "instagram"} Platform */

/** Messages to read of each conversation. A customer who wrote more in a row is said to wait since the oldest of these. */
const MESSAGES = 10;

const FIELDS = /** @type {const} */ ([
	"updated_time",
	"participants",
	{
		messages: { limit: MESSAGES, fields: ["from", "created_time", "message"] },
	},
]);

const COLUMNS = [
	...["waiting since", "answer until", "in time", "customer", "message"],
	...["owner", "platform", "conversation"],
];

/**
 * @param {object} options
 * @param {import("graph-inbox").Inbox} options.inbox made with `appId`, if the file should tell your app from others
 * @param {string[]} options.businessIds Page ID and Instagram professional account ID
 * @param {Date} options.since conversations without a message since then are left out
 * @param {readonly Platform[]} [options.platforms]
 * @param {Date} [options.now]
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<{ csv: string, rows: number, failures: Map<Platform, unknown> }>} a platform that failed, with its reason: the
 *   file lacks what was not read by then
 */
export async function reportUnanswered({ inbox, businessIds, ...options }) {
	const { since, now = new Date(), signal } = options;
	const { platforms = ["messenger", "instagram"] } = options;
	/** @param {Platform} platform */
	const listOf = (platform) =>
		inbox.listConversationsWithOwner({
			...{ platform, signal, fields: FIELDS, updatedSince: since },
			// A message moves its conversation past pages that were read.
			catchUp: true,
		});
	const lists = /** @type {Record<Platform, ReturnType<typeof listOf>>} */ (
		Object.fromEntries(platforms.map((name) => [name, listOf(name)]))
	);
	/** @type {Map<Platform, unknown>} */
	const failures = new Map();
	/** By ID, since a conversation that moves up while the lists are read can come again. */
	const found = new Map();
	const merged = mergeConversations(lists, {
		onError: (platform, error) => void failures.set(platform, error),
	});
	for await (const { source, conversation } of merged) {
		signal?.throwIfAborted();
		const { id, messages, participants, thread_owner } = conversation;
		const state = replyState(conversation, businessIds, now);
		const isRead = !conversation.unreadable?.includes("messages");
		found.delete(id);
		if (isRead && !state?.waiting_since) continue;
		const waitingSince = state?.waiting_since ?? timeOf(conversation);
		const [newest] = messages?.data ?? [];
		const customer = participants?.data.find(
			(person) => !businessIds.includes(person.id),
		);
		const cells = [
			isRead ? iso(waitingSince) : "not known",
			iso(state?.reply_until),
			state ? (state.is_open ? "yes" : "no") : "",
			customer?.name ?? customer?.username ?? customer?.id,
			isRead ? newest?.message : "(could not be read)",
			ownerOf(thread_owner),
			source,
			id,
		];
		found.set(id, { waitingSince, line: cells.map(cellOf).join(",") });
	}
	const lines = [...found.values()]
		.sort((one, other) => one.waitingSince - other.waitingSince)
		.map(({ line }) => line);
	// Excel reads UTF-8 only where the file begins with a byte order mark.
	const csv = `\uFEFF${[COLUMNS.map(cellOf).join(","), ...lines].join("\r\n")}\r\n`;
	return { csv, rows: lines.length, failures };
}

/** @param {import("graph-inbox").ThreadOwnerResult} result */
function ownerOf({ owner, error }) {
	if (error) return `not known (${error.kind})`;
	return owner.role ?? owner.state;
}

/** @param {{ updated_time?: string }} conversation */
const timeOf = ({ updated_time }) =>
	updated_time === undefined ? new Date(0) : parseGraphTime(updated_time);

/** @param {Date | null} [time] */
const iso = (time) => time?.toISOString() ?? "";

/**
 * Writes a cell that a spreadsheet shows as text. A formula begins with `=`, `+`, `-` or `@`, or with their wide forms. A program
 * that is set to another separator than the comma begins a new cell after it, also within the quotes: hence the apostrophe there.
 *
 * @param {unknown} value
 */
export function cellOf(value) {
	const text = String(value ?? "")
		// Control characters, and those that change the direction of reading.
		.replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, " ")
		.replace(/(^|[;,|"'])(\s*)(?=[=+\-@＝＋－＠])/g, "$1$2'");
	return `"${text.replaceAll('"', '""')}"`;
}
