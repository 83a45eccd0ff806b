// Measures the package beside others, and prints a table: npm run bench
// Some cases, a short form, without the peers, or beside another build of the package:
// npm run bench -- cold page --quick --alone --beside=../other/pkg
// Where the milliseconds of cold and warm calls go, by function: npm run bench -- profile
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { contenders } from "../tests/bench/contenders.mjs";
import { machine } from "../tests/bench/machine.mjs";
import { profile } from "../tests/bench/profile.mjs";
import { startServer } from "../tests/bench/start-server.mjs";
import { table } from "../tests/bench/table.mjs";
import { build } from "./build.mjs";
import { packAndUnpack } from "./package.mjs";
import { installPeers } from "./peers.mjs";
import { setUp } from "./setup.mjs";
import { at } from "./tools.mjs";

const CASES = [
	"cold",
	"short-life",
	"owner",
	"page",
	"joined",
	"pace",
	"stream",
	"flight",
	"browser",
	"protocol",
];

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		quick: { type: "boolean", default: false },
		alone: { type: "boolean", default: false },
		beside: { type: "string" },
	},
});
const isProfile = positionals.includes("profile");
if (isProfile && positionals.length > 1)
	throw new Error("profile is not a case: run it without any");
for (const name of isProfile ? [] : positionals)
	if (!CASES.includes(name))
		throw new Error(
			`no case ${name}; there are ${CASES.join(", ")}, or profile`,
		);
const chosen = CASES.filter(
	(name) => positionals.length === 0 || positionals.includes(name),
);

// What was built last is what is measured.
if (!existsSync(at("node_modules", "graph-inbox"))) {
	await build();
	await packAndUnpack();
}
if (chosen.includes("browser")) await setUp(["browser"]);
const peers = values.alone || isProfile ? undefined : await installPeers();
const server = await startServer();
/** @type {Record<string, unknown>} */
const samples = {};
const context = {
	server,
	contenders: contenders(server.graph, {
		peers,
		beside: values.beside && resolve(values.beside),
	}),
	quick: values.quick,
	// Not where the table goes, so that it can be sent to a file.
	note: (/** @type {string} */ text) => console.error(`▸ ${text}`),
	keep(/** @type {string} */ name, /** @type {unknown} */ measured) {
		samples[name] = measured;
	},
};

try {
	console.log(await (isProfile ? profile(context) : measure()));
} finally {
	server.close();
}

/** Measures the chosen cases, and keeps every sample in a file. */
async function measure() {
	const rows = [];
	const notes = [];
	for (const name of chosen) {
		const file = new URL(`../tests/bench/cases/${name}.mjs`, import.meta.url);
		/** @type {import("../tests/bench/context.mjs").Case} */
		const measured = await import(file.href);
		rows.push(...(await measured.run(context)));
		notes.push(...measured.notes);
	}
	const told = { ...machine(), quick: values.quick };
	mkdirSync(at("target"), { recursive: true });
	writeFileSync(
		at("target", values.quick ? "bench-quick.json" : "bench.json"),
		`${JSON.stringify({ ...told, rows, samples }, null, "\t")}\n`,
	);
	return table(told, context.contenders, rows, notes);
}
