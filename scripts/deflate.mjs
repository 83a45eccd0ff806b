// Deflates a file as well as it can be: node scripts/deflate.mjs FROM TO; with --gzip it is a gzipped one, which stays one. A
// process of its own, because the library takes over the handling of uncaught errors where it is loaded.
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { deflateAsync, gzipAsync } from "@gfx/zopfli";

const [from, to, isGzip] = process.argv.slice(2);
const bytes = readFileSync(from);
const packed = isGzip
	? gzipAsync(gunzipSync(bytes), { numiterations: 5 })
	: // Streams differ from each other: a block for each, where 15 would be the most.
		deflateAsync(bytes, { numiterations: 200, blocksplittingmax: 40 });
writeFileSync(to, await packed);
