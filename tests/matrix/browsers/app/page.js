import { readInbox } from "./inbox.js";

const answer = document.querySelector("#answer");
try {
	answer.textContent = JSON.stringify(await readInbox());
} catch (error) {
	answer.textContent = `${error.name}: ${error.message}`;
}
