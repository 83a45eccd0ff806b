// Two processes read one inbox from a simulator that allows two lists a second, as Graph does.
import assert from "node:assert/strict";
import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { sharedInbox } from "../../recipes/shared-limiter.mjs";
import { freePort } from "../../scripts/free-port.mjs";
import { ids, personOf, startGraph } from "../package/graph.mjs";

const { simulator, access } = await startGraph({
	conversations: 12,
	callsPerSecond: 2,
});
const redisUrl = await startRedis();
const recipient = personOf(simulator.conversations()[0], simulator);
afterEach(() => simulator.reset());

/** Of the pages that the two processes read: the requests tell by it who sent them. */
const LIMITS = [3, 4];

describe("two processes", { timeout: 60_000 }, () => {
	it("stay within one budget with the shared limiter", async () => {
		const reports = await readTwice({ redisUrl });
		const { requests } = simulator;
		const whole = ids(simulator.conversations());
		assert.equal(whole.length, 12);
		assert.deepEqual(reports, [
			{ ids: whole, held: [] },
			{ ids: whole, held: [] },
		]);
		assert.ok(requests.length >= 12 / 3 + 12 / 4);
		assert.deepEqual(new Set(statuses()), new Set([200]));

		const gaps = requests
			.slice(2)
			.map(({ at }, index) => at - requests[index].at);
		assert.ok(Math.min(...gaps) >= 1000, `three in a second: ${gaps}`);

		const senders = requests.map(({ query }) => Number(query.get("limit")));
		for (const [one, other] of [LIMITS, LIMITS.toReversed()])
			assert.ok(
				senders.indexOf(one) < senders.lastIndexOf(other),
				`one after the other: ${senders}`,
			);
	});

	it("exceed the limit with a pace each", async () => {
		const reports = await readTwice({});
		const whole = ids(simulator.conversations());
		// They lose nothing either way: Graph's refusals are waited out.
		assert.deepEqual(
			reports.map((report) => report.ids),
			[whole, whole],
		);
		assert.ok(statuses().includes(400), `no 613: ${statuses()}`);
		assert.ok(reports.some(({ held }) => held.length > 0));
	});
});

it("goes on when Redis has forgotten everything", async () => {
	const { inbox, close } = sharedInbox({ ...access, redisUrl });
	const redis = new Redis(redisUrl);
	try {
		await inbox.getThreadOwner(recipient);
		await redis.flushall();
		await inbox.getThreadOwner(recipient);
	} finally {
		await Promise.all([close(), redis.quit()]);
	}
});

it("refuses `me`, which does not name a budget", () => {
	assert.throws(() => sharedInbox({ ...access, pageId: "me", redisUrl }), {
		name: "TypeError",
	});
});

/** The simulator answers 613 with HTTP 400. */
function statuses() {
	return simulator.requests.map(({ status }) => status);
}

/**
 * Has two processes read the inbox at the same time.
 *
 * @param {{ redisUrl?: string }} shared
 * @returns {Promise<import("./reader.mjs").Report[]>}
 */
async function readTwice(shared) {
	const program = fileURLToPath(new URL("reader.mjs", import.meta.url));
	const readers = LIMITS.map((limit) => {
		/** @type {import("./reader.mjs").Task} */
		const task = { access, recipient, limit, ...shared };
		return fork(program, [JSON.stringify(task)]);
	});
	const ends = readers.map((reader) => once(reader, "exit"));
	try {
		await Promise.all(readers.map(told));
		simulator.reset();
		const reports = readers.map(told);
		for (const reader of readers) reader.send("go");
		const all = await Promise.all(reports);
		for (const [code] of await Promise.all(ends)) assert.equal(code, 0);
		return all;
	} finally {
		for (const reader of readers) reader.kill();
		await Promise.all(ends);
	}
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<any>} its next message
 */
function told(child) {
	return new Promise((resolve, reject) => {
		child.once("message", resolve);
		child.once("disconnect", () => reject(new Error("a reader broke down")));
	});
}

/** @returns {Promise<string>} the URL of a Redis of our own, which ends with the tests of this file */
async function startRedis() {
	const folder = await mkdtemp(join(tmpdir(), "graph-inbox-redis-"));
	const port = await freePort();
	const server = spawn(
		"redis-server",
		[
			...["--bind", "127.0.0.1", "--port", String(port), "--dir", folder],
			...["--save", "", "--appendonly", "no"],
		],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	const ended = new Promise((resolve) => server.once("close", resolve));
	const stop = async () => {
		server.kill();
		await ended;
		await rm(folder, { recursive: true });
	};
	let printed = "";
	const ready = new Promise((resolve, reject) => {
		server.stdout.on("data", (chunk) => {
			printed += chunk;
			if (printed.includes("Ready to accept connections")) resolve(undefined);
		});
		server.once("error", (cause) => {
			const advice =
				"install Debian's redis-server (apt-get install redis-server)";
			reject(new Error(`redis-server did not start: ${advice}`, { cause }));
		});
		server.once("close", () =>
			reject(new Error(`redis-server ended\n${printed}`)),
		);
	});
	try {
		await ready;
	} catch (error) {
		await stop();
		throw error;
	}
	after(stop);
	return `redis://127.0.0.1:${port}`;
}
