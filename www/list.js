import { byId } from "./dom.js";
import { ownerBadge, ownerGroup } from "./owner-badge.js";
import { RowElement } from "./row.js";

/** @typedef {import("./feed.js").Row} Row */

/**
 * What to leave out. Graph has no such filters, so they are of what was read.
 *
 * @typedef {{ owner: string, unread: boolean }} Filter
 */

const PAGE_OF_ROWS = 10;

/** The list of conversations, newest first, each shown once however often Graph lists it. All of it is in the page: the browser skips drawing what is out of sight. */
export class ConversationList {
	#box = byId("conversations", HTMLElement);
	/** @type {Map<string, RowElement>} */
	#byId = new Map();
	/** @type {RowElement[]} newest first */
	#rows = [];
	/** @type {Filter} */
	#filter = { owner: "", unread: false };
	/** @type {string | undefined} */
	#appId;
	/** @type {RowElement["element"] | undefined} that the Tab key reaches */
	#reached;

	/** @param {(row: Row) => void} onOpen */
	constructor(onOpen) {
		this.#box.addEventListener("click", ({ target }) => {
			const found = this.#find(target);
			if (!found) return;
			this.#reach(found.element);
			onOpen(found.row);
		});
		this.#box.addEventListener("keydown", (event) => {
			const found = this.#find(event.target);
			if (!found || event.ctrlKey || event.metaKey || event.altKey) return;
			if (event.key === "Enter" || event.key === " ") onOpen(found.row);
			else if (!this.#walk(found.element, event.key)) return;
			event.preventDefault();
		});
	}

	get count() {
		return this.#rows.length;
	}

	/** Those that the filter lets through. */
	get shown() {
		return this.#rows.filter(({ element }) => !element.hidden).length;
	}

	/** @returns {Row[]} newest first */
	get rows() {
		return this.#rows.map(({ row }) => row);
	}

	/** @param {string} id */
	get(id) {
		return this.#byId.get(id)?.row;
	}

	/** @param {boolean} busy */
	setBusy(busy) {
		this.#box.ariaBusy = String(busy);
	}

	/** @param {string} [appId] the app whose threads are ours */
	clear(appId) {
		this.#appId = appId;
		this.#byId.clear();
		this.#rows = [];
		this.#reached = undefined;
		this.#box.replaceChildren();
		this.#box.hidden = true;
	}

	/**
	 * Puts rows where their time says; those that are known already are brought up to date.
	 *
	 * @param {Row[]} rows
	 */
	merge(rows) {
		for (const row of rows) {
			const known = this.#byId.get(row.id);
			if (known) this.#update(known, row);
			else this.#insert(new RowElement(row));
		}
		this.#afterChange();
	}

	/**
	 * @param {string} id
	 * @param {import("./feed.js").OwnerResult} result
	 */
	setOwner(id, result) {
		const found = this.#byId.get(id);
		found?.setOwner(result, ownerBadge(result, this.#appId));
		if (found && this.#filter.owner) this.#judge(found);
	}

	/** @param {Filter} filter */
	setFilter(filter) {
		this.#filter = filter;
		for (const row of this.#rows) this.#judge(row);
		this.#afterChange();
	}

	/** @param {string | undefined} id of the conversation that is open */
	select(id) {
		const before = this.#box.querySelector('[aria-selected="true"]');
		if (before) before.ariaSelected = "false";
		const now = id && this.#byId.get(id)?.element;
		if (now) now.ariaSelected = "true";
	}

	/** Where the keyboard was last. */
	focus() {
		this.#reached?.focus();
	}

	/** @param {RowElement} known @param {Row} row */
	#update(known, row) {
		const { time } = known.row;
		known.update(row);
		this.#judge(known);
		if (known.row.time === time) return;
		this.#rows.splice(this.#rows.indexOf(known), 1);
		const hadFocus = known.element === document.activeElement;
		this.#insert(known);
		known.element.classList.add("moved");
		if (hadFocus) known.element.focus({ preventScroll: true });
	}

	/** @param {RowElement} row */
	#insert(row) {
		let [low, high] = [0, this.#rows.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#rows[middle].row.time >= row.row.time) low = middle + 1;
			else high = middle;
		}
		this.#box.insertBefore(row.element, this.#rows[low]?.element ?? null);
		this.#rows.splice(low, 0, row);
		this.#byId.set(row.row.id, row);
		this.#judge(row);
	}

	/** @param {RowElement} row */
	#judge({ row, element }) {
		const { owner, unread } = this.#filter;
		const isOwner = !owner || ownerGroup(row.owner, this.#appId) === owner;
		const isUnread = !unread || (row.conversation.unread_count ?? 0) > 0;
		element.hidden = !(isOwner && isUnread);
	}

	#afterChange() {
		// An empty list box would be announced as broken.
		const first = this.#rows.find(({ element }) => !element.hidden)?.element;
		this.#box.hidden = !first;
		if (first && (!this.#reached || this.#reached.hidden)) this.#reach(first);
	}

	/** @param {EventTarget | null} target */
	#find(target) {
		const element = target instanceof Element && target.closest(".row");
		if (!(element instanceof HTMLElement)) return undefined;
		return this.#byId.get(element.dataset.id ?? "");
	}

	/** @param {RowElement["element"]} element */
	#reach(element) {
		if (this.#reached) this.#reached.tabIndex = -1;
		element.tabIndex = 0;
		this.#reached = element;
	}

	/**
	 * @param {RowElement["element"]} from
	 * @param {string} key
	 * @returns {boolean} whether it is a key to walk with
	 */
	#walk(from, key) {
		const visible = this.#rows
			.map(({ element }) => element)
			.filter(({ hidden }) => !hidden);
		const at = visible.indexOf(from);
		/** @type {Record<string, number>} */
		const places = {
			ArrowDown: at + 1,
			ArrowUp: at - 1,
			PageDown: at + PAGE_OF_ROWS,
			PageUp: at - PAGE_OF_ROWS,
			Home: 0,
			End: visible.length - 1,
		};
		if (!Object.hasOwn(places, key)) return false;
		const place = Math.min(Math.max(places[key], 0), visible.length - 1);
		this.#reach(visible[place]);
		visible[place].focus();
		return true;
	}
}
