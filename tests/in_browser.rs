//! The bindings in a browser: `npm test -- bindings`, which also keeps the test server of wasm-bindgen from stalling.
#![cfg(target_arch = "wasm32")]

mod bindings;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
