import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { failureOf, ids, personOf, reasonOf, startGraph } from "./graph.mjs";

const graph = await startGraph({
	conversations: { messenger: 12, instagram: 4 },
});
const { simulator, watched } = graph;
const recipient = personOf(simulator.conversations()[0], simulator);
afterEach(() => simulator.reset());

describe("a passing fault", () => {
	/** @type {[import("graph-inbox/simulator").Fault, string][]} */
	const passing = [
		["transient", "transient"],
		["html502", "transient"],
		["htmlError500", "transient"],
		[{ error: { code: 12345, is_transient: true } }, "transient"],
		["connectionReset", "connection"],
		["bodyCut", "connection"],
		["html200", "response"],
		["truncated", "response"],
		["empty200", "response"],
	];
	for (const [fault, reason] of passing) {
		it(`${JSON.stringify(fault)} is retried`, async () => {
			const { inbox, events, told } = watched();
			simulator.failNext(fault, 2);
			const owner = await inbox.getThreadOwner(recipient);
			assert.equal(owner.recipient, recipient);
			assert.equal(simulator.requests.length, 3);
			assert.deepEqual(
				told("request").map(({ attempt }) => attempt),
				[1, 2, 3],
			);
			const retries = told("retry");
			assert.deepEqual(
				retries.map(({ attempt, reason }) => [attempt, reason]),
				[
					[1, reason],
					[2, reason],
				],
			);
			for (const { delayMs, attempt } of retries)
				assert.ok(delayMs >= 0 && delayMs <= 500 * attempt);
			assert.equal(events.at(-1).attempt, 3);
		});
	}

	it("is given up on when the retries are used up", async () => {
		const { inbox } = watched();
		simulator.failNext("transient", 3);
		const error = await failureOf(inbox.listConversations());
		assert.deepEqual([error.kind, error.attempts], ["transient", 3]);
		assert.equal(simulator.requests.length, 3);
	});

	it("makes one request with maxRetries 0, of the client or of the call", async () => {
		for (const [options, params] of [
			[{ maxRetries: 0 }, {}],
			[{ maxRetries: 5 }, { maxRetries: 0 }],
		]) {
			simulator.reset();
			simulator.failNext("html502");
			const error = await failureOf(
				watched(options).inbox.getThreadOwner(recipient, params),
			);
			assert.deepEqual([error.attempts, simulator.requests.length], [1, 1]);
		}
	});

	it("asks for a token and for its turn before every attempt", async () => {
		let [asked, scheduled] = [0, 0];
		const { inbox } = watched({
			accessToken: () => {
				asked += 1;
				return simulator.accessToken;
			},
			schedule: (call) => {
				scheduled += 1;
				return call();
			},
		});
		simulator.failNext("html502", 2);
		await inbox.getThreadOwner(recipient);
		await inbox.getThreadOwners([recipient]);
		assert.deepEqual([asked, scheduled], [4, 4]);
	});

	it("tells in meta how many attempts it took", async () => {
		simulator.failNext("html502");
		const { meta } = await watched().inbox.listConversations();
		assert.equal(meta.attempts, 2);
	});
});

describe("what a retry does not cure", () => {
	/** @type {import("graph-inbox/simulator").Fault[]} */
	const lasting = [
		"expiredToken",
		"permission",
		"blocked",
		"null",
		"redirect",
		{ error: { code: 100 } },
		{ error: { code: 2, error_subcode: 2018344 }, status: 500 },
	];
	for (const fault of lasting) {
		it(`${JSON.stringify(fault)} is not retried`, async () => {
			simulator.failNext(fault);
			const error = await failureOf(watched().inbox.getThreadOwner(recipient));
			assert.deepEqual(
				[error.retryable, error.attempts, simulator.requests.length],
				[false, 1, 1],
			);
		});
	}
});

