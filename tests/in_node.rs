//! The bindings in Node: `wasm-pack test --node . --test in_node`.
#![cfg(target_arch = "wasm32")]

mod bindings;
