//! Tests of whole calls, walks and batches in virtual time, against a scripted Graph.
//!
//! Everything here mirrors a part of the package that is JavaScript there: `clock` its timers and aborts, `http` its JSON
//! and its responses, `driver` the folder of that name, `graph` the server. A schedule takes microseconds, so `schedules`
//! runs thousands of random ones: `GRAPH_INBOX_SCHEDULES=1000000` says how many, `GRAPH_INBOX_SEED=7` replays one.

mod clock;
mod defects;
mod driver;
mod graph;
mod heavy;
pub mod http;
mod schedules;
mod watching;
