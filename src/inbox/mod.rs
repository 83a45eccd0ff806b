//! Drives the protocol over the host: asks `protocol` what to do, lets `host` do it, and asks `protocol` what it means.
//!
//! Nothing is borrowed across an `.await`, so that one client serves any number of calls at once.

pub mod attempt;
pub mod call;
pub mod client;
pub mod event;
pub mod list;
pub mod owners;
pub mod page;
pub mod params;
#[cfg(feature = "provoke")]
pub mod provoke;
pub mod trail;
pub mod walk;
