import { make } from "./dom.js";
import { ownerPending, ownerUnasked } from "./owner-badge.js";
import { avatarOf, nameOf } from "./people.js";
import { replyStateOf } from "./reply-window.js";
import { agoElement, timeElement } from "./time.js";
import { unreadableText } from "./unreadable.js";

/** @typedef {import("./rows.js").Row} Row */

export const PLATFORM_NAMES = {
	MESSENGER: "Messenger",
	INSTAGRAM: "Instagram",
};

/** One conversation of the list. Its element stays the same while what it shows changes. */
export class RowElement {
	#owner = make("span", { class: "owner" });
	/** Who waits for an answer; `null` where that was not read. @type {ReturnType<typeof replyStateOf>} */
	state = null;

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
		const { owner, person, business, time, conversation } = this.row;
		const { unreadable, updated_time } = row.conversation;
		// What cannot be read now was perhaps read before: what is known of it stays.
		this.row = {
			...row,
			owner,
			person: row.person ?? person,
			business: row.business ?? business,
			time: updated_time ? row.time : time,
			conversation: { ...(unreadable && conversation), ...row.conversation },
		};
		this.#fill();
	}

	/**
	 * @param {import("./rows.js").OwnerResult} result
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
		const { unread_count: unread = 0, updated_time, unreadable } = conversation;
		const name = PLATFORM_NAMES[platform];
		this.state = replyStateOf(this.row);
		const isOurs = this.state?.last_from === "business";
		this.element.classList.toggle("has-unread", unread > 0);
		this.element.replaceChildren(
			avatarOf(person, this.row.id),
			make("span", { class: "name", dir: "auto" }, nameOf(person)),
			make("span", { class: "when" }, agoElement(updated_time)),
			make(
				"span",
				{ class: `snippet${isOurs ? " ours" : ""}`, dir: "auto" },
				conversation.snippet ?? "",
			),
			make("span", { class: "unread" }, ...unreadBadge(unread)),
			...(unreadable
				? [make("span", { class: "unreadable" }, unreadableText(unreadable))]
				: []),
			make(
				"span",
				{ class: "foot" },
				make(
					"span",
					{ class: `platform-name ${platform.toLowerCase()}`, title: name },
					name,
				),
				...windowMark(this.state),
				this.#owner,
			),
		);
	}
}

/** @param {RowElement["state"]} state */
function windowMark(state) {
	if (!state?.reply_until) return [];
	return [
		make(
			"span",
			{ class: "window" },
			make("span", { class: "visually-hidden" }, "Reply window: "),
			timeElement("left", state.reply_until),
		),
	];
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
