import { opaque } from "./identifiers.js";
import { hash } from "./seed.js";

/**
 * The headers of one answer. There is no Access-Control-Expose-Headers: a script in a browser cannot read usage, version or trace.
 *
 * @param {object} answer
 * @param {number} answer.number of the request, which makes the trace IDs
 * @param {number} answer.seed
 * @param {"facebook" | "instagram"} answer.host
 * @param {string} answer.version the version that answered
 * @param {Record<string, string>} answer.usage
 */
export function answerHeaders({ number, seed, host, version, usage }) {
	const trace = opaque(`${hash(seed, number)}`).slice(0, 11);
	return new Headers({
		...usage,
		"access-control-allow-origin": "*",
		"cache-control": "private, no-cache, no-store, must-revalidate",
		"content-type": "application/json; charset=UTF-8",
		expires: "Sat, 01 Jan 2000 00:00:00 GMT",
		[`${host}-api-version`]: version,
		pragma: "no-cache",
		"strict-transport-security": "max-age=15552000; preload",
		"x-fb-debug": opaque(`debug ${trace} ${number}`),
		"x-fb-request-id": `A${opaque(`request ${number}`)}`,
		"x-fb-rev": "1029384756",
		"x-fb-trace-id": trace,
	});
}

/**
 * Marks headers and body of an answer as an error.
 *
 * @param {Headers} headers changed
 * @param {import("../simulator.d.ts").SimulatedError & { message: string }} error
 * @returns {string} the body
 */
export function errorEnvelope(headers, error) {
	const kind = error.code === 190 ? "invalid_token" : "invalid_request";
	// A header holds Latin-1 only.
	const message = error.message.replace(/[^\x20-\x7e]|"/g, "'");
	headers.set(
		"www-authenticate",
		`OAuth "Facebook Platform" "${kind}" "${message}"`,
	);
	headers.set("content-type", "application/json; charset=UTF-8");
	const trace = error.type && { fbtrace_id: headers.get("x-fb-trace-id") };
	return JSON.stringify({ error: { ...error, ...trace } });
}
