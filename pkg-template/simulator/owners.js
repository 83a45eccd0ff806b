/** Meta's own inboxes as apps: people or Meta's AI answer, and Graph does not say which. */
const INBOX_APPS = {
	MESSENGER: "263902037430900",
	INSTAGRAM: "1217981644879628",
};
const ANOTHER_APP = "645019283746501";
const DAY = 24 * 60 * 60;

/**
 * Which app owns each thread: spread by the seed, or as it was set.
 * https://developers.facebook.com/docs/graph-api/reference/page/thread_owner/
 *
 * @typedef {import("./thread.js").Thread} Thread
 * @typedef {{ app_id?: string | number | bigint, expiration?: number }} Owner
 */
export class Owners {
	#settings;
	/** @type {Map<string, Owner | null>} */
	#set = new Map();

	/** @param {import("./settings.js").Settings} settings */
	constructor(settings) {
		this.#settings = settings;
	}

	/**
	 * @param {Thread} thread
	 * @returns {Owner | null} null: idle; without `app_id`: hidden
	 */
	of(thread) {
		const set = this.#set.get(thread.person.id);
		if (set !== undefined) return set;
		const expiration =
			this.#settings.startedAt + (thread.random(30) % DAY) + 60;
		const share = thread.random(31) % 10;
		if (share < 3) return null;
		if (share < 4) return { expiration };
		const apps = [
			INBOX_APPS[thread.mailbox.platform],
			this.#settings.appId,
			ANOTHER_APP,
		];
		const app_id = apps[share % apps.length];
		// Recorded answers quote the ID; the documentation prints it unquoted.
		return {
			app_id: thread.random(32) % 3 === 0 ? BigInt(app_id) : app_id,
			expiration,
		};
	}

	/** @param {Thread} thread */
	isOurs(thread) {
		return String(this.of(thread)?.app_id) === this.#settings.appId;
	}

	/**
	 * @param {Thread} thread
	 * @param {Parameters<import("../simulator.d.ts").GraphSimulator["setOwner"]>[1]} owner
	 */
	set(thread, owner) {
		const tomorrow = Math.floor(this.#settings.now() / 1000) + DAY;
		const { id } = thread.person;
		if (owner === null) this.#set.set(id, null);
		else if (owner === "hidden") this.#set.set(id, { expiration: tomorrow });
		else
			this.#set.set(id, {
				app_id: owner.app_id,
				expiration:
					owner.expiration === undefined
						? tomorrow
						: (owner.expiration ?? undefined),
			});
	}
}
