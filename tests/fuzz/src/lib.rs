//! What the fuzz targets share.

pub mod json;
pub mod secrets;
pub mod target;

/// The first lines of an input, as many as are wanted, and all the rest in the last. Inputs are text, so that a seed can
/// be written by hand and a finding read.
pub fn lines<const COUNT: usize>(input: &str) -> [&str; COUNT] {
    let mut parts = input.splitn(COUNT, '\n');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}
