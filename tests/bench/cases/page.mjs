// The first page of a list, of several sizes.
import { inBlocks } from "../blocks.mjs";
import { withWorkers } from "../context.mjs";
import { FIELDS } from "../fields.mjs";
import { callRows } from "../rows.mjs";

/** What each size may cost beside bare fetch. */
const PAGES = [
	{ limit: 25, calls: 200, atMost: 1.2, nodeFetchAtMost: 0.9 },
	{ limit: 100, calls: 100, atMost: 1.15, nodeFetchAtMost: 0.9 },
	{ limit: 500, calls: 25, atMost: 1.03, nodeFetchAtMost: undefined },
];

export const notes = [
	"Pages have `updated_time`, `snippet`, `unread_count` and `participants`; @warriorteam/messenger-sdk can not ask for fields, so there is a page of 100 with Graph's own choice (`id`, `updated_time`) too.",
	"graph-inbox runs with `callsPerSecond: false` here and below: by default it lists twice a second, as Graph asks, and then there is nothing to measure but the pace.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run(context) {
	const { quick, note, keep } = context;
	return withWorkers(context, "page", async (workers) => {
		const choosing = workers.filter(({ name }) => !name.startsWith("@warrior"));
		const tasks = PAGES.map((page) => ({
			...page,
			what: `page of ${page.limit}`,
			/** @type {string[] | undefined} */
			fields: FIELDS,
			contenders: choosing,
		}));
		const plain = {
			what: "page of 100, two fields",
			fields: undefined,
			nodeFetchAtMost: undefined,
		};
		tasks.push({ ...tasks[1], ...plain, contenders: workers });
		const rows = [];
		for (const { what, limit, fields, calls, contenders, ...most } of tasks) {
			note(what);
			const count = quick ? Math.ceil(calls / 10) : calls;
			const task = {
				name: /** @type {const} */ ("page"),
				limit,
				fields,
				count,
			};
			const how = { rounds: quick ? 3 : 25, warmUp: quick ? 1 : 6 };
			const costs = await inBlocks(contenders, task, how);
			keep(what, Object.fromEntries(costs));
			const aims = {
				aim: { atMost: most.atMost },
				nodeFetchAim: most.nodeFetchAtMost
					? { atMost: most.nodeFetchAtMost, isBelowPeers: true }
					: undefined,
			};
			rows.push(...callRows(what, costs, count, aims));
		}
		return rows;
	});
}
