//! What Graph says and means. Pure: no JavaScript value, no clock, no input or output.
//!
//! In scope: requests as data, their parameters and the rules for them, what an answer means, what is secret.
//!
//! Out of scope: sending, waiting, reading JavaScript options. `inbox` drives this over `host`.

pub mod batch;
pub mod catch_up;
pub mod conversations;
pub mod customer;
pub mod error;
pub mod fields;
pub mod json;
pub mod option;
pub mod pace;
pub mod page_size;
pub mod paging;
pub mod proof;
pub mod record;
pub mod request;
pub mod retry;
pub mod secret;
pub mod settings;
pub mod text;
pub mod thread_owner;
pub mod usage;
