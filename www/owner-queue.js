/** @typedef {import("./graph-inbox/index.js").ThreadOwner} ThreadOwner */

/** So many at a time: Graph counts every question, and a burst of them meets its limits first. */
const CONCURRENCY = 4;

/** After these the next question fails the same way, and makes a limit or a block worse. */
const FINAL_KINDS = new Set(["authentication", "rate_limit", "blocked"]);

/**
 * Whose owner is asked for.
 *
 * @typedef {{ conversationId: string, recipient: string }} Question
 */

/**
 * Asks for the owners of threads, a few at a time, in the order given.
 *
 * @param {object} options
 * @param {(recipient: string) => Promise<ThreadOwner>} options.ask
 * @param {AbortSignal} options.signal
 * @param {(question: Question, owner: ThreadOwner) => void} options.onOwner
 * @param {(question: Question, error: unknown) => void} options.onFailure
 */
export function createOwnerQueue({ ask, signal, onOwner, onFailure }) {
	/** @type {Question[]} */
	const waiting = [];
	let running = 0;
	/** @type {{ error: unknown } | undefined} */
	let final;

	/** @param {Question} question */
	async function answer(question) {
		try {
			const owner = await ask(question.recipient);
			if (!signal.aborted) onOwner(question, owner);
		} catch (error) {
			if (signal.aborted) return;
			const { kind } = /** @type {{ kind?: string }} */ (error);
			if (kind && FINAL_KINDS.has(kind)) final = { error };
			onFailure(question, error);
		}
	}

	async function work() {
		running += 1;
		for (
			let question = waiting.shift();
			question && !signal.aborted;
			question = waiting.shift()
		) {
			if (final) onFailure(question, final.error);
			else await answer(question);
		}
		running -= 1;
	}

	return {
		/** @param {Question[]} questions */
		add(questions) {
			waiting.push(...questions);
			const idle = Math.min(CONCURRENCY - running, waiting.length);
			for (let worker = 0; worker < idle; worker += 1) void work();
		},
	};
}
