/**
 * graph-inbox/node: a `fetch` for Node that takes less processor time than the global one.
 *
 * @module graph-inbox/node
 * @example
 * const inbox = createInbox({ pageId: "me", accessToken, fetch: nodeFetch() });
 */
import type { InboxOptions } from "./index.js";

/**
 * Returns a `fetch` for the option `fetch` of `createInbox`. It is built on `node:http` and `node:https`, and a call takes less
 * processor time than with the global `fetch`.
 *
 * Connections are kept alive and belong to the returned function: create it once and give it to all clients. An idle connection
 * is closed after a minute, or shortly before the server says that it closes it, and never keeps a process from ending. Where the
 * server has closed a connection that a request was to reuse, the request is sent once more, over a new connection. That
 * includes `POST` requests, because this package only reads.
 *
 * Responses compressed by gzip are asked for and inflated. An abort rejects with the reason of the signal, in every phase: before
 * the request, while it connects, while it waits for the headers, and within the body. A body that is cut off rejects.
 *
 * It does what this package needs of `fetch` and nothing else: no cookies, no cache, no proxy from the environment; redirects are
 * returned as they are; a request has headers and a body of a string or bytes. The response has `status`, `statusText`, `ok`, `url`,
 * `headers` (`get`, `has` and iteration), `body.getReader()`, `text()` and `json()`. It is no instance of `Response`.
 *
 * @throws {TypeError} where `maxSockets` is not an integer above 0 or `Infinity`, and for options that do not exist.
 */
export function nodeFetch(
	options?: NodeFetchOptions,
): NonNullable<InboxOptions["fetch"]>;

/** The options of `nodeFetch`. */
export interface NodeFetchOptions {
	/**
	 * The most connections to one server at a time: an integer above 0. Requests beyond that wait until a connection is free.
	 * Default `Infinity`.
	 */
	maxSockets?: number;
}
