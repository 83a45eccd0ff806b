// Looks for inputs that make the protocol break its promises, each target for some seconds: npm run fuzz
// Some targets, for longer, and to keep what reaches new code: npm run fuzz -- fields owner --seconds 600 --keep
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { packCorpus, unpackCorpus } from "./fuzz-corpus.mjs";
import { setUp } from "./setup.mjs";
import { ask, at, isMain, run, say } from "./tools.mjs";

/** What cargo-fuzz would pass, which is not needed: each branch counted, and each comparison told. */
const FLAGS = [
	"--cfg=fuzzing",
	"-Cpasses=sancov-module",
	"-Cllvm-args=-sanitizer-coverage-level=4",
	"-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
	"-Cllvm-args=-sanitizer-coverage-pc-table",
	"-Cllvm-args=-sanitizer-coverage-trace-compares",
	"-Dwarnings",
];

const MANIFEST = ["--manifest-path", at("tests", "fuzz", "Cargo.toml")];

export const targets = readdirSync(at("tests", "fuzz", "fuzz_targets"))
	.map((name) => name.replace(/\.rs$/, ""))
	.toSorted();

/**
 * `seconds` are for each target. Without them it is about as much, but the same inputs on every machine: what passed once
 * passes again. With `keep`, the corpus takes what was found.
 *
 * @param {{ chosen?: string[], seconds?: number, keep?: boolean }} [options]
 */
export async function fuzz({ chosen = targets, seconds, keep = false } = {}) {
	await setUp(["rust", "fuzzing"]);
	say("Building the fuzz targets");
	const folder = await build();
	const each = seconds ? `${seconds} s each` : "the same inputs every time";
	say(`Fuzzing ${chosen.join(", ")}: ${each}`);
	const waiting = [...chosen];
	const worker = async () => {
		for (let name = waiting.shift(); name; name = waiting.shift())
			console.log(await runTarget(folder, name, seconds));
	};
	await Promise.all(Array.from({ length: availableParallelism() }, worker));
	if (keep) for (const name of chosen) await keepFound(folder, name);
}

/** @returns {Promise<string>} the folder of the programs */
async function build() {
	const host = await ask("rustc", ["--print", "host-tuple"]);
	if (!host) throw new Error("rustc does not say for which machine it is");
	// The target named, so that the flags are not for build scripts and macros.
	const options = ["--locked", "--release", "--target", host];
	const folder = at("target", "fuzz");
	const env = { CARGO_ENCODED_RUSTFLAGS: FLAGS.join("\x1f") };
	const build = [...MANIFEST, ...options, "--target-dir", folder];
	await run("cargo", ["fmt", "--check", ...MANIFEST]);
	await run("cargo", ["build", ...build], { env });
	return `${folder}/${host}/release`;
}

/** What was found on this machine, to go on from there. @param {string} name */
const foundOf = (name) => at("target", "fuzz", "found", name);

/** How many inputs take some seconds, where it is not `DEFAULT_INPUTS`. @type {Record<string, number>} */
const INPUTS = { envelope: 30_000, owner: 500_000, usage: 700_000 };
const DEFAULT_INPUTS = 100_000;

/** What libFuzzer is told to look for something new. @param {string} name @param {number} seconds */
function search(name, seconds) {
	mkdirSync(foundOf(name), { recursive: true });
	// It adds to the first folder.
	return [`-max_total_time=${seconds}`, foundOf(name), unpackCorpus(name)];
}

/** Addresses that change would be other inputs: libFuzzer learns from the numbers that are compared. */
async function inOnePlace() {
	const option = "--addr-no-randomize";
	// Only Linux has it, and a container may forbid it.
	const works = await ask("setarch", [option, process.execPath, "--version"]);
	return works === undefined ? [] : ["setarch", option];
}

/** What it is told to go where it went before. @param {string} name */
function repeat(name) {
	const folder = unpackCorpus(name);
	// In a folder it takes the files as they come.
	const inputs = readdirSync(folder).map((file) => join(folder, file));
	const list = `${folder}.list`;
	writeFileSync(list, inputs.toSorted().join(","));
	const runs = INPUTS[name] ?? DEFAULT_INPUTS;
	return ["-seed=1", `-runs=${runs}`, `-seed_inputs=@${list}`];
}

/**
 * @param {string} folder
 * @param {string} name
 * @param {number} [seconds]
 * @returns {Promise<string>} how far it came
 */
async function runTarget(folder, name, seconds) {
	const target = `${folder}/${name}`;
	const [program = target, ...options] = seconds
		? [target, ...search(name, seconds)]
		: [...(await inOnePlace()), target, ...repeat(name)];
	const log = await run(
		program,
		[
			...options,
			// An input that takes so long or so much would be a finding too.
			...["-timeout=5", "-rss_limit_mb=512"],
			`-dict=${at("tests", "fuzz", "graph.dict")}`,
			`-artifact_prefix=${at("target", "fuzz", `${name}-`)}`,
		],
		{ quiet: true },
	);
	const [, inputs, edges] = /#(\d+)\s+DONE\s+cov: (\d+)/.exec(log) ?? [];
	if (!inputs) throw new Error(`${name} did not come to its end\n${log}`);
	return `${name}: ${Number(inputs).toLocaleString("en")} inputs, ${edges} branches`;
}

/**
 * Adds to the corpus what reaches branches that it did not: small inputs, and few.
 *
 * @param {string} folder
 * @param {string} name
 */
async function keepFound(folder, name) {
	const merge = ["-set_cover_merge=1", "-use_counters=0", "-max_len=512"];
	const folders = [unpackCorpus(name), foundOf(name)];
	await run(`${folder}/${name}`, [...merge, ...folders], { quiet: true });
	packCorpus(name);
}

if (isMain(import.meta.url)) {
	const { values, positionals } = parseArgs({
		allowPositionals: true,
		options: {
			seconds: { type: "string" },
			keep: { type: "boolean", default: false },
		},
	});
	for (const name of positionals)
		if (!targets.includes(name))
			throw new Error(`no target ${name}; there are ${targets.join(", ")}`);
	await fuzz({
		chosen: positionals.length > 0 ? positionals : targets,
		seconds: Number(values.seconds ?? 60),
		keep: values.keep,
	});
}
