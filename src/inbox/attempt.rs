//! One attempt: the request as it goes out, and what its answer means.

use std::rc::Rc;

use js_sys::{JsString, Promise};
use wasm_bindgen::JsValue;
use web_sys::AbortController;

use super::call::{Plan, Problem};
use super::client::Client;
use super::event::tell;
use crate::host::error::described;
use crate::host::fetch::{Outbound, Reply, Unfit, send};
use crate::host::timer::{date_ms, now_ms};
use crate::host::value::{has_long_integer, parse, start};
use crate::protocol::error::{Answer, Failure, Kind, TRACE_ID, unexpected};
use crate::protocol::proof::appsecret_proof;
use crate::protocol::record::Record;
use crate::protocol::request::Request;
use crate::protocol::retry::{later, regain_access_ms, retry_after_ms};
use crate::protocol::secret::{Secret, Secrets};
use crate::protocol::settings::TokenTransport;
use crate::protocol::text::{concat, decimal};
use crate::protocol::thread_owner::quote_long_integers;
use crate::protocol::usage::{self, records};

/// How the body of an answer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// As the engine reads JSON, without a look at the text: for long lists.
    AsParsed,
    /// Integers too long for a double become strings, exact to the last digit.
    Exact,
}

/// Parses a body. One far longer than any of an owner is not copied for the digits of its integers: what of them is too
/// long then is no ID.
pub fn parse_exactly(text: &JsString) -> Option<JsValue> {
    const LONGEST: u32 = 1 << 20;
    if text.length() <= LONGEST && has_long_integer(text) {
        parse(&quote_long_integers(&String::from(text)).into())
    } else {
        parse(text)
    }
}

/// A good answer.
pub struct Answered<'a> {
    /// What was asked for: an object without `error`, or a list of a batch's answers.
    pub body: JsValue,
    /// The body as it arrived.
    pub text: JsString,
    reply: Reply,
    outgoing: Outgoing<'a>,
}

impl Answered<'_> {
    /// The failure for a body that is not what this edge answers.
    pub fn unexpected(&self, what: &str) -> Box<Failure> {
        let failure = unexpected(self.reply.status(), what, self.secrets(), &|| start(&self.text));
        self.outgoing.located(failure)
    }

    /// What must be taken out of the body before it leaves.
    pub fn secrets(&self) -> &Secrets {
        &self.outgoing.secrets
    }

    /// One of its headers.
    pub fn header(&self, name: &str) -> Option<String> {
        self.outgoing.header(&self.reply, name)
    }

    /// What users get to know of an answer besides its body.
    pub fn meta(&self) -> Record {
        let header = |name: &str| self.header(name);
        let mut record = Record::default();
        record
            .number("status", Some(self.reply.status().into()))
            .number("attempts", Some(self.outgoing.number.into()))
            .text("apiVersion", header(API_VERSION).as_deref())
            .text("traceId", header(TRACE_ID).as_deref())
            .text("requestId", header("x-fb-request-id").as_deref())
            .list("usage", records(&usage::read::<JsValue>(&header)));
        record
    }
}

/// The header that tells which version answered.
const API_VERSION: &str = "facebook-api-version";

/// A request with its secrets, ready to be sent.
pub struct Outgoing<'a> {
    number: u32,
    request: &'a Request,
    url: String,
    authorization: Option<String>,
    form: Option<String>,
    secrets: Rc<Secrets>,
    /// Cancels it.
    pub controller: AbortController,
}

impl<'a> Outgoing<'a> {
    /// Attempt number `number` of a call, with the token for it.
    pub fn new(client: &Client, request: &'a Request, number: u32, token: &Secret) -> Result<Self, JsValue> {
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
        let secrets = Rc::new(secrets);
        client.note_secrets(&secrets);
        Ok(Self {
            number,
            request,
            url: request.url(client.settings.base_url(), &parameters),
            authorization,
            form: request.body(&parameters),
            secrets,
            controller: AbortController::new()?,
        })
    }

    /// Path and query as they may be shown.
    fn path(&self) -> String {
        self.secrets.redact(&self.request.target())
    }

    fn header(&self, reply: &Reply, name: &str) -> Option<String> {
        reply.header(name).map(|value| self.secrets.redact(&value))
    }

    /// Sends it; the promise is of the whole answer.
    pub fn send(&self, client: &Client) -> Result<Promise, Unfit> {
        tell(client, "request", &|event| {
            event
                .text("method", Some(self.request.method()))
                .text("path", Some(&self.path()))
                .number("attempt", Some(self.number.into()));
        });
        let outbound = Outbound {
            url: &self.url,
            method: self.request.method(),
            authorization: self.authorization.as_deref(),
            form: self.form.as_deref(),
        };
        send(client.fetch.as_ref(), &outbound, &self.controller.signal())
    }

    /// Judges the answer, and tells of it. What only its headers say is read where somebody asks for it.
    pub fn judged(
        self,
        client: &Client,
        plan: &Plan<'_>,
        reply: Reply,
        text: JsString,
        start_ms: f64,
    ) -> Result<Answered<'a>, Problem> {
        #[cfg(feature = "provoke")]
        super::provoke::panic_if(&String::from(&text), "panic at the answer");
        let header = |name: &str| self.header(&reply, name);
        let status = reply.status();
        if client.on_event.is_some() {
            let api_version = header(API_VERSION);
            tell(client, "response", &|event| {
                event
                    .text("path", Some(&self.path()))
                    .number("status", Some(status.into()))
                    .number("attempt", Some(self.number.into()))
                    .number("durationMs", Some(now_ms() - start_ms))
                    .list("usage", records(&usage::read::<JsValue>(&header)))
                    .text("apiVersion", api_version.as_deref());
            });
            tell_version(client, api_version.as_deref());
        }

        let body = match plan.numbers {
            _ if reply.is_cut => None,
            Numbers::AsParsed => parse(&text),
            Numbers::Exact => parse_exactly(&text),
        };
        let answer = Answer { status, body, is_cut: reply.is_cut, header: &header };
        match answer.judged(plan.expected, &self.secrets, &|| start(&text)) {
            Ok(body) => Ok(Answered { body, text, reply, outgoing: self }),
            Err(mut failure) => {
                let asked = header("retry-after").and_then(|value| retry_after_ms(&value, now_ms(), date_ms));
                let estimate = (failure.kind == Kind::RateLimit)
                    .then(|| regain_access_ms(&usage::read::<JsValue>(&header)))
                    .flatten();
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
        failure.located(self.request.method(), &self.path(), self.number)
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
