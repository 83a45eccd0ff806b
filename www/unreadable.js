const list = new Intl.ListFormat("en");

/**
 * Says what of a conversation Graph could not deliver, however little was asked for.
 *
 * @param {string[]} fields as Graph names them
 */
export function unreadableText(fields) {
	const names = list.format(fields.map((name) => name.replaceAll("_", " ")));
	return `${names[0].toUpperCase()}${names.slice(1)} could not be read`;
}
