//! What an answer means when it is not what was asked for: the error envelope, the table of codes, and everything that is
//! no Graph answer at all.
//!
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling>

use std::rc::Rc;

use crate::protocol::graph::usage::{self, Usage, records};
use crate::protocol::json::Json;
use crate::protocol::option::InvalidOption;
use crate::protocol::record::Record;
use crate::protocol::secret::Secrets;
use crate::protocol::text::{concat, decimal};

/// What went wrong, by what can be done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Refused before any request.
    InvalidOption,
    /// The token is no longer good: get a new one.
    Authentication,
    /// The app or the token lacks a permission.
    Permission,
    /// Graph does not accept the request as it is.
    InvalidRequest,
    /// Too many calls: stop until the limit lifts.
    RateLimit,
    /// Blocked for a policy violation: show it to a person.
    Blocked,
    /// A passing fault of Graph's.
    Transient,
    /// No answer arrived, or not the whole of it.
    Connection,
    /// It took longer than it was given.
    Timeout,
    /// An answer that Graph would not give.
    Response,
    /// A Graph error that is none of these.
    Unknown,
}

/// Why less is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trigger {
    /// Graph asks for it at once: code 1, or a body that is too long.
    TooMuch,
    /// No answer arrived in time.
    Timeout,
    /// Graph gave up after half a minute: code -2.
    GaveUp,
}

impl Kind {
    /// The kind that Graph's code and subcode decide.
    fn of_code(code: i64, subcode: Option<i64>) -> Option<Self> {
        Some(match (code, subcode) {
            // They stay until a person acts: access, terms, or a role on the Page are missing.
            (1, Some(99)) | (2, Some(2_018_344)) | (190, Some(492)) | (-2, _) => Self::Permission,
            (code, _) => Self::of_code_alone(code)?,
        })
    }

    fn of_code_alone(code: i64) -> Option<Self> {
        Some(match code {
            1 | 2 => Self::Transient,
            102 | 104 | 190 | 210 | 450 | 452 | 458..=467 => Self::Authentication,
            3 | 10 | 200..=299 => Self::Permission,
            21 | 100 | 803 | 2500 | 36103 => Self::InvalidRequest,
            4 | 17 | 32 | 341 | 613 | 80000..=80099 => Self::RateLimit,
            368 => Self::Blocked,
            _ => return None,
        })
    }

    /// The kind that the HTTP status decides where no code does.
    fn of_status(status: u16) -> Option<Self> {
        match status {
            429 => Some(Self::RateLimit),
            500.. => Some(Self::Transient),
            _ => None,
        }
    }

    /// As it is told.
    pub fn name(self) -> &'static str {
        match self {
            Self::InvalidOption => "invalid_option",
            Self::Authentication => "authentication",
            Self::Permission => "permission",
            Self::InvalidRequest => "invalid_request",
            Self::RateLimit => "rate_limit",
            Self::Blocked => "blocked",
            Self::Transient => "transient",
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::Response => "response",
            Self::Unknown => "unknown",
        }
    }

    /// Whether the same call may work later without a change.
    fn retryable(self) -> bool {
        matches!(self, Self::RateLimit | Self::Transient | Self::Connection | Self::Timeout)
    }
}

/// Everything an `InboxError` tells. Holds no secret: what comes from outside was redacted on the way in.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// For people.
    pub message: String,
    /// What can be done.
    pub kind: Kind,
    /// Whether the same call may work later without a change.
    pub retryable: bool,
    /// When the same call may work, in milliseconds from now.
    pub retry_after_ms: Option<f64>,
    /// The option that was refused.
    pub option: Option<String>,
    /// HTTP status of the last answer.
    pub status: Option<u16>,
    /// Requests made.
    pub attempts: Option<u32>,
    /// HTTP method.
    pub method: Option<&'static str>,
    /// Path and query as sent, without token and proof.
    pub path: Option<String>,
    /// Where a list can go on: the cursor of the page that failed.
    pub cursor: Option<String>,
    /// The start of a body that could not be read.
    pub body: Option<String>,
    /// What Graph itself reported; goes out beside the rest.
    pub report: Option<Rc<Report>>,
    /// Whether it was more than is read.
    pub is_too_much: bool,
}

