import { errors } from "./errors.js";

const PROOF_LIFETIME_SECONDS = 300;

/**
 * Who may call: the access token and its proof.
 * https://developers.facebook.com/docs/graph-api/guides/secure-requests
 */
export class Access {
	#settings;
	#issued = 1;
	/** @type {Set<string>} */
	#expired = new Set();

	/** @param {import("./settings.js").Settings} settings */
	constructor(settings) {
		this.#settings = settings;
		this.token = settings.accessToken;
	}

	expire() {
		this.#expired.add(this.token);
		this.#issued += 1;
		this.token = `${this.#settings.accessToken}${this.#issued}`;
		return this.token;
	}

	renew() {
		this.#expired.clear();
		this.token = this.#settings.accessToken;
	}

	/**
	 * @param {string} token empty when there is none
	 * @param {boolean} isMe whether the Page is named by its token
	 */
	checkToken(token, isMe) {
		if (!token) throw isMe ? errors.missingTokenForMe() : errors.missingToken();
		if (this.#expired.has(token)) throw errors.expiredToken(this.#seconds());
		if (token !== this.token) throw errors.invalidToken();
	}

	/**
	 * @param {string} token
	 * @param {URLSearchParams} parameters
	 */
	async checkProof(token, parameters) {
		const { appSecret, requireProof } = this.#settings;
		if (!appSecret) return;
		const proof = parameters.get("appsecret_proof");
		if (proof === null) {
			if (requireProof) throw errors.missingProof();
			return;
		}
		const time = parameters.get("appsecret_time");
		const signed = time === null ? token : `${token}|${time}`;
		const isRecent =
			time === null ||
			Math.abs(this.#seconds() - Number(time)) <= PROOF_LIFETIME_SECONDS;
		if (!isRecent || proof !== (await hmacSha256(appSecret, signed)))
			throw errors.invalidProof();
	}

	#seconds() {
		return Math.floor(this.#settings.now() / 1000);
	}
}

/**
 * @param {string} secret
 * @param {string} text
 * @returns {Promise<string>} lower-case hex
 */
async function hmacSha256(secret, text) {
	const bytes = new TextEncoder();
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const key = await crypto.subtle.importKey(
		"raw",
		bytes.encode(secret),
		algorithm,
		false,
		["sign"],
	);
	const signature = await crypto.subtle.sign("HMAC", key, bytes.encode(text));
	return Array.from(new Uint8Array(signature), (byte) =>
		byte.toString(16).padStart(2, "0"),
	).join("");
}
