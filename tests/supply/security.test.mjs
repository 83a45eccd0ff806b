// SECURITY.md: where to report, which version is supported, and a proof for each promise.
import assert from "node:assert/strict";
import { it } from "node:test";
import { read, readJson } from "../../scripts/tools.mjs";

const text = read("SECURITY.md");
const { version, bugs } = readJson("pkg-template/package.json");

it("reports go to the repository, in private", () => {
	const [repository] = bugs.url.split("/issues");
	assert.ok(text.includes(`(${repository}/security/advisories/new)`));
});

it("the version that is supported is the latest", () => {
	const [, supported] = /the latest version, now (\d+\.\d+):/.exec(text) ?? [];
	assert.equal(supported, version.split(".").slice(0, 2).join("."));
});

it("every promise has a test", () => {
	const [, promised] = text.split(/^## .*\n/m).slice(1);
	const points = promised.split(/^- /m).slice(1);
	assert.ok(points.length > 5);
	for (const point of points)
		assert.match(point, /\(tests\/[\w/-]+(\.test\.mjs|\.rs)\)/);
});
