import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { describe, it } from "node:test";
import { createInbox } from "graph-inbox";
import { createGraphSimulator } from "graph-inbox/simulator";
import { serveGraph } from "../../scripts/graph-server.mjs";
import { failureOf, ids, personOf, prints, startGraph } from "./graph.mjs";

const accessToken = "1234567890|EAATESTtokenTHATnobodySEES-_.9";
const appSecret = "feedfacefeedfacefeedfacefeedface";
const proof = createHmac("sha256", appSecret).update(accessToken).digest("hex");
const graph = await startGraph({ accessToken, appSecret, requireProof: true });
const { simulator } = graph;

/** Anything of these in what came out is a leak: the marked middle of each secret survives every encoding. */
const marks = ["EAATESTtokenTHATnobodySEES", appSecret, proof];

/** @param {unknown} value */
function assertClean(value) {
	const text = typeof value === "string" ? value : prints(value);
	for (const mark of marks) assert.ok(!text.includes(mark), text);
}

for (const tokenTransport of /** @type {const} */ (["header", "query"])) {
	describe(`with the token in the ${tokenTransport}`, () => {
		/** @type {unknown[]} */
		const events = [];
		const inbox = createInbox({
			...graph.access,
			appSecret,
			tokenTransport,
			maxRetries: 0,
			callsPerSecond: false,
			onEvent: (event) => events.push(event),
		});

		it("every request carries token and proof, and the token in one place", async () => {
			simulator.requests.splice(0);
			const list = await inbox.listConversations({ limit: 20 }).toArray();
			assert.deepEqual(ids(list), ids(simulator.conversations()));
			await inbox.getThreadOwner(
				personOf(simulator.conversations()[0], simulator),
			);
			const sent = simulator.requests.splice(0);
			assert.equal(sent.length, 4);
			for (const { headers, query } of sent) {
				const inHeader = tokenTransport === "header";
				assert.equal(
					headers.get("authorization"),
					inHeader ? `Bearer ${accessToken}` : null,
				);
				assert.deepEqual(
					query.getAll("access_token"),
					inHeader ? [] : [accessToken],
				);
				assert.deepEqual(query.getAll("appsecret_proof"), [proof]);
			}
		});

		it("an error does not name them as the cursor to go on at", async () => {
			for (const after of [accessToken, `a${appSecret}`, proof]) {
				simulator.failNext("permission");
				const error = await failureOf(inbox.listConversations({ after }));
				assert.ok(error.cursor);
				assertClean(error);
			}
		});

		it("nothing that comes back has them: pages, nested edges, events", async () => {
			const page = await inbox.listConversations({
				limit: 5,
				fields: [{ messages: { limit: 1, fields: ["id"] } }],
			});
			const nested = page.data[0].messages?.paging?.next;
			assert.match(
				String(page.paging.next),
				/^http:\/\/127\.0\.0\.1.*[?&]limit=5/,
			);
			assert.match(String(nested), /\/messages\?.*limit=1/);
			assertClean(page);
			const second = await page.nextPage();
			assert.ok(second?.paging.previous);
			assertClean(second);
			assertClean(inbox);
			assertClean(inbox.listConversations());
			assert.ok(events.length > 4);
			assertClean(events);
		});

		it("no error has them", async () => {
			const echo = [
				accessToken,
				encodeURIComponent(accessToken),
				appSecret,
				proof,
			].join(" and ");
			/** @type {import("graph-inbox/simulator").Fault[]} */
			const faults = [
				{
					error: {
						code: 190,
						message: echo,
						type: echo,
						error_user_title: echo,
						error_user_msg: echo,
						fbtrace_id: echo,
					},
				},
				{ status: 200, body: `<html>${echo}` },
				{ status: 200, body: `${"x".repeat(190)}${accessToken}` },
				{ body: { data: echo } },
				{
					headers: {
						"x-fb-trace-id": accessToken,
						"facebook-api-version": proof,
					},
					error: { code: 3 },
				},
				"connectionReset",
				"redirect",
				"html502",
			];
			for (const fault of faults) {
				for (const call of [
					() => inbox.listConversations(),
					() => inbox.getThreadOwner("1"),
				]) {
					simulator.failNext(fault);
					assertClean(await failureOf(call));
				}
			}
			assertClean(events);
		});

		it("no answer of a batch has them", async () => {
			const person = personOf(simulator.conversations()[0], simulator);
			const message = `${accessToken} ${encodeURIComponent(accessToken)} ${proof}`;
			/** @type {import("graph-inbox/simulator").ItemFault[]} */
			const faults = [
				{ error: { code: 190, message, error_user_msg: message } },
				{ status: 200, body: `{"data":"${message}"}` },
				{ status: 200, body: message },
			];
			for (const fault of faults) {
				const remove = simulator.failItems(person, fault);
				const [{ error }] = await inbox.getThreadOwners([person]);
				remove();
				assert.ok(error);
				assertClean(error);
			}
			simulator.failNext({ status: 200, body: message });
			const [{ error }] = await inbox.getThreadOwners([person]);
			assert.equal(error?.kind, "response");
			assertClean(error);
			assertClean(events);
		});

		it("nor has the path, where the token was given as a recipient by mistake", async () => {
			const [{ error }] = await inbox.getThreadOwners([accessToken]);
			assertClean(error);
			assertClean(await failureOf(inbox.getThreadOwner(accessToken)));
			simulator.failNext("hang");
			const late = inbox.getThreadOwner(accessToken, { totalTimeoutMs: 100 });
			assertClean(await failureOf(late));
			simulator.failNext("http429");
			await inbox
				.getThreadOwner(accessToken, { maxRetries: 1 })
				.catch(assertClean);
			assertClean(events);
			simulator.reset();
		});

		it("a secret that Graph echoes into data is taken out", async () => {
			const echo = `echo ${accessToken}`;
			simulator.failNext({
				body: {
					data: [{ id: "t_1", snippet: echo, deep: [[{ note: echo }]] }],
					paging: { cursors: { after: echo } },
				},
				headers: { "x-fb-request-id": accessToken },
			});
			const page = await inbox.listConversations();
			assertClean(page);
			assert.equal(
				/** @type {any} */ (page.data[0]).snippet,
				"echo [redacted]",
			);
			assert.equal(
				/** @type {any} */ (page.data[0]).deep[0][0].note,
				"echo [redacted]",
			);
		});
	});
}

