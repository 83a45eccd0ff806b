//! The world outside: one web concept to a file. Only this folder and the door (`lib.rs`) name JavaScript's APIs; it knows
//! nothing of Graph.

pub mod abort;
pub mod environment;
pub mod error;
pub mod fetch;
pub mod options;
pub mod timer;
pub mod value;
pub mod wait;
