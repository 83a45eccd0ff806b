// TypeScript: programs of users, what the types say and refuse, and the linters of packages.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { at } from "../../../scripts/tools.mjs";
import { assertAnswer, assertFails, makeApp } from "../row.mjs";

/** @typedef {import("../row.mjs").App} App */

/** The newest, one that many have, and the oldest that reads the types. */
const compilers = ["typescript", "typescript-5.4", "typescript-5.0"];

const strict = { target: "es2022", strict: true, skipLibCheck: false };

/** How projects are set up: on a server without the DOM's types, in a browser without those of Node. */
const setups = {
	node16: {
		options: { module: "node16", lib: ["es2022"], types: ["node"] },
		extensions: ["mts", "cts"],
	},
	bundler: {
		options: {
			module: "esnext",
			moduleResolution: "bundler",
			lib: ["es2022", "dom", "dom.iterable"],
			types: [],
		},
		extensions: ["ts"],
	},
};

const entries = [
	"graph-inbox",
	"graph-inbox/slim",
	"graph-inbox/simulator",
	"graph-inbox/node",
];

const app = await makeApp(import.meta.url);
await writeChecks(app);

for (const compiler of compilers) {
	describe(compiler, () => {
		for (const setup of keysOf(setups))
			it(`accepts and refuses what it should, as ${setup}`, async () => {
				await check(app, compiler, setup);
			});
	});
}

describe("programs", () => {
	it("compiled by the newest, run", async () => {
		await compile(app, compilers[0], "tsconfig.json");
		for (const program of ["inbox.mjs", "inbox.cjs"])
			assertAnswer(await app.run(process.execPath, [program]));
	});
});

describe("linters", () => {
	it("publint", () => publint(app));
	it("Are the types wrong?", () => areTheTypesWrong(app));
});

describe("controls", () => {
	/** @type {[string, Edits, (broken: App) => Promise<unknown>, RegExp][]} */
	const controls = [
		[
			"a declared export that is not there",
			{
				"dist/index.d.ts": (text) => `${text}export const more: 1;\n`,
			},
			(broken) => check(broken, "typescript", "bundler"),
			/names-0\.ts.*'more' is missing/,
		],
		[
			"an export that is not declared",
			{
				"dist/simulator.d.cts": (text) =>
					text.replace("export function createGraphSimulator", "function f"),
			},
			(broken) => check(broken, "typescript", "node16"),
			/names-2\.cts.*'createGraphSimulator' does not exist/,
		],
		[
			"fields that do not narrow",
			{
				"dist/index.d.ts": (text) =>
					text.replace("Pick<Conversation, SelectedNames<F>>", "Conversation"),
			},
			(broken) => check(broken, "typescript", "bundler"),
			/types\.ts.*Unused '@ts-expect-error' directive/,
		],
		[
			"types of newer compilers alone",
			{
				"dist/index.d.ts": (text) =>
					`${text}export type A = NoInfer<string>;\n`,
			},
			(broken) => check(broken, "typescript-5.0", "bundler"),
			/index\.d\.ts.*Cannot find name 'NoInfer'/,
		],
		[
			"publint: types behind the code",
			{
				"package.json": (text) =>
					text.replace(
						/("types": "[^"]+"),(\s+)("default": "[^"]+")/,
						"$3,$2$1",
					),
			},
			publint,
			/types.*should be the first/,
		],
		[
			"Are the types wrong?: one file of types for both",
			{
				"package.json": (text) =>
					text.replaceAll("./dist/index.d.cts", "./dist/index.d.ts"),
			},
			areTheTypesWrong,
			/Masquerading as ESM/,
		],
	];
	for (const [name, edits, action, why] of controls)
		it(name, async () => {
			const broken = await makeApp(import.meta.url);
			await writeChecks(broken);
			edit(broken, edits);
			await assertFails(() => action(broken), why);
		});
});

/** @typedef {Record<string, (text: string) => string>} Edits */

/**
 * @param {App} broken
 * @param {Edits} edits of files of the package
 */
function edit(broken, edits) {
	for (const [file, change] of Object.entries(edits)) {
		const path = broken.path("node_modules", "graph-inbox", file);
		writeFileSync(path, change(readFileSync(path, "utf8")));
	}
}

/** @param {App} app what the compilers are to check, in every form that users write */
async function writeChecks({ path, run }) {
	for (const [index, entry] of entries.entries()) {
		const code = `console.log(JSON.stringify(Object.keys(await import("${entry}"))))`;
		const printed = await run(process.execPath, [
			...["--input-type=module", "--eval", code],
		]);
		/** @type {string[]} */
		const names = JSON.parse(printed).map(
			(/** @type {string} */ name) => `${name}: 1`,
		);
		const check = `import * as all from "${entry}";\nexport const names = { ${names} } satisfies Record<keyof typeof all, 1>;\n`;
		for (const extension of ["ts", "mts", "cts"])
			writeFileSync(path(`names-${index}.${extension}`), check);
	}
	for (const extension of ["ts", "mts", "cts"])
		cpSync(at("tests", "package", "types.ts"), path(`types.${extension}`));
}

/**
 * @param {App} app
 * @param {string} compiler
 * @param {keyof typeof setups} setup
 */
async function check(app, compiler, setup) {
	const { options, extensions } = setups[setup];
	const files = extensions.flatMap((extension) =>
		["types", ...entries.map((_, index) => `names-${index}`)].map(
			(name) => `${name}.${extension}`,
		),
	);
	const compilerOptions = { ...strict, ...options, noEmit: true };
	const project = `${setup}.json`;
	writeFileSync(app.path(project), JSON.stringify({ compilerOptions, files }));
	await compile(app, compiler, project);
}

/**
 * @param {App} app
 * @param {string} compiler
 * @param {string} project
 */
async function compile(app, compiler, project) {
	const program = `../node_modules/${compiler}/bin/tsc`;
	await app.run(process.execPath, [program, "--project", project]);
}

/** @param {App} app */
async function publint({ run }) {
	await run("publint", ["run", "node_modules/graph-inbox", "--strict"]);
}

/** @param {App} app */
async function areTheTypesWrong({ run }) {
	await run("attw", [
		...["--pack", "node_modules/graph-inbox", "--profile", "node16"],
		...["--exclude-entrypoints", "./graph_inbox.wasm"],
	]);
}

/**
 * @template {object} T
 * @param {T} object
 */
function keysOf(object) {
	return /** @type {(keyof T)[]} */ (Object.keys(object));
}
