// What is in the tarball, and what its package.json tells npm and bundlers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { describe, it } from "node:test";
import { LIMITS } from "../../scripts/sizes.mjs";
import { at, read, readJson, root, run } from "../../scripts/tools.mjs";

const manifest = createRequire(import.meta.url)("graph-inbox/package.json");
const folder = new URL(".", import.meta.resolve("graph-inbox/package.json"));
const tarball = at(
	"target",
	`graph-inbox-${readJson("pkg-template/package.json").version}.tgz`,
);
const listed = await run("tar", ["-tzf", tarball], { quiet: true });
const files = listed.trim().split("\n");

const EXPECTED = [
	"CHANGELOG.md",
	"LICENSE-APACHE",
	"LICENSE-MIT",
	"README.md",
	"THIRD-PARTY.md",
	"dist/edge.js",
	"dist/graph_inbox.wasm",
	"dist/index.cjs",
	"dist/index.d.cts",
	"dist/index.d.ts",
	"dist/index.js",
	"dist/index.node.js",
	"dist/node.cjs",
	"dist/node.d.cts",
	"dist/node.d.ts",
	"dist/node.js",
	"dist/shared.cjs",
	"dist/shared.js",
	"dist/simulator.cjs",
	"dist/simulator.d.cts",
	"dist/simulator.d.ts",
	"dist/simulator.js",
	"dist/slim.cjs",
	"dist/slim.d.cts",
	"dist/slim.d.ts",
	"dist/slim.js",
	"package.json",
];

const readPacked = (/** @type {string} */ name) =>
	readFileSync(new URL(name, folder));

describe("the tarball", () => {
	it("has these files", () => {
		assert.deepEqual(
			files.sort(),
			EXPECTED.map((name) => `package/${name}`),
		);
	});

	it("is no larger than its budget", () => {
		const { length } = readFileSync(tarball);
		const most = (LIMITS.tarball.budget ?? 0) * 1024;
		assert.ok(length <= most, `${length} bytes`);
	});

	it("has the wasm in one file", () => {
		const compiled = EXPECTED.filter((name) =>
			readPacked(name).subarray(0, 4).equals(Buffer.from("\0asm")),
		);
		assert.deepEqual(compiled, ["dist/graph_inbox.wasm"]);
	});

	it("names no folder of the machine that built it", () => {
		const traces = [
			homedir(),
			root,
			process.cwd(),
			".cargo",
			"registry/src",
			"file:///",
		];
		for (const name of EXPECTED) {
			const text = readPacked(name).toString("latin1");
			for (const trace of traces)
				assert.ok(!text.includes(trace), `${name} names ${trace}`);
		}
	});

	it("has the licences, the README and the changes of the repository", () => {
		for (const name of EXPECTED.filter((name) => /^[A-Z]/.test(name)))
			assert.equal(readPacked(name).toString(), read(name), name);
		assert.match(read("LICENSE-MIT"), /^MIT License/);
		assert.match(read("LICENSE-APACHE"), /Apache License\s+Version 2\.0/);
	});
});

describe("its package.json", () => {
	it("has what npm shows, and what it asks for to publish with provenance", () => {
		const { repository, homepage, bugs, publishConfig } = manifest;
		assert.equal(repository.type, "git");
		const [, page] = /^git\+(https:\/\/.+)\.git$/.exec(repository.url) ?? [];
		assert.ok(page, repository.url);
		assert.equal(homepage, `${page}#readme`);
		assert.deepEqual(bugs, { url: `${page}/issues` });
		assert.deepEqual(publishConfig, { access: "public", provenance: true });
		assert.equal(manifest.license, "MIT OR Apache-2.0");
		assert.equal(manifest.engines.node, readJson("package.json").engines.node);
		assert.equal(manifest.sideEffects, false);
		assert.ok(manifest.description && manifest.keywords.length > 5);
		assert.equal(manifest.private, undefined);
	});

	it("asks for nothing else, and runs nothing where it is installed", () => {
		for (const name of ["dependencies", "peerDependencies", "scripts", "bin"])
			assert.equal(manifest[name], undefined, name);
	});

	it("names files that are there, and the types before any code", () => {
		const named = targetsOf(manifest.exports);
		for (const field of ["main", "module", "types", "unpkg", "jsdelivr"])
			named.push(manifest[field]);
		assert.ok(named.length > 15);
		for (const file of named)
			assert.ok(EXPECTED.includes(file.replace(/^\.\//, "")), file);
	});
});

/**
 * @param {string | Record<string, any>} target of `exports`
 * @returns {string[]}
 */
function targetsOf(target) {
	if (typeof target === "string") return [target];
	const conditions = Object.keys(target);
	if ("default" in target) assert.deepEqual(conditions, ["types", "default"]);
	return Object.values(target).flatMap(targetsOf);
}
