/** Signs for crypto.rs: every runtime that keeps an app secret has WebCrypto, and its HMAC costs no bytes. */

/**
 * Signs a message with HMAC-SHA256.
 *
 * @param {string} key
 * @param {string} message
 * @returns {Promise<string | undefined>} 64 lower-case hex digits; `undefined` where the runtime has no WebCrypto
 */
export async function hmacSha256(key, message) {
	const subtle = globalThis.crypto?.subtle;
	if (!subtle) return undefined;
	const encoder = new TextEncoder();
	const algorithm = { name: "HMAC", hash: "SHA-256" };
	const signer = await subtle.importKey(
		"raw",
		encoder.encode(key),
		algorithm,
		false,
		["sign"],
	);
	const signature = await subtle.sign(
		algorithm,
		signer,
		encoder.encode(message),
	);
	let hex = "";
	for (const byte of new Uint8Array(signature))
		hex += byte.toString(16).padStart(2, "0");
	return hex;
}
