// What the other scripts share: running programs and telling what happens.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** The root of the repository. */
export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * @param {...string} parts
 * @returns {string} a path below the root
 */
export const at = (...parts) => join(root, ...parts);

/**
 * What is built, and where: the package; or beside it, for tests, one that panics on demand.
 */
export const product =
	process.env.GRAPH_INBOX_BUILD === "test-panics"
		? {
				wasm: "target/wasm-test-panics",
				pkg: "target/pkg-test-panics",
				features: ["--features", "test-panics"],
			}
		: { wasm: "target/wasm", pkg: "pkg", features: [] };

/** @param {string} path */
export const read = (path) => readFileSync(at(path), "utf8");

/** @param {string} path */
export const readJson = (path) => JSON.parse(read(path));

/** @param {string | Uint8Array} data */
export const hashOf = (data) => createHash("sha256").update(data).digest("hex");

/**
 * @param {string} url of a module
 * @returns {boolean} whether it is what was started, rather than imported
 */
export function isMain(url) {
	const [, started] = process.argv;
	return started !== undefined && pathToFileURL(started).href === url;
}

/** @param {string} text */
export function say(text) {
	process.stdout.write(`\n\x1b[1m▸ ${text}\x1b[0m\n`);
}

/** @typedef {{ env?: Record<string, string>, cwd?: string, quiet?: boolean, timeout?: number }} RunOptions `timeout` in ms, after which it is ended and has failed */

/**
 * Runs a program, its output shown as it comes; rejects when it fails.
 *
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} what it printed, where it runs quietly
 */
export function run(
	program,
	args,
	{ env = {}, cwd = root, quiet = false, timeout } = {},
) {
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			cwd,
			timeout,
			env: { ...withTools(), ...env },
			stdio: ["ignore", quiet ? "pipe" : "inherit", quiet ? "pipe" : "inherit"],
		});
		let printed = "";
		const keep = (/** @type {Buffer} */ chunk) => {
			printed += chunk;
		};
		child.stdout?.on("data", keep);
		child.stderr?.on("data", keep);
		child.on("error", reject);
		child.on("close", (code, signal) => {
			if (code === 0) resolve(printed);
			else
				reject(
					new Error(
						`${program} ${args.join(" ")} failed (${code ?? signal})\n${printed}`,
					),
				);
		});
	});
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string | undefined>} what it printed; `undefined` where it is missing or fails
 */
export async function ask(program, args, options) {
	try {
		return (await run(program, args, { ...options, quiet: true })).trim();
	} catch {
		return undefined;
	}
}

/** @type {string[]} */
const toolFolders = [join(root, "node_modules", ".bin")];

/** @param {string} folder of programs that come before the machine's own */
export function addToolFolder(folder) {
	toolFolders.unshift(folder);
}

function withTools() {
	const path = [...toolFolders, process.env.PATH].join(delimiter);
	return { ...process.env, PATH: path };
}
