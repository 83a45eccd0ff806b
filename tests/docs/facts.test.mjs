// Versions, rows, entries and proofs that the README names are those of the repository.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { PEERS } from "../../scripts/peers.mjs";
import { at, read, readJson } from "../../scripts/tools.mjs";
import { linesUnder, quoted, tablesUnder } from "./documents.mjs";

const manifest = readJson("pkg-template/package.json");

describe("versions", () => {
	it("of the package are one", () => {
		const { version } = manifest;
		assert.equal(/^version = "(.+)"$/m.exec(read("Cargo.toml"))?.[1], version);
		const headings = read("CHANGELOG.md").match(/^## .*$/gm) ?? [];
		assert.ok(
			headings.some((heading) => heading.includes(version)),
			`the CHANGELOG says nothing of ${version}`,
		);
	});

	it("of Graph are those of the code", () => {
		const [, until, version] =
			/supported until ([\d-]+)\.\n.*?DEFAULT_API_VERSION: &str = "([^"]+)"/s.exec(
				read("src/protocol/graph/settings.rs"),
			) ?? [];
		const text = linesUnder("Versions").join(" ");
		assert.ok(
			text.includes(`${version}, which is supported until ${until}`),
			text,
		);
	});

	it("of Node are those of package.json and of the matrix", () => {
		const { engines } = readJson("package.json");
		const text = linesUnder("Development").join(" ");
		const least = /nodejs\.org\) (\d+) or later/.exec(text)?.[1];
		assert.equal(`>=${least}`, engines.node);
		assert.deepEqual(versionsIn("Node"), versionsOf("node", /^node-(\d+)$/));
	});

	it("of TypeScript are those of the matrix", () => {
		const { devDependencies } = readJson("tests/matrix/types/app/package.json");
		const installed = Object.entries(devDependencies)
			.filter(([name]) => name.startsWith("typescript"))
			.map(([, version]) => /(\d+\.\d+)\.\d+$/.exec(version)?.[1]);
		assert.deepEqual(versionsIn("TypeScript"), installed.toSorted());
	});

	it("of the peers are those that are measured", () => {
		const [rows] = tablesUnder("Size");
		const measured = rows.slice(1).map(([name]) => name.replace(/ \(.*/, ""));
		assert.deepEqual(
			measured.toSorted(),
			Object.entries(PEERS)
				.map((peer) => peer.join(" "))
				.toSorted(),
		);
	});
});

/** @param {string} name of a row under "Where it runs" @returns {string[]} */
function versionsIn(name) {
	const [rows] = tablesUnder("Where it runs");
	const row = rows.find(([cell]) => cell === name);
	return (
		row?.[2]
			.split(", `")[0]
			.match(/\d+(\.\d+)?/g)
			?.toSorted() ?? []
	);
}

/** @param {string} row of the matrix @param {RegExp} name of what it installs */
function versionsOf(row, name) {
	const { dependencies, devDependencies } = readJson(
		`tests/matrix/${row}/app/package.json`,
	);
	const names = Object.keys({ ...dependencies, ...devDependencies });
	return names.flatMap((found) => name.exec(found)?.[1] ?? []).toSorted();
}

it("every row of the matrix is there", () => {
	const [rows] = tablesUnder("Where it runs");
	const links = rows.flatMap(([, cell]) =>
		Array.from(
			cell.matchAll(/\((tests\/matrix\/\w+)\/app\)/g),
			([, path]) => path,
		),
	);
	const folders = readdirSync(at("tests", "matrix"), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => `tests/matrix/${name}`);
	assert.deepEqual(links.toSorted(), folders.toSorted());
});

it("every entry is there", () => {
	const text = linesUnder("Where it runs").join("\n");
	const named = quoted(text.slice(text.indexOf("The [entries]")));
	const entries = Object.keys(manifest.exports)
		.filter((path) => path !== "./package.json")
		.map((path) => path.replace(".", manifest.name));
	assert.deepEqual(
		named.filter((name) => name.startsWith(manifest.name)).toSorted(),
		entries.toSorted(),
	);
});

it("the packages of Debian are those that set-up installs", () => {
	const text = linesUnder("Development").join(" ");
	const [, list] = /`npm test` needs Debian's (.*?)\. As root/.exec(text) ?? [];
	const installed = Array.from(
		read("scripts/setup.mjs").matchAll(
			/installPackages\([^;]*?\[([^\]]+)\],?\s*\);/g,
		),
		([, names]) => names.match(/[\w-]+/g) ?? [],
	);
	assert.deepEqual(quoted(list).toSorted(), installed.flat().toSorted());
});

describe("every claim has its proof", () => {
	it("of what is handled: a test", () => {
		const [rows] = tablesUnder("What it handles for you");
		assert.ok(rows.length > 10);
		for (const [trouble, , proof] of rows)
			assert.match(proof, /\(tests\/package\/[\w-]+\.test\.mjs\)/, trouble);
	});

	for (const heading of ["Live", "Heavy inboxes", "Rate limits", "Security"])
		it(`under ${heading}: a test, or the code with its tests`, () => {
			const points = linesUnder(heading).join("\n").split(/^- /m).slice(1);
			assert.ok(points.length > 3);
			for (const point of points)
				assert.match(point, /\((tests|src)\/[\w./-]+\.(test\.mjs|rs)\)/);
		});
});

it("what is said of speed was measured in one run", () => {
	const run = read("tests/bench/RESULTS.md");
	const measured = new Map(
		run
			.split("\n")
			.filter((line) => line.startsWith("| "))
			.map((line) => line.split("|").map((cell) => cell.trim()))
			.map(([, what, ...cells]) => [what, cells]),
	);
	const [[, ...rows]] = tablesUnder("Speed");
	assert.ok(rows.length > 10);
	for (const [what, ...cells] of rows) {
		const found = measured.get(what.replaceAll(",000", "000"));
		assert.ok(found, what);
		for (const cell of cells) {
			const figure = cell.replace(/^([\d,]+ ms)$/, (ms) => ms.replace(",", ""));
			assert.ok(
				found.some((whole) => whole.startsWith(figure)),
				`${what}: ${cell}`,
			);
		}
	}
});
