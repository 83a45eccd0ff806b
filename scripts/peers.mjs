// The packages that this one is compared with: installed outside the clone, for the comparison alone.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./setup.mjs";
import { run, say } from "./tools.mjs";

export const PEERS = {
	"@warriorteam/messenger-sdk": "1.5.8",
	"facebook-nodejs-business-sdk": "24.0.1",
	"messaging-api-messenger": "1.1.0",
};

/** @returns {Promise<string>} the folder in which they can be resolved */
export async function installPeers() {
	const folder = join(cache, "peers");
	const wanted = JSON.stringify({ private: true, dependencies: PEERS });
	const stamp = join(folder, "node_modules", ".graph-inbox");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted)
		return folder;
	mkdirSync(folder, { recursive: true });
	writeFileSync(join(folder, "package.json"), wanted);
	say("Installing the peers, outside the clone");
	await run("npm", ["install", "--ignore-scripts"], {
		cwd: folder,
		quiet: true,
	});
	writeFileSync(stamp, wanted);
	return folder;
}
