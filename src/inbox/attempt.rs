//! One attempt: the token asked for, the request sent, the answer judged.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Function, JsString, Promise};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortController;

use super::call::{Plan, Problem};
use super::client::Client;
use super::event::{Event, tell};
use crate::host::abort::unless_aborted;
use crate::host::fetch::{Outbound, Reply, Trouble, send};
use crate::host::timer::{date_ms, now_ms, within};
use crate::host::value::parse;
use crate::protocol::error::{Answer, Failure, Kind, unexpected};
use crate::protocol::option::InvalidOption;
use crate::protocol::proof::appsecret_proof;
use crate::protocol::request::Request;
use crate::protocol::retry::{regain_access_ms, retry_after_ms};
use crate::protocol::secret::Secrets;
use crate::protocol::settings::TokenTransport;
use crate::protocol::thread_owner::quote_long_integers;
use crate::protocol::usage::{self, Usage};

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
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    status: u16,
    attempts: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
    /// Every reading in the headers.
    pub usage: Vec<Usage>,
}

/// A good answer.
pub struct Answered {
    /// What was asked for: an object without `error`, or a list of a batch's answers.
    pub body: JsValue,
    /// The body as it arrived.
    pub text: JsString,
    /// Metadata.
    pub meta: Meta,
    outgoing: Rc<Outgoing>,
}

impl Answered {
    /// The failure for a body that is not what this edge answers.
    pub fn unexpected(&self, what: &str) -> Failure {
        let failure = unexpected(self.meta.status, what, self.secrets(), || String::from(&self.text));
        self.outgoing.located(failure)
    }

    /// What must be taken out of the body before it leaves.
    pub fn secrets(&self) -> &Secrets {
        &self.outgoing.secrets
    }
}

/// Makes attempt number `number` of a call. Dropped before it is done, it cancels its request.
pub async fn attempt(client: &Rc<Client>, plan: &Plan<'_>, number: u32, timeout_ms: u32) -> Result<Answered, Problem> {
    let outgoing = Rc::new(Outgoing::new(client, plan.request, number, timeout_ms).await?);
    let _cancels = Cancels(Rc::clone(&outgoing));
    let Exchange { reply, text, duration_ms } = match &client.schedule {
        None => outgoing.exchange().await?,
        Some(schedule) => scheduled(schedule, &outgoing).await?,
    };
    let (secrets, path) = (&outgoing.secrets, &outgoing.path);

    let header = |name: &str| reply.header(name).map(|value| secrets.redact(&value));
    let meta = Meta {
        status: reply.status(),
        attempts: number,
        api_version: header("facebook-api-version"),
        trace_id: header("x-fb-trace-id"),
        request_id: header("x-fb-request-id"),
        usage: usage::read::<JsValue>(header),
    };
    let event = Event::Response {
        path,
        status: meta.status,
        attempt: number,
        duration_ms,
        usage: &meta.usage,
        api_version: meta.api_version.as_deref(),
    };
    tell(client.on_event.as_ref(), &event);
    tell_version(client, meta.api_version.as_deref());

    let body = match plan.numbers {
        Numbers::AsParsed => parse(&text),
        Numbers::Exact => parse_exactly(&text),
    };
    let answer = Answer { status: meta.status, body, usage: &meta.usage, trace_id: meta.trace_id.as_deref() };
    match answer.judged(plan.expected, secrets, || String::from(&text)) {
        Ok(body) => Ok(Answered { body, text, meta, outgoing }),
        Err(mut failure) => {
            let asked = header("retry-after").and_then(|value| retry_after_ms(&value, now_ms(), date_ms));
            let estimate = regain_access_ms(&meta.usage).filter(|_| failure.kind == Kind::RateLimit);
            failure.retry_after_ms = asked.into_iter().chain(estimate).reduce(f64::max);
            Err(outgoing.located(failure).into())
        }
    }
}

/// A request with its secrets, ready to be sent.
struct Outgoing {
    client: Rc<Client>,
    number: u32,
    timeout_ms: u32,
    method: &'static str,
    url: String,
    authorization: Option<String>,
    form: Option<String>,
    /// Path and query as they may be shown.
    path: String,
    secrets: Secrets,
    controller: AbortController,
    is_done: Cell<bool>,
}

/// An answer whose body has arrived.
struct Exchange {
    reply: Reply,
    text: JsString,
    duration_ms: f64,
}