/// The error envelope: what only a `GraphError` has.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Report {
    code: Option<f64>,
    subcode: Option<f64>,
    kind: Option<String>,
    user_title: Option<String>,
    user_message: Option<String>,
    is_transient: Option<bool>,
    trace_id: Option<String>,
    usage: Vec<Usage>,
}

impl Report {
    /// What only a `GraphError` has.
    pub fn record(&self) -> Record {
        let mut record = Record::default();
        record
            .number("code", self.code)
            .number("subcode", self.subcode)
            .text("type", self.kind.as_deref())
            .text("userTitle", self.user_title.as_deref())
            .text("userMessage", self.user_message.as_deref())
            .flag("isTransient", self.is_transient)
            .text("traceId", self.trace_id.as_deref())
            .list("usage", records(&self.usage));
        record
    }
}

impl Failure {
    /// A failure of one kind, with nothing else known yet.
    pub fn new(kind: Kind, message: &[&str]) -> Box<Self> {
        Box::new(Self {
            message: concat(message),
            kind,
            retryable: kind.retryable(),
            retry_after_ms: None,
            option: None,
            status: None,
            attempts: None,
            method: None,
            path: None,
            cursor: None,
            body: None,
            report: None,
            is_too_much: false,
        })
    }
}

impl Expected {
    fn fits<J: Json>(self, body: &J) -> bool {
        match self {
            Self::Object => body.is_object(),
            Self::List => body.items().is_some(),
        }
    }
}

impl Failure {
    /// What every error has.
    pub fn details(&self) -> Record {
        let mut record = Record::default();
        record
            .text("kind", Some(self.kind.name()))
            .flag("retryable", Some(self.retryable))
            .number("retryAfterMs", self.retry_after_ms)
            .text("option", self.option.as_deref())
            .number("status", self.status.map(f64::from))
            .number("attempts", self.attempts.map(f64::from))
            .text("method", self.method)
            .text("path", self.path.as_deref())
            .text("cursor", self.cursor.as_deref())
            .text("body", self.body.as_deref());
        record
    }

    /// Why a list may get an answer when it asks for less, if it may.
    pub fn trigger(&self) -> Option<Trigger> {
        if self.is_too_much || (self.code() == Some(1) && self.kind == Kind::Transient) {
            return Some(Trigger::TooMuch);
        }
        if self.code() == Some(-2) {
            return Some(Trigger::GaveUp);
        }
        (self.kind == Kind::Timeout).then_some(Trigger::Timeout)
    }

    /// Graph's code, where it reported one.
    pub fn code(&self) -> Option<i64> {
        self.report.as_ref()?.code.map(|code| code as i64)
    }

    #[cfg(test)]
    pub(crate) fn with_code(mut self: Box<Self>, code: i64) -> Box<Self> {
        self.report = Some(Rc::new(Report { code: Some(code as f64), ..Report::default() }));
        self
    }
}

impl From<Box<InvalidOption>> for Box<Failure> {
    fn from(refused: Box<InvalidOption>) -> Self {
        let mut failure = Failure::new(Kind::InvalidOption, &[&refused.option, ": ", &refused.problem]);
        failure.option = Some(refused.option);
        failure
    }
}

/// The header that names an answer for Meta's support.
pub const TRACE_ID: &str = "x-fb-trace-id";

/// An answer as it arrived.
pub struct ResponseParts<'a, J> {
    /// HTTP status; 0 for a redirect that a browser hides.
    pub status: u16,
    /// The body, if it is JSON.
    pub body: Option<J>,
    /// Whether the body is longer than is read.
    pub is_cut: bool,
    /// Reads one of its headers, which only an error needs.
    pub header: &'a dyn Fn(&str) -> Option<String>,
}

/// What a good answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// An object: what every edge answers.
    Object,
    /// A list: what a batch answers.
    List,
}

