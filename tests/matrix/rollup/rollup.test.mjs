// Rollup, with nothing but the plugin that finds packages.
import { testBundler } from "../bundler.mjs";

testBundler({
	row: import.meta.url,
	entry: "inbox.js",
	controls: {
		sideEffects: /InboxError: call init/,
		wasmImport: /you need plugins to import files that are not JavaScript/,
		importMeta: /InboxError: WebAssembly could not be compiled/,
	},
});
