// Joins the parts: what is chosen on the page, and which inbox is read for it.

import { showActivity } from "./activity.js";
import { createConnectPanel } from "./connect.js";
import { Desk } from "./desk.js";
import { byId, chosen } from "./dom.js";
import { noteEvent } from "./note.js";
import { showProblem } from "./problem.js";
import { accessToken, simulator, total } from "./simulated.js";
import { openSource } from "./source.js";
import { createSwitches, isOn, turnOff } from "./switches.js";
import { keepTimesFresh } from "./time.js";
import { showUsage } from "./usage.js";

/** @typedef {import("./reading.js").Query} Query */
/** @typedef {import("./source.js").Source} Source */

// The browser's record of requests would keep the token of live mode, which travels in their URLs.
performance.setResourceTimingBufferSize(0);

const desk = new Desk(actionFor);
const connectPanel = createConnectPanel({
	onConnect: connect,
	onDisconnect: disconnect,
});

const simulated = openSource(
	{
		pageId: simulator.pageId,
		appId: simulator.appId,
		accessToken,
		fetch: simulator.fetch,
	},
	{
		label: "Simulator",
		businessIds: [simulator.pageId, simulator.instagramAccountId],
		intervalMs: 2000,
		total,
	},
	showEvent,
);
/** @type {Source | undefined} */
let connected;
const lookedUp = byId("looked-up", HTMLOutputElement);

for (const id of ["source", "platform"])
	byId(id, HTMLFieldSetElement).addEventListener("change", open);
byId("folder", HTMLSelectElement).addEventListener("change", open);
for (const id of ["owner", "unread", "unanswered"])
	byId(id, HTMLElement).addEventListener("change", filter);
for (const [id, work] of /** @type {const} */ ([
	["refresh", desk.refresh],
	["load-more", desk.more],
	["load-all", desk.all],
	["stop", desk.stop],
	["read-again", () => desk.openConversation()],
	["back", () => desk.backToList()],
]))
	byId(id, HTMLButtonElement).addEventListener("click", () => work());
byId("look-up", HTMLFormElement).addEventListener("submit", (event) => {
	event.preventDefault();
	lookUp(byId("user-id", HTMLInputElement).value.trim());
});
byId("order", HTMLSelectElement).addEventListener("change", ({ target }) => {
	const { value } = /** @type {HTMLSelectElement} */ (target);
	desk.sort(/** @type {import("./list.js").Order} */ (value));
});
byId("live", HTMLInputElement).addEventListener("change", ({ target }) =>
	desk.follow(/** @type {HTMLInputElement} */ (target).checked),
);
createSwitches(({ isQuiet }) => {
	if (!isQuiet) desk.refresh();
});
keepTimesFresh();
open();

function open() {
	const source = currentSource();
	const isLive = chosen("source") === "live";
	byId("misbehave", HTMLElement).hidden = isLive;
	document.body.dataset.source = source ? "open" : "none";
	if (isLive) connectPanel.show(source?.label);
	else connectPanel.hide();
	lookedUp.textContent = "";
	showTraffic(source);
	desk.open(source, readQuery());
}

function currentSource() {
	return chosen("source") === "live" ? connected : simulated;
}

/** @param {import("./connect.js").Credentials} credentials */
function connect({ pageId, accessToken, instagramAccountId, appId }) {
	const graph = document.querySelector('meta[name="live-graph"]');
	const baseUrl = graph?.getAttribute("content") ?? undefined;
	try {
		connected = openSource(
			{ pageId, appId: appId || undefined, accessToken, baseUrl },
			{
				label: pageId === "me" ? "the Page of this token" : `Page ${pageId}`,
				businessIds: [pageId, instagramAccountId].filter(Boolean),
			},
			showEvent,
		);
	} catch (error) {
		const run = () => byId("page-id", HTMLInputElement).focus();
		showProblem(error, { label: "Correct it", run });
		return;
	}
	open();
}

function disconnect() {
	connected = undefined;
	open();
}

/** @param {string} userId */
async function lookUp(userId) {
	lookedUp.textContent = "";
	if (userId === "" || (await desk.openPerson(userId)) !== false) return;
	lookedUp.textContent = `No conversation with ${userId} in this folder.`;
}

function filter() {
	desk.filter({
		owner: byId("owner", HTMLSelectElement).value,
		unread: byId("unread", HTMLInputElement).checked,
		unanswered: byId("unanswered", HTMLInputElement).checked,
	});
}

/**
 * What helps: trying again, or in the simulator a new token.
 *
 * @param {unknown} error
 * @param {() => void} again
 */
function actionFor(error, again) {
	const { kind } = /** @type {{ kind?: string }} */ (error);
	if (kind !== "authentication" || !isOn("token"))
		return { label: "Try again", run: again };
	return {
		label: "Use a new token",
		run() {
			turnOff("token");
			again();
		},
	};
}

/**
 * @param {import("./traffic.js").Traffic} traffic
 * @param {import("./traffic.js").InboxEvent} event
 */
function showEvent(traffic, event) {
	const source = currentSource();
	if (source?.traffic !== traffic) return;
	showTraffic(source);
	noteEvent(event);
}

/** @param {Source | undefined} source */
function showTraffic(source) {
	showActivity(source?.traffic);
	showUsage(source?.traffic);
}

/** @returns {Query} */
function readQuery() {
	const platform = /** @type {"" | import("./rows.js").Platform} */ (
		chosen("platform")
	);
	const folder = byId("folder", HTMLSelectElement).value;
	return {
		folder: /** @type {Query["folder"]} */ (folder),
		platforms: platform ? [platform] : ["MESSENGER", "INSTAGRAM"],
	};
}
