import { errors } from "./errors.js";
import { readParameters } from "./request.js";

const MOST_ITEMS = 50;

/** What is about the connection rather than the item. */
const OF_THE_CONNECTION = /^(strict-transport-security$|x-fb-)/;

/**
 * POST / with `batch`: several calls in one request.
 * https://developers.facebook.com/docs/graph-api/batch-requests
 *
 * @typedef {import("../simulator.d.ts").RecordedRequest} RecordedRequest
 * @typedef {{ method: string, relative_url: string }} Item
 */

/**
 * @param {Pick<RecordedRequest, "method" | "path">} request
 * @param {URLSearchParams} parameters
 */
export function isBatch({ method, path }, parameters) {
	return (
		method === "POST" &&
		/^\/(v\d+\.\d+\/?)?$/.test(path) &&
		parameters.has("batch")
	);
}

/**
 * The relative URLs of a batch, whether or not it is one that Graph takes; of any other request none.
 *
 * @param {Pick<RecordedRequest, "method" | "path" | "query" | "headers" | "body">} request
 */
export function relativeUrls(request) {
	const parameters = readParameters(request);
	const items = isBatch(request, parameters) && parseItems(parameters);
	return items ? items.map((item) => item.relative_url) : [];
}

/**
 * @param {RecordedRequest} request
 * @param {URLSearchParams} parameters
 * @param {(request: RecordedRequest, relativeUrl: string) => Promise<Response | null>} answerItem null: never got to it
 */
export async function answerBatch(request, parameters, answerItem) {
	const items = parseItems(parameters);
	if (!items) throw errors.malformedBatch();
	if (items.length > MOST_ITEMS) throw errors.tooManyItems(MOST_ITEMS);
	const hasHeaders = !/^(false|0)$/i.test(
		parameters.get("include_headers") ?? "",
	);
	const entries = [];
	// One after the other, so that the same items meet the same limits every time.
	for (const item of items) {
		const answer = await answerItem(
			requestOf(item, request),
			item.relative_url,
		);
		entries.push(answer && (await writeEntry(answer, hasHeaders)));
	}
	return entries;
}

/**
 * @param {URLSearchParams} parameters
 * @returns {Item[] | undefined} undefined when it is no array of items
 */
function parseItems(parameters) {
	let items;
	try {
		items = JSON.parse(parameters.get("batch") ?? "");
	} catch {
		return undefined;
	}
	const isWhole =
		Array.isArray(items) &&
		items.every(
			(item) =>
				typeof item?.method === "string" &&
				typeof item.relative_url === "string",
		);
	return isWhole ? items : undefined;
}

/**
 * The item as if it had come by itself, to the batch's host.
 *
 * @param {Item} item
 * @param {RecordedRequest} batch
 * @returns {RecordedRequest}
 */
function requestOf({ method, relative_url }, { url, at }) {
	const absolute = new URL(
		`${new URL(url).origin}/${relative_url.replace(/^\//, "")}`,
	);
	return {
		method: method.toUpperCase(),
		url: absolute.href,
		path: absolute.pathname,
		query: absolute.searchParams,
		headers: new Headers(),
		body: null,
		items: [],
		status: null,
		at,
	};
}

/** @param {Response} answer @param {boolean} hasHeaders */
async function writeEntry(answer, hasHeaders) {
	const headers = Array.from(answer.headers)
		.filter(([name]) => !OF_THE_CONNECTION.test(name))
		.map(([name, value]) => ({ name: capitalise(name), value }));
	return {
		code: answer.status,
		...(hasHeaders && { headers }),
		body: await answer.text(),
	};
}

/** A header's name as Graph writes it in a batch: Facebook-API-Version. @param {string} name */
function capitalise(name) {
	return name.replace(/[a-z]+/g, (word) =>
		["api", "www"].includes(word)
			? word.toUpperCase()
			: word[0].toUpperCase() + word.slice(1),
	);
}
