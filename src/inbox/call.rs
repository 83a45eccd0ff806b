//! One call: its attempts, the waits between them, and the limits of both.

use std::cell::Cell;

use js_sys::{Array, JsString};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::AbortSignal;

use super::attempt::{Answered, Numbers, Outgoing};
use super::client::{Client, TokenSource};
use super::event::tell;
use crate::host::abort::abort_reason;
use crate::host::error::rejection;
use crate::host::fetch::{Reply, Unfit, read};
use crate::host::options::Options;
use crate::host::timer::{now_ms, random};
use crate::host::wait::{Turn, asked, race};
use crate::protocol::error::{Expected, Failure, Kind};
use crate::protocol::option::InvalidOption;
use crate::protocol::pace::Pace;
use crate::protocol::request::Request;
use crate::protocol::retry::{Patience, Verdict};

/// The options that only a call takes.
pub const OPTIONS: &str = "signal:signal";

/// The options that a client takes for its calls, and a call for itself.
pub const LIMITS: &str = "timeoutMs:count totalTimeoutMs:count maxRetries:whole";

/// How long a call and its attempts may take, and how many there may be.
#[derive(Clone, Copy, Default)]
pub struct Limits {
    timeout_ms: Option<f64>,
    total_timeout_ms: Option<f64>,
    max_retries: Option<u32>,
}

impl Limits {
    /// Takes them from among other options.
    pub fn of(options: &Options) -> Self {
        Self {
            timeout_ms: options.number("timeoutMs"),
            total_timeout_ms: options.number("totalTimeoutMs"),
            max_retries: options.whole("maxRetries"),
        }
    }
}

/// The options of one call.
#[derive(Clone)]
pub struct CallOptions {
    limits: Limits,
    /// Its caller's, and perhaps one of ours that is aborted when nobody wants the answer any more.
    signals: Array,
}

impl CallOptions {
    /// Takes them from among other options.
    pub fn of(options: &Options) -> Self {
        let signals = Array::new();
        if let Some(signal) = options.value("signal") {
            signals.push(&signal);
        }
        Self { limits: Limits::of(options), signals }
    }

    /// The same, for calls that end when a signal of our own is aborted.
    pub fn wanted_until(&self, unwanted: &AbortSignal) -> Self {
        let signals = self.signals.slice(0, self.signals.length());
        signals.push(unwanted);
        Self { signals, ..*self }
    }

    /// Waits, unless the call is aborted.
    pub fn sleep(&self, ms: f64) -> JsFuture {
        race(&JsValue::UNDEFINED, ms, &self.signals).into()
    }

    /// How patient a call of this client is.
    pub fn patience(&self, client: &Client) -> Patience {
        let max_retries = self.limits.max_retries.or(client.limits.max_retries);
        Patience {
            max_retries: max_retries.unwrap_or(Patience::default().max_retries),
            max_rate_limit_wait_ms: client.max_rate_limit_wait_ms,
        }
    }
}

/// Why a call came to nothing.
pub enum Problem {
    /// One of ours.
    Failed(Box<Failure>),
    /// An abort's reason, or what the caller's own function threw: passed on as it is.
    Thrown(JsValue),
}

impl From<Box<Failure>> for Problem {
    fn from(failure: Box<Failure>) -> Self {
        Self::Failed(failure)
    }
}

impl From<Box<InvalidOption>> for Problem {
    fn from(option: Box<InvalidOption>) -> Self {
        Self::Failed(option.into())
    }
}

impl From<JsValue> for Problem {
    fn from(value: JsValue) -> Self {
        Self::Thrown(value)
    }
}

impl From<Problem> for JsValue {
    fn from(problem: Problem) -> Self {
        problem.rejection()
    }
}

impl Problem {
    /// What the promise rejects with.
    pub fn rejection(&self) -> JsValue {
        match self {
            Self::Failed(failure) => rejection(failure),
            Self::Thrown(value) => value.clone(),
        }
    }
}

/// What to ask, and how to take the answer.
pub struct Plan<'a> {
    /// The request.
    pub request: &'a Request,
    /// How its numbers are read.
    pub numbers: Numbers,
    /// What a good answer is.
    pub expected: Expected,
    /// The pace it must keep.
    pub pace: Option<&'a Pace>,
    /// Whether code 1 is left to the caller, who can ask for less.
    pub can_ask_for_less: bool,
}

