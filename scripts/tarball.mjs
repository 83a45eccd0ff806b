// Packs pkg/ as npm does, and then as small as gzip can be.
import { mkdirSync, renameSync } from "node:fs";
import { at, product, run } from "./tools.mjs";

/** @returns {Promise<string>} the path of the tarball */
export async function pack() {
	const target = at("target");
	mkdirSync(target, { recursive: true });
	const printed = await run(
		"npm",
		["pack", "--json", "--pack-destination", target],
		{ cwd: at(product.pkg), quiet: true },
	);
	const [{ filename }] = JSON.parse(printed.slice(printed.indexOf("[")));
	const [tarball, smaller] = [at("target", filename), at("target", "smaller")];
	await run(process.execPath, [
		at("scripts", "deflate.mjs"),
		...[tarball, smaller, "--gzip"],
	]);
	renameSync(smaller, tarball);
	return tarball;
}
