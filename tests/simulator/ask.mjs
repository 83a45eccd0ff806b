/**
 * Asks a simulator as a client would, the token in the query.
 *
 * @param {import("../../pkg-template/simulator.js").GraphSimulator} simulator
 * @param {string} path with the query
 * @param {RequestInit} [init]
 */
export async function ask(simulator, path, init) {
	const token = `${path.includes("?") ? "&" : "?"}access_token=${simulator.accessToken}`;
	const response = await simulator.fetch(
		`https://graph.facebook.com/v25.0${path}${token}`,
		init,
	);
	const text = await response.text();
	return {
		status: response.status,
		headers: response.headers,
		text,
		body: JSON.parse(text),
	};
}

/**
 * Whether the request is answered with 200. One that is not answered within 20 ms is aborted.
 *
 * @param {import("../../pkg-template/simulator.js").GraphSimulator} simulator
 * @param {string} path with the query
 */
export async function isAnswered(simulator, path) {
	const controller = new AbortController();
	const timer = setTimeout(() => controller.abort("too late"), 20);
	try {
		const { signal } = controller;
		return (await ask(simulator, path, { signal })).status === 200;
	} catch (reason) {
		if (reason !== "too late") throw reason;
		return false;
	} finally {
		clearTimeout(timer);
	}
}

/**
 * Follows `paging.next` to the end.
 *
 * @param {import("../../pkg-template/simulator.js").GraphSimulator} simulator
 * @param {string} path
 * @param {(page: any, number: number) => void} [between] called after each page
 */
export async function walk(simulator, path, between) {
	let { body } = await ask(simulator, path);
	/** @type {any[]} */
	const found = [...body.data];
	for (let number = 1; body.paging?.next; number += 1) {
		between?.(body, number);
		body = await (await simulator.fetch(body.paging.next)).json();
		found.push(...body.data);
	}
	return found;
}

/** @param {{ id: string }[]} items */
export const ids = (items) => items.map(({ id }) => id);

/**
 * The person of a conversation: listed first, the business after them.
 *
 * @param {import("../../pkg-template/index.js").Conversation} conversation
 */
export function personOf(conversation) {
	const person = conversation.participants?.data[0];
	if (!person) throw new Error(`${conversation.id} has no participants`);
	return person;
}