/// Makes one call. It ends when its signal is aborted or its time is up, and cancels what is under way.
pub async fn call<'a>(client: &Client, options: &CallOptions, plan: &Plan<'a>) -> Result<Answered<'a>, Problem> {
    let call = Call::new(client, options, plan);
    loop {
        call.check()?;
        if let Some(pace) = plan.pace {
            let place_ms = pace.take(now_ms());
            let pause = call.pause(place_ms, "pace", "totalTimeoutMs is too short to wait for callsPerSecond");
            let waited = match pause {
                Ok(Some(pause)) => pause.await.map_err(Problem::from),
                Ok(None) => Ok(JsValue::UNDEFINED),
                Err(failure) => Err(failure.into()),
            };
            if let Err(problem) = waited {
                pace.give_back(place_ms);
                return Err(problem);
            }
        }
        loop {
            call.check()?;
            let until_ms = client.paused_until.get();
            let pause = call.pause(until_ms, "rate_limit", "totalTimeoutMs is too short to wait for a rate limit")?;
            let Some(pause) = pause else { break };
            pause.await?;
        }

        call.number.set(call.number.get() + 1);
        let token = match &client.token {
            TokenSource::Fixed(token) => token.clone(),
            TokenSource::Asked(ask) => {
                let given = call.wait(&asked(ask), f64::INFINITY).await;
                TokenSource::checked(&call.arrived(given)?)?
            }
        };
        let outgoing = Outgoing::new(client, plan.request, call.number.get(), &token)?;
        let turn = client.schedule.as_ref().map(Turn::new);
        if let Some(turn) = &turn {
            let opened = call.wait(&turn.opened(), f64::INFINITY).await;
            match call.arrived(opened) {
                Ok(opened) if opened.is_truthy() => {}
                Ok(_) => {
                    let problem = "settled without having waited for the call it was given";
                    return Err(InvalidOption::new("schedule", &[problem]).into());
                }
                Err(problem) => {
                    // A limiter may run it long after the call was aborted: then there is nothing left to wait for.
                    let _ = turn.end(&problem.rejection());
                    return Err(problem);
                }
            }
        }

        let start_ms = now_ms();
        let until_ms = start_ms + call.timeout_ms;
        let exchanged = match outgoing.send(client) {
            Ok(sent) => call.received(call.wait(&sent, until_ms).await, &outgoing),
            Err(unfit) => Err(misfit(unfit)),
        };
        if exchanged.is_err() {
            outgoing.controller.abort();
        }
        if let Some(turn) = &turn {
            let error = exchanged.as_ref().err().map(Problem::rejection).unwrap_or_default();
            let done = call.wait(&turn.end(&error), f64::INFINITY).await;
            match call.arrived(done) {
                // Our own failure, which the limiter passed on.
                Err(Problem::Thrown(thrown)) if thrown == error => {}
                Err(problem) => return Err(problem),
                Ok(_) => {}
            }
        }

        let failure = match exchanged.and_then(|(reply, text)| outgoing.judged(client, plan, reply, text, start_ms)) {
            Err(Problem::Failed(failure)) => failure,
            settled => return settled,
        };
        if let Some(pause) = call.again_after(failure)? {
            pause.await?;
        }
    }
}

/// What an attempt is made of that does not change from one to the next.
struct Call<'a> {
    client: &'a Client,
    plan: &'a Plan<'a>,
    signals: &'a Array,
    patience: Patience,
    timeout_ms: f64,
    /// When its time is up; infinity for never.
    deadline_ms: f64,
    /// Attempts made.
    number: Cell<u32>,
}

impl<'a> Call<'a> {
    fn new(client: &'a Client, options: &'a CallOptions, plan: &'a Plan<'a>) -> Self {
        /// For one attempt.
        const DEFAULT_TIMEOUT_MS: f64 = 30_000.0;
        let (own, common) = (&options.limits, &client.limits);
        let total_ms = own.total_timeout_ms.or(common.total_timeout_ms);
        Self {
            client,
            plan,
            signals: &options.signals,
            patience: options.patience(client),
            timeout_ms: own.timeout_ms.or(common.timeout_ms).unwrap_or(DEFAULT_TIMEOUT_MS),
            deadline_ms: total_ms.map_or(f64::INFINITY, |total_ms| now_ms() + total_ms),
            number: Cell::new(0),
        }
    }

    /// Whether the call may go on: it was not aborted, and no rate limit holds.
    fn check(&self) -> Result<(), Problem> {
        if let Some(reason) = abort_reason(self.signals) {
            return Err(reason.into());
        }
        match self.client.cool_down.holds(now_ms()) {
            Some(failure) => Err(self.located(failure, 0).into()),
            None => Ok(()),
        }
    }

