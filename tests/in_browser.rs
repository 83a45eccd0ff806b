//! The bindings in a browser: `wasm-pack test --headless --chrome . --test in_browser`.
#![cfg(target_arch = "wasm32")]

mod bindings;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
