/**
 * graph-inbox/slim: everything of graph-inbox, but the WebAssembly is a file that you load yourself.
 *
 * @module graph-inbox/slim
 */
export * from "./index.js";

/**
 * Loads the WebAssembly from the file `graph-inbox/graph_inbox.wasm`: its bytes, or the module compiled from them. Call it
 * once, before anything else of this entry.
 *
 * @throws {InboxError} where WebAssembly can not be compiled, as under a Content-Security-Policy without
 * `'wasm-unsafe-eval'`.
 */
export function init(source: ArrayBuffer | ArrayBufferView | object): void;
