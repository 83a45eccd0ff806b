// Looks for inputs that make the protocol break its promises, each target for some seconds: npm run fuzz
// Some targets, for longer, and to keep what reaches new code: npm run fuzz -- fields owner --seconds 600 --keep
import { mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
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

/** @param {{ chosen?: string[], seconds?: number, keep?: boolean }} [options] `seconds` for each target; with `keep`, the corpus takes what was found */
export async function fuzz({
	chosen = targets,
	seconds = 5,
	keep = false,
} = {}) {
	await setUp(["rust", "fuzzing"]);
	say("Building the fuzz targets");
	const folder = await build();
	say(`Fuzzing ${chosen.join(", ")}: ${seconds} s each`);
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

/**
 * @param {string} folder
 * @param {string} name
 * @param {number} seconds
 * @returns {Promise<string>} how far it came
 */
async function runTarget(folder, name, seconds) {
	mkdirSync(foundOf(name), { recursive: true });
	const log = await run(
		`${folder}/${name}`,
		[
			`-max_total_time=${seconds}`,
			// An input that takes so long or so much would be a finding too.
			...["-timeout=5", "-rss_limit_mb=512"],
			`-dict=${at("tests", "fuzz", "graph.dict")}`,
			`-artifact_prefix=${at("target", "fuzz", `${name}-`)}`,
			...[foundOf(name), unpackCorpus(name)],
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
