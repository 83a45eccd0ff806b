// The rows of the matrix, all or some: npm run test:matrix -- vite node
import { readdirSync } from "node:fs";
import { build } from "./build.mjs";
import { packAndUnpack } from "./package.mjs";
import { setUp } from "./setup.mjs";
import { at, isMain, run, say } from "./tools.mjs";

/** @param {string[]} asked names of rows; none: all of them */
export async function runMatrix(asked = []) {
	const rows = readdirSync(at("tests", "matrix"), { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
	for (const name of asked)
		if (!rows.includes(name))
			throw new Error(`no row ${name}; there are ${rows.join(", ")}`);
	const tests = (asked.length > 0 ? asked : rows).map((name) =>
		at("tests", "matrix", name, `${name}.test.mjs`),
	);
	await run(process.execPath, [
		...["--test", "--test-concurrency=2", "--test-reporter=spec"],
		...tests,
	]);
}

if (isMain(import.meta.url)) {
	await build();
	await packAndUnpack();
	await setUp(["browser", "browsers"]);
	say("The matrix");
	await runMatrix(process.argv.slice(2));
}
