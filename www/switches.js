import { byId, make } from "./dom.js";
import { mischiefs } from "./mischief.js";

/** @typedef {import("./mischief.js").Mischief} Mischief */

/** What undoes those that are on. @type {Map<string, () => void>} */
const running = new Map();

/** @type {Map<string, HTMLInputElement>} */
const boxes = new Map();

/**
 * The switches that make the simulated Graph misbehave.
 *
 * @param {(mischief: Mischief) => void} onChange
 */
export function createSwitches(onChange) {
	const items = mischiefs.map((mischief) => {
		const { id, name, hint } = mischief;
		const box = make("input", {
			type: "checkbox",
			role: "switch",
			id: `switch-${id}`,
			autocomplete: "off",
			"aria-describedby": `hint-${id}`,
		});
		box.addEventListener("change", () => {
			turn(mischief, box.checked);
			onChange(mischief);
		});
		boxes.set(id, box);
		return make(
			"li",
			{},
			box,
			make("label", { for: box.id }, name),
			make("small", { id: `hint-${id}` }, hint),
		);
	});
	byId("switches", HTMLElement).replaceChildren(...items);
}

/** @param {string} id of the mischief */
export function isOn(id) {
	return running.has(id);
}

/** @param {string} id of the mischief */
export function turnOff(id) {
	const mischief = mischiefs.find((one) => one.id === id);
	if (mischief) turn(mischief, false);
}

/**
 * @param {Mischief} mischief
 * @param {boolean} on
 */
function turn(mischief, on) {
	const { id, start } = mischief;
	running.get(id)?.();
	running.delete(id);
	if (on)
		running.set(
			id,
			start(() => turn(mischief, false)),
		);
	const box = boxes.get(id);
	if (box) box.checked = on;
}
