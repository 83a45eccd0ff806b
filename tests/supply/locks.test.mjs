// Everything is pinned by hash, comes from a public registry, and runs nothing that was not agreed to when it is installed.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, readJson } from "../../scripts/tools.mjs";
import { npmLocks } from "./locks.mjs";

/** They fetch or build, when they are installed, what this platform needs of them. */
const RUN =
	/^(esbuild|@parcel\/watcher|@swc\/core|lmdb|msgpackr-extract|unrs-resolver|workerd)$/;

describe("of npm", () => {
	for (const { folder, path, packages } of npmLocks)
		it(path, () => {
			for (const entry of packages) {
				const { name, integrity, resolved, hasInstallScript } = entry;
				assert.match(integrity ?? "", /^sha512-/, name);
				assert.ok(
					!resolved || /^https:/.test(resolved),
					`${name}: ${resolved}`,
				);
				assert.ok(
					!hasInstallScript || RUN.test(name),
					`${name} runs something`,
				);
			}
			const { dependencies, devDependencies } = readJson(
				`${folder}/package.json`,
			);
			for (const [name, version] of Object.entries({
				...dependencies,
				...devDependencies,
			}))
				assert.match(
					version,
					/^(npm:.+@)?\d+\.\d+\.\d+/,
					`${name} is not pinned`,
				);
		});
});

describe("of cargo", () => {
	for (const path of ["Cargo.lock", "tests/fuzz/Cargo.lock"])
		it(path, () => {
			const crates = read(path).split("\n[[package]]\n").slice(1);
			assert.ok(crates.length > 20);
			for (const crate of crates) {
				const [, name] = /^name = "(.+)"$/m.exec(crate) ?? [];
				if (/^graph-inbox/.test(name)) continue;
				assert.match(crate, /^source = "registry\+https:.*"$/m, name);
				assert.match(crate, /^checksum = "[0-9a-f]{64}"$/m, name);
			}
		});
});
