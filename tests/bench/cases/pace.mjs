// A large inbox at the pace that Graph allows, read by a program that chooses nothing.
import { OURS, withWorkers } from "../context.mjs";
import { digits } from "../stats.mjs";

const COUNT = 10_000;
/** As long as Graph takes for a page, and for each conversation on it. */
const GRAPH = { latencyMs: 300, perConversationMs: 2 };
/** 50 pages of 200 take 35 s, and the pages before the largest some more. */
const AT_MOST_S = 38;

export const notes = [
	"At Graph's pace nobody gave a `limit` or a `callsPerSecond`; Graph answers a page after 300 ms, and 2 ms for each conversation on it. The largest page that the client chooses has 200 conversations, so 10,000 cannot take less than 35 s; pages of 25, Graph's own size, take 200 s at two a second. Measured once. `ten_thousand_conversations_take_few_requests` in [heavy.rs](../../src/protocol/simulation/heavy.rs) tests the same in virtual time.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run(context) {
	const { quick, note, keep, server } = context;
	const count = quick ? 300 : COUNT;
	const what = `${count} conversations at Graph's pace, nobody gave a limit`;
	note(what);
	return withWorkers(context, "streamAtPace", async (workers) => {
		const worker = workers.find(({ name }) => name === OURS);
		if (!worker) throw new Error(`${OURS} is not measured`);
		const task = { name: /** @type {const} */ ("streamAtPace"), count };
		await server.tell(GRAPH);
		const { wallMs } = await worker.run(task);
		const { requests } = await server.tell({
			latencyMs: 0,
			perConversationMs: 0,
		});
		keep(what, { wallMs, requests });
		const seconds = wallMs / 1000;
		const cells = { [OURS]: `${digits(seconds)} s, ${requests} requests` };
		// A few pages say nothing about the time of many.
		if (count < COUNT) return [{ what, cells }];
		const text = `≤ ${AT_MOST_S} s (35 s is the floor at 200 a page)`;
		return [{ what, cells, aims: [{ text, met: seconds <= AT_MOST_S }] }];
	});
}
