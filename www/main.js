// Joins the parts: what is chosen on the page, and which inbox is read for it.

import { showActivity } from "./activity.js";
import { Desk } from "./desk.js";
import { byId, chosen } from "./dom.js";
import { createLivePanel } from "./live.js";
import { noteEvent } from "./note.js";
import { showProblem } from "./problem.js";
import { accessToken, onMessage, simulator, total } from "./simulated.js";
import { openSource } from "./source.js";
import { createSwitches, isOn, turnOff } from "./switches.js";
import { keepTimesFresh } from "./time.js";
import { showUsage } from "./usage.js";

/** @typedef {import("./reading.js").Query} Query */
/** @typedef {import("./source.js").Source} Source */

// The browser's record of requests would keep the token of live mode, which travels in their URLs.
performance.setResourceTimingBufferSize(0);

const desk = new Desk(actionFor);
const live = createLivePanel({ onConnect: connect, onDisconnect: disconnect });
const userId = byId("user-id", HTMLInputElement);
let lookedUp = "";

const simulated = openSource(
	{ pageId: simulator.pageId, accessToken, fetch: simulator.fetch },
	{
		label: "Simulator",
		businessIds: [simulator.pageId, simulator.instagramAccountId],
		appId: simulator.appId,
		total,
	},
	showEvent,
);
/** @type {Source | undefined} */
let connected;

for (const id of ["source", "platform"])
	byId(id, HTMLFieldSetElement).addEventListener("change", open);
byId("folder", HTMLSelectElement).addEventListener("change", open);
for (const id of ["owner", "unread"])
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
	lookUp(userId.value.trim());
});
// The little cross of a search field empties it without a submit.
userId.addEventListener("input", () => userId.value || lookUp(""));
createSwitches(({ isQuiet }) => {
	if (!isQuiet) desk.refresh();
});
onMessage((message) => desk.readAgain(simulated, message));
keepTimesFresh();
open();

function open() {
	const source = currentSource();
	const isLive = chosen("source") === "live";
	byId("misbehave", HTMLElement).hidden = isLive;
	document.body.dataset.source = source ? "open" : "none";
	if (isLive) live.show(source?.label);
	else live.hide();
	showTraffic(source);
	desk.open(source, readQuery());
}

function currentSource() {
	return chosen("source") === "live" ? connected : simulated;
}

/** @param {import("./live.js").Credentials} credentials */
function connect({ pageId, accessToken, instagramAccountId, appId }) {
	const graph = document.querySelector('meta[name="live-graph"]');
	const baseUrl = graph?.getAttribute("content") ?? undefined;
	try {
		connected = openSource(
			{ pageId, accessToken, baseUrl },
			{
				label: pageId === "me" ? "the Page of this token" : `Page ${pageId}`,
				businessIds: [pageId, instagramAccountId].filter(Boolean),
				appId: appId || undefined,
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

/** @param {string} wanted or nothing, for everybody */
function lookUp(wanted) {
	if (lookedUp === wanted) return;
	lookedUp = wanted;
	open();
}

function filter() {
	desk.filter({
		owner: byId("owner", HTMLSelectElement).value,
		unread: byId("unread", HTMLInputElement).checked,
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
	const platform = /** @type {"" | import("./feed.js").Platform} */ (
		chosen("platform")
	);
	const folder = byId("folder", HTMLSelectElement).value;
	return {
		folder: /** @type {Query["folder"]} */ (folder),
		platforms: platform ? [platform] : ["MESSENGER", "INSTAGRAM"],
		userId: lookedUp || undefined,
	};
}
