/**
 * The element of the page with this ID; the page and its scripts must agree.
 *
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 */
export function byId(id, type) {
	const element = document.getElementById(id);
	if (element instanceof type) return element;
	throw new Error(`The page has no ${type.name} with the ID ${id}`);
}

/**
 * A new element. Children that are strings become text, never markup: they come from strangers.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | undefined>} [attributes]
 * @param {...(Node | string)} children
 */
export function make(tag, attributes = {}, ...children) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes))
		if (value !== undefined) element.setAttribute(name, value);
	element.append(...children);
	return element;
}

/**
 * The value of the radio button that is chosen.
 *
 * @param {string} fieldsetId
 */
export function chosen(fieldsetId) {
	const button = byId(fieldsetId, HTMLFieldSetElement).querySelector(
		"input:checked",
	);
	return button instanceof HTMLInputElement ? button.value : "";
}
