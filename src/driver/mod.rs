//! Does over the host what the protocol decides: it holds no decision of its own.

pub mod call;
pub mod client;
pub mod list;
pub mod owners;
pub mod page;
pub mod params;
#[cfg(feature = "test-panics")]
pub mod test_panics;
pub mod walk;
pub mod watch;
