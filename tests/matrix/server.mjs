// Programs that serve: started, waited for until they say where, and ended with the tests.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { after } from "node:test";

/** Twice what the slowest takes where two rows share two cores. */
const PATIENCE_MS = 60_000;

/** @typedef {{ ready: RegExp, env?: Record<string, string> }} ServerOptions `ready` is what it prints once it listens; the first group of that is `said` */

/** @typedef {{ said: string, printed: () => string, stop: () => Promise<void> }} Server */

/**
 * @param {string} program
 * @param {string[]} args
 * @param {ServerOptions & { cwd: string }} options
 * @returns {Promise<Server>}
 */
export async function startServer(program, args, { cwd, env, ready }) {
	const child = spawn(program, args, {
		cwd,
		env: { ...process.env, ...env },
		stdio: ["ignore", "pipe", "pipe"],
	});
	const closed = once(child, "close");
	const stop = async () => {
		child.kill();
		const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
		await closed.catch(() => {});
		clearTimeout(timer);
	};
	after(stop);
	let printed = "";
	/** @type {Promise<string>} */
	const said = new Promise((resolve, reject) => {
		const fail = (/** @type {unknown} */ why) =>
			reject(
				new Error(
					`${program} ${args.join(" ")} does not serve: ${why}\n${printed}`,
				),
			);
		const timer = setTimeout(fail, PATIENCE_MS, `silent for ${PATIENCE_MS} ms`);
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk) => {
				printed += chunk;
				const found = ready.exec(printed);
				if (!found) return;
				clearTimeout(timer);
				resolve(found[1]);
			});
		closed.then(
			([code]) => {
				clearTimeout(timer);
				fail(`it ended (${code})`);
			},
			(error) => {
				clearTimeout(timer);
				fail(error);
			},
		);
	});
	return { said: await said, printed: () => printed, stop };
}
