// Cloudflare Workers: what wrangler builds in workerd and Miniflare, wrangler's dev server, and a Worker that another
// bundler built before anybody knew where it would run.
import { readdirSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { assertAnswer, assertFails, environment, makeApp } from "../row.mjs";

/** @typedef {import("../row.mjs").App} App */

const env = {
	WRANGLER_SEND_METRICS: "false",
	// Its banner asks the registry for newer versions, and Miniflare asks Cloudflare where this machine is.
	WRANGLER_HIDE_BANNER: "true",
	CLOUDFLARE_CF_FETCH_ENABLED: "false",
};

/** Until June 2025 Workers compiled bytes never, since then while they start. */
const [before, since] = ["2025-01-01", "2026-10-01"];

const app = await makeApp(import.meta.url);
await build(app);

describe("built by wrangler", () => {
	for (const date of [before, since])
		it(`in workerd, with the compatibility date ${date}`, async () =>
			assertAnswer(await askInWorkerd(app, date)));
	it("in Miniflare", async () =>
		assertAnswer(await app.run("node", ["miniflare.mjs"], { env })));
	it("in wrangler's dev server", async () => {
		const vars = Object.entries(environment).flatMap(([name, value]) => [
			"--var",
			`${name}:${value}`,
		]);
		const server = await app.serve(
			"wrangler",
			["dev", "--ip", "127.0.0.1", "--port", "0", ...vars],
			{ env: wranglerIn(app), ready: /Ready on (http:\S+)\s/ },
		);
		assertAnswer(await ask(server.said));
		await server.stop();
	});
});

describe("built without the workerd condition", () => {
	// As the adapters of some frameworks do.
	for (const condition of ["browser", "node"])
		it(`by the condition ${condition}, in workerd, where Workers compile bytes while they start`, async () => {
			const anywhere = await makeApp(import.meta.url);
			const options = ["--bundle", "--format=esm", "--outdir=dist"];
			await anywhere.run("esbuild", [
				...["worker.js", ...options, `--conditions=${condition}`],
			]);
			assertAnswer(await askInWorkerd(anywhere, since));
		});
});

describe("controls", () => {
	it("without the workerd condition bytes are refused, and it is said what to do", async () => {
		const broken = await makeApp(import.meta.url, { trap: "bytesAtTheEdge" });
		await build(broken);
		await assertFails(
			() => askInWorkerd(broken, before),
			/Wasm code generation disallowed.* `workerd` export condition or a compatibility date of 2025-06-01 or later/,
		);
	});
});

/**
 * What it remembers stays in the app's folder.
 *
 * @param {App} app
 */
function wranglerIn(app) {
	return { ...env, XDG_CONFIG_HOME: app.path("config") };
}

/** @param {App} app */
async function build(app) {
	await app.run("wrangler", ["deploy", "--dry-run", "--outdir", "dist"], {
		env: wranglerIn(app),
	});
}

/**
 * @param {App} app built
 * @param {string} date of compatibility
 */
async function askInWorkerd(app, date) {
	writeFileSync(app.path("dist", `${date}.capnp`), configuration(app, date));
	const server = await app.serve(
		"../node_modules/@cloudflare/workerd-linux-64/bin/workerd",
		["serve", `dist/${date}.capnp`, "--control-fd=1"],
		{ ready: /"port":(\d+)\}/ },
	);
	const answer = await fetch(`http://127.0.0.1:${server.said}`);
	// Why it failed is told there alone.
	if (!answer.ok) throw new Error(server.printed());
	const read = await answer.text();
	await server.stop();
	return read;
}

/**
 * @param {App} app
 * @param {string} date
 */
function configuration(app, date) {
	const compiled = readdirSync(app.path("dist"))
		.filter((name) => name.endsWith(".wasm"))
		.map((name) => `(name = "${name}", wasm = embed "${name}")`);
	const bindings = Object.entries(environment).map(
		([name, value]) => `(name = "${name}", text = "${value}")`,
	);
	return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [
		(name = "app", worker = .w),
		(name = "internet", network = (allow = ["local"])),
	],
	sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "app")],
);
const w :Workerd.Worker = (
	compatibilityDate = "${date}",
	modules = [${['(name = "worker.js", esModule = embed "worker.js")', ...compiled]}],
	bindings = [${bindings}],
);`;
}

/** @param {string} url */
const ask = async (url) => (await fetch(url)).text();
