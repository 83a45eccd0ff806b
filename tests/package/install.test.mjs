// As a new user would: an empty folder, `npm install` of the tarball, and the code of the README.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { at, read, readJson } from "../../scripts/tools.mjs";

const execute = promisify(execFile);
const tarball = at(
	"target",
	`graph-inbox-${readJson("pkg-template/package.json").version}.tgz`,
);
const folder = mkdtempSync(join(tmpdir(), "graph-inbox-"));
after(() => rmSync(folder, { recursive: true }));

const simulator = createGraphSimulator();
const server = await serveGraph(simulator);
after(() => server.close());

writeFileSync(join(folder, "package.json"), "{}");
await execute("npm", ["install", "--offline", tarball], { cwd: folder });

// The code of the README speaks to Graph itself; here Graph is the simulator.
writeFileSync(
	join(folder, "graph-here.cjs"),
	`const { fetch } = globalThis;
	globalThis.fetch = (url, init) => fetch(String(url).replace("https://graph.facebook.com", "${server.url}"), init);`,
);

/**
 * @param {string} name
 * @param {string} code
 */
async function runProgram(name, code) {
	writeFileSync(join(folder, name), code);
	const { stdout, stderr } = await execute(
		process.execPath,
		["--require", "./graph-here.cjs", name],
		{
			cwd: folder,
			env: {
				...process.env,
				PAGE_TOKEN: simulator.accessToken,
				GRAPH_URL: server.url,
			},
		},
	);
	assert.equal(stderr, "");
	return stdout.trim();
}

/** @param {string} heading of the README, whose first block of JavaScript is wanted */
function codeUnder(heading) {
	const section = read("README.md").split(`# ${heading}\n`)[1];
	const code = /```js\n(.*?)```/s.exec(section)?.[1];
	assert.ok(code, heading);
	return code;
}

describe("in an empty folder", () => {
	it("brings nothing else along", () => {
		const { packages } = JSON.parse(
			readFileSync(join(folder, "package-lock.json"), "utf8"),
		);
		assert.deepEqual(Object.keys(packages), ["", "node_modules/graph-inbox"]);
	});

	it("the README's dashboard code lists conversations", async () => {
		const printed = await runProgram(
			"dashboard.mjs",
			codeUnder("In a dashboard"),
		);
		const lines = printed.split("\n");
		assert.equal(lines.length, 50);
		const [first] = simulator.conversations();
		assert.ok(lines[0].includes(String(first.snippet)), lines[0]);
	});

	it("the README's serverless code tells who owns a thread", async () => {
		const person = simulator.conversations()[0].participants?.data[0].id ?? "";
		simulator.setOwner(person, {
			app_id: "263902037430900",
			expiration: 1_900_000_000,
		});
		await runProgram("handler.mjs", codeUnder("In a serverless function"));
		const printed = await runProgram(
			"call.mjs",
			`import { handler } from ${JSON.stringify(pathToFileURL(join(folder, "handler.mjs")).href)};
			console.log(JSON.stringify(await handler({ recipient: "${person}" })));`,
		);
		const owner = {
			recipient: person,
			state: "owned",
			app_id: "263902037430900",
			expiration: 1_900_000_000,
		};
		assert.deepEqual(JSON.parse(printed), {
			inMetaInbox: true,
			role: "meta_inbox",
			...owner,
		});
	});

	it("the README's code for Node lists conversations by nodeFetch", async () => {
		// Whoever calls the global one fails.
		const refuse =
			"globalThis.fetch = () => { throw new Error('the global fetch'); };";
		const code = codeUnder("Less processor time in Node");
		assert.equal(await runProgram("node.mjs", `${refuse}\n${code}`), "25");
	});

	it("works as CommonJS", async () => {
		const printed = await runProgram(
			"program.cjs",
			`const { createInbox } = require("graph-inbox");
			const inbox = createInbox({ pageId: "me", accessToken: process.env.PAGE_TOKEN });
			inbox.listConversations({ platform: "instagram", folder: "inbox", fields: ["id", "updated_time", "participants"] })
				.then((page) => console.log(page.data.length, Object.keys(page.data[0]).join()));`,
		);
		assert.equal(printed, "25 id,updated_time,participants");
	});
});
