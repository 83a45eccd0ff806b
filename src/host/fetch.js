/** Sends requests for fetch.rs and reads the bodies of their responses. */

import { tryOr } from "./value.js";
import { ignoreRejection } from "./wait.js";

/** Returns the global `fetch` as it is at this moment. */
const globalFetch = () =>
	tryOr(
		() => globalThis.fetch,
		() => undefined,
	);

/**
 * Tells whether a value behaves as a `Response`. Its class does not matter: a polyfill or a test has its own.
 *
 * @param {any} value
 */
function isResponse(value) {
	return tryOr(
		() =>
			typeof value?.status === "number" &&
			typeof value.text === "function" &&
			typeof value.headers?.get === "function",
		() => false,
	);
}

/**
 * Tells whether a response is of the runtime's own class. Its name is asked for first, because Node loads its `fetch` when
 * `globalThis.Response` is read: 24 ms, also where another `fetch` is in use.
 *
 * @param {any} response
 */
const isNative = (response) =>
	tryOr(
		() =>
			response.constructor.name === "Response" &&
			response instanceof globalThis.Response,
		() => false,
	);

/**
 * Returns a response whose properties run no code of the caller's: Rust looks at them while it must not be called. The
 * runtime's own class is such a response.
 *
 * @param {any} response
 * @param {string} headers names, with spaces between
 */
const inert = (response, headers) =>
	isNative(response)
		? response
		: {
				status: response.status,
				headers: tryOr(
					() =>
						new Map(
							headers
								.split(" ")
								.map((name) => [name, response.headers.get(name)]),
						),
					() => new Map(),
				),
			};

/**
 * Returns those of some headers that a response has, each name before its value, one to a line.
 *
 * @param {Response} response an inert one
 * @param {string} names with spaces between
 */
export const headersOf = ({ headers }, names) =>
	names
		.split(" ")
		.map((name) => [
			name,
			tryOr(
				() => headers.get(name),
				() => null,
			),
		])
		.filter(([, value]) => typeof value === "string")
		.map((header) => header.join(" "))
		.join("\n");

/**
 * Fetches and reads. Resolves with the response, its body as a string, and whether the body was cut off; with the value
 * alone where it is no response; or with nothing where there is no function to fetch with. The request has no header but
 * `Authorization`, or else the type of a form: any other would cost browsers a preflight.
 *
 * @param {((url: string, init: RequestInit) => unknown) | undefined} custom in place of the global `fetch`
 * @param {string} url
 * @param {string} method
 * @param {string | undefined} authorization
 * @param {string | undefined} form
 * @param {AbortSignal} signal
 * @param {string} headers names of those that are read, with spaces between
 * @returns {Promise<[response?: unknown, text?: unknown, isCut?: boolean]>}
 */
export async function exchange(
	custom,
	url,
	method,
	authorization,
	form,
	signal,
	headers,
) {
	const send = custom ?? globalFetch();
	if (typeof send !== "function") return [];
	/** @type {RequestInit} */
	const init = {
		method,
		// So that a redirect does not look like a lost connection; some runtimes refuse `error`.
		redirect: "manual",
		signal,
	};
	if (authorization) init.headers = { Authorization: authorization };
	else if (form)
		init.headers = { "Content-Type": "application/x-www-form-urlencoded" };
	if (form) init.body = form;
	/** @type {any} */
	const response = await send(url, init);
	return isResponse(response)
		? [inert(response, headers), ...(await read(response))]
		: [response];
}

/** The longest body that is read, in bytes: a process must be able to hold several of them. */
const MOST_BYTES = 2 ** 24;
const decoder = new TextDecoder();

/**
 * Reads a body up to `MOST_BYTES`.
 *
 * @param {Response} response
 * @returns {Promise<[text: string, isCut: boolean]>}
 */
async function read(response) {
	if (!response.body || typeof response.body.getReader !== "function") {
		// A response of a polyfill or a test can only be read as a whole.
		const text = await response.text();
		return [text, text?.length > MOST_BYTES];
	}
	const reader = response.body.getReader();
	let bytes = new Uint8Array();
	let size = 0;
	while (size <= MOST_BYTES) {
		const { done, value } = await reader.read();
		if (done) return [decoder.decode(bytes.subarray(0, size)), false];
		const end = size + value.length;
		// The first chunk is most often the whole body, and is not copied.
		if (size === 0) bytes = value;
		else {
			if (end > bytes.length) {
				const longer = new Uint8Array(2 * end);
				longer.set(bytes);
				bytes = longer;
			}
			bytes.set(value, size);
		}
		size = end;
	}
	ignoreRejection(reader.cancel());
	return [decoder.decode(bytes.subarray(0, size)), true];
}
