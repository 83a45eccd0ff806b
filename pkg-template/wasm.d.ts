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

/** The Rust half and what it imports, under the short names that the build gives both; the build provides it. */
declare module "wasm:glue" {
	/** What Rust exports. */
	export type Core = Pick<
		typeof import("../target/wasm/graph_inbox_bg.js"),
		"Client" | "List" | "Walk" | "listOf" | "threadOwnerOf"
	>;
	/** What an instance imports. */
	export const imports: WebAssembly.Imports;
	/** Takes what an instance exports. */
	export function link(exports: WebAssembly.Exports): Core;
}
