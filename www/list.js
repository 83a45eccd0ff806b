import { byId } from "./dom.js";
import { ownerBadge, ownerGroup } from "./owner-badge.js";
import { RowElement } from "./row.js";

/** @typedef {import("./rows.js").Row} Row */

/**
 * What to leave out. Graph has no such filters, so they are of what was read.
 *
 * @typedef {{ owner: string, unread: boolean, unanswered: boolean }} Filter
 */

const PAGE_OF_ROWS = 10;

/** Later than any time. Who waits for no answer comes after those who do. */
const NO_WAIT = 1e15;

/** The place of a row by each order: the lowest is the first. */
const ORDERS = {
	newest: (/** @type {RowElement} */ { row }) => -row.time,
	waiting: (/** @type {RowElement} */ { row, state }) =>
		state?.waiting_since?.getTime() ?? NO_WAIT - row.time,
};

/** @typedef {keyof typeof ORDERS} Order */

/** The list of conversations, each shown once however often Graph lists it. All of it is in the page: the browser skips drawing what is out of sight. */
export class ConversationList {
	#box = byId("conversations", HTMLElement);
	#scroller = byId("scroller", HTMLElement);
	/** @type {Map<string, RowElement>} */
	#byId = new Map();
	/** @type {RowElement[]} in their order */
	#rows = [];
	/** @type {Filter} */
	#filter = { owner: "", unread: false, unanswered: false };
	#placeOf = ORDERS.newest;
	/** @type {string | undefined} the ID of the conversation that is open */
	#selected;
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

	/** @returns {Row[]} in their order */
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

	clear() {
		this.#byId.clear();
		this.#rows = [];
		this.#reached = undefined;
		this.#selected = undefined;
		this.#box.replaceChildren();
		this.#box.hidden = true;
	}

	/**
	 * Puts rows where they belong; those that are known already are brought up to date.
	 *
	 * @param {Row[]} rows
	 */
	merge(rows) {
		const stay = this.#holdScroll(new Set(rows.map(({ id }) => id)));
		for (const row of rows) {
			const known = this.#byId.get(row.id);
			if (known) this.#update(known, row);
			else this.#insert(new RowElement(row));
		}
		this.#afterChange();
		stay();
	}

	/**
	 * @param {string} id
	 * @param {import("./rows.js").OwnerResult} result
	 */
	setOwner(id, result) {
		const found = this.#byId.get(id);
		found?.setOwner(result, ownerBadge(result));
		if (found && this.#filter.owner) this.#judge(found);
	}

	/** @param {Filter} filter */
	setFilter(filter) {
		this.#filter = filter;
		for (const row of this.#rows) this.#judge(row);
		this.#afterChange();
	}

	/** @param {Order} order */
	setOrder(order) {
		this.#placeOf = ORDERS[order];
		this.#rows.sort((one, other) => this.#placeOf(one) - this.#placeOf(other));
		this.#box.append(...this.#rows.map(({ element }) => element));
		this.#scroller.scrollTop = 0;
		const name = order === "newest" ? "newest first" : "waiting longest first";
		this.#box.ariaLabel = `Conversations, ${name}`;
	}

	/** @param {string} id of the conversation that is open */
	select(id) {
		const before = this.#box.querySelector('[aria-selected="true"]');
		if (before) before.ariaSelected = "false";
		this.#selected = id;
		const now = this.#byId.get(id)?.element;
		if (now) now.ariaSelected = "true";
	}

	/** Where the keyboard was last. */
	focus() {
		this.#reached?.focus();
	}

	/** @param {RowElement} known @param {Row} row */
	#update(known, row) {
		const { time } = known.row;
		const place = this.#placeOf(known);
		known.update(row);
		this.#judge(known);
		if (this.#placeOf(known) === place) return;
		this.#rows.splice(this.#rows.indexOf(known), 1);
		const hadFocus = known.element === document.activeElement;
		this.#insert(known);
		if (known.row.time > time) known.element.classList.add("moved");
		if (hadFocus) known.element.focus({ preventScroll: true });
	}

	/** @param {RowElement} row */
	#insert(row) {
		const place = this.#placeOf(row);
		let [low, high] = [0, this.#rows.length];
		while (low < high) {
			const middle = (low + high) >> 1;
			if (this.#placeOf(this.#rows[middle]) <= place) low = middle + 1;
			else high = middle;
		}
		this.#box.insertBefore(row.element, this.#rows[low]?.element ?? null);
		this.#rows.splice(low, 0, row);
		this.#byId.set(row.row.id, row);
		row.element.ariaSelected = String(row.row.id === this.#selected);
		this.#judge(row);
	}

	/** @param {RowElement} row */
	#judge({ row, element, state }) {
		const { owner, unread, unanswered } = this.#filter;
		const isOwner = !owner || ownerGroup(row.owner) === owner;
		const isUnread = !unread || (row.conversation.unread_count ?? 0) > 0;
		const isUnanswered = !unanswered || state?.last_from === "customer";
		element.hidden = !(isOwner && isUnread && isUnanswered);
	}

	/**
	 * Keeps what is looked at in its place while rows move above it. At the top of the list the new ones are what to look at.
	 *
	 * @param {Set<string>} moving IDs of rows that may move
	 * @returns {() => void} to be called after the change
	 */
	#holdScroll(moving) {
		const { scrollTop } = this.#scroller;
		const seen =
			scrollTop > 0 &&
			this.#rows.find(
				({ row, element }) =>
					!moving.has(row.id) &&
					element.offsetTop + element.offsetHeight > scrollTop,
			);
		if (!seen) return () => {};
		const { element } = seen;
		const before = element.offsetTop;
		return () => {
			this.#scroller.scrollTop = scrollTop + element.offsetTop - before;
		};
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
