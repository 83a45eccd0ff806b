// Changes the code that decides, one place at a time, and looks whether a native test fails: npm run mutants
// Some files, or the whole with fewer at once: npm run mutants -- src/protocol/owners.rs --jobs 1
import { readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { setUp, setUpMutants } from "./setup.mjs";
import { at, readJson, run, say } from "./tools.mjs";

/** The modules that decide what a call, a walk and a batch of owners do. */
const FILES = [
	"src/protocol/call/*.rs",
	"src/protocol/paginator/*.rs",
	"src/protocol/owners.rs",
];
const TESTS = ["call", "paginator", "owners", "simulation"];

/** So many of all mutants must be caught. */
const LEAST = 0.95;

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: { jobs: { type: "string" } },
});

await setUp(["rust"]);
await setUpMutants();
const out = at("target", "mutants");
rmSync(out, { recursive: true, force: true });
const files = positionals.length > 0 ? positionals : FILES;
say(`Mutating ${files.join(", ")}: about an hour for all of them on two cores`);
await run(
	"cargo",
	[
		...["mutants", "--output", out, "--timeout", "25"],
		...["--jobs", values.jobs ?? String(availableParallelism())],
		...files.flatMap((file) => ["--file", file]),
		...["--cargo-test-arg=--lib", "--cargo-test-arg=--locked", "--", "--"],
		...TESTS.map((name) => `protocol::${name}`),
	],
	{ env: { GRAPH_INBOX_SCHEDULES: "1500", PROPTEST_CASES: "64" } },
).catch(() => {
	// It fails as soon as one survives; which may is said below.
});

/** @param {string} name of one of the lists that cargo-mutants writes */
const listed = (name) =>
	readFileSync(`${out}/mutants.out/${name}.txt`, "utf8")
		.split("\n")
		.filter(Boolean)
		// Without line and column, which any edit moves.
		.map((line) => line.replace(/:\d+:\d+:/, ":"));

const caught = listed("caught").length + listed("timeout").length;
const survived = listed("missed");
/** @type {{ mutant: string, why: string }[]} */
const known = readJson("tests/mutants/survivors.json");
const unknown = survived.filter(
	(line) => !known.some(({ mutant }) => mutant === line),
);
const share = caught / (caught + survived.length);
console.log(
	`${caught} of ${caught + survived.length} mutants were caught (${(100 * share).toFixed(1)} %).`,
);
for (const line of unknown)
	console.log(
		`Survived, and tests/mutants/survivors.json has no reason: ${line}`,
	);
if (share < LEAST || unknown.length > 0) process.exitCode = 1;
