// Meta's webhook says that something happened in a thread, and to whom; this reads that conversation and its owner again, and
// hands both to you. One function from Request to Response, for Next.js, Cloudflare Workers, Deno, Bun, Hono and the like.
// Needs: npm install graph-inbox; the app secret; a verify token of your choosing, entered at Meta with this URL; the Page
// and the Instagram account subscribed to `messages` and `message_echoes` (`standby` where other apps answer too).

/** @typedef {"messenger" | "instagram"} Platform */
/** @typedef {{ platform: Platform, businessId: string, person: string }} Thread */

/** @type {Map<string, Platform>} by the webhook's `object` */
const PLATFORMS = new Map([
	["page", "messenger"],
	["instagram", "instagram"],
]);

/**
 * @param {object} options
 * @param {(businessId: string) => import("graph-inbox").Inbox | undefined} options.inboxOf the client for a Page ID or Instagram account ID, one and the same every time; `undefined`: not ours
 * @param {string} options.appSecret
 * @param {string} options.verifyToken
 * @param {(conversation: import("graph-inbox").Conversation, owner: import("graph-inbox").ThreadOwnerResult, thread: Thread) => unknown} options.onConversation
 *   `unreadable` of the conversation names the fields that Graph could not deliver: keep what you have of these
 * @param {(error: unknown, thread: Thread) => void} [options.onError]
 */
export function createWebhook({ inboxOf, appSecret, verifyToken, ...options }) {
	const { onConversation, onError = console.error } = options;
	/** Threads that wait for their turn: whatever else happens in them until then is read along. */
	const waiting = new Set();
	/**
	 * Of each business, so that one that must wait holds up no other.
	 *
	 * @type {Map<string, Promise<void>>}
	 */
	const queues = new Map();

	/** @param {Thread} thread */
	async function refresh(thread) {
		const { platform, businessId, person } = thread;
		try {
			const inbox = inboxOf(businessId);
			if (!inbox) return;
			const fields = /** @type {const} */ ([
				...["updated_time", "snippet", "unread_count", "participants"],
			]);
			const [{ data }, [owner]] = await Promise.all([
				inbox.listConversations({ userId: person, platform, fields }),
				// This one does not reject: a conversation comes also where its owner is not to be had.
				inbox.getThreadOwners([person]),
			]);
			if (data.length > 0) await onConversation(data[0], owner, thread);
		} catch (error) {
			onError(error, thread);
		}
	}

	/** @param {Thread[]} threads */
	function enqueue(threads) {
		for (const thread of threads) {
			const key = JSON.stringify(thread);
			if (waiting.has(key)) continue;
			waiting.add(key);
			const turn = async () => {
				waiting.delete(key);
				await refresh(thread);
			};
			const { businessId } = thread;
			const before = queues.get(businessId) ?? Promise.resolve();
			queues.set(businessId, before.then(turn, turn));
		}
		return Promise.all(queues.values());
	}

	/**
	 * @param {Request} request
	 * @param {(work: Promise<unknown>) => void} [waitUntil] of the platform, where it stops a function that has answered; Lambda has none, there a queue must come first
	 * @returns {Promise<Response>}
	 */
	return async function handle(request, waitUntil = () => {}) {
		if (request.method === "GET") return subscribe(request, verifyToken);
		// Of the bytes, before anything looks at them.
		const body = await request.arrayBuffer();
		const signature = request.headers.get("x-hub-signature-256") ?? "";
		if (!(await isSigned(body, signature, appSecret)))
			return new Response(null, { status: 401 });
		// Meta wants its answer within seconds, and sends again what had none.
		waitUntil(enqueue(threadsIn(JSON.parse(new TextDecoder().decode(body)))));
		return new Response(null, { status: 200 });
	};
}

/**
 * What Meta asks once, when the webhook is entered.
 *
 * @param {Request} request
 * @param {string} verifyToken
 */
async function subscribe(request, verifyToken) {
	const { searchParams } = new URL(request.url);
	const given = bytes(searchParams.get("hub.verify_token") ?? "");
	const key = await hmacKey(verifyToken);
	const right = await crypto.subtle.sign("HMAC", key, bytes(verifyToken));
	// In constant time, as `===` is not.
	if (!(await crypto.subtle.verify("HMAC", key, right, given)))
		return new Response(null, { status: 403 });
	return new Response(searchParams.get("hub.challenge"), {
		headers: { "content-type": "text/plain" },
	});
}

/**
 * @param {ArrayBuffer} body
 * @param {string} header
 * @param {string} appSecret
 */
async function isSigned(body, header, appSecret) {
	const hex = /^sha256=([0-9a-f]{64})$/.exec(header)?.[1].match(/../g) ?? [];
	const signature = Uint8Array.from(hex, (pair) => Number.parseInt(pair, 16));
	const key = await hmacKey(appSecret);
	return crypto.subtle.verify("HMAC", key, signature, body);
}

/** @param {string} secret */
function hmacKey(secret) {
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const uses = /** @type {KeyUsage[]} */ (["sign", "verify"]);
	return crypto.subtle.importKey("raw", bytes(secret), algorithm, false, uses);
}

/** @param {string} text */
const bytes = (text) => new TextEncoder().encode(text);

/** @typedef {{ sender?: { id: string }, recipient?: { id: string }, message?: { is_echo?: boolean } }} Messaging */

/**
 * @param {{ object: string, entry?: { id: string, messaging?: Messaging[], standby?: Messaging[] }[] }} payload
 * @returns {Thread[]}
 */
function threadsIn({ object, entry = [] }) {
	const platform = PLATFORMS.get(object);
	if (!platform) return [];
	return entry.flatMap(({ id, messaging = [], standby = [] }) =>
		// Standby is what happens while another app owns the thread.
		[...messaging, ...standby].flatMap(({ sender, recipient, message }) => {
			const isOurs = message?.is_echo || sender?.id === id;
			const person = (isOurs ? recipient : sender)?.id;
			return person ? [{ platform, businessId: id, person }] : [];
		}),
	);
}
