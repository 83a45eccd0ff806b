// What is measured. Each task returns what only it knows; time is taken around it.
/** @typedef {import("./clients/client.d.ts").Client} Client */
/** @typedef {"owner" | "ownerHeard" | "ownerTimed"} OwnerMethod */
/** @typedef {{ name: keyof typeof tasks, count?: number, limit?: number, together?: number, times?: number, fields?: string[], method?: OwnerMethod }} Task */

/**
 * @template T
 * @param {T | undefined} method
 * @returns {T}
 */
function has(method) {
	if (method === undefined) throw new Error("this client can not do that");
	return method;
}

export const tasks = {
	/** Owners one after the other, by this or another of the client's methods. */
	async owner(
		/** @type {Client} */ client,
		/** @type {Partial<Task>} */ { count = 1, method = "owner" },
	) {
		const owner = has(client[method]);
		for (let done = 0; done < count; done++) await owner();
	},

	/** The first page, again and again. */
	async page(
		/** @type {Client} */ client,
		/** @type {Partial<Task>} */ { count = 1, limit = 25, fields },
	) {
		const page = has(client.page);
		for (let done = 0; done < count; done++) await page(limit, fields);
	},

	/** Owners, so many at a time: how long each took, in milliseconds. */
	async flight(/** @type {Client} */ client, { count = 1, together = 1 }) {
		const owner = has(client.owner);
		/** @type {number[]} */
		const tookMs = [];
		let begun = 0;
		const lane = async () => {
			while (begun++ < count) {
				const start = performance.now();
				await owner();
				tookMs.push(performance.now() - start);
			}
		};
		await Promise.all(Array.from({ length: together }, lane));
		tookMs.sort((a, b) => a - b);
		return { p99: tookMs[Math.ceil(tookMs.length * 0.99) - 1] };
	},

	/** A stream read to its end, `times` over. */
	async stream(
		/** @type {Client} */ client,
		{ count = 100, limit = 100, times = 1 },
	) {
		const stream = has(client.stream);
		let read = 0;
		for (let time = 0; time < times; time++)
			for await (const { id } of stream(count, limit)) if (id) read++;
		must(read, count * times);
	},

	/** A stream at the documented pace, of a page size that the client chooses. */
	async streamAtPace(/** @type {Client} */ client, { count = 100 }) {
		let read = 0;
		for await (const { id } of has(client.streamAtPace)(count)) if (id) read++;
		must(read, count);
	},

	/** Conversations with their owners. */
	async joined(/** @type {Client} */ client, { count = 1000, limit = 100 }) {
		must(await has(client.joined)(count, limit), count);
	},

	/** The same at the documented pace. */
	async joinedAtPace(
		/** @type {Client} */ client,
		{ count = 1000, limit = 100 },
	) {
		must(await has(client.joinedAtPace)(count, limit), count);
	},

	/** A page, then its owners one by one. */
	async ownersOneByOne(
		/** @type {Client} */ client,
		{ count = 100, limit = 100 },
	) {
		must(await has(client.ownersOneByOne)(count, limit), count);
	},

	/** What of it can not overlap. */
	async criticalPath(
		/** @type {Client} */ client,
		{ count = 1000, limit = 100 },
	) {
		must(await has(client.criticalPath)(count, limit), count);
	},
};

/**
 * A client that does less than it was told would win.
 *
 * @param {number} done
 * @param {number} wanted
 */
function must(done, wanted) {
	if (done !== wanted) throw new Error(`${done} of ${wanted} were read`);
}
