// Packs pkg/ and lays the tarball's own contents into node_modules, so that tests import what users would install.
import { mkdirSync, rmSync } from "node:fs";
import { build } from "./build.mjs";
import { pack } from "./tarball.mjs";
import { at, isMain, run, say } from "./tools.mjs";

/** @param {string} tarball */
export async function unpack(tarball) {
	const folder = at("node_modules", "graph-inbox");
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	await run("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
}

export async function packAndUnpack() {
	say("Packing the package, and unpacking it for its tests");
	await unpack(await pack());
}

if (isMain(import.meta.url)) {
	await build();
	say(`npm install ${await pack()}`);
}
