import { make } from "./dom.js";
import { ownerPending, ownerUnasked } from "./owner-badge.js";
import { avatarOf, nameOf } from "./people.js";
import { timeElement } from "./time.js";

/** @typedef {import("./feed.js").Row} Row */

export const PLATFORM_NAMES = {
	MESSENGER: "Messenger",
	INSTAGRAM: "Instagram",
};

/** One conversation of the list. Its element stays the same while what it shows changes. */
export class RowElement {
	#owner = make("span", { class: "owner" });

	/** @param {Row} row */
	constructor(row) {
		this.row = row;
		this.element = make("div", {
			class: "row",
			role: "option",
			"aria-selected": "false",
			"data-id": row.id,
			tabindex: "-1",
		});
		this.#owner.append(row.person ? ownerPending() : ownerUnasked());
		this.#fill();
	}

	/** @param {Row} row a later state of the same conversation */
	update(row) {
		const { owner } = this.row;
		// One that Graph cannot show now was perhaps shown before: what is known of it stays.
		const isReadable = row.conversation.updated_time !== undefined;
		this.row = isReadable ? { ...row, owner } : this.row;
		this.#fill();
		if (!isReadable) this.#warn();
	}

	/**
	 * @param {import("./feed.js").OwnerResult} result
	 * @param {Node} badge
	 */
	setOwner(result, badge) {
		// An owner known from before says more than that it could not be read now.
		if (result.error && this.row.owner?.owner) return;
		this.row = { ...this.row, owner: result };
		this.#owner.replaceChildren(badge);
	}

	#fill() {
		const { conversation, person, platform } = this.row;
		const { unread_count: unread = 0, updated_time } = conversation;
		const name = PLATFORM_NAMES[platform];
		this.element.classList.toggle("has-unread", unread > 0);
		this.element.replaceChildren(
			avatarOf(person, this.row.id),
			make("span", { class: "name", dir: "auto" }, nameOf(person)),
			make("span", { class: "when" }, timeElement(updated_time)),
			make("span", { class: "snippet", dir: "auto" }, snippetOf(conversation)),
			make("span", { class: "unread" }, ...unreadBadge(unread)),
			make(
				"span",
				{ class: "foot" },
				make(
					"span",
					{ class: `platform-name ${platform.toLowerCase()}`, title: name },
					name,
				),
				this.#owner,
			),
		);
		if (updated_time === undefined) this.#warn();
	}

	#warn() {
		const mark = make("span", { class: "badge failed" }, "unreadable");
		mark.title = "Graph cannot show this conversation now";
		this.element.querySelector(".platform-name")?.after(mark);
	}
}

/** @param {Row["conversation"]} conversation */
function snippetOf({ snippet, updated_time }) {
	// Every conversation has a time; where it is missing, only the ID could be read.
	if (updated_time === undefined) return "Graph cannot show this conversation";
	return snippet ?? "";
}

/** @param {number} unread */
function unreadBadge(unread) {
	if (unread === 0) return [];
	return [
		make(
			"span",
			{ class: "badge count" },
			String(unread),
			make("span", { class: "visually-hidden" }, " unread"),
		),
	];
}
