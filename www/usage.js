import { byId, make } from "./dom.js";

/** @typedef {import("./graph-inbox/index.js").Usage} Usage */
/** @typedef {import("./traffic.js").Traffic} Traffic */

const SCOPES = { app: "App", page: "Page", business: "Page" };

/**
 * How much of Graph's limits is used up, and which version answers.
 *
 * @param {Traffic | undefined} traffic
 */
export function showUsage(traffic) {
	const { answers = 0, asked = "—", served, usage = [] } = traffic ?? {};
	byId("version-asked", HTMLElement).textContent = asked;
	byId("version-served", HTMLElement).textContent = served ?? unknown(answers);
	const box = byId("usage", HTMLElement);
	if (usage.length > 0) return box.replaceChildren(...usage.map(meter));
	box.replaceChildren(make("p", { class: "quiet" }, unknown(answers)));
}

/** @param {number} answers */
function unknown(answers) {
	return answers > 0 ? "hidden from this browser (CORS)" : "—";
}

/** @param {Usage} usage */
function meter({
	scope,
	type,
	callCount = 0,
	totalTime = 0,
	totalCpuTime = 0,
}) {
	const name = type ? `${SCOPES[scope]}, ${type}` : SCOPES[scope];
	const most = Math.max(callCount, totalTime, totalCpuTime);
	const element = make("meter", { "aria-label": `${name}: used in percent` });
	Object.assign(element, {
		max: 100,
		high: 75,
		optimum: 0,
		low: 50,
		value: most,
	});
	return make(
		"div",
		{ class: "reading" },
		make("span", { class: "scope" }, name),
		make("span", { class: "percent" }, `${most} %`),
		element,
		make(
			"small",
			{ class: "parts" },
			`calls ${callCount} % · time ${totalTime} % · CPU ${totalCpuTime} %`,
		),
	);
}