impl Outgoing {
    async fn new(client: &Rc<Client>, request: &Request, number: u32, timeout_ms: u32) -> Result<Self, Problem> {
        let token = client.access_token().await?;
        let app_secret = client.app_secret.as_ref();
        let proof = app_secret.and_then(|secret| appsecret_proof(&token, secret));

        let mut parameters = Vec::new();
        let mut authorization = None;
        // A batch is documented with the token in its form.
        if request.is_form() || client.transport == TokenTransport::Query {
            parameters.push(("access_token", token.expose()));
        } else {
            authorization = Some(["Bearer ", token.expose()].concat());
        }
        parameters.extend(proof.iter().map(|proof| ("appsecret_proof", proof.expose())));

        let mut secrets = Secrets::default();
        let known = [Some(&token), app_secret, proof.as_ref()];
        known.into_iter().flatten().for_each(|secret| secrets.add(secret.clone()));
        client.note_secrets(&secrets);
        Ok(Self {
            client: Rc::clone(client),
            number,
            timeout_ms,
            method: request.method(),
            url: request.url(client.settings.base_url(), &parameters),
            authorization,
            form: request.body(&parameters),
            path: client.shown_target(request),
            secrets,
            controller: AbortController::new()?,
            is_done: Cell::new(false),
        })
    }

    /// Sends the request and reads the whole answer, in the time it has.
    async fn exchange(&self) -> Result<Exchange, Problem> {
        let event = Event::Request { method: self.method, path: &self.path, attempt: self.number };
        tell(self.client.on_event.as_ref(), &event);
        let start = now_ms();
        let outbound = Outbound {
            url: &self.url,
            method: self.method,
            authorization: self.authorization.as_deref(),
            form: self.form.as_deref(),
        };
        let signal = self.controller.signal();
        let work = async {
            let reply = send(self.client.fetch.as_ref(), &outbound, &signal).await?;
            let text = reply.text().await?;
            Ok(Exchange { reply, text, duration_ms: now_ms() - start })
        };
        // The signal ends it even where `fetch` does not heed it.
        match within(Some(self.timeout_ms.into()), unless_aborted(Some(&signal), work)).await {
            Some(outcome) => {
                let exchange = outcome?.map_err(|trouble| self.troubled(trouble))?;
                self.is_done.set(true);
                Ok(exchange)
            }
            None => {
                self.controller.abort();
                let limit = self.timeout_ms.to_string();
                let failure = Failure::new(Kind::Timeout, &["no answer within timeoutMs, ", &limit, " ms"]);
                Err(self.located(failure).into())
            }
        }
    }

    fn troubled(&self, trouble: Trouble) -> Problem {
        match trouble {
            Trouble::Unfit(option) => Failure::from(option).into(),
            Trouble::Lost(what) => {
                let message = ["no answer arrived: ", &self.secrets.redact(&what)];
                self.located(Failure::new(Kind::Connection, &message)).into()
            }
        }
    }

    /// Says which request failed.
    fn located(&self, failure: Failure) -> Failure {
        failure.located(self.method, &self.path, self.number)
    }
}

/// Cancels a request that nobody waits for any more.
struct Cancels(Rc<Outgoing>);

impl Drop for Cancels {
    fn drop(&mut self) {
        if !self.0.is_done.get() {
            self.0.controller.abort();
        }
    }
}

/// Lets the caller's `schedule` decide when the request goes out. Its result goes round that function, which is given
/// nothing but when it is done and whether it failed.
async fn scheduled(schedule: &Function, outgoing: &Rc<Outgoing>) -> Result<Exchange, Problem> {
    let outcome = Rc::new(RefCell::new(None));
    let run = {
        let (outcome, outgoing) = (Rc::clone(&outcome), Rc::clone(outgoing));
        Closure::<dyn FnMut() -> Promise>::new(move || {
            let (outcome, outgoing) = (Rc::clone(&outcome), Rc::clone(&outgoing));
            future_to_promise(async move {
                match outgoing.exchange().await {
                    Ok(exchange) => {
                        outcome.replace(Some(Ok(exchange)));
                        Ok(JsValue::UNDEFINED)
                    }
                    Err(problem) => {
                        let rejection = problem.rejection();
                        outcome.replace(Some(Err((problem, rejection.clone()))));
                        Err(rejection)
                    }
                }
            })
        })
    };
    // Left to the garbage collector: a limiter may run it long after the call was aborted.
    let run = run.into_js_value();
    let done = match schedule.call1(&JsValue::UNDEFINED, &run) {
        Ok(promise) => JsFuture::from(Promise::resolve(&promise)).await,
        Err(thrown) => Err(thrown),
    };
    match (outcome.take(), done) {
        // Our own failure, passed on or kept back by the limiter.
        (Some(Err((problem, _))), Ok(_)) => Err(problem),
        (Some(Err((problem, rejection))), Err(thrown)) if thrown == rejection => Err(problem),
        (_, Err(thrown)) => Err(thrown.into()),
        (Some(Ok(exchange)), Ok(_)) => Ok(exchange),
        (None, Ok(_)) => {
            let problem = "settled without having waited for the call it was given";
            Err(Failure::from(InvalidOption::new("schedule", &[problem])).into())
        }
    }
}

/// Graph serves an expired version silently with another; told once for each that turns up.
fn tell_version(client: &Client, served: Option<&str>) {
    let requested = client.settings.version();
    let Some(served) = served.filter(|&served| served != requested) else { return };
    let known = client.served.replace(Some(served.to_owned()));
    if known.as_deref() != Some(served) {
        tell(client.on_event.as_ref(), &Event::Version { requested, served });
    }
}
