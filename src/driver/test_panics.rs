//! Panics on demand. Only in builds with the feature `test-panics`, which are not published: they show that a panic is
//! contained.

/// Panics where a string asks for it.
#[allow(clippy::panic)]
pub fn panic_if(text: &str, wish: &str) {
    if text.contains(wish) {
        panic!("a test asked for it");
    }
}
