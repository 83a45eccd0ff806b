/** The wasm file as hexadecimal digits; the build provides it. */
declare module "wasm:hex" {
	const hex: string;
	export default hex;
}

/** The wasm file, compiled by the platform's bundler. */
declare module "*.wasm?module" {
	const module: WebAssembly.Module;
	export default module;
}
