// What the tests of the documentation share: the documents, and what stands in them.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { at, read } from "../../scripts/tools.mjs";

/** @typedef {{ document: string, line: number, heading: string, language: string, code: string }} Block `line` of its first line of code, from 1 */

/**
 * A text as readers see it, line by line.
 *
 * @typedef {object} Document
 * @property {string} name its path in the repository
 * @property {Block[]} blocks of code
 * @property {{ line: number, text: string }[]} headings
 * @property {string[]} prose its lines, those of code left empty
 */

/** @param {string} folder of the repository */
const filesIn = (folder) =>
	readdirSync(at(folder), { withFileTypes: true, recursive: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => `${parentPath}/${name}`.slice(at().length));

/** Every recipe, with what belongs to it. */
export const recipes = filesIn("recipes").filter((path) =>
	/\.(mjs|jsx?)$/.test(path),
);

const markdown = [...readdirSync(at()), ...filesIn("recipes")].filter((path) =>
	path.endsWith(".md"),
);

/** What people read on GitHub. */
export const documents = markdown.map((name) => parse(name, read(name)));

/** What stands in the comments of the recipes, as documents of their own. */
export const comments = recipes.map((name) =>
	parse(
		name,
		read(name).replace(/^(?!\s*(\/\/|\/?\*)).*|^\s*(\/\/|\/?\*+) ?/gm, ""),
	),
);

export const readme = documents.find(({ name }) => name === "README.md");

/**
 * @param {string} name
 * @param {string} text
 * @returns {Document}
 */
function parse(name, text) {
	/** @type {Document} */
	const document = { name, blocks: [], headings: [], prose: [] };
	/** @type {Block | undefined} */
	let open;
	for (const [index, line] of text.split("\n").entries()) {
		const where = `${name}:${index + 1}`;
		const [, fence, language] = /^(\s*(?:`{3,}|~{3,}))(.*)$/.exec(line) ?? [];
		document.prose.push(open || fence ? "" : line);
		if (open && fence?.trim() === "```" && language === "") {
			document.blocks.push(open);
			open = undefined;
		} else if (open) {
			open.code += `${line}\n`;
		} else if (fence) {
			assert.equal(fence, "```", `${where}: a fence is three backticks`);
			const heading = document.headings.at(-1)?.text ?? "";
			open = { document: name, line: index + 2, heading, language, code: "" };
		} else {
			const text = /^#+ (.+)$/.exec(line)?.[1];
			if (text) document.headings.push({ line: index + 1, text });
		}
	}
	assert.equal(open, undefined, `${name}: a fence is not closed`);
	return document;
}

/**
 * The rows of the tables under a heading, their heads left out.
 *
 * @param {string} heading of the README
 * @returns {string[][][]} table, row, cell
 */
export function tablesUnder(heading) {
	/** @type {string[][][]} */
	const tables = [];
	let isTable = false;
	for (const line of linesUnder(heading)) {
		const cells = line.startsWith("|") ? cellsOf(line) : undefined;
		if (cells && !isTable) tables.push([]);
		if (cells) tables.at(-1)?.push(cells);
		isTable = cells !== undefined;
	}
	assert.ok(tables.length > 0, `no table under ${heading}`);
	return tables.map((rows) => rows.slice(2));
}

/**
 * @param {string} heading of the README
 * @returns {string[]} the prose up to the next heading
 */
export function linesUnder(heading) {
	assert.ok(readme);
	const { headings, prose } = readme;
	const index = headings.findIndex(({ text }) => text === heading);
	assert.ok(index >= 0, `the README has no heading ${heading}`);
	const next = headings[index + 1];
	return prose.slice(headings[index].line, next && next.line - 1);
}

/** @param {string} row */
function cellsOf(row) {
	return row
		.split(/(?<!\\)\|/)
		.slice(1, -1)
		.map((cell) => cell.trim());
}

/**
 * @param {string} text
 * @returns {string[]} what stands in backticks
 */
export const quoted = (text) =>
	Array.from(text.matchAll(/`([^`]+)`/g), ([, code]) => code);

/** In Markdown, in its definitions, in HTML. */
const LINK =
	/\]\(\s*([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)|\s(?:href|src|srcset)="([^"]+)"/gm;

/** @param {string} text */
export const linksIn = (text) =>
	Array.from(text.matchAll(LINK), ([, ...targets]) =>
		String(targets.find(Boolean)),
	);
