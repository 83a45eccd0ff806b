// How large the package is, and whether it may be: npm run build ends with it. Beside its peers: npm run sizes
import { readFileSync, statSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { installPeers, PEERS } from "./peers.mjs";
import { pack } from "./tarball.mjs";
import { at, isMain } from "./tools.mjs";

/**
 * In KiB, gzip -9; the tarball as it is. `budget` is what the build fails above: it goes down with the size.
 * `aim` is where it should go.
 *
 * @type {Record<string, { budget?: number, aim?: number }>}
 */
export const LIMITS = {
	"index.js": { budget: 54, aim: 44.9 },
	// Without a budget, because nobody downloads it at run time.
	"index.node.js": {},
	"graph_inbox.wasm": { budget: 54.3, aim: 45.9 },
	"shared.js": { budget: 9.6 },
	"simulator.js": { budget: 19 },
	"node.js": { budget: 2.5 },
	tarball: { budget: 369, aim: 244 },
};

const KIB = 1024;
const shown = (/** @type {number} */ bytes) => (bytes / KIB).toFixed(1);
const gzip = (/** @type {Uint8Array} */ bytes) =>
	gzipSync(bytes, { level: 9 }).length;

/** @param {string[][]} rows the first of them the heading */
function print(rows) {
	for (const [name, ...cells] of rows)
		console.log(
			name.padEnd(34) + cells.map((cell) => cell.padStart(12)).join(""),
		);
}

/** Prints the sizes of what is in pkg/, and throws where one is above its budget. */
export async function checkSizes() {
	const rows = [["KiB", "raw", "gzip -9", "brotli -11", "budget", "aim"]];
	const above = [];
	for (const [name, { budget, aim }] of Object.entries(LIMITS)) {
		const cells = name === "tarball" ? await sizeOfTarball() : sizesOf(name);
		const [size] = cells.slice(name === "tarball" ? 0 : 1);
		const missed = aim !== undefined && size > aim * KIB;
		rows.push([
			name,
			...cells.map(shown),
			...Array(3 - cells.length).fill(""),
			budget ? String(budget) : "",
			aim ? `${aim}${missed ? " missed" : ""}` : "",
		]);
		if (budget && size > budget * KIB)
			above.push(`${name} has ${shown(size)} KiB, its budget is ${budget}`);
	}
	print(rows);
	if (above.length > 0) throw new Error(above.join("; "));
}

/** @param {string} name of a file of dist */
function sizesOf(name) {
	const bytes = readFileSync(at("pkg/dist", name));
	return [bytes.length, gzip(bytes), brotliCompressSync(bytes).length];
}

async function sizeOfTarball() {
	return [statSync(await pack()).size];
}

/** A program with each that lists conversations and reads the owner of a thread; graph-inbox is what was built. */
const PROGRAMS = {
	"graph-inbox": `import { createInbox } from "graph-inbox";
		const inbox = createInbox({ pageId: "1", accessToken: "t" });
		export default [inbox.listConversations(), inbox.getThreadOwner("1")];`,
	"@warriorteam/messenger-sdk": `import { Messenger } from "@warriorteam/messenger-sdk";
		const messenger = new Messenger({ accessToken: "t" });
		export default messenger;`,
	"messaging-api-messenger": `import { MessengerClient } from "messaging-api-messenger";
		const client = new MessengerClient({ accessToken: "t", appId: "1", appSecret: "s" });
		export default client.getThreadOwner("1");`,
	"facebook-nodejs-business-sdk": `import { FacebookAdsApi, Page } from "facebook-nodejs-business-sdk";
		FacebookAdsApi.init("t");
		export default new Page("1").getConversations([], {});`,
};

/** Bundles the same program with each peer, for Node and for a browser. */
async function compare() {
	const { build } = await import("esbuild");
	const folder = await installPeers();
	const rows = [
		["KiB, minified", "for Node", "gzip -9", "in browsers", "gzip -9"],
	];
	const sizes = (/** @type {Uint8Array} */ bytes) => [
		shown(bytes.length),
		shown(gzip(bytes)),
	];
	for (const [name, contents] of Object.entries(PROGRAMS)) {
		const bundle = async (/** @type {"node" | "browser"} */ platform) => {
			const { outputFiles } = await build({
				stdin: {
					contents,
					resolveDir: name === "graph-inbox" ? at() : folder,
				},
				bundle: true,
				minify: true,
				write: false,
				format: "esm",
				target: "es2022",
				platform,
				logLevel: "silent",
			});
			return outputFiles[0].contents;
		};
		const forNode = sizes(await bundle("node"));
		const inBrowsers = await bundle("browser").then(sizes, () => ["no", ""]);
		const version = PEERS[/** @type {keyof typeof PEERS} */ (name)] ?? "";
		rows.push([`${name} ${version}`, ...forNode, ...inBrowsers]);
	}
	print(rows);
}

if (isMain(import.meta.url)) {
	await checkSizes();
	await compare();
}
