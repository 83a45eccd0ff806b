// What a figure is worth nothing without: the day, and the machine.
import { cpus, totalmem, type } from "node:os";
import { readJson } from "../../scripts/tools.mjs";

export function machine() {
	const [{ model }] = cpus();
	const memory = Math.round(totalmem() / 2 ** 30);
	return {
		date: new Date().toISOString().slice(0, 10),
		machine: `${cpus().length} cores of ${model.trim()}, ${memory} GiB, ${type()}`,
		node: process.version,
		version: readJson("pkg-template/package.json").version,
	};
}
