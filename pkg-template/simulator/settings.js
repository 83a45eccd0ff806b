import { prepare } from "./faults.js";

const DEFAULT_TOKENS = {
	facebook: "EAASimulatedPageAccessTokenZBone",
	instagram: "IGAASimulatedInstagramUserAccessTokenZBone",
};

/**
 * Options with their defaults, checked.
 *
 * @typedef {ReturnType<typeof readSettings>} Settings
 * @param {import("../simulator.d.ts").GraphSimulatorOptions} options
 */
export function readSettings(options) {
	const now = options.now ?? Date.now;
	const size = options.conversations ?? {};
	const { messenger = 60, instagram = 40 } =
		typeof size === "number" ? { messenger: size, instagram: size } : size;
	const host = options.host ?? "facebook";
	if (!Object.hasOwn(DEFAULT_TOKENS, host))
		throw new TypeError(`host: ${host} is neither facebook nor instagram`);
	const pageId = options.pageId ?? "102938475601928";
	const instagramAccountId = options.instagramAccountId ?? "17841455502736181";
	const settings = {
		host,
		seed: options.seed ?? 1,
		pageId,
		pageName: options.pageName ?? "Lantern Street Bakery",
		instagramAccountId,
		/** Whose conversations are listed, and who `me` is. */
		accountId: host === "instagram" ? instagramAccountId : pageId,
		instagramUsername: options.instagramUsername ?? "lantern.street.bakery",
		accessToken: options.accessToken ?? DEFAULT_TOKENS[host],
		appSecret: options.appSecret,
		requireProof: options.requireProof ?? false,
		appId: options.appId ?? "771188225544331",
		size: {
			MESSENGER: host === "instagram" ? 0 : messenger,
			INSTAGRAM: instagram,
		},
		secondsBetweenConversations: options.secondsBetweenConversations ?? 613,
		now,
		/** Seeded times are counted back from here, in seconds. */
		startedAt: Math.floor(now() / 1000),
		latencyMs: options.latencyMs ?? 0,
		callsPerSecond: options.callsPerSecond ?? false,
		callLimit: options.callLimit,
		regainAccessMinutes: options.regainAccessMinutes ?? 5,
		dataLimit: options.dataLimit ?? 1000,
		answerLimit: atLeastZero("answerLimit", options.answerLimit),
		pageLimit: readPageLimit(options.pageLimit),
		instagramTimeout: readInstagramTimeout(options.instagramTimeout),
		apiVersions: options.apiVersions ?? { oldest: "v21.0", newest: "v26.0" },
	};
	for (const [name, value] of /** @type {const} */ ([
		["seed", settings.seed],
		["conversations", messenger],
		["conversations", instagram],
	])) {
		if (!Number.isSafeInteger(value) || (name !== "seed" && value < 0)) {
			throw new TypeError(
				`${name}: ${value} is not a whole number that makes sense here`,
			);
		}
	}
	const between = settings.secondsBetweenConversations;
	if (!Number.isSafeInteger(between) || between < 60)
		throw new TypeError(
			`secondsBetweenConversations: ${between} is not a whole number from 60`,
		);
	if (settings.requireProof && !settings.appSecret) {
		throw new TypeError("requireProof: needs appSecret to check a proof with");
	}
	return settings;
}

/** @param {import("../simulator.d.ts").GraphSimulatorOptions["pageLimit"]} given */
function readPageLimit(given) {
	const { limit, fault = /** @type {const} */ ("reduceData") } =
		typeof given === "object" ? given : { limit: given };
	return { limit: atLeastZero("pageLimit", limit), fault: prepare(fault) };
}

/** @param {import("../simulator.d.ts").GraphSimulatorOptions["instagramTimeout"]} given */
function readInstagramTimeout(given) {
	if (given && given.dataLimit === undefined)
		throw new TypeError("instagramTimeout: needs a dataLimit");
	return {
		dataLimit: atLeastZero("instagramTimeout.dataLimit", given?.dataLimit),
		fault: prepare({ name: "instagramTimeout", delayMs: given?.delayMs }),
	};
}

/**
 * Returns the limit, or infinity where none is given. Throws a `TypeError` for anything but a whole number from 0.
 *
 * @param {string} name of the option
 * @param {number | undefined} limit
 */
export function atLeastZero(name, limit) {
	if (limit === undefined) return Number.POSITIVE_INFINITY;
	if (!Number.isSafeInteger(limit) || limit < 0)
		throw new TypeError(`${name}: ${limit} is not a whole number from 0`);
	return limit;
}
