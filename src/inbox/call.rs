//! One call: its attempts, the waits between them, and the limits of both.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::JsValue;
use web_sys::AbortSignal;

use super::attempt::{Answered, Numbers, attempt};
use super::client::Client;
use super::event::{Event, tell};
use crate::host::abort::{as_signal, unless_aborted};
use crate::host::error::rejection;
use crate::host::options::{Options, wrong};
use crate::host::timer::{now_ms, random, sleep, within};
use crate::protocol::error::{Expected, Failure, Kind};
use crate::protocol::pace::Pace;
use crate::protocol::request::Request;
use crate::protocol::retry::{Patience, Verdict};

/// The names of the options that only a call takes.
pub const OPTIONS: &[&str] = &["signal"];

/// The names of the options that a client takes for its calls, and a call for itself.
pub const LIMITS: &[&str] = &["timeoutMs", "totalTimeoutMs", "maxRetries"];

/// How long a call and its attempts may take, and how many there may be.
#[derive(Clone, Copy, Default)]
pub struct Limits {
    timeout_ms: Option<u32>,
    total_timeout_ms: Option<u32>,
    max_retries: Option<u32>,
}

impl Limits {
    /// Reads them from among other options.
    pub fn read(options: &Options) -> Result<Self, JsValue> {
        Ok(Self {
            timeout_ms: options.whole("timeoutMs", 1)?,
            total_timeout_ms: options.whole("totalTimeoutMs", 1)?,
            max_retries: options.whole("maxRetries", 0)?,
        })
    }

    fn or(self, other: Self) -> Self {
        Self {
            timeout_ms: self.timeout_ms.or(other.timeout_ms),
            total_timeout_ms: self.total_timeout_ms.or(other.total_timeout_ms),
            max_retries: self.max_retries.or(other.max_retries),
        }
    }
}

/// The options of one call.
#[derive(Clone, Default)]
pub struct CallOptions {
    limits: Limits,
    signal: Option<AbortSignal>,
    /// Aborted by ourselves when nobody wants the answer any more.
    unwanted: Option<AbortSignal>,
}

impl CallOptions {
    /// Reads them from among other options.
    pub fn read(options: &Options) -> Result<Self, JsValue> {
        let expected = "an AbortSignal";
        let signal = match options.value("signal", expected)? {
            Some(value) => Some(as_signal(&value).cloned().ok_or_else(|| wrong("signal", expected, &value))?),
            None => None,
        };
        Ok(Self { limits: Limits::read(options)?, signal, unwanted: None })
    }

    /// The same, for calls that end when a signal of our own is aborted.
    pub fn wanted_until(&self, unwanted: AbortSignal) -> Self {
        Self { unwanted: Some(unwanted), ..self.clone() }
    }

    /// Waits, unless the call is aborted.
    pub async fn sleep(&self, ms: f64) -> Result<(), Problem> {
        let work = unless_aborted(self.unwanted.as_ref(), sleep(ms));
        Ok(unless_aborted(self.signal.as_ref(), work).await??)
    }

    /// How patient a call of this client is.
    pub fn patience(&self, client: &Client) -> Patience {
        let limits = self.limits.or(client.limits);
        Patience {
            max_retries: limits.max_retries.unwrap_or(Patience::default().max_retries),
            max_rate_limit_wait_ms: client.max_rate_limit_wait_ms,
        }
    }
}

/// Why a call came to nothing.
#[derive(Clone)]
pub enum Problem {
    /// One of ours.
    Failed(Box<Failure>),
    /// An abort's reason, or what the caller's own function threw: passed on as it is.
    Thrown(JsValue),
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

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failed(Box::new(failure))
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
pub async fn call(client: &Rc<Client>, options: &CallOptions, plan: &Plan<'_>) -> Result<Answered, Problem> {
    let tries = Tries {
        client,
        plan,
        patience: options.patience(client),
        limits: options.limits.or(client.limits),
        start_ms: now_ms(),
        number: Cell::new(0),
    };
    let total_ms = tries.limits.total_timeout_ms.map(f64::from);
    let work = unless_aborted(options.unwanted.as_ref(), within(total_ms, tries.run()));
    match unless_aborted(options.signal.as_ref(), work).await?? {
        Some(outcome) => outcome,
        None => Err(tries.out_of_time("no answer within totalTimeoutMs").into()),
    }
}

/// A place in the pace, given back by a call that ends before its turn.
struct Place<'a> {
    pace: &'a Pace,
    at_ms: f64,
    is_used: Cell<bool>,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        if !self.is_used.get() {
            self.pace.give_back(self.at_ms);
        }
    }
}

