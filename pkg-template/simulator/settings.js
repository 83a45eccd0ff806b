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
	const settings = {
		seed: options.seed ?? 1,
		pageId: options.pageId ?? "102938475601928",
		pageName: options.pageName ?? "Lantern Street Bakery",
		instagramAccountId: options.instagramAccountId ?? "17841455502736181",
		instagramUsername: options.instagramUsername ?? "lantern.street.bakery",
		accessToken: options.accessToken ?? "EAASimulatedPageAccessTokenZBone",
		appSecret: options.appSecret,
		requireProof: options.requireProof ?? false,
		appId: options.appId ?? "771188225544331",
		size: { MESSENGER: messenger, INSTAGRAM: instagram },
		now,
		/** Seeded times are counted back from here, in seconds. */
		startedAt: Math.floor(now() / 1000),
		latencyMs: options.latencyMs ?? 0,
		callsPerSecond: options.callsPerSecond ?? false,
		callLimit: options.callLimit,
		regainAccessMinutes: options.regainAccessMinutes ?? 5,
		dataLimit: options.dataLimit ?? 1000,
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
	if (settings.requireProof && !settings.appSecret) {
		throw new TypeError("requireProof: needs appSecret to check a proof with");
	}
	return settings;
}
