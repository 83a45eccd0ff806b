//! One attempt: the request as it goes out, and what its answer means.

use js_sys::{JsString, Promise};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::call::{Plan, Problem};
use super::client::Client;
use super::event::tell;
use crate::host::error::described;
use crate::host::fetch::{Outbound, Reply, Unfit, send};
use crate::host::timer::{date_ms, now_ms};
use crate::host::value::parse;
use crate::protocol::error::{Answer, Failure, Kind, unexpected};
use crate::protocol::proof::appsecret_proof;
use crate::protocol::record::Record;
use crate::protocol::request::Request;
use crate::protocol::retry::{later, regain_access_ms, retry_after_ms};
use crate::protocol::secret::{Secret, Secrets};
use crate::protocol::settings::TokenTransport;
use crate::protocol::text::{concat, decimal};
use crate::protocol::thread_owner::quote_long_integers;
use crate::protocol::usage::{self, Usage, records};

/// How the body of an answer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// As the engine reads JSON, without a look at the text: for long lists.
    AsParsed,
    /// Integers too long for a double become strings, exact to the last digit.
    Exact,
}

/// Parses a body.
pub fn parse_exactly(text: &JsString) -> Option<JsValue> {
    parse(&quote_long_integers(&String::from(text)).into())
}

/// What is known of an answer besides its body.
pub struct Meta {
    status: u16,
    attempts: u32,
    api_version: Option<String>,
    trace_id: Option<String>,
    request_id: Option<String>,
    /// Every reading in the headers.
    pub usage: Vec<Usage>,
}

impl Meta {
    /// What users get of it.
    pub fn record(&self) -> Record {
        let mut record = Record::default();
        record
            .number("status", Some(self.status.into()))
            .number("attempts", Some(self.attempts.into()))
            .text("apiVersion", self.api_version.as_deref())
            .text("traceId", self.trace_id.as_deref())
            .text("requestId", self.request_id.as_deref())
            .list("usage", records(&self.usage));
        record
    }
}

/// A good answer.
pub struct Answered {
    /// What was asked for: an object without `error`, or a list of a batch's answers.
    pub body: JsValue,
    /// The body as it arrived.
    pub text: JsString,
    /// Metadata.
    pub meta: Meta,
    outgoing: Outgoing,
}

impl Answered {
    /// The failure for a body that is not what this edge answers.
    pub fn unexpected(&self, what: &str) -> Box<Failure> {
        let failure = unexpected(self.meta.status, what, self.secrets(), &|| String::from(&self.text));
        self.outgoing.located(failure)
    }

    /// What must be taken out of the body before it leaves.
    pub fn secrets(&self) -> &Secrets {
        &self.outgoing.secrets
    }
}

/// A request with its secrets, ready to be sent.
pub struct Outgoing {
    number: u32,
    method: &'static str,
    url: String,
    authorization: Option<String>,
    form: Option<String>,
    /// Path and query as they may be shown.
    path: String,
    secrets: Secrets,
    /// Cancels it.
    pub controller: AbortController,
}

impl Outgoing {
    /// Attempt number `number` of a call, with the token for it.
    pub fn new(client: &Client, request: &Request, number: u32, token: &Secret) -> Result<Self, JsValue> {
        let app_secret = client.app_secret.as_ref();
        let proof = app_secret.and_then(|secret| appsecret_proof(token, secret));

        let mut parameters = Vec::new();
        let mut authorization = None;
        // A batch is documented with the token in its form.
        if request.is_form() || client.transport == TokenTransport::Query {
            parameters.push(("access_token", token.expose()));
        } else {
            authorization = Some(concat(&["Bearer ", token.expose()]));
        }
        if let Some(proof) = &proof {
            parameters.push(("appsecret_proof", proof.expose()));
        }

        let mut secrets = Secrets::default();
        for secret in [Some(token), app_secret, proof.as_ref()].into_iter().flatten() {
            secrets.add(secret.clone());
        }
        client.note_secrets(&secrets);
        Ok(Self {
            number,
            method: request.method(),
            url: request.url(client.settings.base_url(), &parameters),
            authorization,
            form: request.body(&parameters),
            path: client.shown_target(request),
            secrets,
            controller: AbortController::new()?,
        })
    }

