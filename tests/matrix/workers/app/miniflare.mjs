// The built Worker in Miniflare, as its own tests would run it:
// npx wrangler deploy --dry-run --outdir dist && node miniflare.mjs
import { Miniflare } from "miniflare";

const { PAGE_ID, PAGE_TOKEN, GRAPH_URL, RECIPIENT } = process.env;

const miniflare = new Miniflare({
	scriptPath: "dist/worker.js",
	modules: true,
	modulesRules: [{ type: "CompiledWasm", include: ["**/*.wasm"] }],
	compatibilityDate: "2026-07-01",
	bindings: { PAGE_ID, PAGE_TOKEN, GRAPH_URL, RECIPIENT },
});
const response = await miniflare.dispatchFetch("http://localhost/");
console.log(await response.text());
await miniflare.dispose();
