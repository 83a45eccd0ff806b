// Whatever is asked for has a reason in CONTRIBUTING.md, and whatever is shipped its place in THIRD-PARTY.md.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, readJson } from "../../scripts/tools.mjs";
import { quoted } from "../docs/documents.mjs";
import { host, metadata, shipped } from "./crates.mjs";

const [, section] = read("CONTRIBUTING.md").split("\n## Dependencies\n");
const rows = section
	.split("\n## ")[0]
	.split("\n")
	.filter((line) => line.startsWith("| `"))
	.map((line) => line.split("|").map((cell) => cell.trim()));

const asked = [
	...Object.keys(readJson("package.json").devDependencies),
	...(await askedBy("")),
	...(await askedBy("tests/fuzz")),
];

/** @param {string} folder of a crate */
async function askedBy(folder) {
	const { packages, resolve } = await metadata(folder, await host());
	const root = packages.find(({ id }) => id === resolve.root);
	const names = root?.dependencies.map(({ name }) => name) ?? [];
	return names.filter((name) => name !== "graph-inbox");
}

describe("CONTRIBUTING.md", () => {
	it("names every dependency, and nothing else", () => {
		const named = rows.flatMap(([, names]) => quoted(names));
		assert.deepEqual(named.toSorted(), [...new Set(asked)].toSorted());
	});

	it("says why", () => {
		for (const [, names, why] of rows) assert.ok(why.length > 5, names);
	});
});

describe("THIRD-PARTY.md", () => {
	const links = Array.from(
		read("THIRD-PARTY.md").matchAll(/\[([\w ,-]+)\]\(https:/g),
		([, names]) => names.split(", "),
	).flat();

	it("names every crate that is compiled into the package, and nothing else", async () => {
		const names = (await shipped()).map(({ name }) => name);
		assert.ok(names.length > 10);
		assert.deepEqual(
			links.filter((name) => !/standard library$/.test(name)).toSorted(),
			names.toSorted(),
		);
	});
});
