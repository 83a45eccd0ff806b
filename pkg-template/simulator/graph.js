import { answerBatch, isBatch } from "./batch.js";
import { UNIFIED_THREAD } from "./conversation.js";
import { listConversations, readConversation } from "./conversations.js";
import { asInstagramError, errors, GraphFailure } from "./errors.js";
import { forItem } from "./faults.js";
import { parseFields } from "./fields.js";
import { answerHeaders, errorEnvelope } from "./headers.js";
import { listMessages } from "./messages.js";
import { readParameters, readToken } from "./request.js";
import { readThreadOwner } from "./thread-owner.js";
import { writeJson } from "./write-json.js";

/**
 * One call as the endpoints see it.
 *
 * @typedef {object} Call
 * @property {string} origin
 * @property {string} version the one that answers
 * @property {URLSearchParams} parameters of query and form
 * @property {string} token
 * @property {import("./fields.js").Selection[] | undefined} fields
 * @property {number} generation of the cursors that are valid
 * @property {import("./settings.js").Settings} settings
 * @property {Met} met
 * @property {import("./limits.js").Limits} limits
 *
 * The fault that a request meets because of what it asks for. It changes the good answer.
 *
 * @typedef {{ fault?: import("./faults.js").Prepared }} Met
 *
 * What an item takes from the batch it came in.
 *
 * @typedef {object} Around
 * @property {string | undefined} asked version of the batch
 * @property {string} token checked already, and so is its proof
 *
 * @typedef {import("../simulator.d.ts").RecordedRequest} RecordedRequest
 */

export class Graph {
	#settings;
	#inbox;
	#access;
	#limits;
	#faults;
	#answered = 0;
	/** Cursors of an older generation are no longer valid. */
	generation = 1;

	/**
	 * @param {import("./settings.js").Settings} settings
	 * @param {import("./inbox.js").Inbox} inbox
	 * @param {import("./access.js").Access} access
	 * @param {import("./limits.js").Limits} limits
	 * @param {import("./faults.js").Faults} faults
	 */
	constructor(settings, inbox, access, limits, faults) {
		this.#settings = settings;
		this.#inbox = inbox;
		this.#access = access;
		this.#limits = limits;
		this.#faults = faults;
	}

	/**
	 * @param {RecordedRequest} request
	 * @param {Around} [around] of an item
	 * @returns {Promise<{ answer: Response } & Met>}
	 */
	async answer(request, around) {
		const [, asked = around?.asked, path] =
			/^(?:\/(v\d+\.\d+))?(\/.*)?$/.exec(request.path) ?? [];
		const version = this.#served(asked);
		const number = ++this.#answered;
		const describe = () =>
			answerHeaders({
				number,
				seed: this.#settings.seed,
				host: this.#settings.host,
				version: version ?? this.#settings.apiVersions.newest,
				usage: this.#limits.usageHeaders(),
			});
		/** @type {Met} */
		const met = {};
		try {
			if (!version) throw errors.unknownPath(request.path);
			const body = await this.#route(
				request,
				{ path: path ?? "/", asked, version },
				met,
				around,
			);
			const headers = describe();
			return { answer: new Response(writeJson(body), { headers }), ...met };
		} catch (failure) {
			if (!(failure instanceof GraphFailure)) throw failure;
			const headers = describe();
			const { status, error } = failure;
			const body = errorEnvelope(
				headers,
				this.#isInstagram ? asInstagramError(error) : error,
			);
			return { answer: new Response(body, { status, headers }) };
		}
	}

	get #isInstagram() {
		return this.#settings.host === "instagram";
	}

	/**
	 * @param {RecordedRequest} request
	 * @param {{ path: string, asked: string | undefined, version: string }} target the path without the version
	 * @param {Met} met filled
	 * @param {Around} [around]
	 */
	async #route(request, { path, asked, version }, met, around) {
		const { method, url, query, headers } = request;
		const [id, edge, ...rest] = path.split("/").slice(1).map(decode);
		// As recorded: the preflight itself fails when the URL has no valid token. No header is ever allowed by name, so that a
		// client that needs a preflight is noticed.
		if (method === "OPTIONS")
			return this.#access.checkToken(query.get("access_token") ?? "", false);

		const parameters = readParameters(request);
		const own = readToken(parameters, headers);
		const token = own || around?.token || "";
		this.#access.checkToken(token, id === "me");
		if (!around || own || parameters.has("appsecret_proof"))
			await this.#access.checkProof(token, parameters);
		if (!around && !this.#isInstagram && isBatch(request, parameters))
			return answerBatch(request, parameters, (item, relativeUrl) =>
				this.#answerItem(item, relativeUrl, { asked, token }),
			);
		this.#limits.countCall();
		if (method !== "GET") {
			const verb = method.toLowerCase();
			throw this.#isInstagram
				? errors.unsupportedMethod(verb)
				: errors.unknownObject(verb, id);
		}
		if (rest.length > 0)
			throw errors.unknownPath(`/${[edge, ...rest].join("/")}`);

		const given = parameters.get("fields");
		/** @type {Call} */
		const call = {
			origin: new URL(url).origin,
			version,
			parameters,
			token,
			fields: given ? parseFields(given) : undefined,
			generation: this.generation,
			settings: this.#settings,
			met,
			limits: this.#limits,
		};
		return id === "me" || id === this.#settings.accountId
			? this.#account(call, edge)
			: this.#conversation(call, id, edge);
	}

	/** @param {RecordedRequest} item @param {string} relativeUrl @param {Around} around */
	async #answerItem(item, relativeUrl, around) {
		const planned = this.#faults.takeItem(relativeUrl);
		const { answer, fault: met } = await this.answer(item, around);
		const fault = planned ?? (met && forItem(met));
		return fault
			? fault({ request: item, answer, signal: null, settings: this.#settings })
			: answer;
	}

	/** @param {Call} call @param {string | undefined} edge */
	#account(call, edge) {
		const { accountId, pageName, instagramUsername } = this.#settings;
		if (edge === "conversations") return listConversations(call, this.#inbox);
		if (edge === "thread_owner" && !this.#isInstagram)
			return readThreadOwner(call, this.#inbox);
		if (edge) throw errors.unknownField(edge, "Page");
		return this.#isInstagram
			? { username: instagramUsername, id: accountId }
			: { name: pageName, id: accountId };
	}

	/** @param {Call} call @param {string} id @param {string | undefined} edge */
	#conversation(call, id, edge) {
		const thread = this.#inbox.find(id);
		if (!thread)
			throw /^(\d+$|t_|aWdf)/.test(id)
				? errors.unknownObject("get", id)
				: errors.unknownAlias(id);
		if (edge === "messages") return listMessages(call, thread, this.#inbox);
		if (edge) throw errors.unknownField(edge, UNIFIED_THREAD.name);
		return readConversation(thread, call, this.#inbox);
	}

	/**
	 * The version that answers; undefined for one that does not exist yet.
	 *
	 * @param {string | undefined} asked
	 */
	#served(asked) {
		const { oldest, newest } = this.#settings.apiVersions;
		if (!asked || rank(asked) < rank(oldest)) return oldest;
		return rank(asked) > rank(newest) ? undefined : asked;
	}
}

/** @param {string} version such as v25.0 */
function rank(version) {
	const [major, minor] = version.slice(1).split(".").map(Number);
	return major * 100 + minor;
}

/** @param {string} segment */
function decode(segment) {
	try {
		return decodeURIComponent(segment);
	} catch {
		throw errors.unknownPath(`/${segment}`);
	}
}
