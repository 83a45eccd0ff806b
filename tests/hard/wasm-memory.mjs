// How much the package's WebAssembly has, none of which it ever gives back. To be called before the package is used.

/** Memory in bytes, and places for the JavaScript values that Rust holds; 0 before the first use. */
export function watchWasm() {
	/** @type {WebAssembly.Exports | undefined} */
	let exports;
	WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
		construct(target, given) {
			const instance = Reflect.construct(target, given);
			exports = instance.exports;
			return instance;
		},
	});
	// By what they are: the build renames them.
	const all = () => Object.values(exports ?? {});
	const memory = () => all().find((it) => it instanceof WebAssembly.Memory);
	const table = () => all().find((it) => it instanceof WebAssembly.Table);
	return {
		bytes: () => memory()?.buffer.byteLength ?? 0,
		places: () => table()?.length ?? 0,
	};
}
