import { byId } from "./dom.js";
import { FIELDS } from "./rows.js";

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

const FIELDS_TEXT = FIELDS.map((field) => JSON.stringify(field)).join(", ");

/**
 * What the page asks, as a program of its own.
 *
 * @param {string} pageId
 * @param {Query} query
 * @param {import("./rows.js").Row} [open] the conversation that is open
 */
export function showCode(pageId, query, open) {
	const [names, calls] = open?.person
		? ["createInbox", personCode(query, open.platform, open.person.id)]
		: ["createInbox, mergeConversations", listCode(query)];
	const code = [
		`import { ${names} } from "graph-inbox";`,
		"",
		"const inbox = createInbox({",
		`	pageId: ${JSON.stringify(pageId)},`,
		"	accessToken: process.env.PAGE_TOKEN,",
		"});",
		"",
		...calls,
	];
	box.firstElementChild?.replaceChildren(code.join("\n"));
}

/** @param {Query} query */
function listCode({ folder, platforms }) {
	return [
		"const list = (platform) =>",
		"	inbox.listConversationsWithOwner({",
		`		folder: "${folder}",`,
		"		platform,",
		`		fields: [${FIELDS_TEXT}],`,
		"		maxItems: 25,",
		"	});",
		"const merged = mergeConversations({",
		...platforms.map((name) => `	${name}: list("${name}"),`),
		"});",
		"for await (const { source, conversation } of merged) {",
		"	const { snippet, thread_owner } = conversation;",
		"	console.log(source, snippet, thread_owner.owner?.role);",
		"}",
	];
}

/** @param {Query} query @param {string} platform @param {string} userId */
function personCode({ folder }, platform, userId) {
	const id = JSON.stringify(userId);
	return [
		`const conversation = await inbox.getConversation(${id}, {`,
		`	folder: "${folder}",`,
		`	platform: "${platform}",`,
		`	fields: [${FIELDS_TEXT}],`,
		"});",
		`const owner = await inbox.getThreadOwner(${id});`,
		"console.log(conversation?.snippet, owner.state, owner.role);",
	];
}
