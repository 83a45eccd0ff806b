// What Vercel does with a function: loads its file, and calls it with each request.
import { pathToFileURL } from "node:url";

const { GET } = await import(pathToFileURL(process.argv[2]).href);
const request = new Request(
	`https://function.test/api/inbox?recipient=${process.env.RECIPIENT}`,
);
const good = await GET(request);
// A token that expired is what can change in the environment of a function.
process.env.PAGE_TOKEN = "expired";
const bad = await GET(request);
if (good.status !== 200 || bad.status !== 502)
	throw new Error(`${await good.text()} ${await bad.text()}`);
console.log(JSON.stringify({ ...(await good.json()), ...(await bad.json()) }));
