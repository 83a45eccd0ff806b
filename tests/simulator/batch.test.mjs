import assert from "node:assert/strict";
import { test } from "node:test";
import { createGraphSimulator } from "../../pkg-template/simulator.js";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { ask, ids, personOf } from "./ask.mjs";
import { askBatch, outcomes, readHeaders } from "./batch.mjs";

const LIST = "me/conversations?limit=1";

test("items are answered in their order, with headers and a body of text", async () => {
	const simulator = createGraphSimulator();
	const all = ids(simulator.conversations());
	const { status, headers, entries } = await askBatch(simulator, [
		"me/conversations?limit=2",
		`${all[4]}?fields=snippet`,
		"me",
	]);
	assert.equal(status, 200);
	assert.equal(headers.get("access-control-allow-origin"), "*");
	assert.equal(headers.get("content-type"), "application/json; charset=UTF-8");
	assert.equal(entries.length, 3);
	for (const entry of entries) {
		assert.deepEqual(Object.keys(entry), ["code", "headers", "body"]);
		assert.equal(entry.code, 200);
		const about = readHeaders(entry.headers);
		assert.equal(about["Facebook-API-Version"], "v25.0");
		assert.equal(about["Content-Type"], "application/json; charset=UTF-8");
		assert.ok(JSON.parse(about["X-App-Usage"]).call_count);
		assert.equal(about["Strict-Transport-Security"], undefined);
	}
	const [list, one, page] = entries.map(
		(/** @type {{ body: string }} */ entry) => JSON.parse(entry.body),
	);
	assert.deepEqual(ids(list.data), all.slice(0, 2));
	assert.equal(one.id, all[4]);
	assert.equal(page.id, simulator.pageId);
	// The same as by itself, the links included.
	assert.deepEqual(
		list,
		(await ask(simulator, "/me/conversations?limit=2")).body,
	);
});

test("include_headers=false leaves the headers out", async () => {
	for (const include_headers of ["false", "0"]) {
		const { entries } = await askBatch(createGraphSimulator(), ["me", "t_1"], {
			include_headers,
		});
		for (const entry of entries)
			assert.deepEqual(Object.keys(entry), ["code", "body"]);
	}
});

test("a failed item has its own code and error, and the others go on", async () => {
	const { status, entries } = await askBatch(createGraphSimulator(), [
		"t_1",
		LIST,
		"lantern.street",
		"me/conversations?fields=colour",
		{ method: "POST", relative_url: "me" },
		{ method: "get", relative_url: "me" },
		// A batch in a batch is none.
		{ method: "POST", relative_url: "?batch=[]" },
	]);
	assert.equal(status, 200);
	assert.deepEqual(outcomes(entries), [
		"400 100",
		200,
		"404 803",
		"400 100",
		"400 100",
		200,
		"400 100",
	]);
	const { error } = JSON.parse(entries[0].body);
	assert.equal(error.error_subcode, 33);
	assert.ok(error.fbtrace_id);
	assert.match(
		readHeaders(entries[0].headers)["WWW-Authenticate"],
		/^OAuth "Facebook Platform" "invalid_request"/,
	);
});

test("the root and the relative URLs can have a version; an item's own one counts", async () => {
	const simulator = createGraphSimulator();
	for (const [root, served] of [
		["https://graph.facebook.com", "v21.0"],
		["https://graph.facebook.com/", "v21.0"],
		["https://graph.facebook.com/v25.0", "v25.0"],
		["https://graph.facebook.com/v25.0/", "v25.0"],
	]) {
		const { headers, entries } = await askBatch(
			simulator,
			["me", "/me", "v26.0/me", "/v26.0/me", "v27.0/me"],
			{},
			root,
		);
		assert.equal(headers.get("facebook-api-version"), served);
		assert.deepEqual(outcomes(entries), [200, 200, 200, 200, "400 2500"]);
		assert.deepEqual(
			entries
				.slice(0, 4)
				.map(
					(/** @type {{ headers: { name: string, value: string }[] }} */ one) =>
						readHeaders(one.headers)["Facebook-API-Version"],
				),
			[served, served, "v26.0", "v26.0"],
		);
	}
});

test("a relative URL is percent-encoded once", async () => {
	const simulator = createGraphSimulator();
	const [{ id }] = simulator.conversations({ platform: "INSTAGRAM" });
	const { entries } = await askBatch(simulator, [
		`${encodeURIComponent(id)}?fields=${encodeURIComponent("id,messages.limit(1){id}")}`,
		`${id}?fields=id,messages.limit(1){id}`,
		`${id}?fields=${encodeURIComponent("id%2Csnippet")}`,
	]);
	assert.deepEqual(outcomes(entries), [200, 200, "400 2500"]);
	assert.equal(JSON.parse(entries[0].body).messages.data.length, 1);
});

test("parameters are taken from the query too, the token from the header", async () => {
	const simulator = createGraphSimulator();
	const batch = encodeURIComponent('[{"method":"GET","relative_url":"me"}]');
	const response = await simulator.fetch(
		`https://graph.facebook.com/v25.0/?batch=${batch}&include_headers=false`,
		{
			method: "POST",
			headers: { authorization: `Bearer ${simulator.accessToken}` },
		},
	);
	assert.deepEqual(await response.json(), [
		{
			code: 200,
			body: JSON.stringify({
				name: "Lantern Street Bakery",
				id: simulator.pageId,
			}),
		},
	]);
});

test("every digit of an app_id is in the text of its item", async () => {
	const simulator = createGraphSimulator();
	const { id } = personOf(simulator.conversations()[0]);
	simulator.setOwner(id, { app_id: 98765432109876543210n, expiration: null });
	const { entries } = await askBatch(simulator, [
		`me/thread_owner?recipient=${id}`,
	]);
	assert.equal(
		entries[0].body,
		'{"data":[{"thread_owner":{"app_id":98765432109876543210}}]}',
	);
});

test("a batch is one request in the record, and tells its items", async () => {
	const simulator = createGraphSimulator();
	await askBatch(simulator, ["me", "/v25.0/me?fields=a%2Cb"]);
	await askBatch(simulator, ["me"], { batch: "no" });
	await ask(simulator, "/me?batch=[]");
	const [batch, malformed, call] = simulator.requests;
	assert.equal(simulator.requests.length, 3);
	assert.deepEqual([batch.method, batch.path], ["POST", "/v25.0/"]);
	assert.ok(new URLSearchParams(batch.body ?? "").has("batch"));
	assert.deepEqual(batch.items, ["me", "/v25.0/me?fields=a%2Cb"]);
	assert.deepEqual([malformed.items, malformed.status], [[], 400]);
	assert.deepEqual(call.items, []);
});

test("a batch passes through a socket, and any origin may read the answer", async () => {
	const simulator = createGraphSimulator();
	const server = await serveGraph(simulator);
	const { url } = server;
	const { entries, headers } = await askBatch(
		{ ...simulator, fetch },
		["me", LIST],
		{},
		`${url}/v25.0`,
	);
	await server.close();
	assert.deepEqual(outcomes(entries), [200, 200]);
	assert.equal(headers.get("access-control-allow-origin"), "*");
	assert.ok(JSON.parse(entries[1].body).paging.next.startsWith(url));
	assert.deepEqual(
		simulator.requests.map(({ method, items }) => [method, items.length]),
		[["POST", 2]],
	);
});