    /// Sends it; the promise is of a response.
    pub fn send(&self, client: &Client) -> Result<Promise, Unfit> {
        tell(client, "request", &|event| {
            event
                .text("method", Some(self.method))
                .text("path", Some(&self.path))
                .number("attempt", Some(self.number.into()));
        });
        let outbound = Outbound {
            url: &self.url,
            method: self.method,
            authorization: self.authorization.as_deref(),
            form: self.form.as_deref(),
        };
        send(client.fetch.as_ref(), &outbound, &self.controller.signal())
    }

    /// Judges the answer, and tells of it.
    pub fn judged(
        self,
        client: &Client,
        plan: &Plan<'_>,
        reply: &Reply,
        text: JsString,
        start_ms: f64,
    ) -> Result<Answered, Problem> {
        #[cfg(feature = "provoke")]
        super::provoke::panic_if(&String::from(&text), "panic at the answer");
        let secrets = &self.secrets;
        let header = |name: &str| reply.header(name).map(|value| secrets.redact(&value));
        let meta = Meta {
            status: reply.status(),
            attempts: self.number,
            api_version: header("facebook-api-version"),
            trace_id: header("x-fb-trace-id"),
            request_id: header("x-fb-request-id"),
            usage: usage::read::<JsValue>(&header),
        };
        tell(client, "response", &|event| {
            event
                .text("path", Some(&self.path))
                .number("status", Some(meta.status.into()))
                .number("attempt", Some(self.number.into()))
                .number("durationMs", Some(now_ms() - start_ms))
                .list("usage", records(&meta.usage))
                .text("apiVersion", meta.api_version.as_deref());
        });
        tell_version(client, meta.api_version.as_deref());

        let body = match plan.numbers {
            Numbers::AsParsed => parse(&text),
            Numbers::Exact => parse_exactly(&text),
        };
        let answer = Answer { status: meta.status, body, usage: &meta.usage, trace_id: meta.trace_id.as_deref() };
        match answer.judged(plan.expected, secrets, &|| String::from(&text)) {
            Ok(body) => Ok(Answered { body, text, meta, outgoing: self }),
            Err(mut failure) => {
                let asked = header("retry-after").and_then(|value| retry_after_ms(&value, now_ms(), date_ms));
                let estimate = regain_access_ms(&meta.usage).filter(|_| failure.kind == Kind::RateLimit);
                failure.retry_after_ms = later(asked, estimate);
                Err(self.located(failure).into())
            }
        }
    }

    /// The failure when its time is up.
    pub fn late(&self, timeout_ms: f64) -> Box<Failure> {
        let limit = decimal(timeout_ms as u32);
        self.located(Failure::new(Kind::Timeout, &["no answer within timeoutMs, ", &limit, " ms"]))
    }

    /// The failure when no answer arrived.
    pub fn lost(&self, thrown: &JsValue) -> Box<Failure> {
        let what = self.secrets.redact(&described(thrown));
        self.located(Failure::new(Kind::Connection, &["no answer arrived: ", &what]))
    }

    /// Says which request failed.
    fn located(&self, failure: Box<Failure>) -> Box<Failure> {
        failure.located(self.method, &self.path, self.number)
    }
}

/// Graph serves an expired version silently with another; told once for each that turns up.
fn tell_version(client: &Client, served: Option<&str>) {
    let requested = client.settings.version();
    let Some(served) = served.filter(|&served| served != requested) else { return };
    let known = client.served.replace(Some(served.to_owned()));
    if known.as_deref() != Some(served) {
        tell(client, "version", &|event| {
            event.text("requested", Some(requested)).text("served", Some(served));
        });
    }
}
