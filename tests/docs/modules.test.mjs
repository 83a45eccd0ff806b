// The drawing in CONTRIBUTING.md has an arrow for each dependency that the `use` statements of src show, and no other; all
// arrows run in one direction.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { describe, it } from "node:test";
import { at, read } from "../../scripts/tools.mjs";
import { documents } from "./documents.mjs";

const FOLDERS = ["driver", "host", "protocol"];

/** The Rust files that are compiled into the package, without `src/`. */
const files = readdirSync(at("src"), { recursive: true, encoding: "utf8" })
	.filter((path) => path.endsWith(".rs"))
	.filter((path) => !/simulation|test_panics|_(tests|vectors)\./.test(path));

/** @param {string} file @returns {string} its code without its tests */
const codeOf = (file) => read(`src/${file}`).split("#[cfg(test)]")[0];

/** @param {string} file @returns {string[]} the module that it is, as segments below the crate */
const moduleOf = (file) => file.replace(/(\/mod)?\.rs$/, "").split("/");

/** @param {string} file @returns {string[][]} the modules of this crate that its code names */
function modulesNamedIn(file) {
	const own = file === "lib.rs" ? [] : moduleOf(file);
	return Array.from(
		codeOf(file).matchAll(
			/(?<=^use |^pub use |\b(?=crate::))(crate|super|driver|host|protocol)\b((?:::\w+)*)/gm,
		),
		([, first, rest]) => {
			const path = rest.split("::").slice(1);
			if (first === "crate") return path;
			return first === "super"
				? [...own.slice(0, -1), ...path]
				: [first, ...path];
		},
	);
}

/**
 * The name of a module in the drawing: of the folder `driver` each file, of `protocol` each folder and what is not shared by
 * all of them, of `host` nothing but the folder.
 *
 * @param {string[]} path
 */
function nodeOf([folder, name]) {
	const isDrawn =
		folder === "driver" ||
		["call", "graph", "owners", "paginator", "watch"].includes(name);
	return isDrawn && name ? `${folder}_${name}` : folder;
}

/** The arrows as the code has them, `a --> b`. From one folder to another there is one arrow. */
function arrowsOfCode() {
	const arrows = new Set();
	for (const file of files) {
		const from = moduleOf(file);
		for (const to of modulesNamedIn(file)) {
			if (!FOLDERS.includes(to[0])) continue;
			const ends =
				from[0] === to[0] ? [nodeOf(from), nodeOf(to)] : [from[0], to[0]];
			// The helpers of `protocol`, and the list of a folder's modules, are not drawn.
			if (ends[0] === ends[1]) continue;
			if (from[0] === to[0] && ends.some((end) => FOLDERS.includes(end)))
				continue;
			arrows.add(ends.join(" --> "));
		}
	}
	return [...arrows].toSorted();
}

/** The arrows of the drawing between modules of Rust. */
function arrowsDrawn() {
	const guide = documents.find(({ name }) => name === "CONTRIBUTING.md");
	const [drawing] =
		guide?.blocks.filter(({ language }) => language === "mermaid") ?? [];
	assert.ok(drawing, "CONTRIBUTING.md has no drawing");
	return Array.from(
		drawing.code.matchAll(/^\s*(\w+) --> (.+)$/gm),
		([, from, to]) => to.split(" & ").map((end) => `${from} --> ${end}`),
	)
		.flat()
		.filter((arrow) => !arrow.startsWith("js_"))
		.toSorted();
}

describe("the drawing of the modules", () => {
	it("has the arrows of the code", () => {
		assert.deepEqual(arrowsDrawn(), arrowsOfCode());
	});

	it("has no circle", () => {
		let left = arrowsOfCode().map((arrow) => arrow.split(" --> "));
		for (let before = -1; before !== left.length; ) {
			before = left.length;
			// What nothing leads to is on no circle.
			left = left.filter(([from]) => left.some(([, to]) => to === from));
		}
		assert.deepEqual(left, []);
	});
});

describe("src/protocol", () => {
	it("names neither the driver, nor the host, nor a crate of wasm-bindgen's", () => {
		for (const file of files.filter((path) => path.startsWith("protocol/"))) {
			const outside = modulesNamedIn(file).filter(([to]) =>
				["driver", "host"].includes(to),
			);
			assert.deepEqual(outside, [], file);
			assert.doesNotMatch(
				codeOf(file),
				/\b(wasm_bindgen|js_sys|web_sys|JsValue)\b/,
				file,
			);
		}
	});
});