describe("Retry-After", () => {
	it("is never waited shorter", async () => {
		simulator.failNext({
			status: 503,
			body: "<html>",
			headers: { "retry-after": "1" },
		});
		const { inbox, told } = watched();
		await inbox.getThreadOwner(recipient);
		assert.equal(told("retry")[0].delayMs, 1000);
	});

	it("may be an HTTP date", async () => {
		const date = new Date(Date.now() + 3000).toUTCString();
		simulator.failNext({
			status: 503,
			body: "",
			headers: { "retry-after": date },
		});
		const error = await failureOf(
			watched({ maxRateLimitWaitMs: 500 }).inbox.getThreadOwner(recipient),
		);
		assert.ok(
			Number(error.retryAfterMs) > 1000 && Number(error.retryAfterMs) <= 3000,
			String(error.retryAfterMs),
		);
	});

	it("that is garbage is ignored", async () => {
		simulator.failNext({
			status: 503,
			body: "",
			headers: { "retry-after": "in 99999 moons" },
		});
		const { inbox, told } = watched();
		await inbox.getThreadOwner(recipient);
		assert.ok(told("retry")[0].delayMs <= 500);
	});

	it("beyond maxRateLimitWaitMs is not waited at all", async () => {
		simulator.failNext({
			status: 503,
			body: "",
			headers: { "retry-after": "3600" },
		});
		const { inbox } = watched();
		const error = await failureOf(inbox.getThreadOwner(recipient));
		assert.deepEqual(
			[error.kind, error.retryAfterMs, error.attempts],
			["transient", 3_600_000, 1],
		);
		await inbox.getThreadOwner(recipient);
	});
});

describe("time limits", () => {
	it("timeoutMs covers headers and body, and is retried", async () => {
		for (const fault of /** @type {const} */ (["hang", "hangBody"])) {
			simulator.reset();
			simulator.failNext(fault);
			const { inbox, told } = watched({ timeoutMs: 300 });
			await inbox.getThreadOwner(recipient);
			assert.equal(told("retry")[0].reason, "timeout");
		}
	});

	it("timeoutMs that is used up is of kind timeout", async () => {
		simulator.failNext("hang", 2);
		const client = watched({ timeoutMs: 200, maxRetries: 1 }).inbox;
		const error = await failureOf(client.getThreadOwner(recipient));
		assert.deepEqual(
			[error.kind, error.retryable, error.attempts],
			["timeout", true, 2],
		);
	});

	it("timeoutMs that is used up makes a list ask for less, and is of kind timeout where that never comes", async () => {
		simulator.failNext("hang", 4);
		const client = watched({ timeoutMs: 200, maxRetries: 1 }).inbox;
		const error = await failureOf(client.listConversations());
		assert.deepEqual(
			[error.kind, error.retryable, error.attempts],
			["timeout", true, 4],
		);
		assert.deepEqual(
			simulator.requests.map(({ query }) => query.get("limit")),
			[null, "12", "6", "1"],
		);
		simulator.failNext("hang");
		assert.equal((await client.listConversations()).data.length, 12);
	});

	it("totalTimeoutMs covers everything", async () => {
		simulator.failNext("hang");
		const error = await failureOf(
			watched({ totalTimeoutMs: 150 }).inbox.listConversations(),
		);
		assert.deepEqual([error.kind, error.attempts], ["timeout", 1]);
		const queued = watched({
			totalTimeoutMs: 50,
			schedule: () => new Promise(() => {}),
		});
		assert.equal(
			(await failureOf(queued.inbox.getThreadOwner(recipient))).kind,
			"timeout",
		);
	});

	it("totalTimeoutMs is never slept past: the error that asked for a wait comes at once", async () => {
		simulator.failNext({
			status: 503,
			body: "",
			headers: { "retry-after": "5" },
		});
		const error = await failureOf(
			watched({ totalTimeoutMs: 1000 }).inbox.getThreadOwner(recipient),
		);
		assert.deepEqual(
			[error.kind, error.status, error.attempts],
			["transient", 503, 1],
		);
	});
});

