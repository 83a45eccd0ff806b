// What Lambda does with a function: loads the file, and calls it with an event for each request.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , path] = process.argv;
const { handler } = path.endsWith(".cjs")
	? createRequire(import.meta.url)(path)
	: await import(pathToFileURL(path).href);
const event = {
	version: "2.0",
	rawPath: "/inbox",
	queryStringParameters: { recipient: process.env.RECIPIENT },
};
const good = await handler(event);
// Lambda gives every call the environment of the function; a token that expired is what can change in it.
process.env.PAGE_TOKEN = "expired";
const bad = await handler(event);
if (good.statusCode !== 200 || bad.statusCode !== 502)
	throw new Error(`${JSON.stringify(good)} ${JSON.stringify(bad)}`);
console.log(
	JSON.stringify({ ...JSON.parse(good.body), ...JSON.parse(bad.body) }),
);
