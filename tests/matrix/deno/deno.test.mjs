// Deno: a TypeScript program that may reach Graph and read its own settings, and nothing else.
import { writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
	assertAnswer,
	assertFails,
	environment,
	makeApp,
	settings,
} from "../row.mjs";

const permissions = [
	`--allow-net=${new URL(settings.baseUrl).host}`,
	`--allow-env=${Object.keys(environment)}`,
];

/**
 * @param {import("../row.mjs").App} app
 * @param {string[]} args
 */
const deno = (app, ...args) =>
	app.run("../node_modules/@deno/linux-x64-glibc/deno", args, {
		env: {
			DENO_DIR: app.path(".deno"),
			DENO_NO_PROMPT: "1",
			DENO_NO_UPDATE_CHECK: "1",
			DO_NOT_TRACK: "1",
			NO_COLOR: "1",
		},
	});

const app = await makeApp(import.meta.url);

describe("Deno", () => {
	it("runs inbox.ts without leave to read a file", async () =>
		assertAnswer(await deno(app, "run", ...permissions, "inbox.ts")));
	it("finds the types", async () => {
		await deno(app, "check", "inbox.ts");
	});
});

describe("controls", () => {
	for (const trap of /** @type {const} */ (["readFileSync", "importMeta"])) {
		it(`${trap} needs leave to read the .wasm file`, async () => {
			const broken = await makeApp(import.meta.url, { trap });
			await assertFails(
				() => deno(broken, "run", ...permissions, "inbox.ts"),
				/NotCapable: Requires read access to .*graph_inbox\.wasm/,
			);
		});
	}
	it("a mistake in types is told", async () => {
		writeFileSync(
			app.path("mistake.ts"),
			'import { createInbox } from "graph-inbox";\ncreateInbox({ pageId: 1, accessToken: "x" });\n',
		);
		await assertFails(
			() => deno(app, "check", "mistake.ts"),
			/TS2322.*'number' is not assignable to type 'string'/,
		);
	});
});