describe("a rate limit", () => {
	it("613 is waited out", async () => {
		simulator.failNext("rateLimit613");
		const { inbox, told } = watched();
		await inbox.listConversations();
		assert.deepEqual(
			told("wait").map(({ reason }) => reason),
			["rate_limit"],
		);
		assert.ok(told("wait")[0].delayMs > 900);
		assert.equal(told("retry").length, 0);
	});

	for (const fault of /** @type {const} */ ([
		"rateLimitApp",
		"rateLimitUser",
		"rateLimitPage",
	])) {
		it(`${fault} without an estimate rejects at once`, async () => {
			simulator.failNext({ name: fault });
			const { inbox } = watched();
			const error = await failureOf(inbox.getThreadOwner(recipient));
			assert.deepEqual(
				[error.kind, error.retryAfterMs, simulator.requests.length],
				["rate_limit", undefined, 1],
			);
			await inbox.getThreadOwner(recipient);
		});
	}

	it("with Retry-After within maxRateLimitWaitMs is waited out", async () => {
		simulator.failNext("http429");
		const { inbox, told } = watched();
		await inbox.getThreadOwner(recipient);
		assert.deepEqual(told("wait").length, 1);
	});

	it("with a long estimate rejects at once, and further calls without a request", async () => {
		simulator.failNext("rateLimit80006");
		const { inbox } = watched();
		const error = await failureOf(inbox.listConversations());
		assert.deepEqual([error.code, error.retryAfterMs], [80006, 5 * 60_000]);
		const sent = simulator.requests.length;
		for (const call of [
			() => inbox.listConversations(),
			() => inbox.listConversations().toArray(),
			() => inbox.getThreadOwner(recipient),
			() =>
				inbox
					.getThreadOwners([recipient])
					.then(([{ error }]) => Promise.reject(error)),
		]) {
			const refused = await failureOf(call);
			assert.deepEqual(
				[refused.kind, refused.code, refused.attempts],
				["rate_limit", 80006, 0],
			);
			assert.ok(
				Number(refused.retryAfterMs) > 290_000 &&
					Number(refused.retryAfterMs) <= 300_000,
			);
		}
		assert.equal(simulator.requests.length, sent);
		await graph.inbox().getThreadOwner(recipient);
	});

	it("makes the client's other calls wait along", async () => {
		simulator.failNext("rateLimit613");
		const { inbox } = watched();
		const [, owner] = await Promise.all([
			inbox.listConversations(),
			new Promise((resolve) => setTimeout(resolve, 200)).then(() =>
				inbox.getThreadOwner(recipient),
			),
		]);
		assert.equal(owner.recipient, recipient);
		const [limited, ...later] = simulator.requests;
		for (const { at } of later)
			assert.ok(at - limited.at >= 900, `${at - limited.at}`);
	});
});

/**
 * @param {number} perSecond
 * @param {number} count of requests
 */
function assertPaced(perSecond, count) {
	const times = simulator.requests.map(({ at }) => at);
	assert.equal(times.length, count);
	for (const [index, at] of times.slice(perSecond).entries())
		assert.ok(at - times[index] >= 950, `${times}`);
}

