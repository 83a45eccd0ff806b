// Sums up .cpuprofile files: the time of each function, and of each step that a call consists of.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {import("node:inspector").Profiler.Profile} Profile */
/** @typedef {import("node:inspector").Runtime.CallFrame} Frame */
/** @typedef {{ profile: Profile, startUs: number, endUs: number }} Phase a part of a profile, by the profile's clock */
/** @typedef {{ steps: Map<string, number>, self: Map<string, number>, total: Map<string, number> }} Sums milliseconds by step; by function, itself and with what it calls */

/** The step that has every sample. */
const ALL = "all of it";
/** How much code of a minified function is shown after its name. */
const EXCERPT = 50;
const PACKAGE_FILE = /\/dist\/(index|index\.node|node|shared|edge|slim)\.c?js$/;
const FETCH_FILE = /^node:(internal\/deps\/undici|_?http|https)/;

/** @param {Frame} frame */
const isPackageFrame = ({ url }) => PACKAGE_FILE.test(url);

/** @param {string} what a key of `Sums` */
export const isOfPackage = (what) => /\bdist\/[\w.]+\.c?js:/.test(what);

/**
 * Returns the times of one phase in several profiles: for each step and function the mean, without the fifth of the profiles
 * where it took longest and the fifth where it took least. A busy machine now and then stops a process for milliseconds.
 *
 * @param {Phase[]} phases
 * @param {number} part by which all times are divided as well
 * @returns {Sums}
 */
export function sumUp(phases, part) {
	const all = phases.map((phase) => sumsOf(phase, part));
	return {
		steps: trimmedMeans(all.map(({ steps }) => steps)),
		self: trimmedMeans(all.map(({ self }) => self)),
		total: trimmedMeans(all.map(({ total }) => total)),
	};
}

/**
 * @param {Map<string, number>[]} all
 * @returns {Map<string, number>}
 */
function trimmedMeans(all) {
	const cut = Math.floor(all.length / 5);
	const names = new Set(all.flatMap((times) => [...times.keys()]));
	return new Map(
		[...names].map((name) => {
			const sorted = all
				.map((times) => times.get(name) ?? 0)
				.sort((a, b) => a - b)
				.slice(cut, all.length - cut);
			return [name, sorted.reduce((sum, ms) => sum + ms) / sorted.length];
		}),
	);
}

/**
 * @param {Phase} phase
 * @param {number} part
 */
function sumsOf({ profile, startUs, endUs }, part) {
	/** @type {Sums} */
	const sums = { steps: new Map(), self: new Map(), total: new Map() };
	const stacks = stacksOf(profile);
	const unpacker = unpackerOf(profile, stacks);
	const { samples = [], timeDeltas = [] } = profile;
	let time = profile.startTime;
	samples.forEach((id, index) => {
		time += timeDeltas[index];
		// A sample stands for the time until the next one.
		const next = time + (timeDeltas[index + 1] ?? 0);
		const us = Math.min(next, endUs) - Math.max(time, startUs);
		const stack = stacks.get(id);
		if (us <= 0 || !stack) return;
		const ms = us / 1000 / part;
		add(sums.steps, ALL, ms);
		add(sums.steps, stepOf(stack, unpacker), ms);
		add(sums.self, describeLeaf(stack), ms);
		for (const what of new Set(stack.map(describe))) add(sums.total, what, ms);
	});
	return sums;
}

/**
 * @param {Map<string, number>} times
 * @param {string} what
 * @param {number} ms
 */
const add = (times, what, ms) => times.set(what, (times.get(what) ?? 0) + ms);

/**
 * Returns the stack of each node, innermost frame first.
 *
 * @param {Profile} profile
 */
function stacksOf({ nodes }) {
	/** @type {Map<number, Frame[]>} */
	const stacks = new Map();
	const byId = new Map(nodes.map((node) => [node.id, node]));
	/**
	 * @param {number} id
	 * @param {Frame[]} callers
	 */
	const visit = (id, callers) => {
		const node = byId.get(id);
		if (!node) return;
		const stack = [node.callFrame, ...callers];
		stacks.set(id, stack);
		for (const child of node.children ?? []) visit(child, stack);
	};
	visit(nodes[0].id, []);
	return stacks;
}

/** @param {Frame} frame */
const isWasm = ({ url }) => url.startsWith("wasm://");

