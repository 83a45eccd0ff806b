// Every recipe is run by a test, stands in both tables, and says what it needs.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { posix } from "node:path";
import { it } from "node:test";
import { at, read } from "../../scripts/tools.mjs";
import { comments, documents, linksIn, recipes } from "./documents.mjs";

const tests = readdirSync(at("tests", "recipes"))
	.filter((name) => name.endsWith(".test.mjs"))
	.map((name) => read(`tests/recipes/${name}`));
const imports = recipes.flatMap(importsOf);

/** @param {string} document @returns {string[]} the recipes it links, a folder by its name */
function recipesIn(document) {
	const text = documents
		.find(({ name }) => name === document)
		?.prose.join("\n");
	assert.ok(text, document);
	return linksIn(text).flatMap((link) => {
		const path = posix.join(posix.dirname(document), link).split("/");
		return path[0] === "recipes" ? path[1] : [];
	});
}

for (const name of new Set(recipes.map(nameOf))) {
	it(`${name} says which packages it needs`, () => {
		const own = (/** @type {string} */ path) => nameOf(path) === name;
		const said = comments
			.filter((document) => own(document.name))
			.flatMap(({ prose }) => prose)
			.join("\n");
		for (const from of recipes.filter(own).flatMap(importsOf))
			if (!/^(\.|node:|graph-inbox)/.test(from))
				assert.ok(said.includes(packageOf(from)), from);
	});

	// What a recipe is made of belongs to it.
	if (imports.includes(`./${name}`)) continue;
	it(`${name} is run by a test, and stands in both tables`, () => {
		const isRun = tests.some((text) => text.includes(name));
		assert.ok(isRun, "no test names it");
		for (const document of ["README.md", "recipes/README.md"])
			assert.ok(recipesIn(document).includes(name), document);
	});
}

/** @param {string} path of a file of a recipe @returns {string} its recipe: a file, or a folder */
function nameOf(path) {
	return path.split("/")[1];
}

/** @param {string} path of a module @returns {string[]} what it imports */
function importsOf(path) {
	const code = read(path).matchAll(/^(?:import|export|\}) ?.*?"([^"]+)";$/gm);
	return Array.from(code, ([, from]) => from);
}

/** @param {string} specifier such as `react/jsx-runtime` */
function packageOf(specifier) {
	const [scope, name] = specifier.split("/");
	return scope.startsWith("@") ? `${scope}/${name}` : scope;
}
