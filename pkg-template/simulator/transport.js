import { relativeUrls } from "./batch.js";
import { wait } from "./wait.js";

/**
 * The simulator's `fetch`: records the request, lets Graph answer it, and lets faults and delays come between.
 *
 * @param {object} parts
 * @param {import("./settings.js").Settings} parts.settings
 * @param {import("./graph.js").Graph} parts.graph
 * @param {import("./faults.js").Faults} parts.faults
 * @param {import("../simulator.d.ts").RecordedRequest[]} parts.requests
 */
export function createFetch({ settings, graph, faults, requests }) {
	/** @type {import("../simulator.d.ts").GraphSimulator["fetch"]} */
	const simulatedFetch = async (input, init = {}) => {
		const {
			signal = input instanceof Request ? input.signal : undefined,
			...rest
		} = init;
		signal?.throwIfAborted();
		const request = new Request(input, rest);
		const body =
			request.method === "GET" || request.method === "HEAD"
				? null
				: await request.text();
		const { pathname, searchParams } = new URL(request.url);
		const sent = input instanceof Request ? input.url : String(input);
		/** @type {{ -readonly [K in keyof import("../simulator.d.ts").RecordedRequest]: import("../simulator.d.ts").RecordedRequest[K] }} */
		const record = {
			method: request.method,
			url: /^https?:/i.test(sent) ? sent : request.url,
			path: pathname,
			query: searchParams,
			headers: request.headers,
			body,
			items: [],
			status: null,
			at: settings.now(),
		};
		record.items = relativeUrls(record);
		requests.push(record);
		const planned = faults.take(record);
		const { answer, fault: met } = await graph.answer(record);
		const fault = planned ?? met;
		const delayMs = settings.latencyMs + (fault?.delayMs ?? 0);
		if (delayMs > 0) await wait(delayMs, signal);
		const response = fault
			? await fault.answer({ request: record, answer, signal, settings })
			: answer;
		signal?.throwIfAborted();
		record.status = response.status;
		const location = response.headers.get("location");
		if (
			!location ||
			response.status < 300 ||
			response.status > 399 ||
			request.redirect === "manual"
		)
			return response;
		if (request.redirect === "error")
			throw new TypeError("fetch failed", {
				cause: new Error("unexpected redirect"),
			});
		// As fetch does it: to another host goes no Authorization.
		const headers = new Headers(request.headers);
		headers.delete("authorization");
		return simulatedFetch(new URL(location, request.url), { headers, signal });
	};
	return simulatedFetch;
}