describe("a message", () => {
	it("that merely speaks of an access_token is left as it is", async () => {
		const snippet = "my link is https://shop.example/?access_token=abc&size=3";
		simulator.failNext({ body: { data: [{ id: "t_1", snippet }] } });
		const page = await graph.inbox({ appSecret }).listConversations();
		assert.equal(/** @type {any} */ (page.data[0]).snippet, snippet);
	});
});

describe("other hosts", () => {
	const foreign = createGraphSimulator();

	it("are never asked, whatever an answer names", async (t) => {
		const server = await serveGraph(foreign);
		t.after(() => server.close());
		const next = `${server.url}/v25.0/me/conversations?after=QVFIUnext&access_token=x`;
		const good = { data: [{ id: "t_1" }], paging: { next, previous: next } };
		simulator.failNext({ body: good });
		simulator.failNext({ status: 200, body: { data: [{ id: "t_2" }] } });
		const inbox = graph.inbox({ appSecret });
		assert.deepEqual(ids(await inbox.listConversations().toArray()), [
			"t_1",
			"t_2",
		]);
		assert.equal(simulator.requests.at(-1)?.query.get("after"), "QVFIUnext");

		simulator.failNext({ status: 302, headers: { location: next }, body: "" });
		const error = await failureOf(inbox.listConversations());
		assert.deepEqual([error.kind, error.status], ["response", 302]);
		assert.equal(foreign.requests.length, 0);
	});
});

describe("the app secret", () => {
	it("is refused where there is a page", async () => {
		const globals = /** @type {any} */ (globalThis);
		globals.document = { createElement() {} };
		try {
			const error = await failureOf(() => graph.inbox({ appSecret }));
			assert.deepEqual(
				[error.kind, error.option],
				["invalid_option", "appSecret"],
			);
			assertClean(error);
			graph.inbox();
		} finally {
			delete globals.document;
		}
	});

	it("is what Graph asks for where it is missing or wrong", async () => {
		for (const options of [{}, { appSecret: "0".repeat(32) }]) {
			const error = await failureOf(graph.inbox(options).listConversations());
			assert.deepEqual(
				[error.kind, error.code, error.type],
				["invalid_request", 100, "GraphMethodException"],
			);
		}
	});
});
