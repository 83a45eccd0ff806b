// Whether a command that the documentation names would find what it is given: scripts, steps, rows, files, tests.
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { at, read, readJson, run } from "../../scripts/tools.mjs";

const { scripts, devDependencies } = readJson("package.json");

const rows = readdirSync(at("tests", "matrix"), { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => name);

/**
 * Asks a script for a part that it does not have: it answers with those that it has.
 *
 * @param {string} script
 * @returns {Promise<string[]>}
 */
async function partsOf(script) {
	const refusal = await run(
		process.execPath,
		[at("scripts", script), "no-such-part"],
		{ quiet: true },
	).catch(String);
	const parts = /there are ([\w, -]+)/.exec(refusal)?.[1].split(", ") ?? [];
	assert.ok(parts.length > 2, refusal);
	return parts;
}

/** What may follow the two dashes of a script. @type {Record<string, string[]>} */
const choices = {
	test: await partsOf("test.mjs"),
	"test:hard": await partsOf("hard.mjs"),
	"test:matrix": rows,
};

/** @type {Record<string, (words: string[]) => void>} */
const programs = {
	npm([command, ...words]) {
		if (command === "install")
			for (const word of words) assert.ok(word in devDependencies, word);
		else if (command === "publish")
			assert.match(words.join(), /^[\w./-]+\.tgz$/);
		else if (command === "run") runs(words);
		else runs([command, ...words]);
	},
	node(words) {
		const [file] = words.filter((word) => !word.startsWith("-"));
		assert.ok(file && existsSync(at(file)), `no file ${file}`);
		for (const word of words) {
			const name = /^--test-name-pattern=(.+)$/.exec(word)?.[1];
			if (name) assert.ok(read(file).includes(name), `no test ${name}`);
		}
	},
	cargo([command, ...words]) {
		if (command === "update") {
			const [workspace, option, path, ...others] = words;
			assert.equal(workspace, "--workspace");
			if (option !== undefined) assert.equal(option, "--manifest-path");
			assert.ok(path === undefined || existsSync(at(path)), `no ${path}`);
			assert.deepEqual(others, []);
			return;
		}
		assert.equal(command, "test");
		for (const word of words.filter((word) => !word.startsWith("-")))
			assert.ok(
				existsSync(at("src", `${word.replaceAll("::", "/")}.rs`)),
				`no module ${word}`,
			);
	},
};

/** @param {string[]} words a script of package.json, and what it is given */
function runs([script, dashes, ...given]) {
	assert.ok(script in scripts, `no script ${script}`);
	if (dashes !== undefined) assert.equal(dashes, "--");
	for (const word of given)
		assert.ok(choices[script]?.includes(word), `${script} has no ${word}`);
}

/** @param {string} text */
export const isCommand = (text) => /^(\w+=\S+ )*(npm|node|cargo) /.test(text);

/** @param {string} code one command to a line */
export function assertCommands(code) {
	for (const line of code.trim().split("\n")) {
		const [command] = line.split(/\s+#\s/);
		assert.ok(isCommand(command), `nobody knows whether this works: ${line}`);
		const words = command.match(/(?:"[^"]*"|[^\s"])+/g) ?? [];
		const bare = words.map((word) => word.replaceAll('"', ""));
		const start = bare.findIndex((word) => !word.includes("="));
		programs[bare[start]](bare.slice(start + 1));
	}
}
