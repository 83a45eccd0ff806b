// The Worker in workerd, in front of a simulated Graph; a dashboard at another origin, in Chromium; and what attackers try.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { cpSync, writeFileSync } from "node:fs";
import { request as send } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { createInbox } from "graph-inbox";
import { at } from "../../scripts/tools.mjs";
import { makeApp } from "../matrix/row.mjs";
import { failureOf, ids, personOf, startGraph } from "../package/graph.mjs";
import { bundle, openTab, serveScript } from "./chromium.mjs";

const TOKEN = "EAAPageTokenThatStaysWithTheWorker";
const APP_SECRET = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const SESSION_KEY = "a key of the dashboard's own";
const PROOF = createHmac("sha256", APP_SECRET).update(TOKEN).digest("hex");

const { simulator, access } = await startGraph({
	accessToken: TOKEN,
	appSecret: APP_SECRET,
	requireProof: true,
	conversations: { messenger: 6, instagram: 4 },
});
const recipient = personOf(simulator.conversations()[0], simulator);
afterEach(() => simulator.reset());

const dashboard = await serveScript(
	await bundle(`
		import { showInbox } from "../../recipes/worker-proxy-browser.mjs";
		const [proxyUrl, session] = location.hash.slice(1).split("|");
		globalThis.refresh = showInbox({
			proxyUrl,
			session: () => globalThis.session ?? session,
			list: document.querySelector("ol"),
			status: document.querySelector("output"),
		});
		refresh();
	`),
	"<ol></ol><output></output>",
);

const vars = {
	GRAPH_URL: access.baseUrl,
	PAGE_TOKEN: TOKEN,
	PAGE_ID: simulator.pageId,
	APP_SECRET,
	SESSION_KEY,
	DASHBOARD_ORIGIN: dashboard,
};
const { url: proxyUrl } = await startWorker(vars);
const session = sessionOf("mira", Date.now() + 3_600_000);

