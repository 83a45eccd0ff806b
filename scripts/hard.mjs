// The hard tests in their long form, and a table of what was tried: npm run test:hard
// Some parts, or other amounts: npm run test:hard -- hostile soak --minutes 5 --schedules 1000
import {
	appendFileSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { parseArgs } from "node:util";
import { setUp } from "./setup.mjs";
import { at, run, say } from "./tools.mjs";

/** Which files of tests/hard each part is. @type {Record<string, string[]>} */
const PARTS = {
	hostile: ["hostile", "endless", "memory"],
	secrets: ["secrets", "echoes", "demo"],
	faults: ["faults"],
	soak: ["soak"],
	// No files of tests/hard: see `runNative` and `runNodeFetch`.
	native: [],
	"node-fetch": [],
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		minutes: { type: "string" },
		schedules: { type: "string" },
	},
});
for (const name of positionals)
	if (!(name in PARTS))
		throw new Error(
			`no part ${name}; there are ${Object.keys(PARTS).join(", ")}`,
		);
const chosen = Object.keys(PARTS).filter(
	(name) => positionals.length === 0 || positionals.includes(name),
);

await setUp([
	"node",
	...(chosen.includes("secrets") ? /** @type {const} */ (["browser"]) : []),
	...(chosen.includes("native") ? /** @type {const} */ (["rust"]) : []),
]);
mkdirSync(at("target"), { recursive: true });
const rows = at("target", "hard-rows");
rmSync(rows, { force: true });
writeFileSync(rows, "");
const env = {
	GRAPH_INBOX_HARD: "1",
	GRAPH_INBOX_HARD_ROWS: rows,
	...(values.minutes && { GRAPH_INBOX_MINUTES: values.minutes }),
	...(values.schedules && { GRAPH_INBOX_SCHEDULES: values.schedules }),
};

/** Runs random schedules natively, in virtual time: seeds are printed, and `GRAPH_INBOX_SEED` replays one. */
async function runNative() {
	const times = Number(values.schedules ?? 1_000_000);
	say(`${times} schedules in virtual time`);
	const row = {
		what: "Random schedules in virtual time, of calls, walks and owners",
		times,
		failed: 0,
		note: "",
	};
	try {
		await run(
			"cargo",
			[
				...["test", "--locked", "--lib", "--profile", "schedules"],
				...["schedules", "--", "--nocapture"],
			],
			{ env: { GRAPH_INBOX_SCHEDULES: String(times) } },
		);
	} catch {
		row.failed = 1;
		failed.push("native");
	}
	appendFileSync(rows, `${JSON.stringify(row)}\n`);
}

/** Runs the tests of the package with `nodeFetch` in place of the global `fetch`. */
async function runNodeFetch() {
	say("The tests of the package with nodeFetch");
	const files = readdirSync(at("tests", "package"))
		.filter((name) => name.endsWith(".test.mjs"))
		.map((name) => at("tests", "package", name));
	const row = {
		what: "Test files of the package, with nodeFetch in place of the global fetch",
		times: files.length,
		failed: 0,
		note: "",
	};
	for (const file of files)
		try {
			await run(process.execPath, ["--test", "--test-reporter=spec", file], {
				env: { GRAPH_INBOX_FETCH: "node" },
			});
		} catch {
			row.failed++;
		}
	if (row.failed > 0) failed.push("node-fetch");
	appendFileSync(rows, `${JSON.stringify(row)}\n`);
}

/** @type {string[]} */
const failed = [];
if (chosen.includes("native")) await runNative();
if (chosen.includes("node-fetch")) await runNodeFetch();
for (const file of chosen.flatMap((part) => PARTS[part])) {
	say(`tests/hard/${file}.test.mjs`);
	const path = at("tests", "hard", `${file}.test.mjs`);
	try {
		await run(process.execPath, ["--test", "--test-reporter=spec", path], {
			env,
		});
	} catch {
		// The others are worth knowing too.
		failed.push(file);
	}
}

/** @type {{ what: string, times: number, failed: number, note: string }[]} */
const tried = readFileSync(rows, "utf8")
	.split("\n")
	.filter(Boolean)
	.map((line) => JSON.parse(line));
const count = (/** @type {number} */ number) => number.toLocaleString("en-US");
console.log(
	[
		"",
		"| what was tried | how often | failed | |",
		"|---|---|---|---|",
		...tried.map(
			({ what, times, failed, note }) =>
				`| ${what} | ${count(times)} | ${count(failed)} | ${note} |`,
		),
	].join("\n"),
);
if (failed.length > 0) {
	console.error(`\nFailed: ${failed.join(", ")}`);
	process.exitCode = 1;
}
