import { never, unlessAborted, wait } from "./wait.js";

/**
 * Bodies that do not arrive as they should. `content-length` tells what was promised, so that a server can break the connection
 * at the same place.
 *
 * @typedef {AbortSignal | null | undefined} Signal
 */

/** @param {Response} answer */
export async function cutBody(answer) {
	const { bytes, half, headers } = await measure(answer);
	return streamed(answer, headers, [bytes.subarray(0, half)], async () => {
		throw new TypeError("terminated");
	});
}

/** @param {Response} answer @param {Signal} signal */
export async function hangingBody(answer, signal) {
	const { bytes, half, headers } = await measure(answer);
	return streamed(answer, headers, [bytes.subarray(0, half)], () =>
		unlessAborted(never(), signal),
	);
}

/** @param {Response} answer @param {Signal} signal */
export async function slowBody(answer, signal) {
	const { bytes, headers } = await measure(answer);
	const size = Math.ceil(bytes.length / 8) || 1;
	const pieces = [];
	for (let start = 0; start < bytes.length; start += size)
		pieces.push(bytes.subarray(start, start + size));
	return streamed(answer, headers, pieces, undefined, () => wait(25, signal));
}

/** @param {Response} answer */
async function measure(answer) {
	const bytes = new Uint8Array(await answer.arrayBuffer());
	const headers = new Headers(answer.headers);
	headers.set("content-length", String(bytes.length));
	return { bytes, headers, half: bytes.length >> 1 };
}

/**
 * @param {Response} answer
 * @param {Headers} headers
 * @param {Uint8Array[]} pieces
 * @param {() => Promise<unknown>} [end] instead of an orderly one
 * @param {() => Promise<void>} [pause] before each piece
 */
function streamed(answer, headers, pieces, end, pause) {
	const body = new ReadableStream({
		async pull(controller) {
			await pause?.();
			const piece = pieces.shift();
			if (piece) controller.enqueue(piece);
			else if (end) await end();
			else controller.close();
		},
	});
	return new Response(body, { status: answer.status, headers });
}