/// The attempts of one call.
struct Tries<'a> {
    client: &'a Rc<Client>,
    plan: &'a Plan<'a>,
    patience: Patience,
    limits: Limits,
    start_ms: f64,
    number: Cell<u32>,
}

impl Tries<'_> {
    async fn run(&self) -> Result<Answered, Problem> {
        /// For one attempt.
        const DEFAULT_TIMEOUT_MS: u32 = 30_000;
        let timeout_ms = self.limits.timeout_ms.unwrap_or(DEFAULT_TIMEOUT_MS);
        loop {
            self.turn().await?;
            let number = self.number.get() + 1;
            self.number.set(number);
            let failure = match attempt(self.client, self.plan, number, timeout_ms).await {
                Err(Problem::Failed(failure)) => *failure,
                settled => return settled,
            };
            if self.plan.can_ask_for_less && failure.code() == Some(1) {
                return Err(failure.into());
            }
            self.wait_after(failure, number).await?;
        }
    }

    /// Waits until a request may go out.
    async fn turn(&self) -> Result<(), Problem> {
        self.check_cool_down()?;
        if let Some(pace) = self.plan.pace {
            let place = Place { pace, at_ms: pace.take(now_ms()), is_used: Cell::new(false) };
            let pace_ms = place.at_ms - now_ms();
            if pace_ms > 0.0 {
                self.wait(pace_ms, "pace", "totalTimeoutMs is too short to wait for callsPerSecond").await?;
            }
            place.is_used.set(true);
        }
        loop {
            self.check_cool_down()?;
            let pause_ms = self.client.paused_until.get() - now_ms();
            if pause_ms <= 0.0 {
                return Ok(());
            }
            self.wait(pause_ms, "rate_limit", "totalTimeoutMs is too short to wait for a rate limit").await?;
        }
    }

    fn check_cool_down(&self) -> Result<(), Problem> {
        match self.client.cool_down.holds(now_ms()) {
            Some(failure) => Err(self.located(failure, 0).into()),
            None => Ok(()),
        }
    }

    async fn wait(&self, ms: f64, reason: &'static str, too_long: &str) -> Result<(), Problem> {
        if !self.fits(ms) {
            return Err(self.out_of_time(too_long).into());
        }
        let path = self.client.shown_target(self.plan.request);
        tell(self.client.on_event.as_ref(), &Event::Wait { path: &path, delay_ms: ms, reason });
        sleep(ms).await;
        Ok(())
    }

    /// Waits for another attempt, or rejects with the failure.
    async fn wait_after(&self, failure: Failure, number: u32) -> Result<(), Problem> {
        let client = self.client;
        let path = failure.path.clone().unwrap_or_default();
        match self.patience.judge(&failure, number, random()) {
            Verdict::BackOff { delay_ms } if self.fits(delay_ms) => {
                let event = Event::Retry { path: &path, attempt: number, delay_ms, reason: failure.kind };
                tell(client.on_event.as_ref(), &event);
                sleep(delay_ms).await;
                Ok(())
            }
            Verdict::AwaitLimit { delay_ms } if self.fits(delay_ms) => {
                // The other calls of this client wait along: each request would lengthen the limit. `turn` does the waiting.
                client.pause(delay_ms);
                Ok(())
            }
            Verdict::GiveUp { lifts_after_ms } => Err(client.give_up(failure, lifts_after_ms).into()),
            Verdict::AwaitLimit { delay_ms } => Err(client.give_up(failure, Some(delay_ms)).into()),
            Verdict::BackOff { .. } => Err(failure.into()),
        }
    }

    fn fits(&self, delay_ms: f64) -> bool {
        let spent_ms = now_ms() - self.start_ms;
        self.limits.total_timeout_ms.is_none_or(|total| spent_ms + delay_ms <= f64::from(total))
    }

    fn out_of_time(&self, message: &str) -> Failure {
        self.located(Failure::new(Kind::Timeout, &[message]), self.number.get())
    }

    fn located(&self, failure: Failure, attempts: u32) -> Failure {
        let request = self.plan.request;
        failure.located(request.method(), &self.client.shown_target(request), attempts)
    }
}
