// Installs the tools that building and testing need, and skips those that are there.
// Usage: node scripts/setup.mjs [rust|wasm|node|tools|browser|browsers|redis|fuzzing …]
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import {
	addToolFolder,
	ask,
	at,
	hashOf,
	isMain,
	read,
	run,
	say,
} from "./tools.mjs";

/** Tools built from source take minutes, so they outlive the clone; everything works without them being there. */
export const cache = join(
	process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
	"graph-inbox",
);

const WASM_PACK = "0.15.1";

/** Installs the Rust of rust-toolchain.toml. */
async function setUpRust() {
	// rustup would otherwise install a missing Rust within the question, and show nothing of it.
	const options = { env: { RUSTUP_AUTO_INSTALL: "0" } };
	const isThere = async (/** @type {string[]} */ ...args) =>
		(await ask("rustup", args, options)) !== undefined;
	if (!(await isThere("toolchain", "list"))) {
		throw new Error(
			"Rust is missing: install it with rustup (https://rustup.rs), then run this again.",
		);
	}
	if (await isThere("show", "active-toolchain")) return;
	say("Installing the Rust of rust-toolchain.toml");
	await run("rustup", ["toolchain", "install"]);
}

/** Installs Rust's wasm target. */
async function setUpWasm() {
	await setUpRust();
	const targets = await ask("rustup", ["target", "list", "--installed"]);
	if (targets?.split("\n").includes("wasm32-unknown-unknown")) return;
	say("Adding Rust's wasm target");
	await run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
}

/** Installs the packages of package-lock.json. */
async function setUpNode() {
	const wanted = hashOf(read("package-lock.json"));
	const stamp = at("node_modules", ".graph-inbox");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
	say("Installing the tools of package-lock.json");
	await run("npm", ["ci"]);
	writeFileSync(stamp, wanted);
}

/** Builds wasm-pack, and wasm-bindgen in the version of Cargo.lock. */
async function setUpTools() {
	await setUpWasm();
	const built = [
		await setUpTool("wasm-pack", WASM_PACK, ["--locked"]),
		// Its lock file names a crate that the registry no longer has, so it is built without.
		await setUpTool(
			"wasm-bindgen-cli",
			wasmBindgenVersion(),
			[],
			"wasm-bindgen",
		),
	];
	if (built.includes(true))
		rmSync(toolTarget, { recursive: true, force: true });
}

/** @returns {string} the version that the tool must have to the digit */
function wasmBindgenVersion() {
	const found = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(
		read("Cargo.lock"),
	);
	if (!found) throw new Error("Cargo.lock names no wasm-bindgen");
	return found[1];
}

/** Where cargo builds the tools: one folder, so that the crates they share are compiled once. */
const toolTarget = join(cache, "target");

/** Optimisation is most of the time that a build of the tools takes; without it, wasm-bindgen processes our WebAssembly in 0.3 s. */
const QUICK_BUILD = {
	CARGO_TARGET_DIR: toolTarget,
	CARGO_PROFILE_RELEASE_OPT_LEVEL: "0",
	CARGO_PROFILE_RELEASE_LTO: "off",
	CARGO_PROFILE_RELEASE_CODEGEN_UNITS: "16",
	CARGO_PROFILE_RELEASE_STRIP: "true",
};

/**
 * @param {string} crate
 * @param {string} version
 * @param {string[]} flags
 * @param {string} [program]
 * @returns {Promise<boolean>} whether the tool was missing and was built
 */
async function setUpTool(crate, version, flags, program = crate) {
	const isRight = async (/** @type {string} */ path) =>
		(await ask(path, ["--version"]))?.split(" ")[1] === version;
	if (await isRight(program)) return false;
	const folder = join(cache, `${crate}-${version}`);
	const isMissing = !(await isRight(join(folder, "bin", program)));
	if (isMissing) {
		say(`Building ${crate} ${version}: a minute or two, once on this machine`);
		await run(
			"cargo",
			["install", crate, "--version", version, "--root", folder, ...flags],
			{ env: QUICK_BUILD },
		);
	}
	addToolFolder(join(folder, "bin"));
	return isMissing;
}

/** Builds cargo-mutants, for npm run mutants alone. */
export async function setUpMutants() {
	if (await setUpTool("cargo-mutants", "27.1.0", ["--locked"]))
		rmSync(toolTarget, { recursive: true, force: true });
}

/** Installs Chromium and its driver, for the tests in a browser. */
async function setUpBrowser() {
	const missing = ["/usr/bin/chromium", "/usr/bin/chromedriver"].filter(
		(path) => !existsSync(path),
	);
	if (missing.length === 0) return;
	await installPackages(
		`${missing.join(" and ")} missing: the browser tests need`,
		["chromium", "chromium-driver"],
	);
}

/** Installs Firefox, and WebKit with its driver and a screen to show it on, for the matrix. */
async function setUpMoreBrowsers() {
	const missing = [
		"/usr/bin/firefox-esr",
		"/usr/bin/WebKitWebDriver",
		"/usr/bin/Xvfb",
	].filter((path) => !existsSync(path));
	if (missing.length === 0) return;
	await installPackages(`${missing.join(" and ")} missing: the matrix needs`, [
		"firefox-esr",
		"webkit2gtk-driver",
		"xvfb",
	]);
}

/** Installs Redis, for the tests of the recipe that shares a budget through it. */
async function setUpRedis() {
	if ((await ask("redis-server", ["--version"])) !== undefined) return;
	await installPackages("redis-server missing: the tests of the recipes need", [
		"redis-server",
	]);
}

/** Installs a compiler of C++, which libFuzzer is written in. */
async function setUpFuzzing() {
	if ((await ask("c++", ["--version"])) !== undefined) return;
	await installPackages("c++ missing: fuzzing needs", ["build-essential"]);
}

/**
 * As root on Debian; elsewhere it only says what to install.
 *
 * @param {string} need what is missing and for what, as the beginning of a sentence
 * @param {string[]} packages of Debian
 */
async function installPackages(need, packages) {
	const isRoot = process.getuid?.() === 0;
	if (!isRoot || (await ask("apt-get", ["--version"])) === undefined) {
		throw new Error(
			`${need} Debian's ${packages.join(" and ")} (apt-get install ${packages.join(" ")}).`,
		);
	}
	say(`Installing ${packages.join(" and ")}`);
	await run("apt-get", ["update"]);
	await run(
		"apt-get",
		["install", "--yes", "--no-install-recommends", ...packages],
		{
			env: { DEBIAN_FRONTEND: "noninteractive" },
		},
	);
}

const parts = {
	rust: setUpRust,
	wasm: setUpWasm,
	node: setUpNode,
	tools: setUpTools,
	browser: setUpBrowser,
	browsers: setUpMoreBrowsers,
	redis: setUpRedis,
	fuzzing: setUpFuzzing,
};

/** @typedef {keyof typeof parts} Part */

/**
 * Sets up the named parts, in the order of `parts`.
 *
 * @param {Part[]} names
 */
export async function setUp(names) {
	for (const [name, setUpPart] of Object.entries(parts))
		if (names.includes(/** @type {Part} */ (name))) await setUpPart();
}

if (isMain(import.meta.url)) {
	const names = process.argv.slice(2);
	for (const name of names)
		if (!(name in parts))
			throw new Error(
				`no part ${name}; there are ${Object.keys(parts).join(", ")}`,
			);
	await setUp(/** @type {Part[]} */ (names));
}
