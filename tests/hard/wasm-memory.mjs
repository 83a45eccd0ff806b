// How much memory the package's WebAssembly has, which it never gives back. To be called before the package is used.

/** @returns {() => number} bytes, 0 before the first use */
export function watchWasm() {
	/** @type {WebAssembly.Memory | undefined} */
	let memory;
	WebAssembly.Instance = new Proxy(WebAssembly.Instance, {
		construct(target, given) {
			const instance = Reflect.construct(target, given);
			// By what it is: the build renames it.
			memory = Object.values(instance.exports).find(
				(value) => value instanceof WebAssembly.Memory,
			);
			return instance;
		},
	});
	return () => memory?.buffer.byteLength ?? 0;
}
