// What is shipped may be used under the MIT licence; what builds and tests, under one that allows that.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { at } from "../../scripts/tools.mjs";
import { host, metadata, shipped, WASM } from "./crates.mjs";
import { npmLocks } from "./locks.mjs";

const PERMISSIVE = [
	"0BSD",
	"Apache-2.0",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"BlueOak-1.0.0",
	"CC0-1.0",
	"ISC",
	"MIT",
	"MIT-0",
	"Unlicense",
];

/** Others, of tools that are run and of which nothing is shipped. @type {[name: RegExp, licence: string][]} */
const TOOLS = [
	[/^axe-core$/, "MPL-2.0"],
	[/^lightningcss(-|$)/, "MPL-2.0"],
	[/^caniuse-lite$/, "CC-BY-4.0"],
	[/^@img\/sharp-/, "LGPL-3.0-or-later"],
	[/^libfuzzer-sys$/, "NCSA"],
	// Tables of characters, for macros; of the copy for WebAssembly nothing is left, see below.
	[/^unicode-ident$/, "Unicode-3.0"],
];

/**
 * @param {string} expression of SPDX, or in cargo's old manner with a slash
 * @param {string[]} allowed
 * @returns {boolean} whether these licences suffice: every one that is joined by AND, one of those joined by OR
 */
function suffices(expression, allowed) {
	const flat = expression.replace(/\(([^()]+)\)/g, (_, inner) =>
		suffices(inner, allowed) ? allowed[0] : "none",
	);
	return flat
		.split(" AND ")
		.every((part) =>
			part.split(/ OR |\//).some((name) => allowed.includes(name.trim())),
		);
}

/** @param {string} name @param {string | null | undefined} licence */
function assertTool(name, licence) {
	const own = TOOLS.filter(([names]) => names.test(name));
	const allowed = [...PERMISSIVE, ...own.map(([, licence]) => licence)];
	assert.ok(licence && suffices(licence, allowed), `${name}: ${licence}`);
}

it("an expression is read as it is meant", () => {
	for (const [expression, expected] of /** @type {const} */ ([
		["MIT", true],
		["GPL-3.0", false],
		["GPL-3.0 OR MIT", true],
		["GPL-3.0 AND MIT", false],
		["(MIT OR GPL-3.0) AND Apache-2.0", true],
		["(MIT OR Apache-2.0) AND Unicode-3.0", false],
		["Unlicense/MIT", true],
	]))
		assert.equal(suffices(expression, PERMISSIVE), expected, expression);
});

describe("crates", () => {
	it("that are compiled into the package are under MIT", async () => {
		for (const { name, license } of await shipped())
			if (name !== "unicode-ident")
				assert.ok(suffices(license ?? "none", ["MIT"]), `${name}: ${license}`);
	});

	it("that are not leave nothing in it", () => {
		// As compiled: names are taken out later.
		const wasm = readFileSync(
			at("target", "package", WASM, "release", "graph_inbox.wasm"),
			"latin1",
		);
		assert.ok(wasm.includes("serde_core"), "names its crates");
		assert.ok(!wasm.includes("unicode_ident"));
	});

	for (const folder of ["", "tests/fuzz"])
		it(`that build and test ${folder || "the package"}`, async () => {
			for (const target of [WASM, await host()])
				for (const crate of (await metadata(folder, target)).packages)
					assertTool(crate.name, crate.license);
		});
});

describe("packages of npm", () => {
	for (const { path, packages } of npmLocks)
		it(`in ${path}`, () => {
			for (const { name, license } of packages) assertTool(name, license);
		});
});
