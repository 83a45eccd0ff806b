// Links, paths, commands and names in the documentation lead somewhere.
import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync } from "node:fs";
import { posix } from "node:path";
import { it } from "node:test";
import { at, read } from "../../scripts/tools.mjs";
import { assertCommands, isCommand } from "./commands.mjs";
import { documents, linksIn, quoted } from "./documents.mjs";

/** @typedef {import("./documents.mjs").Document} Document */

/** Of the repository. */
const folders = new Set(
	readdirSync(at()).filter((name) => statSync(at(name)).isDirectory()),
);

/** @param {string} path */
const isFile = (path) => existsSync(at(path)) && statSync(at(path)).isFile();

/** @param {Document} document @returns {string[]} the anchors that GitHub gives its headings */
function anchorsOf({ headings }) {
	const slugs = headings.map(({ text }) =>
		text
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, "")
			.replaceAll(" ", "-"),
	);
	return slugs.map((slug, index) => {
		const before = slugs.slice(0, index).filter((other) => other === slug);
		return before.length > 0 ? `${slug}-${before.length}` : slug;
	});
}

/** @param {Document} from @param {string} link */
function leads(from, link) {
	if (/^\w+:/.test(link)) return new URL(link).protocol === "https:";
	const [path, anchor] = link.split("#");
	const target = path ? posix.join(posix.dirname(from.name), path) : from.name;
	if (anchor === undefined) return existsSync(at(target));
	const document = documents.find(({ name }) => name === target);
	return document !== undefined && anchorsOf(document).includes(anchor);
}

for (const document of documents) {
	const text = document.prose.join("\n");

	it(`links of ${document.name} lead somewhere`, () => {
		const broken = linksIn(text).filter((link) => !leads(document, link));
		assert.deepEqual(broken, []);
	});

	it(`paths and commands in ${document.name} are there`, () => {
		for (const code of quoted(text)) {
			if (isCommand(code)) assertCommands(code);
			// What is in angle brackets is for the reader to choose.
			const [path] = code.split("<");
			if (/^[\w./-]+$/.test(path) && folders.has(path.split("/")[0]))
				assert.ok(existsSync(at(path)), `no path ${path}`);
		}
	});
}

it("the steps in CONTRIBUTING.md name what is in the files they link", () => {
	const guide = documents.find(({ name }) => name === "CONTRIBUTING.md");
	const steps = guide?.prose.join("\n").match(/^\d+\. .*(\n {3}.*)*/gm) ?? [];
	assert.ok(steps.length > 40);
	for (const step of steps) {
		const files = linksIn(step).filter(isFile);
		const code = files.map(read).join("\n");
		for (const name of files.length > 0 ? quoted(step) : [])
			if (!isCommand(name) && !folders.has(name.split("/")[0]))
				assert.match(
					code,
					new RegExp(`\\b${name}\\b`),
					`no ${name} in ${files}`,
				);
	}
});
