// Joins the parts: which source and which filters are chosen, what is read for them, and where it is shown.

import { createBanner } from "./banner.js";
import { byId, chosen } from "./dom.js";
import { showFacts } from "./facts.js";
import { createLivePanel } from "./live.js";
import { clearNote, noteEvent } from "./note.js";
import { ownerResult } from "./owner-badge.js";
import { businessOf, nameOf } from "./people.js";
import { Reading } from "./reading.js";
import { openSource } from "./source.js";
import { clearSummary, showLoading, showSummary } from "./summary.js";
import { createTable } from "./table.js";
import { keepTimesFresh } from "./time.js";

/** @typedef {import("../scripts/serve.mjs").DemoSettings} DemoSettings */
/** @typedef {import("./reading.js").Query} Query */
/** @typedef {import("./reading.js").Row} Row */
/** @typedef {import("./source.js").Source} Source */

// The browser's record of requests would keep the token of live mode, which travels in their URLs.
performance.setResourceTimingBufferSize(0);

const table = createTable();
const banner = createBanner();
const live = createLivePanel({ onConnect: connect, onDisconnect: disconnect });
const more = byId("load-more", HTMLButtonElement);

/** @type {DemoSettings} */
const settings = await (await fetch("demo.json")).json();

/** @type {{ simulator: Source, live?: Source }} */
const sources = { simulator: openSimulator() };
/** @type {Reading | undefined} whose rows are shown */
let shown;
/** @type {Reading | undefined} that will take its place */
let coming;
let stepsUnderWay = 0;

for (const id of ["source", "folder", "platform"])
	byId(id, HTMLFieldSetElement).addEventListener("change", open);
byId("refresh", HTMLButtonElement).addEventListener("click", refresh);
more.addEventListener("click", loadMore);
keepTimesFresh();
open();

function currentSource() {
	return chosen("source") === "live" ? sources.live : sources.simulator;
}

function openSimulator() {
	const { graphUrl, pageId, accessToken, instagramAccountId, appId } = settings;
	return openSource(
		{ pageId, accessToken, baseUrl: graphUrl },
		{ label: "Simulator", businessIds: [pageId, instagramAccountId], appId },
		showEvent,
	);
}

/** @param {import("./live.js").Credentials} credentials */
function connect({ pageId, accessToken, instagramAccountId }) {
	try {
		sources.live = openSource(
			{ pageId, accessToken, baseUrl: settings.liveGraphUrl },
			{
				label: pageId === "me" ? "the Page of this token" : `Page ${pageId}`,
				businessIds: [pageId, instagramAccountId].filter(Boolean),
			},
			showEvent,
		);
	} catch (error) {
		banner.show(error, () => byId("page-id", HTMLInputElement).focus());
		return;
	}
	open();
}

function disconnect() {
	sources.live = undefined;
	open();
}

/** Another source or filter: what was shown is of no use any more. */
function open() {
	const source = currentSource();
	shown?.stop();
	coming?.stop();
	shown = coming = undefined;
	banner.hide();
	clearNote();
	if (chosen("source") === "live") live.show(source?.label);
	else live.hide();
	byId("inbox", HTMLElement).hidden = !source;
	showBusiness(undefined);
	clearSummary(source ? "" : "Not connected");
	showFacts(source);
	if (!source) return table.clear();
	table.showSkeleton();
	refresh();
}

/** Reads from the top; the rows shown stay, and stay of use, until the new ones are here. */
async function refresh() {
	const source = currentSource();
	if (!source) return;
	coming?.stop();
	clearNote();
	const reading = new Reading(source, readQuery());
	coming = reading;
	const rows = await step(reading, () => reading.first(), refresh);
	if (!rows) return;
	shown?.stop();
	shown = reading;
	coming = undefined;
	showOwners(reading, table.replace(rows, reading));
	showBusiness(rows[0] && businessOf(rows[0], reading.businessIds));
	showCount();
}

async function loadMore() {
	const reading = shown;
	// Disabling the button would take the focus from it.
	if (!reading || more.ariaDisabled === "true") return;
	more.ariaDisabled = "true";
	const rows = await step(reading, () => reading.more(), loadMore);
	more.ariaDisabled = "false";
	if (!rows) return;
	showOwners(reading, table.append(rows, reading));
	showCount();
}

/**
 * @param {Reading} reading
 * @param {Row[]} rows on the page now
 */
async function showOwners(reading, rows) {
	for (const [id, result] of await reading.readOwners(rows))
		table.setOwner(id, ownerResult(result, reading.source.appId));
}

/**
 * One request for rows, with what the page shows of it.
 *
 * @param {Reading} reading
 * @param {() => Promise<Row[]>} read
 * @param {() => void} again
 * @returns {Promise<Row[] | undefined>} nothing when it failed or was superseded
 */
async function step(reading, read, again) {
	stepsUnderWay += 1;
	table.setBusy(true);
	showLoading();
	try {
		const rows = await read();
		if (reading.stopped) return undefined;
		banner.hide();
		return rows;
	} catch (error) {
		if (reading.stopped) return undefined;
		clearNote();
		// Skeletons promise rows that are not coming.
		if (table.count === 0) table.clear();
		banner.show(error, again);
		showCount();
		return undefined;
	} finally {
		stepsUnderWay -= 1;
		table.setBusy(stepsUnderWay > 0);
	}
}

/** @param {ReturnType<typeof businessOf>} business */
function showBusiness(business) {
	byId("business", HTMLElement).textContent = business
		? nameOf(business)
		: "graph-inbox demo";
}

function showCount() {
	showSummary(table.count, shown);
}

/**
 * @param {import("./source.js").Traffic} traffic
 * @param {import("./source.js").InboxEvent} event
 */
function showEvent(traffic, event) {
	const source = currentSource();
	if (source?.traffic !== traffic) return;
	showFacts(source);
	noteEvent(event);
}

/** @returns {Query} */
function readQuery() {
	return {
		folder: /** @type {Query["folder"]} */ (chosen("folder")),
		platform: /** @type {Query["platform"]} */ (chosen("platform")),
	};
}
