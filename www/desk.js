import { showCode } from "./code.js";
import { byId } from "./dom.js";
import { ConversationList } from "./list.js";
import { clearNote } from "./note.js";
import { OpenedConversation } from "./opened.js";
import { nameOf } from "./people.js";
import { hideProblem, showProblem } from "./problem.js";
import { hideProgress, showProgress } from "./progress.js";
import { Reading } from "./reading.js";
import { clearSummary, showLoading, showSummary } from "./summary.js";
import { showConversationColumn, showListColumn } from "./views.js";

/** @typedef {import("./feed.js").Row} Row */
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
	 * Another source, folder, platform or person: what was shown is of no use any more.
	 *
	 * @param {Source | undefined} source nothing while not connected
	 * @param {Query} query
	 */
	open(source, query) {
		this.#reading?.stop();
		this.#reading = undefined;
		this.stop();
		hideProblem();
		clearNote();
		this.#list.clear(source?.appId);
		this.#opened.close();
		showListColumn();
		byId("business", HTMLElement).textContent = "graph-inbox demo";
		clearSummary(source ? "" : "Not connected");
		if (!source) return;
		this.#reading = new Reading(source, query);
		showCode(source.pageId, query);
		this.#first();
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
	 * A webhook told who wrote: only that conversation is read.
	 *
	 * @param {Source} source
	 * @param {{ userId: string, platform: import("./feed.js").Platform }} person
	 */
	async readAgain(source, person) {
		if (this.#reading?.source !== source || this.#reading.query.userId) return;
		await this.#step(async (reading) => {
			const rows = await reading.person(person);
			this.#show(reading, rows);
			const row = rows.find(({ id }) => id === this.#opened.row?.id);
			if (row && !reading.stopped) this.#opened.open(row, reading);
		}, this.refresh);
	}

	/** @param {Row | undefined} row nothing: the one that is open, again */
	openConversation(row = this.#opened.row) {
		if (!this.#reading || !row) return;
		const { source, query } = this.#reading;
		this.#list.select(row.id);
		this.#opened.open(row, this.#reading);
		showCode(source.pageId, query, row.person?.id);
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

	#first = () => {
		this.#step(
			(reading) => reading.first((rows) => this.#show(reading, rows)),
			this.#first,
		);
	};

	/** @param {Reading} reading @param {AbortSignal} signal */
	async #readAll(reading, signal) {
		const { total } = reading;
		showProgress(this.#list.count, total);
		try {
			await reading.rest((rows) => {
				this.#show(reading, rows);
				showProgress(this.#list.count, total);
			}, signal);
		} catch (error) {
			if (!signal.aborted) throw error;
		}
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
		try {
			await read(reading);
			if (!reading.stopped) hideProblem();
		} catch (error) {
			if (!reading.stopped) {
				clearNote();
				showProblem(error, this.#actionFor(error, again));
			}
		} finally {
			this.#stepsUnderWay -= 1;
			this.#list.setBusy(this.#stepsUnderWay > 0);
			this.#showCount();
		}
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
		const { hasMore, isRead, query } = this.#reading;
		const { count, shown } = this.#list;
		showSummary({ count, shown, hasMore, isRead, userId: query.userId });
	}
}
