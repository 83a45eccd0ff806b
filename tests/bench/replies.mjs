// Waiting for what another process says next.

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {string} name of it, for an error
 * @returns {Promise<any>} rejects when it ends before it said something, or says what went wrong
 */
export function reply(child, name) {
	return new Promise((resolve, reject) => {
		const onExit = () => {
			child.off("message", onMessage);
			reject(new Error(`${name} ended`));
		};
		const onMessage = (/** @type {any} */ message) => {
			child.off("exit", onExit);
			if (message.error) reject(new Error(`${name}: ${message.error}`));
			else resolve(message);
		};
		child.once("exit", onExit);
		child.once("message", onMessage);
	});
}
