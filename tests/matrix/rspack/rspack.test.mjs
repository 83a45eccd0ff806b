// Rspack, as it is without a configuration.
import { testBundler } from "../bundler.mjs";

testBundler({
	row: import.meta.url,
	entry: "src/index.js",
	controls: {
		sideEffects: /InboxError: call init/,
		readFileSync: /ERROR in node:fs/,
	},
});
