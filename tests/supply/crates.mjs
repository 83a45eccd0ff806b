// What cargo knows of the crates that are built here, read from its lock files.
import { at, run } from "../../scripts/tools.mjs";

/** @typedef {{ id: string, name: string, version: string, license: string | null, source: string | null, dependencies: { name: string }[], targets: { kind: string[] }[] }} Crate */
/** @typedef {{ id: string, deps: { pkg: string, dep_kinds: { kind: string | null }[] }[] }} Node */
/** @typedef {{ packages: Crate[], resolve: { root: string, nodes: Node[] } }} Metadata */

export const WASM = "wasm32-unknown-unknown";

/** @returns {Promise<string>} this machine, as Rust calls it */
export async function host() {
	const printed = await run("rustc", ["--print", "host-tuple"], {
		quiet: true,
	});
	return printed.trim();
}

/**
 * @param {string} folder with a Cargo.toml
 * @param {string} target for which it is built
 * @returns {Promise<Metadata>} fails where the lock file is not up to date
 */
export async function metadata(folder, target) {
	const printed = await run(
		"cargo",
		[
			...["metadata", "--locked", "--quiet", "--format-version", "1"],
			...["--filter-platform", target],
			...["--manifest-path", at(folder, "Cargo.toml")],
		],
		{ quiet: true },
	);
	return JSON.parse(printed.slice(printed.indexOf('{"packages"')));
}

/**
 * Returns the crates that are compiled into the package, without our own and without macros, which run at build time. `cargo
 * tree` names them: `cargo metadata` also counts what only the features of dev-dependencies bring along.
 *
 * @returns {Promise<Crate[]>}
 */
export async function shipped() {
	const printed = await run(
		"cargo",
		[
			...["tree", "--locked", "--quiet", "--target", WASM],
			...["--edges", "normal,no-proc-macro", "--prefix", "none"],
			...["--format", "{p}", "--manifest-path", at("Cargo.toml")],
		],
		{ quiet: true },
	);
	const names = new Set(
		Array.from(printed.matchAll(/^([\w-]+ v[\d.]+\S*)/gm), ([, name]) => name),
	);
	const { packages, resolve } = await metadata("", WASM);
	const found = packages.filter(
		({ id, name, version }) =>
			id !== resolve.root && names.delete(`${name} v${version}`),
	);
	const [own, ...unknown] = names;
	if (!own?.startsWith("graph-inbox ") || unknown.length > 0)
		throw new Error(`cargo metadata has no ${unknown.join(", ")}`);
	return found;
}
