//! What Graph is asked, answers and means.

pub mod batch;
pub mod conversations;
pub mod customer;
pub mod error;
pub mod fields;
pub mod listing;
pub mod paging;
pub mod settings;
pub mod thread_owner;
pub mod usage;
