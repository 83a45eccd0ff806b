// Every call under every fault, with each secret marked: nothing that comes out has a trace of one.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LONG, tally } from "./form.mjs";
import {
	accessToken,
	appSecret,
	assertClean,
	assertNoMark,
	proof,
	spellings,
} from "./marks.mjs";
import { calls, everyWay, person, search } from "./search.mjs";

/** @typedef {import("graph-inbox/simulator").FaultName} FaultName */

/** @type {Record<FaultName, true>} so that none can be forgotten */
const FAULTS = {
	html502: true,
	html200: true,
	htmlError500: true,
	empty200: true,
	truncated: true,
	null: true,
	wrongContentType: true,
	textJavascript: true,
	connectionReset: true,
	bodyCut: true,
	hang: true,
	hangBody: true,
	slowBody: true,
	redirect: true,
	transient: true,
	unknown1: true,
	reduceData: true,
	instagramTimeout: true,
	rateLimitApp: true,
	rateLimitUser: true,
	rateLimitPage: true,
	rateLimit613: true,
	rateLimit80006: true,
	http429: true,
	expiredToken: true,
	invalidToken: true,
	checkpointed: true,
	unconfirmedUser: true,
	lostPageRole: true,
	permission: true,
	permission10: true,
	permission230: true,
	permission1: true,
	termsNotAccepted: true,
	pageMigrated: true,
	blocked: true,
	errorIn200: true,
	emptyPage: true,
	repeatCursor: true,
	foreignNext: true,
};

const scenarios = tally(
	"Secrets: every fault, call, transport, with and without proof",
);

it("finds a secret in every spelling, where there is one", () => {
	for (const [name, spell] of Object.entries(spellings))
		for (const secret of [accessToken, appSecret, proof])
			assert.throws(() => assertClean({ a: `b${spell(secret)}c` }, ""), name);
	for (const encoding of /** @type {const} */ ([
		"base64",
		"base64url",
		"hex",
		"utf16le",
	])) {
		const text = Buffer.from(
			`a${accessToken}b`,
			encoding === "utf16le" ? encoding : "utf8",
		);
		const encoded =
			encoding === "utf16le"
				? text.toString("latin1")
				: text.toString(encoding);
		assert.throws(() => assertNoMark(encoded, ""), encoding);
	}
	assert.throws(() => assertClean(new Error(accessToken.slice(20, 33)), ""));
	assertClean({ recipient: person, note: "EAAq and 1029384756" }, "");
});

describe("under a fault", () => {
	for (const fault of /** @type {FaultName[]} */ (Object.keys(FAULTS)))
		it(fault, () =>
			everyWay(async (secrecy, transport) => {
				// In the short form each call meets its fault at once; in the long one at its second request as well.
				for (const name of Object.keys(calls))
					for (const first of LONG ? [true, false] : [true])
						await scenarios.trial(() =>
							search(secrecy, transport, name, fault, first),
						);
			}),
		);
});
