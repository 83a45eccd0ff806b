import assert from "node:assert/strict";
import { request } from "node:http";
import { after, afterEach, test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { serveGraph } from "../../scripts/graph-server.mjs";

const simulator = createGraphSimulator({ accessToken: "token" });
const server = await serveGraph(simulator);
const list = `${server.url}/v25.0/me/conversations?access_token=token&limit=40`;
afterEach(() => simulator.reset());
after(() => server.close());

/**
 * What reaches the client of one request: status and bytes, and how the connection ended.
 *
 * @returns {Promise<{ status?: number, promised?: number, received: number, error?: string }>}
 */
function receive() {
	return new Promise((resolve) => {
		const sent = request(list, (response) => {
			const promised = Number(response.headers["content-length"]);
			let received = 0;
			response.on("data", (piece) => {
				received += piece.length;
			});
			const end = (/** @type {any} */ error) =>
				resolve({
					status: response.statusCode,
					promised,
					received,
					error: error?.code,
				});
			response.on("end", end).on("error", end);
		});
		sent
			.on("error", (/** @type {any} */ error) =>
				resolve({ received: 0, error: error.code }),
			)
			.end();
	});
}

test("the same answer comes through a socket, and next leads back to it", async () => {
	const response = await fetch(list);
	const { data, paging } = await response.json();
	assert.deepEqual(
		data,
		simulator.conversations({ fields: "id,updated_time" }).slice(0, 40),
	);
	assert.equal(response.headers.get("access-control-allow-origin"), "*");
	assert.equal(response.headers.get("access-control-expose-headers"), null);
	assert.equal(new URL(paging.next).origin, server.url);
	assert.equal((await (await fetch(paging.next)).json()).data.length, 20);
});

test("method, headers and body reach the simulator", async () => {
	const body = new URLSearchParams({ access_token: "token", text: "ነገ" });
	const response = await fetch(`${server.url}/v25.0/me/conversations`, {
		method: "POST",
		body,
		headers: { "x-test": "1" },
	});
	assert.equal((await response.json()).error.code, 100);
	const [recorded] = simulator.requests;
	assert.equal(recorded.body, String(body));
	assert.equal(recorded.headers.get("x-test"), "1");
});

test("a preflight without a valid token is 400", async () => {
	assert.equal(
		(await fetch(`${server.url}/v25.0/me/conversations`, { method: "OPTIONS" }))
			.status,
		400,
	);
	assert.equal((await fetch(list, { method: "OPTIONS" })).status, 200);
});

test("connectionReset resets the socket before any header", async () => {
	simulator.failNext("connectionReset");
	assert.deepEqual(await receive(), { received: 0, error: "ECONNRESET" });
});

test("bodyCut sends part of what it promised, then breaks", async () => {
	simulator.failNext("bodyCut");
	const { status, promised = 0, received, error } = await receive();
	assert.equal(status, 200);
	assert.ok(received > 0 && received < promised, `${received} of ${promised}`);
	assert.equal(error, "ECONNRESET");
});

test("slowBody takes its time and arrives whole", async () => {
	simulator.failNext("slowBody");
	const started = performance.now();
	const { promised, received, error } = await receive();
	assert.deepEqual([received, error], [promised, undefined]);
	assert.ok(performance.now() - started > 100);
});

test("hang and hangBody wait for the client to give up", async () => {
	for (const name of /** @type {const} */ (["hang", "hangBody"])) {
		simulator.failNext(name);
		const reading = fetch(list, { signal: AbortSignal.timeout(80) }).then(
			(response) => response.text(),
		);
		await assert.rejects(reading, { name: "TimeoutError" }, name);
	}
});

test("a redirect, an empty body and an HTML page come through", async () => {
	simulator.failNext("redirect").failNext("empty200").failNext("html502");
	assert.equal((await fetch(list, { redirect: "manual" })).status, 302);
	assert.equal(await (await fetch(list)).text(), "");
	assert.equal((await fetch(list)).status, 502);
});

test("it closes although an answer hangs", async () => {
	const own = createGraphSimulator().failNext("hang");
	const hanging = await serveGraph(own);
	const reading = fetch(`${hanging.url}/me`).catch((error) => error);
	while (own.requests.length === 0)
		await new Promise((resolve) => setTimeout(resolve, 5));
	await hanging.close();
	assert.ok((await reading) instanceof TypeError);
});
