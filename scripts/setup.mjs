// Puts in place what building and testing need, and skips what is there.
// Usage: node scripts/setup.mjs [node|build|browser|browsers|redis|fuzzing …]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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

/** The packages of package-lock.json. */
export async function setUpNode() {
	const wanted = hashOf(read("package-lock.json"));
	const stamp = at("node_modules", ".graph-inbox");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
	say("Installing the tools of package-lock.json");
	await run("npm", ["ci"]);
	writeFileSync(stamp, wanted);
}

/** Rust's wasm target, wasm-pack, and wasm-bindgen in the version of Cargo.lock. */
export async function setUpBuild() {
	await setUpNode();
	if ((await ask("cargo", ["--version"])) === undefined) {
		throw new Error(
			"Rust is missing: install it with rustup (https://rustup.rs), then run this again.",
		);
	}
	const targets = await ask("rustup", ["target", "list", "--installed"]);
	if (!targets?.split("\n").includes("wasm32-unknown-unknown")) {
		say("Adding Rust's wasm target");
		await run("rustup", ["target", "add", "wasm32-unknown-unknown"]);
	}
	await setUpTool("wasm-pack", WASM_PACK, ["--locked"]);
	// Its lock file names a crate that is not to be had any more, so it is built without.
	await setUpTool("wasm-bindgen-cli", wasmBindgenVersion(), [], "wasm-bindgen");
}

/** @returns {string} the version that the tool must have to the digit */
function wasmBindgenVersion() {
	const found = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(
		read("Cargo.lock"),
	);
	if (!found) throw new Error("Cargo.lock names no wasm-bindgen");
	return found[1];
}

/**
 * @param {string} crate
 * @param {string} version
 * @param {string[]} flags
 * @param {string} [program]
 */
async function setUpTool(crate, version, flags, program = crate) {
	const isRight = async (/** @type {string} */ path) =>
		(await ask(path, ["--version"]))?.split(" ")[1] === version;
	if (await isRight(program)) return;
	const folder = join(cache, `${crate}-${version}`);
	if (!(await isRight(join(folder, "bin", program)))) {
		say(`Building ${crate} ${version}: some minutes, once on this machine`);
		await run(
			"cargo",
			["install", crate, "--version", version, "--root", folder, ...flags],
			{ cwd: homedir() },
		);
	}
	addToolFolder(join(folder, "bin"));
}

/** Chromium and its driver, for the tests in a browser. */
export async function setUpBrowser() {
	const missing = ["/usr/bin/chromium", "/usr/bin/chromedriver"].filter(
		(path) => !existsSync(path),
	);
	if (missing.length === 0) return;
	await installPackages(
		`${missing.join(" and ")} missing: the browser tests need`,
		["chromium", "chromium-driver"],
	);
}

/** Firefox, and WebKit with its driver and a screen to show it on, for the matrix. */
export async function setUpMoreBrowsers() {
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

/** A Redis of any origin, for the tests of the recipe that shares a budget through it. */
export async function setUpRedis() {
	if ((await ask("redis-server", ["--version"])) !== undefined) return;
	await installPackages("redis-server missing: the tests of the recipes need", [
		"redis-server",
	]);
}

/** A compiler of C++, which libFuzzer is written in. */
export async function setUpFuzzing() {
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
	node: setUpNode,
	build: setUpBuild,
	browser: setUpBrowser,
	browsers: setUpMoreBrowsers,
	redis: setUpRedis,
	fuzzing: setUpFuzzing,
};

if (isMain(import.meta.url)) {
	for (const name of process.argv.slice(2)) {
		await parts[/** @type {keyof typeof parts} */ (name)]();
	}
}
