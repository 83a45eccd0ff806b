//! One call: the token asked for, the request sent, the answer judged.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Date, Function, JsString, Promise};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

use super::client::Client;
use super::event::{Event, tell};
use crate::host::abort::{as_signal, unless_aborted};
use crate::host::error::{refused, rejection};
use crate::host::fetch::{Reply, Trouble, get_url};
use crate::host::options::{Options, wrong};
use crate::host::value::parse;
use crate::protocol::error::{Answer, Failure, Kind, unexpected};
use crate::protocol::option::InvalidOption;
use crate::protocol::proof::appsecret_proof;
use crate::protocol::request::Request;
use crate::protocol::secret::Secrets;
use crate::protocol::settings::TokenTransport;
use crate::protocol::thread_owner::quote_long_integers;
use crate::protocol::usage::{self, Usage};

/// The names of the options that every call takes.
pub const OPTIONS: &[&str] = &["signal"];

const METHOD: &str = "GET";

/// The options of one call.
#[derive(Clone, Default)]
pub struct CallOptions {
    signal: Option<AbortSignal>,
}

impl CallOptions {
    /// Reads them from among other options.
    pub fn read(options: &Options) -> Result<Self, JsValue> {
        let expected = "an AbortSignal";
        let Some(value) = options.value("signal", expected)? else { return Ok(Self::default()) };
        let signal = as_signal(&value).cloned().ok_or_else(|| wrong("signal", expected, &value))?;
        Ok(Self { signal: Some(signal) })
    }
}

/// How the body of an answer is read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Numbers {
    /// As the engine reads JSON, without a look at the text: for long lists.
    AsParsed,
    /// Integers too long for a double become strings, exact to the last digit.
    Exact,
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
    usage: Vec<Usage>,
}

/// A good answer.
pub struct Answered {
    /// An object without `error`.
    pub body: JsValue,
    /// The body as it arrived.
    pub text: JsString,
    /// Metadata.
    pub meta: Meta,
    outgoing: Rc<Outgoing>,
}

impl Answered {
    /// The rejection for an object that is not what this edge answers.
    pub fn unexpected(&self, what: &str) -> JsValue {
        let failure = unexpected(self.meta.status, what, self.secrets(), || String::from(&self.text));
        rejection(&located(failure, &self.outgoing.path))
    }

    /// What must be taken out of the body before it leaves.
    pub fn secrets(&self) -> &Secrets {
        &self.outgoing.secrets
    }
}

/// Says which request failed.
pub fn located(failure: Failure, path: &str) -> Failure {
    Failure { attempts: Some(1), method: Some(METHOD), path: Some(path.to_owned()), ..failure }
}

/// Makes one call, from the token to the judged answer. Its attempts and waits end when the signal is aborted.
pub async fn call(
    client: &Rc<Client>,
    options: &CallOptions,
    request: &Request,
    numbers: Numbers,
) -> Result<Answered, JsValue> {
    let signal = options.signal.as_ref();
    unless_aborted(signal, attempt(client, signal, request, numbers)).await?
}

async fn attempt(
    client: &Rc<Client>,
    signal: Option<&AbortSignal>,
    request: &Request,
    numbers: Numbers,
) -> Result<Answered, JsValue> {
    let outgoing = Rc::new(Outgoing::new(client, request, signal).await?);
    let Exchange { reply, text, duration_ms } = match &client.schedule {
        None => outgoing.exchange().await?,
        Some(schedule) => scheduled(schedule, &outgoing).await?,
    };
    let (secrets, path) = (&outgoing.secrets, &outgoing.path);

    let header = |name: &str| reply.header(name).map(|value| secrets.redact(&value));
    let meta = Meta {
        status: reply.status(),
        attempts: 1,
        api_version: header("facebook-api-version"),
        trace_id: header("x-fb-trace-id"),
        request_id: header("x-fb-request-id"),
        usage: usage::read::<JsValue>(header),
    };
    let event = Event::Response {
        path,
        status: meta.status,
        attempt: 1,
        duration_ms,
        usage: &meta.usage,
        api_version: meta.api_version.as_deref(),
    };
    tell(client.on_event.as_ref(), &event);
    tell_version(client, meta.api_version.as_deref());

    let body = match numbers {
        Numbers::AsParsed => parse(&text),
        Numbers::Exact => parse(&quote_long_integers(&String::from(&text)).into()),
    };
    let answer = Answer { status: meta.status, body, usage: &meta.usage, trace_id: meta.trace_id.as_deref() };
    match answer.judged(secrets, || String::from(&text)) {
        Ok(body) => Ok(Answered { body, text, meta, outgoing }),
        Err(failure) => Err(rejection(&located(failure, path))),
    }
}

