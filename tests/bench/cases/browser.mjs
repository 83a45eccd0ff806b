// A page in Chromium whose script makes one call: how long until it is answered, and what went over the wire.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { at } from "../../../scripts/tools.mjs";
import { byTurns } from "../blocks.mjs";
import { AROUND, PROGRAMS } from "../browser-program.mjs";
import { BARE, OURS } from "../context.mjs";
import { difference, digits, figureOf, shown, signed } from "../stats.mjs";

/** @typedef {import("../context.mjs").Row} Row */
/** @typedef {import("../context.mjs").Contender} Contender */
/** @typedef {import("../browser-program.mjs").Steps} Steps */
/** @typedef {{ cold: Steps, warm: Steps }} Visit */

const KIB = 1024;
/** How much longer than bare fetch a script may take from its last byte to its first answer, without cache. */
const AT_MOST_MS = 20;

export const notes = [
	"In Chromium, a page with one script, bundled and minified by esbuild and sent with gzip, reads a page of 25. Every visit has a browser context of its own: *without cache* is its first load, *with cache* a second one. Beside bare fetch: milliseconds more.",
];

/** @type {import("../context.mjs").Case["run"]} */
export async function run({ contenders, server, quick, note, keep }) {
	note("in a browser");
	const able = contenders.filter(
		({ name }) => name in PROGRAMS || isBuild(name),
	);
	const sites = await Promise.all(able.map(bundled));
	for (const { pages } of sites) await server.tell({ pages });
	const browser = await chromium.launch({
		executablePath: "/usr/bin/chromium",
		args: ["--headless", "--no-sandbox", "--disable-gpu"],
	});
	try {
		// The first visit also starts the browser.
		await byTurns(sites, 1, (site) => visit(browser, site.url, site.settings));
		const visits = await byTurns(sites, quick ? 2 : 15, (site) =>
			visit(browser, site.url, site.settings),
		);
		keep(
			"browser",
			Object.fromEntries(sites.map(({ name }, index) => [name, visits[index]])),
		);
		return rowsOf(sites, visits);
	} finally {
		await browser.close();
	}
}

/** @param {string} name */
const isBuild = (name) => name === "the other build";

/** @param {Contender} contender */
async function bundled({ name, settings }) {
	const program = PROGRAMS[isBuild(name) ? OURS : name];
	/** @type {Record<string, string>} */
	const alias = settings.build
		? { "graph-inbox": `${settings.build}/dist/index.js` }
		: {};
	const {
		outputFiles: [bundle],
	} = await build({
		stdin: {
			contents: program + AROUND,
			resolveDir: name.startsWith("@") ? settings.peers : at(),
		},
		alias,
		bundle: true,
		minify: true,
		write: false,
		format: "esm",
		target: "es2022",
	});
	const script = gzipSync(bundle.contents, { level: 9 });
	const path = `/${encodeURIComponent(name)}`;
	const html = `<!doctype html><title>${name}</title><script type="module" src="${path}.js"></script>`;
	return {
		name,
		settings,
		url: `${settings.baseUrl}${path}`,
		bytes: script.length,
		pages: {
			[path]: page("text/html", gzipSync(html)),
			[`${path}.js`]: page("text/javascript", script),
		},
	};
}

/**
 * @param {string} type
 * @param {Buffer} bytes
 */
const page = (type, bytes) => ({ type, body: bytes.toString("base64") });

/**
 * @param {import("playwright-core").Browser} browser
 * @param {string} url
 * @param {Contender["settings"]} settings
 * @returns {Promise<Visit>}
 */
async function visit(browser, url, { baseUrl, pageId, accessToken }) {
	const context = await browser.newContext();
	await context.addInitScript(
		(given) => Object.assign(globalThis, { settings: given }),
		{ baseUrl, pageId, accessToken },
	);
	const tab = await context.newPage();
	const load = async () => {
		await tab.goto(url);
		const steps = await tab.waitForFunction(() =>
			Reflect.get(globalThis, "steps"),
		);
		return steps.jsonValue();
	};
	const cold = await load();
	const warm = await load();
	await context.close();
	return { cold, warm };
}

/**
 * @param {{ name: string, bytes: number }[]} sites
 * @param {Visit[][]} visits
 * @returns {Row[]}
 */
function rowsOf(sites, visits) {
	const names = sites.map(({ name }) => name);
	/**
	 * @param {string} what
	 * @param {(visit: Visit) => number} of
	 * @param {number} [atMostMs] over bare fetch
	 * @returns {Row}
	 */
	const row = (what, of, atMostMs) => {
		const bare = visits[names.indexOf(BARE)].map(of);
		/** @type {Record<string, string>} */
		const cells = {};
		names.forEach((name, index) => {
			const own = visits[index].map(of);
			cells[name] =
				name === BARE
					? shown(figureOf(own), "ms")
					: shown(difference(own, bare), "ms", signed);
		});
		if (atMostMs === undefined) return { what, cells };
		const ours = difference(visits[names.indexOf(OURS)].map(of), bare);
		return {
			what,
			cells,
			aims: [
				{
					text: `≤ ${atMostMs} ms over bare fetch`,
					met: ours.median <= atMostMs,
				},
			],
		};
	};
	const bytes = sites.map(({ name, bytes }) => [
		name,
		`${digits(bytes / KIB)} KiB`,
	]);
	return [
		{
			what: "browser, script over the wire",
			cells: Object.fromEntries(bytes),
		},
		row(
			"browser, without cache: navigation to answer",
			(visit) => visit.cold.answeredMs,
		),
		row(
			"browser, without cache: parse, compile and first call",
			({ cold }) => cold.answeredMs - cold.loadedMs,
			AT_MOST_MS,
		),
		row(
			"browser, without cache: of that, compile",
			({ cold }) => cold.madeMs - cold.importedMs,
		),
		row(
			"browser, with cache: navigation to answer",
			(visit) => visit.warm.answeredMs,
		),
		row(
			"browser, with cache: parse, compile and first call",
			({ warm }) => warm.answeredMs - warm.loadedMs,
		),
		row(
			"browser, with cache: of that, compile",
			({ warm }) => warm.madeMs - warm.importedMs,
		),
	];
}
