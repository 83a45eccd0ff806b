/** The wasm file as `inlined` gives it; the build provides it. */
declare module "wasm:inlined" {
	const source: () => import("./load.js").Source;
	export default source;
}

/** The wasm file, compiled by the platform's bundler. */
declare module "*.wasm?module" {
	const module: WebAssembly.Module;
	export default module;
}

/** All that a module exports, as an object that bundlers can drop; the build provides it. */
declare module "all:../target/wasm/graph_inbox_bg.js" {
	const all: typeof import("../target/wasm/graph_inbox_bg.js");
	export default all;
}
declare module "all:./engine.js" {
	const all: typeof import("./engine.js");
	export default all;
}
