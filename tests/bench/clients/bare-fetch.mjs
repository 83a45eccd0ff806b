// What everybody can write: the shortest code that is right as long as nothing goes wrong.
import { FIELDS } from "../fields.mjs";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export async function open({ baseUrl, pageId, accessToken, recipient }) {
	const base = `${baseUrl}/v25.0/${pageId}`;
	const headers = { Authorization: `Bearer ${accessToken}` };

	/**
	 * @param {string} edge
	 * @param {Record<string, string>} parameters
	 * @param {RequestInit} [init]
	 */
	async function read(edge, parameters, init = {}) {
		const query = new URLSearchParams(parameters);
		const target = `${base}/${edge}?${query}`;
		const response = await fetch(target, { headers, ...init });
		if (!response.ok) throw new Error(`HTTP ${response.status}`);
		return response.json();
	}

	/** @param {string[]} recipients 50 at most */
	async function ownersOf(recipients) {
		const batch = recipients.map((id) => ({
			method: "GET",
			relative_url: `v25.0/${pageId}/thread_owner?recipient=${id}`,
		}));
		const response = await fetch(`${baseUrl}/v25.0/`, {
			method: "POST",
			body: new URLSearchParams({
				batch: JSON.stringify(batch),
				include_headers: "false",
				access_token: accessToken,
			}),
		});
		const items = await response.json();
		return items.map((/** @type {{ body: string }} */ { body }) =>
			JSON.parse(body),
		);
	}

	/** @param {number} limit */
	async function* pages(limit) {
		/** @type {Record<string, string>} */
		const parameters = { fields: FIELDS.join(), limit: `${limit}` };
		for (;;) {
			const { data, paging } = await read("conversations", parameters);
			yield data;
			if (!paging?.next) return;
			parameters.after = paging.cursors.after;
		}
	}

	/** @param {import("./client.d.ts").Listed} conversation */
	const customerOf = ({ participants }) =>
		`${participants?.data.find(({ id }) => id !== pageId)?.id}`;

	return {
		owner: (id = recipient) => read("thread_owner", { recipient: id }),
		async ownerTimed() {
			const controller = new AbortController();
			const timer = setTimeout(() => controller.abort(), 30_000);
			const { signal } = controller;
			try {
				return await read("thread_owner", { recipient }, { signal });
			} finally {
				clearTimeout(timer);
			}
		},
		page: (limit, fields) =>
			read("conversations", {
				...(fields && { fields: fields.join() }),
				limit: `${limit}`,
			}),
		async *stream(count, limit) {
			let left = count;
			for await (const data of pages(limit)) {
				yield* data;
				left -= data.length;
				if (left <= 0) return;
			}
		},
		async ownersOneByOne(count, limit) {
			let told = 0;
			for await (const data of pages(limit)) {
				for (const conversation of data) {
					const parameters = { recipient: customerOf(conversation) };
					const owner = await read("thread_owner", parameters);
					if (owner.data && ++told === count) return told;
				}
			}
			return told;
		},
		async criticalPath(count, limit) {
			let read = 0;
			for await (const data of pages(limit)) {
				read += data.length;
				if (read < count) continue;
				const halves = [data.slice(0, 50), data.slice(50)];
				await Promise.all(
					halves.map((half) => half.length && ownersOf(half.map(customerOf))),
				);
				return read;
			}
			return read;
		},
	};
}
