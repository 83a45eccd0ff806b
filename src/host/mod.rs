//! The world outside: one web concept to a file, with its JavaScript beside it. Only this folder and the entry point
//! (`lib.rs`) name JavaScript's APIs. Of Graph only `page` knows anything: that a page is a list of conversations with IDs.

pub mod abort;
pub mod crypto;
pub mod environment;
pub mod error;
pub mod fetch;
pub mod first_page;
pub mod options;
pub mod page;
pub mod timer;
pub mod value;
pub mod wait;
