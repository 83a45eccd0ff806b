// The API reference, from the types that users get, into target/reference: npm run docs
// What is exported and not described, or a link that leads nowhere, is an error.
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./setup.mjs";
import { at, hashOf, isMain, read, run, say } from "./tools.mjs";

export async function makeReference() {
	const typedoc = join(await installTypeDoc(), "node_modules/typedoc/bin");
	await run(process.execPath, [
		join(typedoc, "typedoc"),
		...["--options", at("scripts", "reference", "typedoc.json")],
	]);
}

/**
 * TypeDoc needs an older TypeScript than the one that checks the repository, so both are installed outside the clone.
 *
 * @returns {Promise<string>}
 */
async function installTypeDoc() {
	const lock = hashOf(read("scripts/reference/package-lock.json"));
	const folder = join(cache, `reference-${lock.slice(0, 16)}`);
	// Written last by npm: what was broken off is no cache.
	if (existsSync(join(folder, "node_modules", ".package-lock.json")))
		return folder;
	say("Installing TypeDoc, outside the clone");
	mkdirSync(folder, { recursive: true });
	for (const file of ["package.json", "package-lock.json"])
		cpSync(at("scripts", "reference", file), join(folder, file));
	await run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund"], {
		cwd: folder,
		quiet: true,
	});
	return folder;
}

if (isMain(import.meta.url)) await makeReference();
