// Parcel, with a page as its entry.
import { testBundler } from "../bundler.mjs";

testBundler({
	row: import.meta.url,
	entry: "inbox.js",
	site: "dist",
	// Its own place would be beside the lock file, which copies of the app share.
	options: ["--cache-dir", ".parcel-cache"],
	controls: {
		sideEffects: /InboxError: call init/,
		readFileSync: /readFileSync\) is not a function/,
	},
});
