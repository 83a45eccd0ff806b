// Deflates a file as well as it can be: node scripts/deflate.mjs FROM TO. A process of its own, because the library
// takes over the handling of uncaught errors where it is loaded.
import { readFileSync, writeFileSync } from "node:fs";
import { deflateAsync } from "@gfx/zopfli";

const [from, to] = process.argv.slice(2);
writeFileSync(
	to,
	await deflateAsync(readFileSync(from), { numiterations: 15 }),
);
