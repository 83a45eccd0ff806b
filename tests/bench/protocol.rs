//! What the protocol core costs by itself, and how that grows with what it is given: `npm run bench -- protocol` runs it
//! and looks at how it grows.

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
mod growth;

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    growth::run();
}
