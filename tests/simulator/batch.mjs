/**
 * Sends a batch as a client would: a form, the token in it.
 *
 * @param {import("../../pkg-template/simulator.js").GraphSimulator} simulator
 * @param {(string | object)[]} items a relative URL to GET, or an item as it stands in `batch`
 * @param {Record<string, string>} [parameters]
 * @param {string} [root]
 */
export async function askBatch(
	simulator,
	items,
	parameters = {},
	root = "https://graph.facebook.com/v25.0/",
) {
	const batch = items.map((item) =>
		typeof item === "string" ? { method: "GET", relative_url: item } : item,
	);
	const response = await simulator.fetch(root, {
		method: "POST",
		body: new URLSearchParams({
			access_token: simulator.accessToken,
			batch: JSON.stringify(batch),
			...parameters,
		}),
	});
	const entries = await response.json();
	return { status: response.status, headers: response.headers, entries };
}

/**
 * What became of each item: its status and, when it failed, the error's code.
 *
 * @param {({ code: number, body: string } | null)[]} entries
 */
export const outcomes = (entries) =>
	entries.map((entry) => {
		if (!entry) return null;
		const { error } = JSON.parse(entry.body);
		return error ? `${entry.code} ${error.code}` : entry.code;
	});

/** @param {{ name: string, value: string }[]} headers */
export const readHeaders = (headers) =>
	Object.fromEntries(headers.map(({ name, value }) => [name, value]));
