// The tables of the README say what the types and the code say: options and their defaults, kinds of errors and their
// codes, faults of the simulator.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createInbox, InboxError } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { read } from "../../scripts/tools.mjs";
import { linesUnder, quoted, tablesUnder } from "./documents.mjs";

const types = read("pkg-template/index.d.ts");

/**
 * @param {string} name of an interface
 * @returns {{ name: string, optional: boolean, comment: string }[]} its members
 */
function membersOf(name) {
	const body = new RegExp(
		`export interface ${name}\\b.*?\\{\\n(.*?)\\n\\}`,
		"s",
	).exec(types)?.[1];
	assert.ok(body, `no interface ${name}`);
	// One tab deep: what is deeper belongs to a member.
	return Array.from(
		body.matchAll(/^\t\/\*\*(.*?)\*\/\n\t(\w+)(\??):/gms),
		([, comment, name, mark]) => ({
			name,
			optional: mark === "?",
			comment: comment.replace(/\s+\*?\s*/g, " "),
		}),
	);
}

/** @param {string} name of a union of strings @param {string} text */
function unionOf(name, text) {
	const body = new RegExp(`export type ${name} =(.*?);\\n`, "s").exec(text);
	const code = body?.[1].replace(/\/\*.*?\*\//gs, "") ?? "";
	const words = Array.from(code.matchAll(/"(\w+)"/g), ([, word]) => word);
	assert.ok(words.length > 0, `no union ${name}`);
	return words;
}

describe("options", () => {
	const [ofClient, ofList, ofWatch] = tablesUnder("Options");

	it("of a client are all there", () => {
		assert.deepEqual(
			ofClient.flatMap(([name]) => quoted(name)).toSorted(),
			membersOf("InboxOptions")
				.map(({ name }) => name)
				.toSorted(),
		);
	});

	it("of a list are all there", () => {
		const members = [
			...membersOf("ConversationsParams"),
			...membersOf("CallOptions"),
		];
		assert.deepEqual(
			ofList.flatMap(([name]) => quoted(name)).toSorted(),
			members.map(({ name }) => name).toSorted(),
		);
	});

	it("of a watch are all there", () => {
		assert.deepEqual(
			ofWatch.flatMap(([name]) => quoted(name)).toSorted(),
			membersOf("WatchParams")
				.map(({ name }) => name)
				.toSorted(),
		);
	});

	it("are required where their types say so", () => {
		for (const { name, optional } of membersOf("InboxOptions")) {
			const [, , standard] =
				ofClient.find(([cell]) => cell === `\`${name}\``) ?? [];
			assert.equal(standard === "required", !optional, name);
		}
	});

	/** Where a default is decided. @type {[option: string, file: string, value: RegExp][]} */
	const decided = [
		[
			"apiVersion",
			"src/protocol/graph/settings.rs",
			/API_VERSION: &str = "(.+)"/,
		],
		["apiVersion", "pkg-template/exports.js", /API_VERSION = "(.+)"/],
		["baseUrl", "src/protocol/graph/settings.rs", /BASE_URL: &str = "(.+)"/],
		[
			"timeoutMs",
			"src/protocol/call/session.rs",
			/DEFAULT_TIMEOUT_MS: f64 = ([\d_]+)\.0;/,
		],
		["maxRetries", "src/protocol/call/retry.rs", /Self \{ max_retries: (\d+),/],
		[
			"maxRateLimitWaitMs",
			"src/protocol/call/retry.rs",
			/max_rate_limit_wait_ms: ([\d_]+)\.0 \}\n/,
		],
		[
			"callsPerSecond",
			"src/protocol/call/session.rs",
			/DEFAULT_CALLS_PER_SECOND: f64 = (\d+)\.0;/,
		],
	];
	it("intervalMs has the default of src/protocol/watch/pause.rs", () => {
		const code = read("src/protocol/watch/pause.rs");
		const number = (/** @type {string} */ name) =>
			new RegExp(`${name}: \\w+ = ([\\d_.]+);`).exec(code)?.[1] ?? "";
		const [, words] = ofWatch.find(([name]) => name === "`intervalMs`") ?? [];
		const said = (/** @type {string} */ name) =>
			number(name).replaceAll("_", ",");
		assert.match(
			String(words),
			new RegExp(`${said("SHORTEST_MS")} or more; ${said("DEFAULT_MS")} by`),
		);
		const live = linesUnder("Live").join(" ");
		assert.equal(number("DEFAULT_MS"), "15_000");
		assert.match(live, /every 15 s, which is the default, makes 240 requests/);
		assert.equal(number("HIGH_USAGE"), "75.0");
		assert.match(live, /75 % or more/);
		assert.equal(number("LONGEST_MS"), "600_000.0");
		assert.match(live, /up to ten minutes/);
	});

	for (const [option, file, value] of decided)
		it(`${option} has the default of ${file}`, () => {
			const found = value.exec(read(file))?.[1].replaceAll("_", " ");
			assert.ok(found, `${file} has no ${value}`);
			const [, , standard] =
				ofClient.find(([cell]) => cell === `\`${option}\``) ?? [];
			const words = new RegExp(
				`(?<![\\w.])${found.replaceAll(".", "\\.")}(?!\\w|\\.\\d)`,
			);
			assert.match(String(standard), words);
			const member = membersOf("InboxOptions").find(
				({ name }) => name === option,
			);
			// The types name the constant.
			if (option !== "apiVersion") assert.match(String(member?.comment), words);
		});
});

describe("errors", () => {
	const [rows] = tablesUnder("Errors");

	it("are of all kinds", () => {
		assert.deepEqual(
			rows.map(([kind]) => quoted(kind)[0]),
			unionOf("ErrorKind", types),
		);
	});

	it("have the codes of the types' own table", () => {
		for (const [kind, causes] of rows) {
			const row = types
				.split("\n")
				.find((line) => line.startsWith(` * | ${kind} |`));
			assert.ok(row, kind);
			const codes = (/** @type {string} */ text) => text.match(/-?\d[\dx–/]*/g);
			assert.deepEqual(codes(causes), codes(row.split("|")[2]), kind);
		}
	});

	/** @param {import("graph-inbox/simulator").Fault} fault that comes as often as a page can become smaller */
	async function kindOf(fault) {
		const { pageId, accessToken, fetch } = createGraphSimulator().failNext(
			fault,
			9,
		);
		const inbox = createInbox({ pageId, accessToken, fetch, maxRetries: 0 });
		// Not of a list, which asks for less at code 1.
		const error = await inbox.getThreadOwner("1").catch((error) => error);
		assert.ok(error instanceof InboxError);
		return error.kind;
	}

	/** Every code that the table names, ranges whole. @type {Map<number, string>} */
	const kinds = new Map();
	/** @type {[code: number, error_subcode: number, kind: string][]} */
	const pairs = [];
	for (const [cell, causes] of rows) {
		const [kind] = quoted(cell);
		const but = Number(/ but (\d+)/.exec(causes)?.[1]);
		const numbers = causes.replace(/HTTP \w+| but \d+/g, "");
		for (const [, first, mark, last = first] of numbers.matchAll(
			/(-?\d+)(?:([–/])(\d+))?/g,
		))
			if (mark === "/") pairs.push([Number(first), Number(last), kind]);
			else
				for (let code = Number(first); code <= Number(last); code++)
					if (code !== but) kinds.set(code, kind);
	}

	it("are told by these codes and no others", async () => {
		assert.ok(kinds.size > 100);
		// And those beside each, since that is where ranges are off by one.
		const around = [...kinds.keys()].flatMap((code) => [
			code - 1,
			code,
			code + 1,
		]);
		for (const code of new Set(around))
			assert.equal(
				await kindOf({ error: { code }, status: 400 }),
				kinds.get(code) ?? "unknown",
				`${code}`,
			);
	});

	it("are told by these subcodes and no others", async () => {
		assert.ok(pairs.length > 2);
		for (const [code, subcode, kind] of pairs)
			for (const error_subcode of [subcode - 1, subcode, subcode + 1])
				assert.equal(
					await kindOf({ error: { code, error_subcode }, status: 400 }),
					error_subcode === subcode ? kind : kinds.get(code),
					`${code}/${error_subcode}`,
				);
	});

	it("are told by what is no code", async () => {
		const causes = (/** @type {string} */ kind) =>
			rows.find(([cell]) => cell === `\`${kind}\``)?.[1] ?? "";
		assert.match(causes("rate_limit"), /HTTP 429/);
		assert.equal(await kindOf({ status: 429, body: "" }), "rate_limit");
		assert.match(causes("transient"), /`is_transient`, HTTP 5xx/);
		for (const status of [500, 503, 599])
			assert.equal(await kindOf({ status, body: "" }), "transient");
		const error = { code: 999, is_transient: true };
		assert.equal(await kindOf({ error }), "transient");
		assert.equal(await kindOf("connectionReset"), "connection");
		assert.equal(await kindOf("bodyCut"), "connection");
	});
});

it("the faults of the simulator are all there", () => {
	const text = linesUnder("Testing your own code").join("\n");
	const named = quoted(text.slice(text.indexOf("Its [faults]")));
	assert.deepEqual(
		named,
		unionOf("FaultName", read("pkg-template/simulator.d.ts")),
	);
});