/**
 * Tells whether WebAssembly is the package's, and not the HTTP parser of Node's fetch.
 *
 * @param {Frame[]} stack
 */
const isPackageWasm = (stack) =>
	isWasm(stack[0]) && !stack.some(({ url }) => FETCH_FILE.test(url));

/**
 * Returns the URL of the WebAssembly that unpacks the package: the first of two that run. The form for Node has one.
 *
 * @param {Profile} profile
 * @param {Map<number, Frame[]>} stacks
 */
function unpackerOf({ samples = [] }, stacks) {
	/** @type {Set<string>} */
	const urls = new Set();
	for (const id of samples) {
		const stack = stacks.get(id) ?? [];
		if (stack.length > 0 && isPackageWasm(stack)) urls.add(stack[0].url);
	}
	const [first] = urls;
	return urls.size > 1 ? first : undefined;
}

/**
 * Returns what a sample is counted as.
 *
 * @param {Frame[]} stack
 * @param {string} [unpacker] the URL of its WebAssembly
 */
function stepOf(stack, unpacker) {
	const [{ functionName, url }] = stack;
	const calls = (/** @type {RegExp} */ pattern) =>
		stack.some((frame) => pattern.test(frame.functionName));
	const passes = (/** @type {RegExp} */ pattern) =>
		stack.some((frame) => pattern.test(frame.url));
	if (functionName === "(idle)") return "waiting";
	if (functionName === "(garbage collector)") return "garbage collection";
	if (functionName === "(program)") return "engine, of no function";
	const isLoading = calls(
		/^(compileForInternalLoader|requireBuiltin|__require)$/,
	);
	if (isLoading)
		return passes(FETCH_FILE) || calls(/lazyUndici|loadTransport/)
			? "loading fetch or node:http"
			: "loading other parts of Node";
	if (stack.some(isPackageFrame) && !passes(FETCH_FILE)) {
		if (url === "" && functionName === "Module") return "compiling WebAssembly";
		if (url === "" && functionName === "Instance")
			return "instances of WebAssembly";
		if (calls(/base64/i) || passes(/^node:buffer$/)) return "base64";
	}
	if (isPackageWasm(stack))
		return url === unpacker
			? "unpacking (unpack.rs)"
			: "WebAssembly of the package";
	if (calls(/^(compileSourceTextModule|compileFunction\w*|wrapSafe)$/))
		return "parsing files";
	for (const frame of stack) {
		if (FETCH_FILE.test(frame.url)) return "fetch or node:http itself";
		if (isPackageFrame(frame)) return "JavaScript of the package";
		if (frame.url.startsWith("file:")) return "the program that calls it";
		if (frame.url.startsWith("node:internal/modules/"))
			return "finding and reading files";
	}
	if (passes(/^node:(net|dns|internal\/(stream|dns))/)) return "sockets";
	return "everything else in Node";
}

/**
 * A function of the engine says little without its caller.
 *
 * @param {Frame[]} stack
 */
function describeLeaf(stack) {
	const [leaf] = stack;
	const caller = stack.find(({ url }) => url !== "");
	if (leaf.url !== "" || !caller) return describe(leaf);
	return `${describe(leaf)} < ${describe(caller)}`;
}

/** @param {Frame} frame */
function describe(frame) {
	const { functionName, url, lineNumber, columnNumber } = frame;
	const name = functionName || "(anonymous)";
	if (url === "") return name;
	if (isWasm(frame)) return `${name} ${url.slice(-8)}`;
	const short = url.replace(/^file:.*\/(?=\w[\w-]*\/)/, "");
	const place = `${name} ${short}:${lineNumber + 1}`;
	return isPackageFrame(frame)
		? `${place}:${columnNumber} ${excerpt(url, lineNumber, columnNumber)}`
		: place;
}

/** @type {Map<string, string[]>} the lines of the package's files */
const files = new Map();

/**
 * @param {string} url
 * @param {number} line
 * @param {number} column
 */
function excerpt(url, line, column) {
	let lines = files.get(url);
	if (!lines) {
		lines = readFileSync(fileURLToPath(url), "utf8").split("\n");
		files.set(url, lines);
	}
	const code = lines[line]?.slice(column, column + EXCERPT) ?? "";
	return code.replaceAll(/[`|]/g, "");
}
