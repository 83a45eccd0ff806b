// The tab's title counts the messages that came since the page was looked at last.

const title = document.title;
let count = 0;

for (const sign of ["focus", "keydown", "pointerdown", "pointermove", "wheel"])
	addEventListener(sign, () => countMessages(-count), { passive: true });

/** @param {number} more */
export function countMessages(more) {
	if (more === 0) return;
	count += more;
	document.title = count > 0 ? `(${count}) ${title}` : title;
}
