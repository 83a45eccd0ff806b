import { showCode } from "./code.js";
import { byId } from "./dom.js";
import { ConversationList } from "./list.js";
import { countNew, Live } from "./live.js";
import { clearNote } from "./note.js";
import { OpenedConversation } from "./opened.js";
import { nameOf } from "./people.js";
import { hideProblem, showProblem } from "./problem.js";
import { hideProgress, showProgress } from "./progress.js";
import { Reading } from "./reading.js";
import { clearSummary, showLoading, showSummary } from "./summary.js";
import { countMessages } from "./title.js";
import { showConversationColumn, showListColumn } from "./views.js";

/** @typedef {import("./rows.js").Row} Row */
/** @typedef {import("./reading.js").Query} Query */
/** @typedef {import("./source.js").Source} Source */
/** @typedef {import("./problem.js").Action} Action */

/** Owners of so many are asked for again by a refresh: one request. */
const FRESH_OWNERS = 50;

/** The inbox on the page: one reading at a time, what is shown of it, and what to do when it fails. */
export class Desk {
	#list = new ConversationList((row) => this.openConversation(row));
	#opened = new OpenedConversation((id, result) =>
		this.#list.setOwner(id, result),
	);
	#live = new Live({
		onChange: (rows, since) => this.#showNews(rows, since),
		onError: (error) => this.#fail(error, this.refresh),
	});
	/** @type {Reading | undefined} whose rows are shown */
	#reading;
	/** @type {AbortController | undefined} ends "load all" */
	#loadingAll;
	#stepsUnderWay = 0;
	#actionFor;

	/** @param {(error: unknown, again: () => void) => Action} actionFor what helps against an error */
	constructor(actionFor) {
		this.#actionFor = actionFor;
	}

	/**
	 * Another source, folder or platform: what was shown is of no use any more.
	 *
	 * @param {Source | undefined} source nothing while not connected
	 * @param {Query} query
	 */
	open(source, query) {
		this.#reading?.stop();
		this.#reading = undefined;
		this.#live.follow(undefined);
		this.stop();
		hideProblem();
		clearNote();
		this.#list.clear();
		this.#opened.close();
		showListColumn();
		byId("business", HTMLElement).textContent = "graph-inbox demo";
		clearSummary(source ? "" : "Not connected");
		if (!source) return;
		this.#reading = new Reading(source, query);
		showCode(source.pageId, query);
		this.more();
	}

	/** Brings the list up to date from its top; the rows shown stay, and stay of use. */
	refresh = () => {
		const before = this.#list.rows.slice(0, FRESH_OWNERS);
		return this.#step(async (reading) => {
			await reading.updates((rows) => this.#show(reading, rows));
			this.#showOwners(reading, before);
		}, this.refresh);
	};

	more = () =>
		this.#step(
			(reading) => reading.more((rows) => this.#show(reading, rows)),
			this.more,
		);

	/** Reads all there is, until it is stopped. */
	all = async () => {
		if (this.#loadingAll) return;
		const stopping = new AbortController();
		this.#loadingAll = stopping;
		await this.#step(
			(reading) => this.#readAll(reading, stopping.signal),
			this.all,
		);
		this.#loadingAll = undefined;
		hideProgress();
	};

	stop = () => this.#loadingAll?.abort();

	/**
	 * Opens the conversation with a person, whether the list has it or not.
	 *
	 * @param {string} userId
	 * @returns {Promise<boolean | undefined>} whether there is one; undefined where that was not read
	 */
	async openPerson(userId) {
		/** @type {boolean | undefined} */
		let isFound;
		await this.#step(
			async (reading) => {
				const row = await reading.person(userId);
				if (reading.stopped) return;
				isFound = row !== undefined;
				if (row) this.openConversation(row);
			},
			() => this.openPerson(userId),
		);
		return isFound;
	}

	/** @param {Row | undefined} row nothing: the one that is open, again */
	openConversation(row = this.#opened.row) {
		if (!this.#reading || !row) return;
		const { source, query } = this.#reading;
		this.#list.select(row.id);
		this.#opened.open(row, this.#reading);
		showCode(source.pageId, query, row);
		showConversationColumn();
	}

	backToList() {
		showListColumn();
		this.#list.focus();
	}

	/** @param {import("./list.js").Filter} filter */
	filter(filter) {
		this.#list.setFilter(filter);
		this.#showCount();
	}

	/** @param {import("./list.js").Order} order */
	sort(order) {
		this.#list.setOrder(order);
	}

	/** @param {boolean} isOn whether what changes is shown as it does */
	follow(isOn) {
		this.#live.turn(isOn);
	}

	/** @param {Reading} reading @param {AbortSignal} signal */
	async #readAll(reading, signal) {
		const { total } = reading;
		showProgress(this.#list.count, total);
		await reading.rest((rows) => {
			this.#show(reading, rows);
			showProgress(this.#list.count, total);
		}, signal);
	}

	/**
	 * Requests for rows, with what the page shows of them.
	 *
	 * @param {(reading: Reading) => Promise<void>} read
	 * @param {() => void} again
	 */
	async #step(read, again) {
		const reading = this.#reading;
		if (!reading) return;
		this.#stepsUnderWay += 1;
		this.#list.setBusy(true);
		showLoading(this.#list.count === 0);
		const { traffic } = reading.source;
		const { answers } = traffic;
		try {
			await read(reading);
			// What needed no request says nothing of whether Graph answers again.
			if (!reading.stopped && traffic.answers > answers) hideProblem();
		} catch (error) {
			if (!reading.stopped) this.#fail(error, again);
		} finally {
			this.#stepsUnderWay -= 1;
			if (reading.isRead && !reading.stopped) this.#live.follow(reading);
			this.#list.setBusy(this.#stepsUnderWay > 0);
			this.#showCount();
		}
	}

	/** @param {unknown} error @param {() => void} again */
	#fail(error, again) {
		clearNote();
		showProblem(error, this.#actionFor(error, again));
	}

	/** What the watches found. @param {Row[]} rows @param {number} since */
	#showNews(rows, since) {
		const reading = this.#reading;
		if (!reading) return;
		for (const row of rows)
			countMessages(countNew(row, this.#list.get(row.id), since));
		this.#show(reading, rows);
		const open = rows.find(({ id }) => id === this.#opened.row?.id);
		if (open) this.#opened.open(open, reading);
	}

	/** Rows as they come, and then their owners. @param {Reading} reading @param {Row[]} rows */
	#show(reading, rows) {
		if (reading.stopped) return;
		this.#list.merge(rows);
		const business = rows.find((row) => row.business?.name)?.business;
		if (business) byId("business", HTMLElement).textContent = nameOf(business);
		this.#showOwners(reading, rows);
	}

	/** @param {Reading} reading @param {Row[]} rows */
	async #showOwners(reading, rows) {
		for (const [{ id }, result] of await reading.owners(rows))
			this.#list.setOwner(id, result);
		this.#showCount();
	}

	#showCount() {
		if (!this.#reading || this.#stepsUnderWay > 0) return;
		const { hasMore, isRead } = this.#reading;
		const { count, shown } = this.#list;
		showSummary({ count, shown, hasMore, isRead });
	}
}
