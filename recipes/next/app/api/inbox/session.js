// Who may read the inbox. It goes beside route.js. Needs: the environment variable SESSION_KEY.
// Put your own in its place: whether the request is of somebody who is signed in, and whom you trust with the Page.
// Here the cookie `session` is `<user>.<Unix seconds when it ends>.<HMAC-SHA-256 of these by SESSION_KEY, in hex>`.
import { createHmac, timingSafeEqual } from "node:crypto";

/** @param {Request} request */
export function isSignedIn({ headers }) {
	const { SESSION_KEY } = process.env;
	if (!SESSION_KEY) throw new Error("Set SESSION_KEY.");
	const [, signed, end, signature] =
		/(?:^|; )session=([\w-]+\.(\d{10}))\.([0-9a-f]{64})(?:;|$)/.exec(
			headers.get("cookie") ?? "",
		) ?? [];
	if (!signature || Number(end) * 1000 <= Date.now()) return false;
	const right = createHmac("sha256", SESSION_KEY).update(signed).digest();
	return timingSafeEqual(right, Buffer.from(signature, "hex"));
}
