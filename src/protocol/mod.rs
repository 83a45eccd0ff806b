//! Every decision of a client. Pure: no JavaScript value, no clock, no input or output, no randomness but what is handed in.
//!
//! * `graph`: what Graph is asked, answers and means.
//! * `call`: one call, and what the calls of a client share.
//! * `paginator`: a walk through a list.
//! * `watch`: what changes in a list, look by look.
//! * `owners`: the owners of many threads.
//!
//! Out of scope: sending, waiting, reading JavaScript options. `driver` does over `host` what is decided here.

pub mod call;
pub mod graph;
pub mod json;
pub mod key_map;
pub mod long_integers;
pub mod option;
pub mod owners;
pub mod paginator;
pub mod record;
pub mod request;
pub mod secret;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod simulation;
pub mod text;
pub mod watch;
