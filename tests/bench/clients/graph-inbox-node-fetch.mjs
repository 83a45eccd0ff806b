// This package with the `fetch` of graph-inbox/node.
import { nodeFetch } from "graph-inbox/node";
import { openWith } from "./graph-inbox.mjs";

/** @type {import("./client.d.ts").ClientFile["open"]} */
export const open = (settings) => openWith(settings, nodeFetch());
