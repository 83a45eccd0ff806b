// esbuild, as ESM and as a classic script.
import { testBundler } from "../bundler.mjs";

testBundler({
	row: import.meta.url,
	entry: "inbox.js",
	builds: { build: "", "build:iife": "iife.html" },
	controls: {
		sideEffects: /InboxError: call init/,
		wasmImport: /No loader is configured for "\.wasm" files/,
	},
});
