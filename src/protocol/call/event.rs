//! What `onEvent` is told.

use crate::protocol::graph::error::Kind;
use crate::protocol::graph::usage::{Usage, records};
use crate::protocol::record::Record;
use crate::protocol::secret::Secrets;

/// Something that happened. Strings in it may still hold secrets: `record` alone takes them out.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A request is about to be sent.
    Request {
        /// HTTP method.
        method: &'static str,
        /// Path and query.
        path: String,
        /// Counted from 1.
        attempt: u32,
    },
    /// A response arrived.
    Response {
        /// Path and query of the request.
        path: String,
        /// HTTP status; 0 for a redirect that a browser hides.
        status: u16,
        /// Counted from 1.
        attempt: u32,
        /// From the request to the end of the body.
        duration_ms: f64,
        /// Readings of the usage headers.
        usage: Vec<Usage>,
        /// The version that answered.
        api_version: Option<String>,
    },
    /// Another version answered than was asked for.
    Version {
        /// As `v25.0`.
        requested: String,
        /// As `v25.0`.
        served: String,
    },
    /// A call waits before it sends.
    Wait {
        /// Path and query of the request.
        path: String,
        /// Milliseconds from now.
        delay_ms: f64,
        /// `rate_limit` or `pace`.
        reason: &'static str,
    },
    /// A request is made again.
    Retry {
        /// Path and query of the request.
        path: String,
        /// The attempt that failed, counted from 1.
        attempt: u32,
        /// Milliseconds from now.
        delay_ms: f64,
        /// Why the attempt failed.
        reason: Kind,
    },
    /// Graph cannot return some fields of a conversation, however little is asked for.
    Unreadable {
        /// Its ID.
        id: String,
        /// The names of the fields.
        fields: Vec<String>,
    },
    /// The limit of a nested edge changed.
    NestedLimit {
        /// The name of the edge.
        edge: String,
        /// Before.
        from: u32,
        /// From now on.
        to: u32,
    },
    /// The page size changed.
    PageSize {
        /// Conversations to a page before.
        from: u32,
        /// Conversations to a page from now on.
        to: u32,
    },
}

impl Event {
    /// Returns the event as users get it, without any of these secrets.
    pub fn record(&self, secrets: &Secrets) -> Record {
        let mut record = Record::default();
        match self {
            Self::Request { method, path, attempt } => record
                .text("type", Some("request"))
                .text("method", Some(method))
                .redacted("path", Some(path), secrets)
                .number("attempt", Some((*attempt).into())),
            Self::Response { path, status, attempt, duration_ms, usage, api_version } => record
                .text("type", Some("response"))
                .redacted("path", Some(path), secrets)
                .number("status", Some((*status).into()))
                .number("attempt", Some((*attempt).into()))
                .number("durationMs", Some(*duration_ms))
                .list("usage", records(usage))
                .redacted("apiVersion", api_version.as_deref(), secrets),
            Self::Version { requested, served } => record
                .text("type", Some("version"))
                .text("requested", Some(requested))
                .redacted("served", Some(served), secrets),
            Self::Wait { path, delay_ms, reason } => record
                .text("type", Some("wait"))
                .redacted("path", Some(path), secrets)
                .number("delayMs", Some(*delay_ms))
                .text("reason", Some(reason)),
            Self::Retry { path, attempt, delay_ms, reason } => record
                .text("type", Some("retry"))
                .redacted("path", Some(path), secrets)
                .number("attempt", Some((*attempt).into()))
                .number("delayMs", Some(*delay_ms))
                .text("reason", Some(reason.name())),
            Self::Unreadable { id, fields } => record
                .text("type", Some("unreadable"))
                .redacted("conversationId", Some(id), secrets)
                .texts("fields", fields),
            Self::NestedLimit { edge, from, to } => record
                .text("type", Some("nested_limit"))
                .text("edge", Some(edge))
                .number("from", Some((*from).into()))
                .number("to", Some((*to).into())),
            Self::PageSize { from, to } => record
                .text("type", Some("page_size"))
                .number("from", Some((*from).into()))
                .number("to", Some((*to).into())),
        };
        record
    }
}
