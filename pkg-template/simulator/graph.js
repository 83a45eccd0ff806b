import { answerBatch, isBatch } from "./batch.js";
import { UNIFIED_THREAD } from "./conversation.js";
import { listConversations, readConversation } from "./conversations.js";
import { errors, GraphFailure } from "./errors.js";
import { parseFields } from "./fields.js";
import { answerHeaders, errorEnvelope } from "./headers.js";
import { listMessages } from "./messages.js";
import { checkFields } from "./node-type.js";
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
 * @property {number} dataLimit
 * @property {import("./limits.js").Limits} limits
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
	 * @returns {Promise<Response>}
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
				version: version ?? this.#settings.apiVersions.newest,
				usage: this.#limits.usageHeaders(),
			});
		try {
			if (!version) throw errors.unknownPath(request.path);
			const body = await this.#route(
				request,
				{ path: path ?? "/", asked, version },
				around,
			);
			return new Response(writeJson(body), { headers: describe() });
		} catch (failure) {
			if (!(failure instanceof GraphFailure)) throw failure;
			const headers = describe();
			const body = errorEnvelope(headers, failure.error);
			return new Response(body, { status: failure.status, headers });
		}
	}

	/**
	 * @param {RecordedRequest} request
	 * @param {{ path: string, asked: string | undefined, version: string }} target the path without the version
	 * @param {Around} [around]
	 */
	async #route(request, { path, asked, version }, around) {
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
		if (!around && isBatch(request, parameters))
			return answerBatch(request, parameters, (item, relativeUrl) =>
				this.#answerItem(item, relativeUrl, { asked, token }),
			);
		this.#limits.countCall();
		if (method !== "GET") throw errors.unknownObject(method.toLowerCase(), id);
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
			dataLimit: this.#settings.dataLimit,
			limits: this.#limits,
		};
		return id === "me" || id === this.#settings.pageId
			? this.#page(call, edge)
			: this.#conversation(call, id, edge);
	}

	/** @param {RecordedRequest} item @param {string} relativeUrl @param {Around} around */
	async #answerItem(item, relativeUrl, around) {
		const fault = this.#faults.takeItem(relativeUrl);
		const answer = await this.answer(item, around);
		return fault
			? fault({ request: item, answer, signal: null, settings: this.#settings })
			: answer;
	}

	/** @param {Call} call @param {string | undefined} edge */
	#page(call, edge) {
		switch (edge) {
			case "conversations":
				return listConversations(call, this.#inbox);
			case "thread_owner":
				return readThreadOwner(call, this.#inbox);
			case undefined:
			case "":
				return { name: this.#settings.pageName, id: this.#settings.pageId };
			default:
				throw errors.unknownField(edge, "Page");
		}
	}

	/** @param {Call} call @param {string} id @param {string | undefined} edge */
	#conversation(call, id, edge) {
		const thread = this.#inbox.find(id);
		if (!thread)
			throw /^(\d+$|t_|aWdf)/.test(id)
				? errors.unknownObject("get", id)
				: errors.unknownAlias(id);
		if (edge === "messages") return listMessages(call, thread);
		if (edge) throw errors.unknownField(edge, UNIFIED_THREAD.name);
		checkFields(call.fields, UNIFIED_THREAD);
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
