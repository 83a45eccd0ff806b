// What the rows of the matrix share: a Graph to ask, apps that have the packed package installed, and the right answer.
import assert from "node:assert/strict";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { cache } from "../../scripts/setup.mjs";
import { at, hashOf, readJson, run } from "../../scripts/tools.mjs";
import { startServer } from "./server.mjs";
import { traps } from "./traps.mjs";

const simulator = createGraphSimulator({
	conversations: { messenger: 40, instagram: 0 },
});
const server = await serveGraph(simulator);
after(() => server.close());
const recipient =
	simulator.conversations()[0].participants?.data[0].id ?? "missing";
simulator.setOwner(recipient, {
	app_id: simulator.appId,
	expiration: 1_900_000_000,
});

/** What an app needs to know of Graph. */
export const settings = {
	pageId: simulator.pageId,
	accessToken: simulator.accessToken,
	baseUrl: server.url,
	recipient,
};

/** The same, for programs that take it from their environment. */
export const environment = {
	PAGE_ID: settings.pageId,
	PAGE_TOKEN: settings.accessToken,
	GRAPH_URL: settings.baseUrl,
	RECIPIENT: settings.recipient,
};

/** What every app answers: all conversations, who owns one thread, and how a wrong token is told. */
export const rightAnswer = {
	conversations: simulator.conversations().map(({ id }) => id),
	owner: {
		recipient,
		state: "owned",
		app_id: simulator.appId,
		role: "other_app",
		expiration: 1_900_000_000,
	},
	failure: "authentication",
};

/** @param {unknown} answer or the JSON that an app printed */
export function assertAnswer(answer) {
	const read = typeof answer === "string" ? JSON.parse(answer) : answer;
	assert.deepEqual(read, rightAnswer);
}

/**
 * For controls: the app must fail, be it that it cannot be built, that it throws, or that it answers something else.
 *
 * @param {() => Promise<unknown>} make what makes the answer
 * @param {RegExp} why what the failure must say, so that it is the trap that sprang
 */
export async function assertFails(make, why) {
	let said;
	try {
		const answer = await make();
		said = typeof answer === "string" ? answer : JSON.stringify(answer);
	} catch (error) {
		said = String(error);
	}
	assert.notEqual(said, JSON.stringify(rightAnswer), "the trap did not spring");
	// Some tools write in colours wherever they think that they are in CI.
	assert.match(stripVTControlCharacters(said), why);
}

/** A message that only the packed form of the package has, which browsers are to get. */
export const PACKED = /its bytes were changed/;

/** For one command of an app: several times what the slowest build takes. */
const PATIENCE_MS = 180_000;

/** @typedef {{ folder: string, path: (...parts: string[]) => string, run: (program: string, args: string[], options?: import("../../scripts/tools.mjs").RunOptions) => Promise<string>, serve: (program: string, args: string[], options: import("./server.mjs").ServerOptions) => Promise<import("./server.mjs").Server> }} App */

/**
 * Copies an app of a row to a folder of its own and installs the packed package beside it. What its package.json names is
 * installed once for all copies, by its lock file.
 *
 * @param {string} row `import.meta.url` of the row's test
 * @param {{ app?: string, trap?: keyof typeof traps }} [options] the folder of the app, by default `app`; what to break in the package
 * @returns {Promise<App>}
 */
export async function makeApp(row, { app = "app", trap } = {}) {
	const source = fileURLToPath(new URL(`./${app}/`, row));
	const name = `${basename(fileURLToPath(new URL(".", row)))}-${app}`;
	const tools = await installTools(source, name);
	const folder = mkdtempSync(join(tools, trap ? `${trap}-` : "copy-"));
	after(() => rmSync(folder, { recursive: true, force: true }));
	cpSync(source, folder, {
		recursive: true,
		filter: (path) => !/[\\/](node_modules|package-lock\.json)$/.test(path),
	});
	const installed = join(folder, "node_modules", "graph-inbox");
	mkdirSync(installed, { recursive: true });
	await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
	if (trap) traps[trap](installed);
	const env = {
		PATH: [join(tools, "node_modules", ".bin"), process.env.PATH].join(":"),
		...environment,
	};
	return {
		folder,
		path: (...parts) => join(folder, ...parts),
		run: (program, args, options) =>
			run(program, args, {
				cwd: folder,
				quiet: true,
				timeout: PATIENCE_MS,
				...options,
				env: { ...env, ...options?.env },
			}),
		serve: (program, args, options) =>
			startServer(program, args, {
				cwd: folder,
				...options,
				env: { ...env, ...options.env },
			}),
	};
}

/**
 * For what the test itself drives an app with: packages that a folder of the row names, installed by its lock file.
 *
 * @param {string} row `import.meta.url` of a file of the row
 * @param {string} folder
 * @returns {Promise<(name: string) => any>} takes one of them
 */
export async function requireFrom(row, folder) {
	const source = fileURLToPath(new URL(`./${folder}/`, row));
	const name = `${basename(fileURLToPath(new URL(".", row)))}-${folder}`;
	return createRequire(join(await installTools(source, name), "package.json"));
}

const tarball = at(
	"target",
	`graph-inbox-${readJson("pkg-template/package.json").version}.tgz`,
);

/**
 * @param {string} source with package.json and package-lock.json, or without both
 * @param {string} name
 * @returns {Promise<string>} a folder outside the clone in which they are installed
 */
async function installTools(source, name) {
	const lock = join(source, "package-lock.json");
	const hash = existsSync(lock) ? hashOf(readFileSync(lock)).slice(0, 16) : "0";
	const folder = join(cache, "matrix", `${name}-${hash}`);
	if (existsSync(folder)) return folder;
	// Under another name until it is whole: what was broken off is no cache.
	const making = `${folder}.${process.pid}`;
	mkdirSync(making, { recursive: true });
	if (existsSync(lock)) {
		for (const file of ["package.json", "package-lock.json"])
			cpSync(join(source, file), join(making, file));
		await run("npm", ["ci", "--no-audit", "--no-fund"], {
			cwd: making,
			quiet: true,
		});
	} else writeFileSync(join(making, "package.json"), "{}");
	try {
		renameSync(making, folder);
	} catch (error) {
		// Another run on this machine was faster.
		rmSync(making, { recursive: true, force: true });
		if (!existsSync(folder)) throw error;
	}
	return folder;
}
