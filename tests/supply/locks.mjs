// The lock files of npm: the workspace's own, one for each app of the matrix, and that of a recipe with large peers.
import { existsSync, readdirSync } from "node:fs";
import { at, readJson } from "../../scripts/tools.mjs";

/** @typedef {{ name: string, license?: string, integrity?: string, resolved?: string, hasInstallScript?: boolean, link?: boolean }} Locked */

const folders = [
	".",
	"tests/recipes/chat-sdk",
	...readdirSync(at("tests", "matrix")).flatMap((row) =>
		existsSync(at("tests", "matrix", row, "app", "package.json"))
			? [`tests/matrix/${row}/app`]
			: [],
	),
];

export const npmLocks = folders.map((folder) => {
	const path = `${folder}/package-lock.json`.replace("./", "");
	/** @type {Record<string, Omit<Locked, "name">>} */
	const entries = readJson(path).packages;
	const packages = Object.entries(entries)
		.filter(([place]) => place !== "")
		.map(([place, entry]) => ({
			name: place.replace(/^.*node_modules\//, ""),
			...entry,
		}));
	return { folder, path, packages };
});
