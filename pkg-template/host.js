/**
 * What users get without any wasm: the error classes, and the reading of dates. The Rust half imports them too, so this
 * file imports nothing: wasm-bindgen copies it alone.
 */

/** @typedef {import("./index.d.ts").ErrorKind} ErrorKind */
/** @typedef {import("./index.d.ts").Usage} Usage */

/**
 * Marks the classes and their errors. The ESM and the CommonJS copy of the package have classes of their own; by the mark
 * they know each other's errors, so that `instanceof` holds across them.
 */
const brand = Symbol.for("graph-inbox.error");

/**
 * @this {any}
 * @param {any} value
 * @returns {boolean}
 */
function hasInstance(value) {
	// A class that somebody derived from these has no brand of its own and is asked the ordinary way.
	if (!Object.hasOwn(this, brand))
		return Function.prototype[Symbol.hasInstance].call(this, value);
	const name = typeof value === "object" ? value?.[brand] : undefined;
	return (
		name !== undefined && (this[brand] === "InboxError" || name === this[brand])
	);
}

export class InboxError extends Error {
	static name = "InboxError";
	static [brand] = "InboxError";
	static [Symbol.hasInstance] = hasInstance;

	/** @type {ErrorKind} */
	kind = "unknown";
	retryable = false;

	/**
	 * @param {string} message
	 * @param {object} details every other property
	 */
	constructor(message, details) {
		super(message);
		Object.assign(this, details);
	}

	/** @returns {"InboxError" | "GraphError"} */
	get name() {
		return "InboxError";
	}

	/** @returns {string} */
	get [brand]() {
		return this.name;
	}

	toJSON() {
		return Object.assign({ name: this.name, message: this.message }, this);
	}
}

export class GraphError extends InboxError {
	static name = "GraphError";
	static [brand] = "GraphError";

	/** @type {Usage[]} */
	usage = [];

	/**
	 * @param {string} message
	 * @param {object} details what every error has
	 * @param {object} report what Graph's own error says
	 */
	constructor(message, details, report) {
		super(message, details);
		Object.assign(this, report);
	}

	/** @returns {"GraphError"} */
	get name() {
		return "GraphError";
	}
}

const GRAPH_TIME =
	/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))$/i;

/**
 * A date and time as Graph writes it, in milliseconds since 1970; `NaN` of what is none.
 *
 * @param {unknown} value
 */
export function graphTimeMs(value) {
	const parts = typeof value === "string" ? GRAPH_TIME.exec(value) : null;
	if (parts) {
		const [year, month, day, hour, minute, second] = parts
			.slice(1, 7)
			.map((digits) => Number(digits ?? 0));
		const millisecond = Math.trunc(Number(`0.${parts[7] ?? 0}`) * 1000);
		const [zoneHour, zoneMinute] = [
			Number(parts[9] ?? 0),
			Number(parts[10] ?? 0),
		];
		const date = new Date(0);
		// Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
		date.setUTCFullYear(year, month - 1, day);
		date.setUTCHours(hour, minute, second, millisecond);
		// A part that is too large moves the date on: then it reads otherwise than it was written.
		const written = date.toISOString().slice(0, 19);
		const expected =
			parts[0].slice(0, 16) + (parts[6] ? `:${parts[6]}` : ":00");
		if (
			written === expected.toUpperCase() &&
			zoneHour < 24 &&
			zoneMinute < 60
		) {
			const offset = (zoneHour * 60 + zoneMinute) * 60_000;
			return date.getTime() - (parts[8] === "-" ? -offset : offset);
		}
	}
	return Number.NaN;
}

/**
 * @param {string} value
 * @returns {Date}
 */
export function parseGraphTime(value) {
	const ms = graphTimeMs(value);
	if (!Number.isNaN(ms)) return new Date(ms);
	const got =
		typeof value === "string"
			? `a string of ${value.length} characters`
			: typeof value;
	throw new InboxError(
		`value: expected a date and time with its zone, such as 2021-07-23T09:28:50+0000; got ${got}`,
		{ kind: "invalid_option", retryable: false, option: "value" },
	);
}
