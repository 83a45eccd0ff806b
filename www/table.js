import { byId, make } from "./dom.js";
import { ownerPending, ownerUnasked } from "./owner-badge.js";
import { colourOf, initialsOf, nameOf, personOf } from "./people.js";
import { timeElement } from "./time.js";

/** @typedef {import("./reading.js").Reading} Reading */
/** @typedef {import("./reading.js").Row} Row */

const SKELETON_ROWS = 8;
const PLATFORM_NAMES = { MESSENGER: "Messenger", INSTAGRAM: "Instagram" };

/** The table of conversations, by ID: each is shown once, however often Graph lists it. */
export function createTable() {
	const table = byId("conversations", HTMLTableElement);
	const body = table.tBodies[0];
	/** @type {Map<string, HTMLTableCellElement>} owner cells of the rows shown */
	const owners = new Map();

	return {
		get count() {
			return owners.size;
		},

		/** @param {boolean} busy */
		setBusy(busy) {
			table.setAttribute("aria-busy", String(busy));
		},

		/** Rows in waiting, where there is nothing to keep. */
		showSkeleton() {
			owners.clear();
			table.hidden = false;
			body.replaceChildren(
				...Array.from({ length: SKELETON_ROWS }, skeletonRow),
			);
		},

		clear() {
			owners.clear();
			table.hidden = true;
			body.replaceChildren();
		},

		/**
		 * @param {Row[]} rows
		 * @param {Reading} reading
		 */
		replace(rows, reading) {
			const known = new Map(owners);
			this.clear();
			const added = this.append(rows, reading);
			// The last owner known is a better guess than none while it is asked for again.
			for (const { id } of added) {
				const badge = known.get(id)?.firstChild;
				if (badge) owners.get(id)?.replaceChildren(badge);
			}
			return added;
		},

		/**
		 * @param {Row[]} rows
		 * @param {Reading} reading
		 * @returns {Row[]} those that were not shown yet: conversations move between pages while they are read
		 */
		append(rows, reading) {
			const added = rows.filter(({ id }) => !owners.has(id));
			for (const row of added) {
				const { element, owner } = conversationRow(row, reading);
				owners.set(row.id, owner);
				body.append(element);
			}
			table.hidden = owners.size === 0;
			return added;
		},

		/**
		 * @param {string} conversationId
		 * @param {Node} badge
		 */
		setOwner(conversationId, badge) {
			const cell = owners.get(conversationId);
			cell?.replaceChildren(badge);
			cell?.removeAttribute("aria-busy");
		},
	};
}

/**
 * @param {Row} row
 * @param {Reading} reading
 */
function conversationRow(row, { businessIds, query }) {
	const person = personOf(row, businessIds);
	const owner = make(
		"td",
		{ class: "owner", "aria-busy": person && "true" },
		person ? ownerPending() : ownerUnasked(),
	);
	const platform = query.platform.toLowerCase();
	const name = PLATFORM_NAMES[query.platform];
	const unread = row.unread_count ?? 0;
	const element = make(
		"tr",
		{ "data-id": row.id, class: unread > 0 ? "has-unread" : undefined },
		make("th", { scope: "row", class: "who" }, personBlock(row, person)),
		make(
			"td",
			{ class: "platform" },
			make(
				"span",
				{ class: `platform-name ${platform}`, title: name },
				make("span", { class: "platform-text" }, name),
			),
		),
		make("td", { class: "snippet", dir: "auto" }, snippetOf(row)),
		make("td", { class: "when" }, timeElement(row.updated_time)),
		make("td", { class: "unread" }, ...unreadBadge(unread)),
		owner,
	);
	return { element, owner };
}

/** @param {Row} row */
function snippetOf({ snippet, updated_time }) {
	// Every conversation has a time; where it is missing, only the ID could be read.
	if (updated_time === undefined) return "Graph cannot show this conversation";
	return snippet ?? "";
}

/**
 * @param {Row} row
 * @param {ReturnType<typeof personOf>} person
 */
function personBlock(row, person) {
	const name = nameOf(person);
	const colour = `avatar colour-${colourOf(person?.id ?? row.id)}`;
	const count = row.message_count;
	return make(
		"div",
		{ class: "person" },
		make("span", { class: colour, "aria-hidden": "true" }, initialsOf(name)),
		make(
			"span",
			{ class: "person-text" },
			make("span", { class: "name", dir: "auto" }, name),
			make(
				"span",
				{ class: "message-count" },
				count === undefined
					? ""
					: `${count} ${count === 1 ? "message" : "messages"}`,
			),
		),
	);
}

/** @param {number} unread */
function unreadBadge(unread) {
	if (unread === 0) return [make("span", { class: "visually-hidden" }, "none")];
	return [make("span", { class: "badge count" }, String(unread))];
}

function skeletonRow() {
	const cells = ["who", "platform", "snippet", "when", "unread", "owner"];
	return make(
		"tr",
		{ class: "skeleton-row", "aria-hidden": "true" },
		...cells.map((name) =>
			make("td", { class: name }, make("span", { class: "skeleton" })),
		),
	);
}