describe("a dashboard at its origin", () => {
	it("shows conversations and owners, and never sees the Page's token", async () => {
		const { page, complaints } = await openTab();
		/** @type {Promise<string>[]} */
		const seen = [];
		page.on("response", (response) => {
			seen.push(
				response.text().catch(() => ""),
				response.allHeaders().then((headers) => JSON.stringify(headers)),
			);
			seen.push(Promise.resolve(response.url()));
		});
		await page.goto(`${dashboard}#${proxyUrl}|${session}`);
		await statusIs(page, /^[1-9]\d* % of the calls used$/);

		const rows = await page.$$eval("li", (items) =>
			items.map(({ dataset, textContent }) => [dataset.id, textContent]),
		);
		assert.deepEqual(
			rows.map(([id]) => id),
			ids(simulator.conversations()),
		);
		for (const [, shown] of rows)
			assert.match(shown ?? "", /\((?:Meta's inbox|an app|nobody)\)$/);
		assert.deepEqual(complaints, []);

		const everything = (await Promise.all(seen)).join("\n");
		// Or there would be nothing to hide: Graph writes the token into where the next page is.
		assert.match(everything, /thread_owner/);
		assertNoSecret(everything);
		assertNoSecret(await page.content());
		// What is in a URL is in logs.
		assert.ok(!everything.includes(session), "the session is in a URL");
		assert.deepEqual(
			simulator.requests.map(({ method, path }) => [method, path]),
			[
				["GET", "/v25.0/me/conversations"],
				["POST", "/v25.0/"],
			],
		);
	});

	it("is told when to come back, and to sign in", async () => {
		const { page } = await openTab();
		simulator.failNext({
			...{ status: 429, headers: { "retry-after": "90" } },
			body: { error: { code: 4, message: "Too many calls" } },
		});
		await page.goto(`${dashboard}#${proxyUrl}|${session}`);
		await statusIs(page, /^Again in (?:90|[78]\d) s$/);

		await page.goto("about:blank");
		await page.goto(`${dashboard}#${proxyUrl}|nobody`);
		await statusIs(page, /^Sign in again$/);
	});

	it("is the only one that a browser lets in", async () => {
		const { page } = await openTab();
		await page.goto(`${await serveScript("")}#${encodeURIComponent(session)}`);
		const url = `${proxyUrl}/v25.0/me/conversations`;
		const outcome = await page.evaluate(
			([url, session]) =>
				fetch(url, { headers: { authorization: `Bearer ${session}` } }).then(
					() => "read",
					(error) => error.name,
				),
			[url, session],
		);
		assert.equal(outcome, "TypeError");
	});
});

describe("graph-inbox through the proxy", () => {
	const inbox = createInbox({
		pageId: simulator.pageId,
		baseUrl: proxyUrl,
		accessToken: session,
		callsPerSecond: false,
		maxRetries: 0,
	});

	it("reads page after page, with everything the types know that the recipe allows", async () => {
		const all = await inbox
			.listConversations({
				folder: "inbox",
				platform: "instagram",
				limit: 3,
				fields: [
					"updated_time",
					"participants",
					{ messages: { limit: 2, fields: ["id", "from", "message"] } },
				],
			})
			.toArray();
		assert.deepEqual(
			ids(all),
			ids(simulator.conversations({ platform: "INSTAGRAM" })),
		);
		assertNoSecret(JSON.stringify(all));
	});

	it("finds one person, and who answers them", async () => {
		const { data, meta } = await inbox.listConversations({ userId: recipient });
		assert.equal(data.length, 1);
		assert.equal(meta.apiVersion, "v25.0");
		assert.ok(meta.traceId && meta.usage.length > 0);
		const direct = await createInbox({
			...access,
			appSecret: APP_SECRET,
		}).getThreadOwner(recipient);
		assert.deepEqual(await inbox.getThreadOwner(recipient), direct);
	});

	it("keeps every digit of an owner", async () => {
		simulator.setOwner(recipient, { app_id: 9007199254740993123n });
		const [{ owner }] = await inbox.getThreadOwners([recipient]);
		assert.equal(owner?.app_id, "9007199254740993123");
	});

	it("tells Graph's errors and its own by kind", async () => {
		simulator.failNext("permission");
		assert.equal(
			(await failureOf(inbox.listConversations())).kind,
			"permission",
		);
		simulator.failNext("html502");
		assert.equal(
			(await failureOf(inbox.listConversations())).kind,
			"transient",
		);
		simulator.failNext("connectionReset");
		const gone = await failureOf(inbox.listConversations());
		assert.deepEqual([gone.kind, gone.status], ["transient", 502]);
		const refused = await failureOf(
			inbox.listConversations({ fields: ["wallpaper"] }),
		);
		assert.equal(refused.kind, "invalid_request");
		for (const accessToken of [
			"nobody",
			sessionOf("mira", Date.now() - 2_000),
		]) {
			const stranger = createInbox({
				pageId: "me",
				baseUrl: proxyUrl,
				accessToken,
			});
			const failure = await failureOf(stranger.listConversations());
			assert.equal(failure.kind, "authentication");
			const [{ error }] = await stranger.getThreadOwners([recipient]);
			assert.equal(error?.kind, "authentication");
		}
	});

	it("redacts the token wherever Graph writes it", async () => {
		const next = `https://graph.facebook.com/v25.0/me/conversations?access_token=${TOKEN}&appsecret_proof=${PROOF}&after=abc`;
		const data = [{ id: "t_1", messages: { data: [], paging: { next } } }];
		simulator.failNext({ body: { data, paging: { next } } });
		const page = await ask({ path: "/v25.0/me/conversations" });
		assert.equal(page.body.match(/access_token=hidden&/g)?.length, 2);
		assertNoSecret(page.all);

		simulator.failNext({
			error: { code: 190, message: `Malformed access token ${TOKEN} ${PROOF}` },
		});

		const answered = await ask({ path: "/v25.0/me/conversations" });
		assert.match(answered.body, /Malformed access token hidden hidden/);
		assertNoSecret(answered.all);
	});

	it("does not pass a redirect on", async () => {
		simulator.failNext("redirect");
		const answered = await ask({ path: "/v25.0/me/conversations" });
		assert.equal(answered.status, 302);
		assert.equal(answered.headers.location, undefined);
		assert.equal(simulator.requests.length, 1);
	});
});

describe("what reaches Graph", () => {
	it("has nothing of the browser's request", async () => {
		await ask({
			path: "/v25.0/me/conversations?limit=1",
			headers: {
				cookie: "a=b",
				"x-forwarded-for": "1.2.3.4",
				referer: "http://x",
			},
		});
		await ask({ ...batchOf([item()]), headers: { cookie: "a=b" } });
		assert.equal(simulator.requests.length, 2);
		for (const { headers, body, url } of simulator.requests) {
			for (const name of ["cookie", "referer", "origin"])
				assert.equal(headers.get(name), null);
			const sent = JSON.stringify([...headers, body, url]);
			assert.ok(!sent.includes(session));
			assert.match(sent, new RegExp(TOKEN));
			assert.match(sent, new RegExp(PROOF));
			assert.ok(!url.includes(TOKEN));
		}
	});

	it("is never kept", async () => {
		for (let times = 0; times < 2; times += 1) {
			const { headers } = await ask({ path: "/v25.0/me/conversations" });
			assert.equal(headers["cache-control"], "no-store");
		}
		assert.equal(simulator.requests.length, 2);
	});
});

describe("refused, and never sent to Graph", () => {
	const list = "/v25.0/me/conversations";
	const owner = "/v25.0/me/thread_owner";
	const fields = (/** @type {string} */ value) =>
		`${list}?fields=${encodeURIComponent(value)}`;

	/** @type {Record<string, Attempt>} */
	const attempts = {
		"the Page itself": { path: "/v25.0/me?fields=access_token" },
		"another Page": { path: "/v25.0/123456/conversations" },
		"another edge": { path: "/v25.0/me/messages" },
		"the accounts of a person": { path: "/v25.0/me/accounts" },
		"no version": { path: "/me/conversations" },
		dots: { path: "/v25.0/me/conversations/../accounts" },
		"encoded dots": { path: "/v25.0/me/conversations/%2e%2e/accounts" },
		"an encoded slash": { path: "/v25.0/me%2faccounts/conversations" },
		"an encoded question mark": { path: "/v25.0/me/conversations%3fids=1" },
		"two slashes": { path: "//v25.0/me/conversations" },
		"backslashes and dots": { path: "/v25.0/me\\..\\me\\accounts" },
		"a whole URL": {
			path: "/https://graph.facebook.com/v25.0/me/conversations",
		},
		"something behind the edge": { path: `${list}/t_1` },
		"a line break": { path: `${list}%0a` },
		"another method by parameter": { path: `${list}?method=delete` },
		"a batch by parameter": { path: `${list}?batch=[]` },
		"other objects by parameter": { path: `${list}?ids=1,2` },
		"a token by parameter": { path: `${list}?access_token=${session}` },
		"a script's callback": { path: `${list}?callback=f` },
		"a parameter's own prototype": { path: `${list}?constructor=1` },
		"a parameter twice": { path: `${list}?limit=1&limit=2` },
		"a parameter twice, once encoded": { path: `${list}?limit=1&%6cimit=2` },
		"a parameter as a list": { path: `${list}?fields[]=id` },
		"a parameter of the other edge": { path: `${list}?recipient=1` },
		"a recipient that is an object": {
			path: `${owner}?recipient=%7B%22id%22:%221%22%7D`,
		},
		"an unknown folder": { path: `${list}?folder=all` },
		"too long a page": { path: `${list}?limit=5000` },
		"a token as a field": { path: fields("id,access_token") },
		"a token as a nested field": {
			path: fields("messages{from{access_token}}"),
		},
		"a field in another one's clothes": { path: fields("idaccess_token,id") },
		"two fields as one": { path: fields("idname") },
		"another modifier": { path: fields("messages.as(access_token)") },
		"a field with a line break": { path: fields("id\naccess_token") },
		"a cursor that is JSONPath": { path: `${list}?after={result=x:$.id}` },
		"no session": { path: list, session: "", status: 401 },
		"a session that nobody signed": {
			...{ path: list, status: 401 },
			session: `mira.9999999999.${"0".repeat(64)}`,
		},
		"a session signed for somebody else": {
			...{ path: list, status: 401 },
			session: session.replace("mira", "olek"),
		},
		"a session that was prolonged": {
			...{ path: list, status: 401 },
			session: session.replace(/\d{10}/, "9999999999"),
		},
		"the Page's token as a session": {
			path: list,
			session: TOKEN,
			status: 401,
		},
		DELETE: { path: list, method: "DELETE" },
		PUT: { ...batchOf([item()]), method: "PUT" },
		"a POST to an edge": { ...batchOf([item()]), path: list },
		"a batch with a query": {
			...batchOf([item()]),
			path: "/v25.0/?method=get",
		},
		"a batch without a version": { ...batchOf([item()]), path: "/" },
		"a batch of a stranger": {
			...batchOf([item()], { access_token: "x" }),
			status: 401,
		},
		"a batch without a session": { ...form({ batch: "[]" }), status: 401 },
		"a batch as another method": batchOf([item()], { method: "delete" }),
		"a batch with a proof": batchOf([item()], { appsecret_proof: PROOF }),
		"a batch that asks for headers": batchOf([item()], {
			include_headers: "true",
		}),
		"a batch with two batches": {
			...batchOf([item()]),
			body: `${batchOf([item()]).body}&batch=[]`,
		},
		"a batch that is no list": batchOf({ length: 1, 0: item() }),
		"a batch that is no JSON": form({ batch: "[", access_token: session }),
		"a batch of 51": batchOf(Array(51).fill(item())),
		"a batch that is too long": batchOf([
			item(`${owner}?recipient=${"1".repeat(70_000)}`),
		]),
		"a batch of unknown length": { ...batchOf([item()]), chunked: true },
		"an item that deletes": batchOf([item(), { ...item(), method: "DELETE" }]),
		"an item that posts": batchOf([{ ...item(), method: "POST" }]),
		"an item with a body": batchOf([{ ...item(), body: "a=b" }]),
		"an item with a name": batchOf([{ ...item(), name: "x" }]),
		"an item that is null": batchOf([null]),
		"an item that is a list": batchOf([["GET"]]),
		"an item that asks for a token": batchOf([
			item(),
			item("/me?fields=access_token"),
			item(),
		]),
		"an item that is a whole URL": batchOf([
			item(`/https://example.com/v25.0/me/thread_owner?recipient=1`),
		]),
		"an item with another method inside": batchOf([
			item(`${owner}?recipient=1&method=delete`),
		]),
		"an item with a token of its own": batchOf([
			item(`${owner}?recipient=1&access_token=x`),
		]),
		"an item with dots": batchOf([
			item("/v25.0/me/../me/thread_owner?recipient=1"),
		]),
		"an item with a fragment": batchOf([item(`${owner}?recipient=1#`)]),
	};
	for (const [what, attempt] of Object.entries(attempts)) {
		it(what, async () => {
			const { status, body, all } = await ask(attempt);
			const { error } = JSON.parse(body);
			assert.equal(status, attempt.status ?? 400);
			assert.equal(error.code, status === 401 ? 190 : 100);
			assert.equal(simulator.requests.length, 0);
			assertNoSecret(all);
		});
	}

	it("everything, where a secret was forgotten, and it is said", {
		timeout: 20_000,
	}, async () => {
		const { SESSION_KEY: _, ...forgotten } = vars;
		const worker = await startWorker(forgotten);
		const hex = createHmac("sha256", "")
			.update("mira.9999999999")
			.digest("hex");
		const answered = await ask({
			path: list,
			url: worker.url,
			session: `mira.9999999999.${hex}`,
		});
		assert.equal(answered.status, 500);
		assert.equal(simulator.requests.length, 0);
		// What it prints may come later than what it answers.
		while (!/Set PAGE_TOKEN, SESSION_KEY and/.test(worker.printed()))
			await setTimeout(20);
		assertNoSecret(worker.printed());
	});
});

/** @typedef {{ path: string, method?: string, body?: string, session?: string, headers?: Record<string, string>, chunked?: boolean, url?: string, status?: number }} Attempt `status` is the one expected */

/**
 * By hand, since `fetch` would tidy the path up.
 *
 * @param {Attempt} attempt
 */
async function ask(attempt) {
	const { path, method = "GET", body, url = proxyUrl, chunked } = attempt;
	const { hostname, port } = new URL(url);
	const sent = send({
		...{ hostname, port, path, method },
		headers: {
			authorization: `Bearer ${attempt.session ?? session}`,
			...(chunked && { "transfer-encoding": "chunked" }),
			...attempt.headers,
		},
	});
	sent.end(body);
	/** @type {import("node:http").IncomingMessage} */
	const answer = await new Promise((resolve, reject) => {
		sent.once("response", resolve);
		sent.once("error", reject);
	});
	const read = await text(answer);
	const { statusCode: status, headers, rawHeaders } = answer;
	return { status, headers, body: read, all: `${rawHeaders} ${read}` };
}

function item(path = `/v25.0/me/thread_owner?recipient=${recipient}`) {
	return { method: "GET", relative_url: path.slice(1) };
}

/**
 * @param {unknown} items
 * @param {Record<string, string>} [more] of the form
 */
function batchOf(items, more) {
	return form({
		batch: JSON.stringify(items),
		include_headers: "false",
		access_token: session,
		...more,
	});
}

/** @param {Record<string, string>} fields */
function form(fields) {
	const body = new URLSearchParams(fields).toString();
	return { path: "/v25.0/", method: "POST", body };
}

/**
 * @param {string} user
 * @param {number} end in milliseconds
 */
function sessionOf(user, end) {
	const signed = `${user}.${Math.floor(end / 1000)}`;
	const hex = createHmac("sha256", SESSION_KEY).update(signed).digest("hex");
	return `${signed}.${hex}`;
}

/** @param {string} text */
function assertNoSecret(text) {
	for (const secret of [TOKEN, PROOF, APP_SECRET, SESSION_KEY])
		assert.ok(!text.includes(secret), "a secret came out");
}

/**
 * @param {import("playwright-core").Page} page
 * @param {RegExp} pattern
 */
async function statusIs(page, pattern) {
	const status = page.locator("output").filter({ hasText: pattern });
	await status.waitFor({ timeout: 15_000 });
}

/**
 * In the workerd that the matrix has, without what wrangler would add.
 *
 * @param {Record<string, string>} vars
 */
async function startWorker(vars) {
	const matrix = new URL("../matrix/workers/workers.test.mjs", import.meta.url);
	const app = await makeApp(matrix.href);
	const names = ["worker-proxy.mjs", "worker-proxy-allowed.mjs"];
	for (const name of names) cpSync(at("recipes", name), app.path(name));
	const modules = names.map(
		(name) => `(name = "${name}", esModule = embed "${name}")`,
	);
	const bindings = Object.entries(vars).map(
		([name, value]) => `(name = "${name}", text = "${value}")`,
	);
	writeFileSync(
		app.path("proxy.capnp"),
		`using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
	services = [
		(name = "proxy", worker = .proxy),
		(name = "internet", network = (allow = ["local"])),
	],
	sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "proxy")],
);
const proxy :Workerd.Worker = (
	compatibilityDate = "2024-11-11",
	modules = [${modules}],
	bindings = [${bindings}],
);`,
	);
	const { said, printed } = await app.serve(
		"../node_modules/@cloudflare/workerd-linux-64/bin/workerd",
		["serve", "proxy.capnp", "--control-fd=1"],
		{ ready: /"port":(\d+)\}/ },
	);
	return { url: `http://127.0.0.1:${said}`, printed };
}
