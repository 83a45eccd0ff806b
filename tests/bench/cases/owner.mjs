// One owner after the other: what a call costs beside the request that it makes.
import { byTurns, inBlocks } from "../blocks.mjs";
import { BARE, OURS, withWorkers } from "../context.mjs";
import { callRows } from "../rows.mjs";
import { ratio, shown } from "../stats.mjs";

const AIMS = {
	aim: { atMost: 1.2 },
	nodeFetchAim: { atMost: 0.9, isBelowPeers: true },
};

/** @type {{ what: string, name: string, method: import("../tasks.mjs").OwnerMethod }[]} */
const VARIANTS = [
	{ what: "listening", name: OURS, method: "ownerHeard" },
	{ what: "fetch with a timeout", name: BARE, method: "ownerTimed" },
];

export const notes = [
	"*Listening* is with an `onEvent` listener; nobody listens in the other rows. *Fetch with a timeout* is bare fetch with an `AbortController` and a timer, which graph-inbox always has.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run(context) {
	const { quick, note, keep } = context;
	const count = quick ? 50 : 400;
	const how = { rounds: quick ? 3 : 25, warmUp: quick ? 1 : 5 };
	return withWorkers(context, "owner", async (workers) => {
		note("one owner");
		const task = { name: /** @type {const} */ ("owner"), count };
		const costs = await inBlocks(workers, task, how);
		keep("owner", Object.fromEntries(costs));
		const rows = callRows("one owner", costs, count, AIMS);

		const [bare] = workers;
		for (const { what, name, method } of VARIANTS) {
			note(what);
			const worker = workers.find((one) => one.name === name) ?? bare;
			const runs = [
				() => bare.run(task),
				() => worker.run({ ...task, method }),
			];
			await byTurns(runs, how.warmUp, (run) => run());
			const [plain, varied] = await byTurns(runs, how.rounds, (run) => run());
			keep(`owner, ${what}`, { plain, varied });
			const cpu = (/** @type {typeof plain} */ all) =>
				all.map(({ cpuMs }) => cpuMs);
			rows.push({
				what: `one owner, ${what}, CPU a call`,
				cells: { [name]: shown(ratio(cpu(varied), cpu(plain)), "×") },
			});
		}
		return rows;
	});
}
