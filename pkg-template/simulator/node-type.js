import { errors } from "./errors.js";
import { readLimit } from "./fields.js";

/**
 * A kind of node and the fields that can be asked of it.
 *
 * @typedef {import("./fields.js").Selection} Selection
 * @typedef {import("./graph.js").Call} Call
 *
 * @typedef {object} Field
 * @property {(node: any, selection: Selection, call: Call | undefined) => unknown} read undefined where there is no value. Without a
 *   call there is no request, hence no paging
 * @property {NodeType} [type] of the nodes below
 * @property {number} [limit] how many nodes below Graph gives by default
 *
 * @typedef {object} NodeType
 * @property {string} name
 * @property {string[]} defaults
 * @property {Record<string, Field>} fields
 */

/**
 * A node with the fields asked for, in that order, and its ID. What has no value is left out.
 *
 * @param {any} node
 * @param {NodeType} type
 * @param {Selection[] | undefined} selections
 * @param {Call | undefined} call
 */
export function readNode(node, type, selections, call) {
	/** @type {Record<string, any>} */
	const answer = {};
	for (const selection of [
		...(selections ?? bare(type.defaults)),
		...bare(["id"]),
	]) {
		const value = type.fields[selection.name]?.read(node, selection, call);
		if (value !== undefined) answer[selection.name] ??= value;
	}
	return answer;
}

/**
 * Names without modifiers.
 *
 * @param {string[]} names
 * @returns {Selection[]}
 */
export function bare(names) {
	return names.map((name) => ({ name, modifiers: {}, fields: undefined }));
}

/**
 * Throws for a field the nodes do not have, whether or not there are nodes.
 *
 * @param {Selection[] | undefined} selections
 * @param {NodeType} type
 */
export function checkFields(selections, type) {
	for (const { name, modifiers, fields } of selections ?? []) {
		if (!Object.hasOwn(type.fields, name))
			throw errors.unknownField(name, type.name);
		readLimit(modifiers.limit);
		const below = type.fields[name].type;
		if (below) checkFields(fields, below);
		else if (fields)
			throw errors.parameter(`Subfields are not supported by ${name}`);
	}
}

/**
 * How much is asked for: a node counts 1, and what hangs below it as many as its limit allows.
 *
 * @param {Selection[] | undefined} selections
 * @param {NodeType} type
 * @returns {number}
 */
export function costOf(selections, type) {
	let cost = 1;
	for (const { name, modifiers, fields } of selections ?? []) {
		const { type: below, limit } = type.fields[name];
		if (below)
			cost +=
				(readLimit(modifiers.limit) ?? limit ?? 0) * costOf(fields, below);
	}
	return cost;
}

/**
 * A node type of plain objects, read as they are.
 *
 * @param {string} name
 * @param {string[]} names
 * @param {Record<string, NodeType>} [below] types of the fields that hold nodes
 * @returns {NodeType}
 */
export function plainType(name, names, below = {}) {
	const fields = names.map((field) => {
		const type = below[field];
		/** @type {Field["read"]} */
		const read = (node, selection, call) =>
			type && node[field]
				? readNode(node[field], type, selection.fields, call)
				: node[field];
		return [field, { read, type }];
	});
	return { name, defaults: names, fields: Object.fromEntries(fields) };
}

/**
 * An edge of nodes that all fit on one page.
 *
 * @param {NodeType} type
 * @param {(node: any) => unknown[] | undefined} nodes
 * @returns {Field}
 */
export function edge(type, nodes) {
	return {
		type,
		read(node, { modifiers, fields }, call) {
			const data = nodes(node)?.slice(0, readLimit(modifiers.limit));
			return (
				data && { data: data.map((item) => readNode(item, type, fields, call)) }
			);
		},
	};
}