/// A request with its secrets, ready to be sent.
struct Outgoing {
    client: Rc<Client>,
    signal: Option<AbortSignal>,
    url: String,
    authorization: Option<String>,
    /// Path and query as they may be shown.
    path: String,
    secrets: Secrets,
}

/// An answer whose body has arrived.
struct Exchange {
    reply: Reply,
    text: JsString,
    duration_ms: f64,
}

impl Outgoing {
    async fn new(client: &Rc<Client>, request: &Request, signal: Option<&AbortSignal>) -> Result<Self, JsValue> {
        let token = client.access_token().await?;
        let app_secret = client.app_secret.as_ref();
        let proof = app_secret.and_then(|secret| appsecret_proof(&token, secret));

        let mut parameters = Vec::new();
        let mut authorization = None;
        match client.transport {
            TokenTransport::Query => parameters.push(("access_token", token.expose())),
            TokenTransport::Header => authorization = Some(["Bearer ", token.expose()].concat()),
        }
        parameters.extend(proof.iter().map(|proof| ("appsecret_proof", proof.expose())));
        let url = request.url(client.settings.base_url(), &parameters);

        let mut secrets = Secrets::default();
        let known = [Some(&token), app_secret, proof.as_ref()];
        known.into_iter().flatten().for_each(|secret| secrets.add(secret.clone()));
        Ok(Self {
            client: Rc::clone(client),
            signal: signal.cloned(),
            url,
            authorization,
            path: secrets.redact(&request.target()),
            secrets,
        })
    }

    async fn exchange(&self) -> Result<Exchange, JsValue> {
        let event = Event::Request { method: METHOD, path: &self.path, attempt: 1 };
        tell(self.client.on_event.as_ref(), &event);
        let start = Date::now();
        let fetch = self.client.fetch.as_ref();
        let exchange = async {
            let reply = get_url(fetch, &self.url, self.authorization.as_deref(), self.signal.as_ref()).await?;
            let text = reply.text().await?;
            Ok(Exchange { reply, text, duration_ms: Date::now() - start })
        };
        exchange.await.map_err(|trouble| self.troubled(trouble))
    }

    fn troubled(&self, trouble: Trouble) -> JsValue {
        let failure = match trouble {
            Trouble::Unfit(option) => Failure::from(option),
            Trouble::Lost(what) => {
                let message = ["no answer arrived: ", &self.secrets.redact(&what)];
                located(Failure::new(Kind::Connection, &message), &self.path)
            }
        };
        rejection(&failure)
    }
}

/// Lets the caller's `schedule` decide when the request goes out. Its result goes round that function, which is given
/// nothing but when it is done and whether it failed.
async fn scheduled(schedule: &Function, outgoing: &Rc<Outgoing>) -> Result<Exchange, JsValue> {
    let outcome = Rc::new(RefCell::new(None));
    let run = {
        let (outcome, outgoing) = (Rc::clone(&outcome), Rc::clone(outgoing));
        Closure::<dyn FnMut() -> Promise>::new(move || {
            let (outcome, outgoing) = (Rc::clone(&outcome), Rc::clone(&outgoing));
            future_to_promise(async move {
                let exchange = outgoing.exchange().await;
                let told = exchange.as_ref().map(|_| JsValue::UNDEFINED).map_err(JsValue::clone);
                outcome.replace(Some(exchange));
                told
            })
        })
    };
    // Left to the garbage collector: a limiter may run it long after the call was aborted.
    let run = run.into_js_value();
    let done = schedule.call1(&JsValue::UNDEFINED, &run)?;
    JsFuture::from(Promise::resolve(&done)).await?;
    outcome.take().unwrap_or_else(|| {
        let problem = "settled without having waited for the call it was given";
        Err(refused(InvalidOption::new("schedule", &[problem])))
    })
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
