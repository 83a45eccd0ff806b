/** The wasm file inside the entry, as `packedWasm` or `rawWasm` returns it; the build provides it. */
declare module "wasm:inlined" {
	const source: import("./load.js").WasmSource;
	export default source;
}

/** The wasm file, compiled by the platform's bundler. */
declare module "*.wasm?module" {
	const module: WebAssembly.Module;
	export default module;
}

/** The Rust half and its glue, under the short names that the build gives both; the build provides it. */
declare module "wasm:glue" {
	/** The exports of an instance of the Rust half, and the guard that contains its traps. */
	export type Core = Pick<
		typeof import("../target/wasm/graph_inbox_bg.js"),
		"Client" | "List" | "listOf" | "metaOf" | "threadOwnerOf"
	> & { trapGuard: import("./trap-guard.js").TrapGuard };
	/** The glue of one instance: what it imports, and what takes what it exports. */
	export function connect(): {
		imports: WebAssembly.Imports;
		link(exports: WebAssembly.Exports): Core;
	};
}
