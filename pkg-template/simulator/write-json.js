/**
 * JSON in which a bigint stands as a number with all its digits.
 *
 * @param {unknown} value
 */
export function writeJson(value) {
	const mark = "\u{f0000}";
	const text = JSON.stringify(value, (_, item) =>
		typeof item === "bigint" ? mark + item + mark : item,
	);
	return text?.replaceAll(new RegExp(`"${mark}(-?\\d+)${mark}"`, "gu"), "$1");
}
