// The rows as a table in Markdown.
import { PEERS } from "../../scripts/peers.mjs";

/** @typedef {import("./context.mjs").Row} Row */
/** @typedef {ReturnType<typeof import("./machine.mjs").machine> & { quick: boolean }} Told */

/**
 * @param {Told} told
 * @param {{ name: string }[]} contenders
 * @param {Row[]} rows
 * @param {string[]} notes
 */
export function table(told, contenders, rows, notes) {
	const names = contenders.map(({ name }) => name);
	const line = (/** @type {string[]} */ cells) => `| ${cells.join(" | ")} |`;
	const version = (/** @type {string} */ name) =>
		[name, PEERS[/** @type {keyof typeof PEERS} */ (name)]]
			.filter(Boolean)
			.join(" ");
	const all = rows.flatMap(({ aims = [] }) => aims);
	const met = all.filter((aim) => aim.met).length;
	return [
		`Measured on ${told.date} with Node ${told.node} on ${told.machine}${told.quick ? "; the short form, which only tries that it works" : ""}.`,
		`Medians, and quartiles in brackets; beside bare fetch in the same run. ${met} of ${all.length} aims are reached.`,
		"",
		line(["", ...names.map(version), "to reach"]),
		line(["---", ...names.map(() => "---:"), "---"]),
		...rows.map(({ what, cells, aims = [] }) =>
			line([
				what,
				...names.map((name) => cells[name] ?? ""),
				aims.map(verdict).join(", "),
			]),
		),
		"",
		...notes.map((note) => `- ${note}`),
	].join("\n");
}

/** @param {import("./context.mjs").Aim} aim */
const verdict = ({ text, met }) => `${text} ${met ? "met" : "**missed**"}`;
