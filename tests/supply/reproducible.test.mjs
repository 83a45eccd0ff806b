// Whoever builds these sources gets the bytes that are published.
import assert from "node:assert/strict";
import {
	cpSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	realpathSync,
	rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, it } from "node:test";
import { at, readJson, run } from "../../scripts/tools.mjs";

const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), "graph-inbox-")));
after(() => rmSync(elsewhere, { recursive: true }));

/** What building makes. */
const MADE = ["pkg", "target", ".git"];

// All of it copied: through a link, set-up could empty the tools of this folder when it installs those of the other.
for (const name of readdirSync(at()))
	if (!MADE.includes(name))
		cpSync(at(name), join(elsewhere, name), {
			recursive: true,
			verbatimSymlinks: true,
		});

/** @param {string} folder */
const filesIn = (folder) =>
	readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map(({ parentPath, name }) => join(parentPath, name).slice(folder.length));

it("a second build, from nothing and in another folder, gives the same package", async () => {
	const program = join(elsewhere, "scripts", "package.mjs");
	await run(process.execPath, [program], { cwd: elsewhere, quiet: true });
	const [here, there] = [at("pkg"), join(elsewhere, "pkg")];
	assert.deepEqual(filesIn(there).toSorted(), filesIn(here).toSorted());
	const same = (/** @type {string} */ one, /** @type {string} */ other) =>
		readFileSync(one).equals(readFileSync(other));
	for (const name of filesIn(here))
		assert.ok(same(here + name, there + name), `pkg${name} differs`);
	const { version } = readJson("pkg-template/package.json");
	const tarball = join("target", `graph-inbox-${version}.tgz`);
	assert.ok(same(at(tarball), join(elsewhere, tarball)), `${tarball} differs`);
});