impl<J: Json> ResponseParts<'_, J> {
    /// The body that was asked for, or what came instead. `text` gives the body as it arrived, for where it is shown.
    pub fn into_body(
        self,
        expected: Expected,
        secrets: &Secrets,
        text: &dyn Fn() -> String,
    ) -> Result<J, Box<Failure>> {
        let status = self.status;
        let is_good = (200..300).contains(&status);
        let mut failure = match self.body {
            Some(body) => match body.get("error") {
                Some(error) if error.is_object() => {
                    return Err(reported(status, &error, self.header, secrets));
                }
                None if is_good && expected.fits(&body) => return Ok(body),
                Some(_) => foreign(status, "an `error` that is no object"),
                None => foreign(status, "JSON of another shape"),
            },
            None if self.is_cut => {
                let mut failure = foreign(status, "more than 16 MiB");
                failure.is_too_much = is_good;
                failure
            }
            None if status == 0 || (300..400).contains(&status) => foreign(status, "a redirect, which is not followed"),
            None => {
                let mut failure = foreign(status, "something that is not JSON");
                // Under a good status it was cut off or replaced on the way.
                failure.retryable |= is_good;
                failure
            }
        };
        failure.show_body(secrets, text);
        Err(failure)
    }
}

/// The object was there, but not what this edge of Graph answers.
pub fn unexpected(status: u16, what: &str, secrets: &Secrets, text: &dyn Fn() -> String) -> Box<Failure> {
    let mut failure = Failure::new(Kind::Response, &[what]);
    failure.status = Some(status);
    failure.show_body(secrets, text);
    failure
}

/// An error that Graph reported. A known code decides first, then `is_transient`, then the status.
fn reported<J: Json>(
    status: u16,
    error: &J,
    header: &dyn Fn(&str) -> Option<String>,
    secrets: &Secrets,
) -> Box<Failure> {
    let start = |name| error.get(name)?.start().filter(|text| !text.is_empty());
    let text = |name| start(name).map(|text| secrets.redact_start(&text));
    let integer = |name| error.get(name)?.integer();
    let (code, subcode) = (integer("code"), integer("error_subcode"));
    let is_transient = error.get("is_transient").and_then(|value| value.boolean());

    let kind = code
        .and_then(|code| Kind::of_code(code, subcode))
        .or_else(|| is_transient.and_then(|transient| transient.then_some(Kind::Transient)))
        .or_else(|| Kind::of_status(status))
        .unwrap_or(Kind::Unknown);
    let message = text("message");
    let message = message.as_deref().unwrap_or("Graph reported an error without a message");
    let user_message = text("error_user_msg");
    let mut failure = match (code, subcode, &user_message) {
        // The message says "Timeout"; the reason stands here alone.
        (Some(-2), _, Some(reason)) => Failure::new(kind, &[reason, " (", message, ")"]),
        // A new token of the same person is refused too.
        (Some(190), Some(459 | 464), _) => Failure::new(kind, &[message, " (the person must log in at facebook.com)"]),
        _ => Failure::new(kind, &[message]),
    };
    failure.status = Some(status);
    failure.report = Some(Rc::new(Report {
        code: code.map(|code| code as f64),
        subcode: subcode.map(|subcode| subcode as f64),
        kind: text("type"),
        user_title: text("error_user_title"),
        user_message,
        is_transient,
        trace_id: text("fbtrace_id").or_else(|| header(TRACE_ID)),
        usage: usage::read::<J>(header),
    }));
    failure
}

/// Neither an object under a good status nor an error envelope: a gateway's page, half an answer, a redirect.
fn foreign(status: u16, what: &str) -> Box<Failure> {
    let kind = Kind::of_status(status).unwrap_or(Kind::Response);
    let message = ["expected an answer of Graph's; got ", what, " (HTTP status ", &decimal(status), ")"];
    let mut failure = Failure::new(kind, &message);
    failure.status = (status != 0).then_some(status);
    failure
}

impl Failure {
    /// Shows the start of the body, redacted before it is cut so that no part of a secret is left at the end.
    fn show_body(&mut self, secrets: &Secrets, text: &dyn Fn() -> String) {
        const LONGEST: usize = 200;
        if self.kind == Kind::Response {
            let text = secrets.redact_start(&text());
            let mut start = String::new();
            for c in text.chars().take(LONGEST) {
                start.push(c);
            }
            self.body = (!start.is_empty()).then_some(start);
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "error_tests.rs"]
mod tests;
