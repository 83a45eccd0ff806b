import { readInbox } from "./inbox.js";

try {
	postMessage(JSON.stringify(await readInbox()));
} catch (error) {
	postMessage(`${error.name}: ${error.message}`);
}
