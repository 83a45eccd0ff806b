import { errors } from "./errors.js";
import { opaque, readOpaque } from "./identifiers.js";

/**
 * A list that can be walked from any item. An item's place is told by numbers that stay with it, not by how many are above it:
 * those that move up while pages are read push nothing over a page's edge.
 *
 * @template Item
 * @typedef {object} Source
 * @property {string} name of the list: a cursor is good for its own list only
 * @property {(item: Item) => number[]} place
 * @property {(place: number[] | undefined, direction: 1 | -1) => Iterable<Item>} walk direction 1: down the list
 */

/**
 * @typedef {object} PageParameters
 * @property {number} limit
 * @property {string | null | undefined} after
 * @property {string | null | undefined} before
 */

/** @param {string} name @param {number[]} place @param {number} generation */
export function writeCursor(name, place, generation) {
	return opaque(`${generation}|${name}|${place.join("|")}`);
}

/** @param {string} cursor */
export function readCursor(cursor) {
	const [generation, name, ...place] = (readOpaque(cursor) ?? "").split("|");
	return { generation: Number(generation), name, place: place.map(Number) };
}

/**
 * One page of a list.
 *
 * @template Item
 * @param {Source<Item>} source
 * @param {PageParameters} parameters
 * @param {number} generation of the cursors that are valid
 */
export function readPage(source, { limit, after, before }, generation) {
	const direction = before && !after ? -1 : 1;
	const cursor = after || before;
	const place = cursor ? placeOf(cursor) : undefined;
	const items = take(source.walk(place, direction), limit);
	if (direction < 0) items.reverse();
	const [first, last] = [items[0], items.at(-1)];
	if (first === undefined || last === undefined) return { items };
	return {
		items,
		cursors: {
			before: writeCursor(source.name, source.place(first), generation),
			after: writeCursor(source.name, source.place(last), generation),
		},
		hasPrevious: take(source.walk(source.place(first), -1), 1).length > 0,
		hasNext: take(source.walk(source.place(last), 1), 1).length > 0,
	};

	/** @param {string} cursor */
	function placeOf(cursor) {
		const { name, place, generation: given } = readCursor(cursor);
		const isValid =
			name === source.name &&
			given === generation &&
			place.every(Number.isFinite);
		if (!isValid)
			throw errors.parameter(
				"Invalid cursor: it is not, or no longer, one of this list",
			);
		return place;
	}
}

/**
 * @template Item
 * @param {Iterable<Item>} items
 * @param {number} count
 */
function take(items, count) {
	/** @type {Item[]} */
	const taken = [];
	if (count > 0) {
		for (const item of items) {
			taken.push(item);
			if (taken.length === count) break;
		}
	}
	return taken;
}

/**
 * `paging` as Graph writes it, tokens in its URLs included.
 *
 * @param {Pick<ReturnType<typeof readPage>, "cursors" | "hasNext" | "hasPrevious">} page
 * @param {number} limit
 * @param {string} url of the list
 * @param {URLSearchParams} query of the list
 */
export function writePaging(
	{ cursors, hasNext, hasPrevious },
	limit,
	url,
	query,
) {
	if (!cursors) return undefined;
	return {
		cursors,
		...(hasPrevious && { previous: link("before", cursors.before) }),
		...(hasNext && { next: link("after", cursors.after) }),
	};

	/** @param {string} name @param {string} cursor */
	function link(name, cursor) {
		const linked = new URLSearchParams(query);
		linked.set("pretty", "0");
		linked.set("limit", String(limit));
		linked.set(name, cursor);
		return `${url}?${linked}`;
	}
}