    /// Waits for a promise, at the longest until a time.
    fn wait(&self, work: &JsValue, until_ms: f64) -> JsFuture {
        race(work, until_ms.min(self.deadline_ms) - now_ms(), self.signals).into()
    }

    /// Waits until a time, and tells of it; no need to if it is past.
    fn pause(&self, until_ms: f64, reason: &'static str, too_long: &str) -> Result<Option<JsFuture>, Box<Failure>> {
        let delay_ms = until_ms - now_ms();
        if delay_ms <= 0.0 {
            return Ok(None);
        }
        if until_ms > self.deadline_ms {
            return Err(self.out_of_time(too_long));
        }
        let path = self.client.shown_target(self.plan.request);
        tell(self.client, "wait", &|event| {
            event.text("path", Some(&path)).number("delayMs", Some(delay_ms)).text("reason", Some(reason));
        });
        Ok(Some(self.wait(&JsValue::UNDEFINED, until_ms)))
    }

    /// What a promise of the caller's gave. What it rejects with is passed on as it is.
    fn arrived(&self, outcome: Result<JsValue, JsValue>) -> Result<JsValue, Problem> {
        match in_time(&outcome?) {
            Some(value) => Ok(value),
            None => Err(self.out_of_time("no answer within totalTimeoutMs").into()),
        }
    }

    /// What the exchange gave.
    fn received(
        &self,
        outcome: Result<JsValue, JsValue>,
        outgoing: &Outgoing<'_>,
    ) -> Result<(Reply, JsString), Problem> {
        let failure = match outcome {
            Ok(outcome) => match in_time(&outcome) {
                Some(exchanged) => return read(&exchanged).map_err(misfit),
                None if now_ms() + 1.0 >= self.deadline_ms => self.out_of_time("no answer within totalTimeoutMs"),
                None => outgoing.late(self.timeout_ms),
            },
            Err(reason) if abort_reason(self.signals).is_some() => return Err(reason.into()),
            Err(thrown) => outgoing.lost(&thrown),
        };
        Err(failure.into())
    }

    /// What to wait for before another attempt; or rejects with the failure.
    fn again_after(&self, failure: Box<Failure>) -> Result<Option<JsFuture>, Box<Failure>> {
        let client = self.client;
        let number = self.number.get();
        if self.plan.can_ask_for_less && failure.asks_for_less() {
            return Err(failure);
        }
        match self.patience.judge(&failure, number, random()) {
            Verdict::BackOff { delay_ms } if self.fits(delay_ms) => {
                tell_retry(client, failure.path.as_deref(), number, delay_ms, failure.kind);
                Ok(Some(self.wait(&JsValue::UNDEFINED, now_ms() + delay_ms)))
            }
            Verdict::AwaitLimit { delay_ms } if self.fits(delay_ms) => {
                // The other calls of this client wait along: each request would lengthen the limit.
                client.pause(delay_ms);
                Ok(None)
            }
            Verdict::GiveUp { lifts_after_ms } => Err(client.give_up(failure, lifts_after_ms)),
            Verdict::AwaitLimit { delay_ms } => Err(client.give_up(failure, Some(delay_ms))),
            Verdict::BackOff { .. } => Err(failure),
        }
    }

    /// Whether there is time left after a wait. Timers fire early by a part of a millisecond.
    fn fits(&self, delay_ms: f64) -> bool {
        now_ms() + delay_ms + 1.0 < self.deadline_ms
    }

    fn out_of_time(&self, message: &str) -> Box<Failure> {
        self.located(Failure::new(Kind::Timeout, &[message]), self.number.get())
    }

    fn located(&self, failure: Box<Failure>, attempts: u32) -> Box<Failure> {
        let request = self.plan.request;
        failure.located(request.method(), &self.client.shown_target(request), attempts)
    }
}

/// Tells that the same is asked again.
pub fn tell_retry(client: &Client, path: Option<&str>, attempt: u32, delay_ms: f64, reason: Kind) {
    tell(client, "retry", &|event| {
        event.text("path", path).number("attempt", Some(attempt.into()));
        event.number("delayMs", Some(delay_ms)).text("reason", Some(reason.name()));
    });
}

/// The value that won the race against time.
fn in_time(outcome: &JsValue) -> Option<JsValue> {
    (!outcome.is_undefined()).then(|| outcome.unchecked_ref::<Array>().get(0))
}

/// What was to fetch does not do so.
fn misfit(unfit: Unfit) -> Problem {
    InvalidOption::new("fetch", &[unfit]).into()
}
