import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { at, readJson, run } from "../../scripts/tools.mjs";
import { sumUp } from "./profile-sums.mjs";
import { figureOf, ratio, shown, signed } from "./stats.mjs";
import { table } from "./table.mjs";

describe("npm run bench", () => {
	it("prints a table, and keeps every sample", async () => {
		const printed = await run(
			process.execPath,
			[at("scripts", "bench.mjs"), "owner", "--quick", "--alone"],
			{ quiet: true },
		);
		const lines = printed.split("\n").filter((line) => line.startsWith("|"));
		const [head, rule, ...rows] = lines.map((line) =>
			line.split("|").map((cell) => cell.trim()),
		);
		assert.deepEqual(head, [
			"",
			"",
			"bare fetch",
			"graph-inbox",
			"graph-inbox with nodeFetch",
			"to reach",
			"",
		]);
		assert.deepEqual(rule.slice(2, 6), ["---:", "---:", "---:", "---"]);
		assert.deepEqual(
			rows.map(([, what]) => what),
			[
				"one owner, CPU a call",
				"one owner, wall a call",
				"one owner, listening, CPU a call",
				"one owner, fetch with a timeout, CPU a call",
			],
		);
		const absolute = /^[\d.]+ µs \([\d.]+–[\d.]+\)$/;
		const times = /^[\d.]+ × \([\d.]+–[\d.]+\)$/;
		for (const [, , bare, ours, withNodeFetch, aim] of rows.slice(0, 2)) {
			assert.match(bare, absolute);
			assert.match(ours, times);
			assert.match(withNodeFetch, times);
			assert.match(
				aim,
				/^≤ 1\.20 × (met|\*\*missed\*\*), nodeFetch ≤ 0\.90 × (met|\*\*missed\*\*)$/,
			);
		}
		assert.match(rows[2][3], times);
		assert.match(rows[3][2], times);
		const { samples } = readJson("target/bench-quick.json");
		assert.equal(samples.owner["graph-inbox"].length, 3);
		assert.ok(samples.owner["graph-inbox"][0].wasmMb > 0);
		assert.equal(samples.owner["bare fetch"][0].wasmMb, 0);
	});

	it("measures whole processes, and a stream at Graph's pace", async () => {
		const bench = at("scripts", "bench.mjs");
		const printed = await run(
			process.execPath,
			[bench, "short-life", "pace", "--quick", "--alone"],
			{ quiet: true },
		);
		assert.match(
			printed,
			/^\| short life: start, five calls, end \| \d+ ms .* \| [\d.]+ × .* \| ≤ 1\.15 × .*, nodeFetch ≤ 1\.15 × .*\|$/m,
		);
		assert.match(printed, /^\| short life: until the last answer \|/m);
		assert.match(printed, /^\| short life, CPU \|/m);
		assert.match(
			printed,
			/^\| 300 conversations .* \| [\d.]+ s, 4 requests \|/m,
		);
		const { samples } = readJson("target/bench-quick.json");
		for (const lives of Object.values(samples["short life"]))
			for (const { wallMs, answeredMs, cpuMs } of lives)
				assert.ok(wallMs > answeredMs && answeredMs > 0 && cpuMs > 0);
	});

	it("prints where the time of cold and warm calls goes", async () => {
		const bench = at("scripts", "bench.mjs");
		const printed = await run(process.execPath, [bench, "profile", "--quick"], {
			quiet: true,
		});
		const phases = printed.split(/^## /m).slice(1);
		assert.equal(phases.length, 3);
		const [cold, , warm] = phases;
		const head =
			"| step | bare fetch | graph-inbox | graph-inbox with nodeFetch |";
		for (const phase of phases) {
			assert.ok(phase.includes(head));
			assert.match(phase, /^\| graph-inbox: by function, itself \| ms \|$/m);
			assert.match(
				phase,
				/^\| `\S+ dist\/index\.node\.js:\d+:\d+ .+` \| [\d.]+ \|$/m,
			);
		}
		for (const step of [
			"WebAssembly of the package",
			"compiling WebAssembly",
		]) {
			const row = cold.split("\n").find((line) => line.includes(step));
			const [bare, ours] = row?.match(/\d+\.\d+/g)?.map(Number) ?? [];
			assert.ok(bare === 0 && ours > 0, row);
		}
		assert.ok(!warm.includes("compiling WebAssembly"), warm);
	});

	it("refuses a case that does not exist", async () => {
		const bench = at("scripts", "bench.mjs");
		await assert.rejects(
			run(process.execPath, [bench, "nothing"], { quiet: true }),
			/no case nothing; there are cold, short-life/,
		);
	});
});

describe("a profile", () => {
	it("is summed up by function, without its slowest and fastest fifth", () => {
		const frame = { scriptId: "0", url: "", lineNumber: 0, columnNumber: 0 };
		const root = { ...frame, functionName: "(root)" };
		const file = { url: "file:///app/program.mjs", lineNumber: 3 };
		const outer = { ...frame, ...file, functionName: "outer" };
		const inner = { ...frame, ...file, functionName: "inner" };
		const phases = [1, 2, 3, 4, 90].map((ms) => ({
			profile: {
				nodes: [
					{ id: 1, callFrame: root, children: [2] },
					{ id: 2, callFrame: outer, children: [3] },
					{ id: 3, callFrame: inner },
				],
				startTime: 0,
				endTime: 200_000,
				samples: [3, 2, 1],
				timeDeltas: [0, ms * 1000, 5000],
			},
			startUs: 0,
			endUs: 100_000,
		}));
		const { steps, self, total } = sumUp(phases, 1);
		const [innerName, outerName] = ["inner", "outer"].map(
			(name) => `${name} app/program.mjs:4`,
		);
		assert.equal(self.get(innerName), 3);
		assert.equal(self.get(outerName), 5);
		assert.equal(total.get(innerName), 3);
		assert.equal(total.get(outerName), 8);
		assert.equal(steps.get("the program that calls it"), 8);
	});
});

describe("a figure", () => {
	it("is the median between its quartiles", () => {
		assert.deepEqual(figureOf([9, 1, 5, 3, 7]), { median: 5, low: 3, high: 7 });
		assert.deepEqual(figureOf([1, 2]), { median: 1.5, low: 1.25, high: 1.75 });
		assert.deepEqual(figureOf([4]), { median: 4, low: 4, high: 4 });
	});

	it("is compared with what was measured beside it", () => {
		// Each is twice its neighbour, though the machine became ten times as slow.
		assert.equal(ratio([2, 20, 200], [1, 10, 100]).median, 2);
	});

	it("is written with as many digits as are worth reading", () => {
		const figure = { median: 1.2345, low: 12.345, high: 1234.5 };
		assert.equal(shown(figure, "ms"), "1.23 ms (12.3–1235)");
		assert.equal(signed(-3), "−3.00");
	});
});

describe("the table", () => {
	const told = {
		date: "2026-01-02",
		machine: "a machine",
		node: "v20",
		version: "1",
		quick: false,
	};
	const contenders = [{ name: "bare fetch" }, { name: "graph-inbox" }];

	it("says of each aim whether it was met", () => {
		const cells = { "graph-inbox": "2 ×" };
		const missed = { text: "≤ 1 ×", met: false };
		const met = { text: "≤ 3 ×", met: true };
		const printed = table(
			told,
			contenders,
			[
				{ what: "slow", cells, aims: [missed] },
				{ what: "both", cells, aims: [met, missed] },
				{ what: "told", cells: {} },
			],
			["a note"],
		);
		assert.match(printed, /1 of 3 aims are reached/);
		assert.match(printed, /^\| slow \| {2}\| 2 × \| ≤ 1 × \*\*missed\*\* \|$/m);
		assert.match(
			printed,
			/^\| both \| {2}\| 2 × \| ≤ 3 × met, ≤ 1 × \*\*missed\*\* \|$/m,
		);
		assert.match(printed, /^\| told \| {2}\| {2}\| {2}\|$/m);
		assert.match(printed, /^- a note$/m);
	});
});