describe("the pace", () => {
	it("delays no lone call", async () => {
		const { inbox, told } = watched({ callsPerSecond: 2 });
		await Promise.all([
			inbox.listConversations(),
			inbox.listConversations({ limit: 2 }),
			inbox.listConversations({ platform: "instagram" }),
			inbox.getThreadOwner(recipient),
		]);
		assert.equal(told("wait").length, 0);
	});

	it("lets so many conversation calls out in any second", async () => {
		const { inbox, told } = watched({ callsPerSecond: 2 });
		const found = await inbox.listConversations({ limit: 3 }).toArray();
		assert.deepEqual(ids(found), ids(simulator.conversations()));
		assert.ok(told("wait").every(({ reason }) => reason === "pace"));
		const times = simulator.requests.map(({ at }) => at);
		assert.equal(times.length, 4);
		for (const [index, at] of times.slice(2).entries())
			assert.ok(at - times[index] >= 950, `${times}`);
	});

	it("holds when a rate limit lifts that several calls waited for", async () => {
		const { inbox } = watched({ callsPerSecond: 2 });
		simulator.failNext({
			error: { code: 4 },
			status: 400,
			headers: { "retry-after": "1" },
		});
		await Promise.all(
			Array.from({ length: 5 }, () => inbox.listConversations({ limit: 1 })),
		);
		assertPaced(2, 6);
	});

	it("holds however long the token function takes", async () => {
		const accessToken = () =>
			new Promise((resolve) =>
				setTimeout(() => resolve(graph.access.accessToken), 1200),
			);
		const { inbox } = watched({
			callsPerSecond: 2,
			accessToken: /** @type {() => Promise<string>} */ (accessToken),
		});
		await Promise.all(
			Array.from({ length: 4 }, () => inbox.listConversations({ limit: 1 })),
		);
		assertPaced(2, 4);
	});

	it("can be a fraction: 0.5 is one call in two seconds", async () => {
		const { inbox } = watched({ callsPerSecond: 0.5 });
		await Promise.all([
			inbox.listConversations({ limit: 1 }),
			inbox.listConversations({ limit: 1 }),
		]);
		const [first, second] = simulator.requests;
		assert.ok(second.at - first.at >= 1950, `${second.at - first.at}`);
	});

	it("is not used up by a call whose token function throws", async () => {
		let asked = 0;
		const { inbox } = watched({
			callsPerSecond: 1,
			accessToken() {
				asked += 1;
				if (asked < 4) throw new Error("no token yet");
				return graph.access.accessToken;
			},
		});
		for (let count = 0; count < 3; count++)
			await assert.rejects(async () => inbox.listConversations());
		const start = Date.now();
		await inbox.listConversations({ limit: 1 });
		assert.ok(Date.now() - start < 900);
	});

	it("that does not fit totalTimeoutMs is of kind timeout, at once", async () => {
		const { inbox } = watched({ callsPerSecond: 1, totalTimeoutMs: 500 });
		await inbox.listConversations();
		const error = await failureOf(inbox.listConversations());
		assert.deepEqual([error.kind, error.attempts], ["timeout", 0]);
	});

	it("is not used up by calls that were aborted while they waited for it", async () => {
		const { inbox } = watched({ callsPerSecond: 1 });
		await inbox.listConversations();
		for (let count = 0; count < 5; count++) {
			const signal = AbortSignal.timeout(1);
			await reasonOf(inbox.listConversations({ signal }));
		}
		await inbox.listConversations({ totalTimeoutMs: 1500 });
		assert.equal(simulator.requests.length, 2);
	});

	it("is left when the call is aborted", async () => {
		const { inbox } = watched({ callsPerSecond: 1 });
		await inbox.listConversations();
		const controller = new AbortController();
		const call = inbox.listConversations({ signal: controller.signal });
		const rejected = reasonOf(call);
		setTimeout(() => controller.abort("enough"), 30);
		assert.equal(await rejected, "enough");
		assert.equal(simulator.requests.length, 1);
	});
});

describe("an abort", () => {
	it("ends a back-off", async () => {
		simulator.failNext({
			status: 503,
			body: "",
			headers: { "retry-after": "5" },
		});
		const controller = new AbortController();
		const { inbox } = watched();
		const rejected = reasonOf(
			inbox.getThreadOwner(recipient, { signal: controller.signal }),
		);
		setTimeout(() => controller.abort(undefined), 200);
		assert.equal(/** @type {any} */ (await rejected).name, "AbortError");
		assert.equal(simulator.requests.length, 1);
	});
});
