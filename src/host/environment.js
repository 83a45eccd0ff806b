/**
 * Tells environment.rs what kind of host this is, by the features that matter and never by a name: a bundler gives browsers
 * a `process`.
 */

import { tryOr } from "./value.js";

const host = /** @type {any} */ (globalThis);
const no = () => false;

/** Tells whether there is a document, so that whoever opens the page can read what the program holds. */
export const hasDom = () =>
	tryOr(() => typeof host.document?.createElement === "function", no);

/** Tells whether requests are sent under an origin, as from pages and their workers: then CORS applies. */
export const hasOrigin = () => tryOr(() => typeof host.origin === "string", no);
