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
	const missed = rows.filter(({ met }) => met === false).length;
	const aims = rows.filter(({ met }) => met !== undefined).length;
	return [
		`Measured on ${told.date} with Node ${told.node} on ${told.machine}${told.quick ? "; the short form, which only tries that it works" : ""}.`,
		`Medians, and quartiles in brackets; beside bare fetch in the same run. ${aims - missed} of ${aims} aims are reached.`,
		"",
		line(["", ...names.map(version), "to reach"]),
		line(["---", ...names.map(() => "---:"), "---"]),
		...rows.map(({ what, cells, aim, met }) =>
			line([
				what,
				...names.map((name) => cells[name] ?? ""),
				[aim, met === false ? "**missed**" : ""].filter(Boolean).join(" "),
			]),
		),
		"",
		...notes.map((note) => `- ${note}`),
	].join("\n");
}
