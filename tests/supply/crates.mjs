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

/** @returns {Promise<Crate[]>} what is compiled into the package, our own crate left out; no macro, which runs at build time */
export async function shipped() {
	const { packages, resolve } = await metadata("", WASM);
	const crates = new Map(packages.map((crate) => [crate.id, crate]));
	const nodes = new Map(resolve.nodes.map((node) => [node.id, node]));
	/** @type {Set<Crate>} */
	const found = new Set();
	const waiting = [resolve.root];
	for (let id = waiting.pop(); id; id = waiting.pop()) {
		const crate = crates.get(id);
		const isMacro = crate?.targets.some(({ kind }) =>
			kind.includes("proc-macro"),
		);
		if (!crate || isMacro || found.has(crate)) continue;
		found.add(crate);
		for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? [])
			if (dep_kinds.some(({ kind }) => kind === null)) waiting.push(pkg);
	}
	return [...found].filter(({ id }) => id !== resolve.root);
}
