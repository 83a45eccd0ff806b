/** The error classes, which users get without any wasm and the Rust half throws. */

/** @typedef {import("./index.d.ts").ErrorKind} ErrorKind */
/** @typedef {import("./index.d.ts").Usage} Usage */

/**
 * Marks the classes and their errors. The ESM and the CommonJS copy of the package have classes of their own, which
 * recognise each other's errors by this mark, so that `instanceof` holds across copies.
 */
const brand = Symbol.for("graph-inbox.error");

/**
 * @this {any}
 * @param {any} value
 * @returns {boolean}
 */
function hasInstance(value) {
	// A class that somebody derived from these has no brand of its own: the ordinary rule holds for it.
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

/**
 * Creates the error for an option whose value is refused. Its message describes a string by its length alone, since the string
 * could be a secret.
 *
 * @param {string} option
 * @param {string} expected what the value should be
 * @param {unknown} value
 */
export function invalidOption(option, expected, value) {
	const got =
		typeof value === "string"
			? `a string of ${value.length} characters`
			: value === null
				? "null"
				: typeof value;
	return new InboxError(`${option}: expected ${expected}; got ${got}`, {
		kind: "invalid_option",
		retryable: false,
		option,
	});
}
