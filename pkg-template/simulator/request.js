/**
 * What a request says besides its path.
 *
 * @typedef {import("../simulator.d.ts").RecordedRequest} RecordedRequest
 */

/**
 * The parameters of query and form.
 *
 * @param {Pick<RecordedRequest, "query" | "headers" | "body">} request
 */
export function readParameters({ query, headers, body }) {
	const form = headers
		.get("content-type")
		?.startsWith("application/x-www-form-urlencoded")
		? body
		: "";
	return new URLSearchParams([...query, ...new URLSearchParams(form ?? "")]);
}

/**
 * @param {URLSearchParams} parameters
 * @param {Headers} headers
 * @returns {string} empty when there is none
 */
export function readToken(parameters, headers) {
	const [, bearer = ""] =
		/^(?:Bearer|OAuth) +(\S+)$/i.exec(headers.get("authorization") ?? "") ?? [];
	return parameters.get("access_token") || bearer;
}
