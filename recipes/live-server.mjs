// Watches an inbox and pushes changed conversations to browsers, by Server-Sent Events. After a restart the server goes on from its
// checkpoint, and the browsers connect again by themselves, so no change is lost. Graph is asked by this one process, however many
// browsers there are.
// Needs: npm install graph-inbox; Node; a place for 2 KB (`fileStore`, or a row of a database). Its browsers: live-browser.mjs.
//
// Begin with `startLive`, give `handle` the requests for the stream, and call `run`. One process for each Page and platform: two
// would ask Graph twice.
import { createHash } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";

/** @typedef {import("node:http").IncomingMessage} IncomingMessage */
/** @typedef {import("node:http").ServerResponse} ServerResponse */
/** @typedef {{ load(): Promise<string | undefined>, save(checkpoint: string): Promise<unknown> }} Store of a checkpoint */
/** @typedef {Pick<import("graph-inbox").WatchParams, "platform" | "folder" | "fields" | "intervalMs">} Params */

/** @type {import("graph-inbox").FieldSelection[]} */
const FIELDS = ["updated_time", "snippet", "unread_count"];
/** Pushes that are kept for browsers that come back. */
const KEPT = 200;
/** A browser with more unread bytes than this is disconnected. It connects again, and gets the rest then. */
const MOST_UNREAD = 1_000_000;
/** Proxies close connections on which nothing is sent for a minute. */
const HEARTBEAT_MS = 25_000;

/**
 * @param {object} options
 * @param {import("graph-inbox").Inbox} options.inbox
 * @param {Store} options.store
 * @param {(request: IncomingMessage) => boolean | Promise<boolean>} options.isAllowed who may read the inbox
 * @param {AbortSignal} options.signal ends the watch, and all streams
 * @param {Params} [options.params]
 */
export async function startLive({ inbox, store, isAllowed, signal, params }) {
	let checkpoint = await store.load();
	const watch = inbox.watchConversations({
		...{ fields: FIELDS, ...params },
		...{ checkpoint, withOwner: true, signal },
	});
	if (checkpoint === undefined) {
		// Stored at once, so that a restart loses no change before the first push either.
		({ checkpoint } = await watch.poll());
		await store.save(checkpoint);
	}
	/** The last pushes, oldest first. The first one stands for the checkpoint that this process began with. */
	const recent = [{ id: idOf(checkpoint), text: "" }];
	/** @type {Set<ServerResponse>} */
	const browsers = new Set();

	/** @param {string} text */
	function sendToAll(text) {
		for (const response of browsers) {
			if (response.writableLength > MOST_UNREAD) response.destroy();
			else response.write(text);
		}
	}

	/**
	 * Answers a request for the stream.
	 *
	 * @param {IncomingMessage} request
	 * @param {ServerResponse} response
	 */
	async function handle(request, response) {
		const isKnown = await isAllowed(request);
		// The browser may have left meanwhile.
		if (response.closed) return;
		if (!isKnown || signal.aborted) {
			response.writeHead(isKnown ? 503 : 401).end();
			return;
		}
		response.writeHead(200, {
			"content-type": "text/event-stream",
			"cache-control": "no-store",
			"x-accel-buffering": "no",
		});
		const last = request.headers["last-event-id"];
		const place = recent.findIndex(({ id }) => id === last);
		// A browser that is new, or that was away for too long, reads the list now. From here on it misses nothing.
		const missed = place < 0 ? [] : recent.slice(place + 1);
		if (place < 0) response.write(eventOf(recent.at(-1)?.id, "reset", {}));
		for (const { text } of missed) response.write(text);
		browsers.add(response);
		response.on("close", () => browsers.delete(response));
	}

	/** Watches until `signal` is aborted. Rejects with errors that waiting does not cure, such as a token that expired. */
	async function run() {
		const heartbeat = setInterval(() => sendToAll(":\n\n"), HEARTBEAT_MS);
		try {
			for await (const changes of watch) {
				const id = idOf(changes.checkpoint);
				const text = eventOf(id, "changes", changes.conversations);
				recent.push({ id, text });
				if (recent.length > KEPT) recent.shift();
				sendToAll(text);
				// After the push: a crash in between pushes it again.
				await store.save(changes.checkpoint);
			}
		} catch (error) {
			if (!signal.aborted) throw error;
		} finally {
			clearInterval(heartbeat);
			for (const response of browsers) response.end();
		}
	}

	return { handle, run };
}

/**
 * Keeps a checkpoint in a file, which is never half written, not even after `kill -9`.
 *
 * @param {string} path
 * @returns {Store}
 */
export function fileStore(path) {
	return {
		async load() {
			try {
				return await readFile(path, "utf8");
			} catch (error) {
				if (/** @type {any} */ (error).code === "ENOENT") return undefined;
				throw error;
			}
		},
		async save(checkpoint) {
			await writeFile(`${path}.new`, checkpoint);
			await rename(`${path}.new`, path);
		},
	};
}

/**
 * Returns the ID of an event. A browser sends it when it connects again, and the next process knows it too, because it is made of
 * the checkpoint that was stored.
 *
 * @param {string} checkpoint
 */
function idOf(checkpoint) {
	return createHash("sha256").update(checkpoint).digest("base64url");
}

/**
 * Writes an event. JSON has no line breaks, so no text of a customer can end it.
 *
 * @param {string | undefined} id
 * @param {string} name
 * @param {unknown} data
 */
function eventOf(id, name, data) {
	return `id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
