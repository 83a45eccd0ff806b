// A server that says the secrets back, in every place and spelling: nothing that comes out has a trace of one.
import { describe, it } from "node:test";
import { LONG, tally } from "./form.mjs";
import { accessToken, appSecret, proof, spellings } from "./marks.mjs";
import { everyWay, search } from "./search.mjs";

/** @typedef {import("graph-inbox/simulator").Fault} Fault */

const echoes = tally(
	"Secrets: a server that says them back, in every spelling",
);

/** Where a server can say something back: the fault for a text that is already spelled for JSON. @type {Record<string, (text: string) => Fault>} */
const places = {
	"an error": (text) => ({
		status: 400,
		body: `{"error":{"code":190,"message":"${text}","type":"${text}","error_user_title":"${text}","error_user_msg":"${text}","fbtrace_id":"${text}"}}`,
	}),
	HTML: (text) => ({ status: 200, body: `<html>${text}` }),
	"a conversation": (text) => ({
		status: 200,
		body: `{"data":[{"id":"t_1","snippet":"${text}","deep":[{"a":["${text}"]}]}]}`,
	}),
	"an ID": (text) => ({ status: 200, body: `{"data":[{"id":"${text}"}]}` }),
	"the name of a field": (text) => ({
		status: 200,
		body: `{"data":[{"id":"t_1","${text}":1}]}`,
	}),
	"a participant": (text) => ({
		status: 200,
		body: `{"data":[{"id":"t_1","participants":{"data":[{"id":"${text}"},{"id":"102938475601928"}]}}]}`,
	}),
	paging: (text) => ({
		status: 200,
		body: `{"data":[],"paging":{"cursors":{"before":"${text}"},"previous":"https://x.example/${text}?a=${text}#${text}","x":"${text}"}}`,
	}),
	"the name of something in paging": (text) => ({
		status: 200,
		body: `{"data":[],"paging":{"${text}":"1"}}`,
	}),
	"an owner": (text) => ({
		status: 200,
		body: `{"data":[{"thread_owner":{"app_id":"${text}"}}]}`,
	}),
};

describe("said back", () => {
	for (const [place, fault] of Object.entries(places))
		for (const [spelling, spell] of Object.entries(spellings))
			it(`in ${place}, ${spelling}`, () =>
				everyWay((secrecy, transport) =>
					echoes.trial(async () => {
						const secrets = [accessToken, proof, appSecret].slice(
							0,
							LONG && secrecy === "an app secret" ? 3 : 1,
						);
						// What is no escape of JSON's own must be escaped to arrive.
						const isEscaped = spelling.includes("JSON");
						for (const secret of secrets) {
							const said = spell(secret);
							const text = isEscaped ? said : JSON.stringify(said).slice(1, -1);
							for (const name of [
								"a page",
								"all of a list",
								"an owner",
								"all of a list with owners",
							])
								await search(secrecy, transport, name, fault(text));
						}
					}),
				));

	it("in headers", () =>
		everyWay((secrecy, transport) =>
			echoes.trial(() =>
				search(secrecy, transport, "a page", {
					headers: Object.fromEntries(
						[
							"x-fb-trace-id",
							"x-fb-request-id",
							"facebook-api-version",
							"retry-after",
						].map((name) => [name, accessToken]),
					),
				}),
			),
		));

	it("in a batch", () =>
		everyWay((secrecy, transport) =>
			echoes.trial(async () => {
				for (const fault of [
					places["an error"],
					places.HTML,
					places["an owner"],
				]) {
					const { body } = /** @type {any} */ (
						fault(JSON.stringify(accessToken).slice(1, -1))
					);
					const items = JSON.stringify([
						{ code: 200, body },
						{ code: 400, body },
					]);
					await search(secrecy, transport, "many owners", {
						status: 200,
						body: items,
					});
				}
			}),
		));

	it("in a body that is cut anywhere in it", () =>
		everyWay((secrecy, transport) =>
			echoes.trial(async () => {
				const body = `{"data":[],"paging":{"next":"https://x.example/?access_token=${encodeURIComponent(accessToken)}`;
				const start = body.indexOf("token=") + 6;
				for (let end = start; end < body.length; end += LONG ? 1 : 7)
					await search(secrecy, transport, "a page", {
						status: 200,
						body: body.slice(0, end),
					});
			}),
		));
});
