// A Cloudflare Worker between a dashboard and Graph: the Page's token stays here, the browser has only its own session.
// What graph-inbox asks for is recognised and asked in our own words; nothing of the browser's request is passed on.
// Needs: the secrets PAGE_TOKEN, SESSION_KEY and, if the app requires proofs, APP_SECRET (npx wrangler secret put …); the
// variable DASHBOARD_ORIGIN (https://dashboard.example.com); PAGE_ID if the dashboard names it, `me` needs none; a
// compatibility_date of 2024-11-11 or later.
// It is a Worker's main file, worker-proxy-allowed.mjs goes beside it; worker-proxy-browser.mjs is for the dashboard.
import {
	Refused,
	readBatch,
	readForm,
	readTarget,
} from "./worker-proxy-allowed.mjs";

/** @typedef {{ PAGE_TOKEN: string, SESSION_KEY: string, DASHBOARD_ORIGIN: string, PAGE_ID?: string, APP_SECRET?: string, GRAPH_URL?: string }} Env `GRAPH_URL` is for tests */

/**
 * Put your own in its place: whether a session, which your server gave to the browser, is good.
 * Here it is `<user>.<Unix seconds when it ends>.<HMAC-SHA-256 of these by SESSION_KEY, in hex>`.
 *
 * @param {string} session
 * @param {Env} env
 */
async function isSignedIn(session, env) {
	const [, signed, end, hex] =
		/^([\w-]+\.(\d{10}))\.([0-9a-f]{64})$/.exec(session) ?? [];
	if (!hex || Number(end) * 1000 <= Date.now()) return false;
	const signature = Uint8Array.from(hex.match(/../g) ?? [], (byte) =>
		Number.parseInt(byte, 16),
	);
	const key = await hmacKey(env.SESSION_KEY);
	// This compares in constant time.
	return crypto.subtle.verify("HMAC", key, signature, bytes(signed));
}

/** What a dashboard may read of Graph's headers. CORS would hide them, and graph-inbox know no usage. */
const SHOWN = [
	...["facebook-api-version", "retry-after", "x-app-usage", "x-page-usage"],
	...["x-business-use-case-usage", "x-fb-request-id", "x-fb-trace-id"],
];
/** Browsers ask for it before every new URL; Graph never hears of that. */
const PREFLIGHT = {
	"access-control-allow-headers": "authorization",
	"access-control-max-age": "7200",
};
const BATCH_BYTES = 64 * 1024;

export default {
	/**
	 * @param {Request} request
	 * @param {Env} env
	 */
	async fetch(request, env) {
		if (!env.PAGE_TOKEN || !env.SESSION_KEY || !env.DASHBOARD_ORIGIN)
			throw new Error("Set PAGE_TOKEN, SESSION_KEY and DASHBOARD_ORIGIN.");
		if (request.method === "OPTIONS") return reply(env, 204, "", PREFLIGHT);
		try {
			return await askGraph(await recognise(request, env), env);
		} catch (error) {
			if (!(error instanceof Refused)) throw error;
			const { status, code, message } = error;
			// In Graph's own envelope, so that graph-inbox tells its kind.
			const envelope = { error: { message, type: "OAuthException", code } };
			return reply(env, status, JSON.stringify(envelope));
		}
	},
};

/** @typedef {{ target: string, batch?: string }} Wanted */

/**
 * @param {Request} request
 * @param {Env} env
 * @returns {Promise<Wanted>}
 */
async function recognise(request, env) {
	const { pathname, search } = new URL(request.url);
	if (request.method === "GET") {
		const header = request.headers.get("authorization");
		await mustBeSignedIn(header?.replace(/^Bearer /, ""), env);
		return { target: readTarget(pathname.slice(1) + search, env.PAGE_ID) };
	}
	const [, target] = /^\/(v\d\d?\.\d\/)$/.exec(pathname + search) ?? [];
	const length = request.headers.get("content-length") ?? "unknown";
	if (request.method !== "POST" || !target || !(Number(length) <= BATCH_BYTES))
		throw new Refused(400, 100, "This proxy takes GET, and small batches");
	const form = readForm(await request.text());
	// A batch has its token in the form, as Graph wants it.
	await mustBeSignedIn(form.token, env);
	return { target, batch: readBatch(form.batch, env.PAGE_ID) };
}

/**
 * @param {string | undefined} session
 * @param {Env} env
 */
async function mustBeSignedIn(session = "", env) {
	if (!(await isSignedIn(session, env)))
		throw new Refused(401, 190, "The session has ended: sign in again");
}

/**
 * @param {Wanted} wanted
 * @param {Env} env
 */
async function askGraph({ target, batch }, env) {
	const { GRAPH_URL = "https://graph.facebook.com", PAGE_TOKEN } = env;
	const url = new URL(`${GRAPH_URL}/${target}`);
	const proof = env.APP_SECRET && (await proofOf(PAGE_TOKEN, env.APP_SECRET));
	/** @type {RequestInit} */
	const init = { redirect: "manual", cache: "no-store" };
	if (batch === undefined) {
		init.headers = { authorization: `Bearer ${PAGE_TOKEN}` };
		if (proof) url.searchParams.set("appsecret_proof", proof);
	} else {
		const form = { batch, include_headers: "false", access_token: PAGE_TOKEN };
		init.method = "POST";
		init.body = new URLSearchParams(form);
		if (proof) init.body.set("appsecret_proof", proof);
	}
	const { answer, text } = await readWhole(url, init);
	let shown = text;
	// Graph writes them into `paging` and messages. Not by parsing: app IDs can be numbers too long for JavaScript.
	for (const secret of [PAGE_TOKEN, encodeURIComponent(PAGE_TOKEN), proof])
		if (secret) shown = shown.replaceAll(secret, "hidden");
	const headers = [...answer.headers].filter(([name]) => SHOWN.includes(name));
	return reply(env, answer.status, shown, Object.fromEntries(headers));
}

/**
 * @param {URL} url
 * @param {RequestInit} init
 */
async function readWhole(url, init) {
	try {
		const answer = await fetch(url, init);
		return { answer, text: await answer.text() };
	} catch {
		throw new Refused(502, 2, "Graph does not answer");
	}
}

/**
 * @param {Env} env
 * @param {number} status
 * @param {string} text
 * @param {Record<string, string>} [headers]
 */
function reply({ DASHBOARD_ORIGIN }, status, text, headers) {
	return new Response(text || null, {
		status,
		headers: {
			...headers,
			"access-control-allow-origin": DASHBOARD_ORIGIN,
			"access-control-expose-headers": SHOWN.join(),
			"cache-control": "no-store",
			// An HTML page of Graph's must be none of this origin.
			"content-type": "application/json",
			"x-content-type-options": "nosniff",
		},
	});
}

/**
 * @param {string} token
 * @param {string} secret of the app
 */
async function proofOf(token, secret) {
	const key = await hmacKey(secret);
	const proof = await crypto.subtle.sign("HMAC", key, bytes(token));
	return [...new Uint8Array(proof)]
		.map((byte) => byte.toString(16).padStart(2, "0"))
		.join("");
}

/** @param {string} secret */
function hmacKey(secret) {
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const uses = /** @type {KeyUsage[]} */ (["sign", "verify"]);
	return crypto.subtle.importKey("raw", bytes(secret), algorithm, false, uses);
}

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);
