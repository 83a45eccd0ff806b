/**
 * Graph's errors, with the HTTP status they were seen with.
 *
 * @typedef {import("../simulator.d.ts").SimulatedError} SimulatedError
 */
export class GraphFailure extends Error {
	/**
	 * @param {SimulatedError & { message: string }} error as it stands in the envelope, without `fbtrace_id`
	 * @param {number} [status]
	 */
	constructor(error, status = 400) {
		super(error.message);
		this.error = error;
		this.status = status;
	}
}

/** @typedef {Partial<SimulatedError> & { status?: number }} Details */

/** @param {number} code @param {string} message @param {Details} [details] */
function oauth(code, message, { status, ...details } = {}) {
	return new GraphFailure(
		{ message, type: "OAuthException", code, ...details },
		status,
	);
}

/** @param {number} code @param {string} message @param {Details} [details] */
function method(code, message, details) {
	return oauth(code, message, { type: "GraphMethodException", ...details });
}

/** @param {string} message */
function batch(message) {
	return oauth(100, message, { type: "GraphBatchException" });
}

/** What a request can do wrong, or meet. https://developers.facebook.com/docs/graph-api/guides/error-handling */
export const errors = {
	missingToken: () =>
		oauth(104, "An access token is required to request this resource."),
	missingTokenForMe: () =>
		oauth(
			2500,
			"An active access token must be used to query information about the current user.",
		),
	invalidToken: () => oauth(190, "Invalid OAuth access token."),
	/** @param {number} now seconds */
	expiredToken: (now) =>
		oauth(
			190,
			`Error validating access token: Session has expired at unix time ${now - 60}. The current unix time is ${now}.`,
			{ error_subcode: 463 },
		),
	checkpointed: () =>
		oauth(
			190,
			"Error validating access token: You cannot access the app till you log in to www.facebook.com and follow the instructions given.",
			{ error_subcode: 459 },
		),
	unconfirmedUser: () =>
		oauth(
			190,
			"Error validating access token: Sessions for the user are not allowed because the user is not a confirmed user.",
			{ error_subcode: 464 },
		),
	lostPageRole: () =>
		oauth(
			190,
			"Error validating access token: The user must be an administrator, editor, or moderator of the page in order to impersonate it.",
			{ error_subcode: 492 },
		),
	missingProof: () =>
		method(
			100,
			"API calls from the server require an appsecret_proof argument",
		),
	invalidProof: () =>
		method(100, "Invalid appsecret_proof provided in the API argument"),
	/** @param {string} verb @param {string} id */
	unknownObject: (verb, id) =>
		method(
			100,
			`Unsupported ${verb} request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
			{ error_subcode: 33 },
		),
	/** @param {string} verb */
	unsupportedMethod: (verb) =>
		method(100, `Unsupported request - method type: ${verb}`),
	/** @param {string} alias */
	unknownAlias: (alias) =>
		oauth(803, `(#803) Cannot query users by their username (${alias})`, {
			status: 404,
		}),
	/** @param {string} path */
	unknownPath: (path) => oauth(2500, `Unknown path components: ${path}`),
	malformedBatch: () =>
		batch(
			"batch parameter must be a JSON array of items with method and relative_url",
		),
	/** @param {number} most */
	tooManyItems: (most) =>
		batch(`Too many requests in batch message. Maximum batch size is ${most}`),
	/** @param {string} message */
	parameter: (message) => oauth(100, `(#100) ${message}`),
	/** @param {string} name @param {string} nodeType */
	unknownField: (name, nodeType) =>
		oauth(
			100,
			`(#100) Tried accessing nonexisting field (${name}) on node type (${nodeType})`,
		),
	/** @param {string} expected @param {number} position @param {string} text */
	syntax: (expected, position, text) =>
		oauth(
			2500,
			`Syntax error "Expected ${expected}." at character ${position}: ${text}`,
		),
	noMatchingUser: () =>
		oauth(100, "(#100) No matching user found", { error_subcode: 2018001 }),
	// As recorded: neither a type nor a trace ID.
	reduceData: () =>
		new GraphFailure(
			{
				code: 1,
				message:
					"Please reduce the amount of data you're asking for, then retry your request",
			},
			500,
		),
	instagramTimeout: () =>
		oauth(-2, "Timeout", {
			error_subcode: 2534084,
			error_user_msg:
				"Your query has timed out since you have too many conversations with users who have no role on the app. Please request Advanced Access.",
		}),
	unknown: () => oauth(1, "An unknown error occurred", { status: 500 }),
	transient: () =>
		oauth(
			2,
			"An unexpected error has occurred. Please retry your request later.",
			{
				is_transient: true,
				status: 500,
			},
		),
	appLimit: () =>
		oauth(4, "(#4) Application request limit reached", {
			is_transient: true,
			status: 403,
		}),
	userLimit: () =>
		oauth(17, "(#17) User request limit reached", { status: 403 }),
	pageLimit: () =>
		oauth(32, "(#32) Page request limit reached", { status: 403 }),
	callsPerSecond: () =>
		oauth(613, "(#613) Calls to this api have exceeded the rate limit."),
	messengerLimit: () =>
		oauth(
			80006,
			"(#80006) There have been too many messenger api calls to this Page account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.",
		),
	permission: () => oauth(200, "(#200) Permissions error", { status: 403 }),
	applicationPermission: () =>
		oauth(10, "(#10) Application does not have permission for this action", {
			status: 403,
		}),
	pagesMessaging: () =>
		oauth(
			230,
			"(#230) Requires pages_messaging permission to manage the object",
			{ status: 403 },
		),
	missingAccess: () =>
		oauth(1, "An unknown error occurred", { error_subcode: 99, status: 500 }),
	termsNotAccepted: () =>
		oauth(
			2,
			"An administrator of the Page has to accept the terms of service first.",
			{ error_subcode: 2018344, status: 500 },
		),
	/** @param {string} pageId @param {string} newId */
	pageMigrated: (pageId, newId) =>
		oauth(
			21,
			`(#21) Page ID ${pageId} was migrated to page ID ${newId}. Please update your API calls to the new ID`,
		),
	blocked: () =>
		oauth(
			368,
			"The action attempted has been deemed abusive or is otherwise disallowed",
			{
				error_user_title: "You are temporarily blocked",
				error_user_msg:
					"This feature was used faster than it is meant to be. Please wait before using it again.",
			},
		),
};

/** Errors that graph.instagram.com was seen to write as its own. */
const OF_INSTAGRAM = new Set([10, 100, 2500]);

/**
 * Returns the error as graph.instagram.com writes it: of its own type, without the number of the code and the type of the node.
 *
 * @template {SimulatedError & { message: string }} Given
 * @param {Given} error
 * @returns {Given}
 */
export function asInstagramError(error) {
	if (!OF_INSTAGRAM.has(error.code)) return error;
	const message = error.message
		.replace(/^\(#\d+\) /, "")
		.replace(/ on node type \(\w+\)$/, "");
	return { ...error, message, type: "IGApiException" };
}
