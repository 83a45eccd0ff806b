// Everything that CI checks, one step after the other: npm test. Or some of it: npm test -- lint native
import { readdirSync } from "node:fs";
import { build } from "./build.mjs";
import { fuzz } from "./fuzz.mjs";
import { runMatrix } from "./matrix.mjs";
import { withNudges } from "./nudge.mjs";
import { packAndUnpack } from "./package.mjs";
import { makeReference } from "./reference.mjs";
import { setUp } from "./setup.mjs";
import { at, run, say } from "./tools.mjs";

/**
 * @param {string} folder of tests for Node's runner
 * @param {object} [how]
 * @param {string[]} [how.options] of the runner
 * @param {string[]} [how.only] the names of the files without `.test.mjs`; all of the folder without it
 * @param {Record<string, string>} [how.env]
 */
async function nodeTests(folder, { options = [], only, env } = {}) {
	const files =
		only?.map((name) => `${name}.test.mjs`) ??
		readdirSync(at("tests", folder)).filter((name) =>
			name.endsWith(".test.mjs"),
		);
	if (files.length === 0) throw new Error(`tests/${folder} has no tests`);
	const paths = files.map((name) => at("tests", folder, name));
	const reporter = "--test-reporter=spec";
	await run(process.execPath, ["--test", reporter, ...options, ...paths], {
		env,
	});
}

/** Tests of the package that run with `nodeFetch` too, half a minute in all. `npm run test:hard -- node-fetch` runs every one. */
const WITH_NODE_FETCH = [
	...["bodies", "calls", "conversations", "errors", "instagram", "owners"],
	...["leave", "page-size", "paging", "secrets", "thread-owner", "unreadable"],
	"walks",
];

/** Half of the time of a browser's test is waiting, and Node leaves one core of two unused. */
const TWO_AT_ONCE = { options: ["--test-concurrency=2"] };

/** No part of the crate, so Cargo does not know it. */
const UNPACKER = at("pkg-template", "unpack.rs");
const WASM_TARGET = ["--target", "wasm32-unknown-unknown"];
const WASM_TEST = ["test", "--mode", "no-install"];

/**
 * `needs` are the parts of setup.mjs that a step uses; no others are set up for it.
 *
 * @typedef {{ what: string, needs: import("./setup.mjs").Part[], run: () => Promise<unknown> }} Step
 */

/** @type {Record<string, Step>} */
const steps = {
	lint: {
		what: "Formatting and lints of the Rust half",
		needs: ["wasm"],
		async run() {
			await run("cargo", ["fmt", "--check"]);
			const strict = ["--", "-D", "warnings"];
			await run("cargo", ["clippy", "--locked", "--all-targets", ...strict]);
			await run("cargo", [
				"clippy",
				"--locked",
				"--all-targets",
				...WASM_TARGET,
				...strict,
			]);
			await run("cargo", ["doc", "--locked", "--no-deps", "--quiet"], {
				env: { RUSTDOCFLAGS: "-D warnings" },
			});
			await run("rustfmt", ["--check", "--edition", "2024", UNPACKER]);
			await run("clippy-driver", [
				...["--edition", "2024", "--crate-type", "cdylib"],
				...[...WASM_TARGET, "-C", "panic=abort", ...strict.slice(1)],
				...["--emit", "metadata", "-o", at("target", "unpacker.rmeta")],
				...["-W", "clippy::undocumented_unsafe_blocks", UNPACKER],
			]);
		},
	},
	native: {
		what: "The protocol, natively",
		needs: ["rust"],
		run: () => run("cargo", ["test", "--locked", "--lib"]),
	},
	fuzz: {
		what: "The corpus of the fuzz targets, and what a fixed seed makes of it",
		needs: ["rust", "fuzzing"],
		run: () => fuzz(),
	},
	bindings: {
		what: "The bindings, in Node and in Chromium",
		needs: ["tools", "browser"],
		async run() {
			await run("wasm-pack", [
				...WASM_TEST,
				"--node",
				".",
				"--test",
				"in_node",
			]);
			const chrome = [
				"--headless",
				"--chrome",
				"--chromedriver",
				"/usr/bin/chromedriver",
			];
			await withNudges((env) =>
				run(
					"wasm-pack",
					[...WASM_TEST, ...chrome, ".", "--test", "in_browser"],
					{ env },
				),
			);
		},
	},
	build: {
		what: "The package, built and packed",
		needs: ["node", "tools"],
		async run() {
			await build();
			await packAndUnpack();
		},
	},
	supply: {
		what: "Dependencies, licences, and the same bytes from a second build",
		needs: ["node", "tools"],
		run: () => nodeTests("supply"),
	},
	simulator: {
		what: "The simulator",
		needs: [],
		run: () => nodeTests("simulator"),
	},
	package: {
		what: "The packed tarball, against the simulator on a loopback port",
		needs: ["node"],
		async run() {
			await nodeTests("package");
			say("Some of it again, with nodeFetch in place of the global fetch");
			const env = { GRAPH_INBOX_FETCH: "node" };
			await nodeTests("package", { only: WITH_NODE_FETCH, env });
		},
	},
	containment: {
		what: "A build that panics on demand",
		needs: ["node", "tools"],
		async run() {
			await run(process.execPath, [at("scripts", "build.mjs")], {
				env: { GRAPH_INBOX_BUILD: "test-panics" },
			});
			await nodeTests("containment");
		},
	},
	types: {
		what: "Types, formatting and lints of the JavaScript half",
		needs: ["node"],
		async run() {
			await run("tsc", ["--project", "tsconfig.json"]);
			await run("biome", ["ci", "--error-on-warnings", "."]);
		},
	},
	recipes: {
		what: "The recipes, as their readers would run them",
		needs: ["node", "browser", "redis"],
		run: () => nodeTests("recipes", TWO_AT_ONCE),
	},
	docs: {
		what: "The documentation: its code, links and tables, and the API reference",
		needs: ["node"],
		async run() {
			await nodeTests("docs");
			await makeReference();
		},
	},
	demo: {
		what: "The demo page, in Chromium",
		needs: ["node", "browser"],
		run: () => nodeTests("demo", TWO_AT_ONCE),
	},
	bench: {
		what: "The benchmark, in short",
		needs: ["node"],
		run: () => nodeTests("bench"),
	},
	hard: {
		what: "Hostile answers, secrets, faults and a soak, in short (npm run test:hard is the long form)",
		needs: ["node", "browser"],
		// Most of it waits.
		run: () => nodeTests("hard", { options: ["--test-concurrency=4"] }),
	},
	matrix: {
		what: "Runtimes, bundlers, browsers and test runners",
		needs: ["node", "browser", "browsers"],
		run: () => runMatrix(),
	},
};

const asked = process.argv.slice(2);
for (const name of asked) {
	if (!(name in steps))
		throw new Error(
			`no step ${name}; there are ${Object.keys(steps).join(", ")}`,
		);
}
const chosen = Object.entries(steps).filter(
	([name]) => asked.length === 0 || asked.includes(name),
);

await setUp(chosen.flatMap(([, { needs }]) => needs));
const start = Date.now();
/** @type {string[]} */
const times = [];
for (const [index, [name, step]] of chosen.entries()) {
	say(`[${index + 1}/${chosen.length}] ${step.what} (npm test -- ${name})`);
	const begun = Date.now();
	await step.run();
	times.push(`${name} ${secondsSince(begun)}`);
}
say(`All of it passed, in ${secondsSince(start)} s: ${times.join(", ")}`);

/** @param {number} begunMs */
function secondsSince(begunMs) {
	return Math.round((Date.now() - begunMs) / 1000);
}
