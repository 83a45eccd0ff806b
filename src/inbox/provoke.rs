//! A panic where a test wants one. Only in builds with the feature `provoke`, which are not published: they show that what
//! should not happen is contained when it does.

/// Panics where the text asks for it.
#[allow(clippy::panic)]
pub fn panic_if(text: &str, wish: &str) {
    if text.contains(wish) {
        panic!("provoked");
    }
}
