import { byId } from "./dom.js";
import { FIELDS } from "./feed.js";

/** @typedef {import("./reading.js").Query} Query */

const box = byId("code", HTMLElement);
const copy = byId("copy", HTMLButtonElement);

copy.addEventListener("click", async () => {
	try {
		await navigator.clipboard.writeText(box.innerText);
		copy.textContent = "Copied";
	} catch {
		// Not allowed here: the text is marked, to be copied by hand.
		getSelection()?.selectAllChildren(box);
		copy.textContent = "Press Ctrl-C";
	}
	setTimeout(() => {
		copy.textContent = "Copy";
	}, 2000);
});

/**
 * What the page asks, as a program of its own.
 *
 * @param {string} pageId
 * @param {Query} query
 * @param {string} [recipient] whose conversation is open
 */
export function showCode(pageId, query, recipient) {
	const code = [
		'import { createInbox } from "graph-inbox";',
		"",
		"const inbox = createInbox({",
		`	pageId: ${JSON.stringify(pageId)},`,
		"	accessToken: process.env.PAGE_TOKEN,",
		"});",
		...(recipient ? ownerCode(recipient) : listCode(query)),
	];
	box.firstElementChild?.replaceChildren(code.join("\n"));
}

/** @param {Query} query */
function listCode({ folder, platforms, userId }) {
	return platforms.flatMap((platform) => [
		"",
		`const ${platform.toLowerCase()} = inbox.listConversationsWithOwner({`,
		`	folder: "${folder}",`,
		`	platform: "${platform}",`,
		...(userId ? [`	userId: ${JSON.stringify(userId)},`] : []),
		`	fields: [${FIELDS.map((field) => JSON.stringify(field)).join(", ")}],`,
		"	maxItems: 25,",
		"});",
		`for await (const { snippet, thread_owner } of ${platform.toLowerCase()}) {`,
		"	console.log(snippet, thread_owner.owner?.app_id);",
		"}",
	]);
}

/** @param {string} recipient */
function ownerCode(recipient) {
	return [
		"",
		`const owner = await inbox.getThreadOwner(${JSON.stringify(recipient)});`,
		"console.log(owner.state, owner.app_id);",
	];
}
