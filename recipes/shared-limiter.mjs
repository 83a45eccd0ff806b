// One budget for many processes. Graph allows each Page two conversation lists a second on each platform; one more is error
// 613. A client keeps to that by itself, but knows nothing of other processes. Those made here agree through Redis.
// Needs: npm install bottleneck ioredis
import Bottleneck from "bottleneck";
import { createInbox } from "graph-inbox";
import { Redis } from "ioredis";

/**
 * From one request to the next, whichever process sends it. 500 ms would do if all took equally long to arrive. With 600, a
 * request and the next but one set out 1200 ms apart: the first may take 200 ms longer (a new connection, a busy machine)
 * and still no second has three of them. What the clocks of the machines differ comes out of that as well.
 */
const SPACING_MS = 600;

/**
 * A client that shares the budget of its Page and platform with every other one made with the same three: Redis, `pageId`,
 * `platform`. List that platform only.
 *
 * @param {import("graph-inbox").InboxOptions & { redisUrl: string, platform?: "messenger" | "instagram" }} options
 */
export function sharedInbox({
	redisUrl,
	platform = "messenger",
	...inboxOptions
}) {
	const { pageId } = inboxOptions;
	if (pageId === "me")
		throw new TypeError("Name the Page by its ID: `me` can be any Page.");

	// Before the limiter, which connects at once: wrong options throw here, and leave nothing open.
	const inbox = createInbox({
		...inboxOptions,
		// Every request passes here: retries, each page of a list, and thread owners too, which Graph does not count. For many
		// owners make another client, without `schedule`.
		schedule: (call) => limiter.schedule(call),
		// The limiter's pace is enough. The client's own counts when a request enters the queue, not when it leaves it.
		callsPerSecond: false,
	});

	// In Redis, Bottleneck keeps when the next request may go out. Whoever has one takes that time and moves it on, in one
	// atomic step. Nothing is given back, so a process that crashes blocks nobody.
	const limiter = new Bottleneck({
		id: `graph-inbox:${pageId}:${platform}`,
		minTime: SPACING_MS,
		datastore: "ioredis",
		Redis: RedisForBottleneck,
		clientOptions: redisUrl,
		// Redis keeps the settings of the first process, whatever later ones say, until nobody has asked for an hour.
		timeout: 3_600_000,
	});
	// Until Redis is back, calls wait: `totalTimeoutMs` limits that. Not the whole error, which can hold Redis' password.
	limiter.on("error", ({ code, message }) =>
		console.error(`Shared limiter: ${message || code}`),
	);

	return {
		inbox,
		/** Lets go of Redis, so that the process can end. For when no call is under way any more. */
		close: () => limiter.disconnect(),
	};
}

/**
 * Since version 7, Redis writes "ERR " before what a script of Bottleneck's (2.19.5) says is wrong. Without this, Bottleneck
 * would not know its own words, and once Redis had lost or dropped what it knew of the limiter, every call would fail:
 * https://github.com/SGrondin/bottleneck/issues/205
 */
class RedisForBottleneck extends Redis {
	/** @type {Redis["sendCommand"]} */
	sendCommand(command, stream) {
		const { reject } = command;
		command.reject = (error) => {
			error.message = error.message.replace(/^ERR (?=[A-Z_]+$)/, "");
			reject(error);
		};
		return super.sendCommand(command, stream);
	}
}
