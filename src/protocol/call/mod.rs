//! One call as a state machine: its attempts, the waits between them, and the limits of both.
//!
//! `Call::step` is told the time and what came of the last action, and returns the next action. After every wait the call
//! passes the same gate again, so a limit that began meanwhile, an abort or a deadline always stops it.
//!
//! ```text
//!  proceed: deadline? ─ back-off? ─ rate limit? ─ turn? ─ Sleep ───────┐
//!    ▲                  token? ─ AskToken ─────────────────────────────┤
//!    │                  proof? ─ Prove ────────────────────────────────┤
//!    │                  permit? ─ AcquirePermit ───────────────────────┤
//!    │                  Send ── response, timeout, error               │
//!    │                            └ ReleasePermit ─ settle ─ done      │
//!    └────────────────────────────────────────────────┴─ retry ────────┘
//! ```

pub mod event;
pub mod http;
pub mod rate_limiter;
pub mod retry;
pub mod session;

use std::rc::Rc;

use event::Event;
use http::{HttpRequest, HttpResponse, Numbers};
use rate_limiter::Ticket;
use retry::{later, regain_access_ms, retry_after_ms};
use session::{Budget, Credential, Session};

use super::graph::error::{Expected, Failure, Kind, ResponseParts, TRACE_ID, unexpected};
use super::graph::usage::{self, records};
use super::json::Json;
use super::option::InvalidOption;
use super::record::Record;
use super::request::Request;
use super::secret::{Secret, Secrets};
use super::text::{concat, decimal, split, split_once};

/// What to ask, and how to take the answer.
#[derive(Debug)]
pub struct Plan {
    /// The request.
    pub request: Request,
    /// How its numbers are read.
    pub numbers: Numbers,
    /// What a good answer is.
    pub expected: Expected,
    /// Which of the session's rate limiters counts it.
    pub limiter: Option<usize>,
    /// It is not sent before this time, in milliseconds since 1970.
    pub not_before_ms: f64,
    /// Requests that were made before, for the same result.
    pub earlier_attempts: u32,
    /// Which failures are left to whoever made the plan.
    pub undecided: Undecided,
}

/// Which failures of an attempt a call returns without having decided about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undecided {
    /// None: the call retries or rejects.
    None,
    /// Those after which a list may get an answer when it asks for less.
    Lightens,
    /// All of them: the owners of a batch are decided about one by one.
    All,
}

/// Why a call came to nothing.
#[derive(Debug)]
pub enum Problem<J> {
    /// It is given up.
    Failed(Box<Failure>),
    /// An attempt failed, and whoever made the plan decides what follows.
    Undecided(Box<Failure>),
    /// The reason of an abort, or what the caller's own function threw: passed on as it is.
    Thrown(J),
}

impl<J> From<Box<Failure>> for Problem<J> {
    fn from(failure: Box<Failure>) -> Self {
        Self::Failed(failure)
    }
}

impl<J> From<Box<InvalidOption>> for Problem<J> {
    fn from(option: Box<InvalidOption>) -> Self {
        Self::Failed(option.into())
    }
}

/// What to do next, until `Call::until_ms` at the longest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Wait.
    Sleep,
    /// Ask the caller's function for the token.
    AskToken,
    /// Compute the proof of the token, of `Call::proof_input`.
    Prove,
    /// Ask the caller's `schedule` for a permit.
    AcquirePermit,
    /// Send `Call::http_request`.
    Send,
    /// Give the permit back, and say with `Call::failure` how the request went.
    ReleasePermit,
}

/// What came of the last action.
#[derive(Debug)]
pub enum Input<'a, R: HttpResponse> {
    /// The time is up, or the call was woken.
    TimeUp,
    /// The token, if it is a string.
    Token(Option<String>),
    /// The proof, if the runtime can compute one.
    Proof(Option<String>),
    /// Whether the request may be sent.
    Permit(bool),
    /// A response arrived.
    Response(&'a R),
    /// `fetch` is unfit: what is wrong with it.
    Unfit(&'static str),
    /// No response arrived: what the runtime says about it.
    ConnectionError(String),
    /// The permit was given back; the response, if one arrived.
    Released(Option<&'a R>),
    /// The call was aborted, or the caller's function threw.
    Thrown(R::Body),
}

/// Nothing while there is something to do; the body, or why there is none, when it is over.
pub type Outcome<J> = Result<Option<J>, Problem<J>>;

/// One call.
pub struct Call {
    /// What to do next.
    pub action: Action,
    /// When that must end, in milliseconds since 1970; infinity for never.
    pub until_ms: f64,
    /// The request as it is sent.
    pub http_request: HttpRequest,
    /// Why no response arrived.
    pub failure: Option<Box<Failure>>,
    plan: Plan,
    budget: Budget,
    /// Requests sent.
    attempts: u32,
    sent_ms: f64,
    /// The end of a back-off, or of a wait that the plan asks for.
    not_before_ms: f64,
    ticket: Option<Ticket>,
    token: Option<Secret>,
    has_permit: bool,
    /// The reason and the end of the wait that was last reported.
    told_wait: (&'static str, f64),
    secrets: Rc<Secrets>,
}

/// The headers that name the version which answered.
const API_VERSION: [&str; 2] = ["facebook-api-version", "instagram-api-version"];

const PACE: &str = "pace";
const RATE_LIMIT: &str = "rate_limit";
const OUT_OF_TIME: &str = "no answer within totalTimeoutMs";

impl Call {
    /// Begins a call; the first input is `TimeUp`.
    pub fn new(session: &Session, plan: Plan, budget: Budget) -> Self {
        Self {
            action: Action::Sleep,
            until_ms: 0.0,
            http_request: HttpRequest::default(),
            failure: None,
            not_before_ms: plan.not_before_ms,
            plan,
            budget,
            attempts: 0,
            sent_ms: 0.0,
            ticket: None,
            token: None,
            has_permit: false,
            told_wait: ("", 0.0),
            secrets: Rc::clone(&session.secrets),
        }
    }

    /// Takes what came of the last action, and decides on the next. `random` is from 0 to 1.
    pub fn step<R: HttpResponse>(
        &mut self,
        session: &mut Session,
        now_ms: f64,
        random: f64,
        input: Input<'_, R>,
    ) -> Outcome<R::Body> {
        let outcome = self.advance(session, now_ms, random, input);
        if outcome.is_err() {
            self.leave_queue(session);
        }
        outcome
    }

    fn advance<R: HttpResponse>(
        &mut self,
        session: &mut Session,
        now_ms: f64,
        random: f64,
        input: Input<'_, R>,
    ) -> Outcome<R::Body> {
        let mut response = None;
        let failure = match (self.action, input) {
            (_, Input::Thrown(thrown)) => return Err(Problem::Thrown(thrown)),
            (Action::Sleep, _) => return self.proceed(session, now_ms),
            (Action::AskToken, Input::Token(given)) => {
                self.token = Some(Session::checked_token(given)?);
                return self.proceed(session, now_ms);
            }
            (Action::Prove, Input::Proof(proof)) => {
                let problem = "needs crypto.subtle, which this runtime lacks";
                let proof = proof.ok_or_else(|| InvalidOption::new("appSecret", &[problem]))?;
                if let Some(token) = self.token.clone() {
                    session.remember(Credential { token, proof: Some(Secret::new(proof)) });
                }
                return self.proceed(session, now_ms);
            }
            (Action::AcquirePermit, Input::Permit(true)) => {
                self.has_permit = true;
                return self.proceed(session, now_ms);
            }
            (Action::AcquirePermit, Input::Permit(false)) => {
                let problem = "settled without having waited for the call it was given";
                return Err(InvalidOption::new("schedule", &[problem]).into());
            }
            (Action::Send, Input::Response(arrived)) => {
                response = Some(arrived);
                None
            }
            (Action::Send, Input::ConnectionError(what)) => {
                let what = self.secrets.redact(&what);
                Some(Failure::new(Kind::Connection, &["no answer arrived: ", &what]))
            }
            (Action::Send, Input::Unfit(what)) => Some(InvalidOption::new("fetch", &[what]).into()),
            // Timers fire early by a part of a millisecond.
            (Action::Send, Input::TimeUp) if now_ms + 1.0 < self.budget.deadline_ms => {
                let limit = decimal(self.budget.timeout_ms as u32);
                Some(Failure::new(Kind::Timeout, &["no answer within timeoutMs, ", &limit, " ms"]))
            }
            (Action::ReleasePermit, Input::Released(arrived)) => {
                response = arrived;
                let failure = self.failure.take();
                if failure.is_none() && response.is_none() {
                    // It was given back unused.
                    return self.proceed(session, now_ms);
                }
                failure
            }
            _ => return Err(self.out_of_time(session, OUT_OF_TIME).into()),
        };
        let failure = failure.map(|failure| self.located(session, failure));
        if self.has_permit {
            self.failure = failure;
            return self.release_permit();
        }
        let outcome = match (failure, response) {
            (Some(failure), _) => Err(failure),
            (None, Some(response)) => self.settle(session, now_ms, response),
            (None, None) => Err(self.out_of_time(session, OUT_OF_TIME)),
        };
        match outcome {
            Ok(body) => Ok(Some(body)),
            Err(failure) => self.failed(session, now_ms, random, failure),
        }
    }

    fn wait_for<J>(&mut self, action: Action, until_ms: f64) -> Outcome<J> {
        self.action = action;
        self.until_ms = until_ms.min(self.budget.deadline_ms);
        Ok(None)
    }

    fn release_permit<J>(&mut self) -> Outcome<J> {
        self.has_permit = false;
        self.wait_for(Action::ReleasePermit, f64::INFINITY)
    }

    /// Sends the request, or does first what is missing for that.
    fn proceed<J>(&mut self, session: &mut Session, now_ms: f64) -> Outcome<J> {
        if now_ms >= self.budget.deadline_ms {
            return Err(self.out_of_time(session, OUT_OF_TIME).into());
        }
        if self.not_before_ms > now_ms {
            return self.wait_for(Action::Sleep, self.not_before_ms);
        }
        if self.token.is_none() {
            self.token = session.token.clone();
        }
        let credential = self.token.as_ref().and_then(|token| session.credential(token));
        let is_ready = credential.is_some() && (self.has_permit || !session.is_scheduled);
        let (until_ms, reason) = self.gate(session, is_ready, now_ms)?;
        if until_ms > now_ms {
            // A limiter of the caller's may hand the permit to somebody who can use it, but a pace is as good as over.
            if self.has_permit && reason == RATE_LIMIT {
                return self.release_permit();
            }
            return self.wait_for(Action::Sleep, until_ms);
        }
        let Some(credential) = credential else {
            let action = if self.token.is_some() { Action::Prove } else { Action::AskToken };
            return self.wait_for(action, f64::INFINITY);
        };
        if !is_ready {
            return self.wait_for(Action::AcquirePermit, f64::INFINITY);
        }
        self.prepare(session, credential);
        self.token = None;
        self.attempts += 1;
        self.sent_ms = now_ms;
        self.told_wait = ("", 0.0);
        if let Some(limiter) = session.limiter(self.plan.limiter) {
            limiter.note_sent(&mut self.ticket, now_ms);
        }
        let request = &self.plan.request;
        let (method, path) = (request.method(), session.path(request));
        session.emit(Event::Request { method, path, attempt: self.attempts });
        self.wait_for(Action::Send, now_ms + self.budget.timeout_ms)
    }

    /// Returns until when limits hold the request back, and which.
    fn gate(
        &mut self,
        session: &mut Session,
        is_ready: bool,
        now_ms: f64,
    ) -> Result<(f64, &'static str), Box<Failure>> {
        let blocked_until_ms = session.blocked_until(now_ms).map_err(|failure| self.located(session, failure))?;
        let (until_ms, reason, too_long) = if blocked_until_ms > now_ms {
            (blocked_until_ms, RATE_LIMIT, "totalTimeoutMs is too short to wait for a rate limit")
        } else if let Some(limiter) = session.limiter(self.plan.limiter) {
            let until_ms = limiter.admit(&mut self.ticket, is_ready, now_ms);
            (until_ms, PACE, "totalTimeoutMs is too short to wait for callsPerSecond")
        } else {
            return Ok((now_ms, ""));
        };
        if until_ms > now_ms {
            if until_ms > self.budget.deadline_ms {
                return Err(self.out_of_time(session, too_long));
            }
            let (told_reason, told_until_ms) = self.told_wait;
            // A turn is looked at again and again while others take theirs.
            if told_reason != reason || (reason == RATE_LIMIT && until_ms > told_until_ms) {
                self.told_wait = (reason, until_ms);
                let path = session.path(&self.plan.request);
                session.emit(Event::Wait { path, delay_ms: until_ms - now_ms, reason });
            }
        }
        Ok((until_ms, reason))
    }

    fn leave_queue(&mut self, session: &mut Session) {
        let others_wait = session.limiter(self.plan.limiter).is_some_and(|limiter| limiter.leave(&mut self.ticket));
        if others_wait {
            session.wake_others();
        }
    }

    /// Makes the request with its secrets.
    fn prepare(&mut self, session: &mut Session, credential: Credential) {
        let request = &self.plan.request;
        let token = credential.token.expose();
        let mut parameters = Vec::new();
        let is_in_query = session.is_in_query(request.is_form());
        if is_in_query {
            parameters.push(("access_token", token));
        }
        if let Some(proof) = &credential.proof {
            parameters.push(("appsecret_proof", proof.expose()));
        }
        self.http_request = HttpRequest {
            method: request.method(),
            url: request.url(session.settings.base_url(), &parameters),
            authorization: (!is_in_query).then(|| concat(&["Bearer ", token])),
            form: request.body(&parameters),
        };
        session.remember(credential);
        self.secrets = Rc::clone(&session.secrets);
    }

    /// What `Action::Prove` is about: `(key, message)` of an HMAC-SHA256.
    pub fn proof_input(&self, session: &Session) -> (String, String) {
        self.token.as_ref().map(|token| session.proof_input(token)).unwrap_or_default()
    }

    /// Reads a response: the body that was asked for, or what came instead. What only headers say is read where somebody
    /// asks for it.
    fn settle<R: HttpResponse>(
        &self,
        session: &mut Session,
        now_ms: f64,
        response: &R,
    ) -> Result<R::Body, Box<Failure>> {
        let header = |name: &str| header(response, name, &self.secrets);
        let status = response.status();
        if session.is_observed {
            let api_version = api_version(&header);
            session.emit(Event::Response {
                path: session.path(&self.plan.request),
                status,
                attempt: self.attempts,
                duration_ms: now_ms - self.sent_ms,
                usage: usage::read::<R::Body>(&header),
                api_version: api_version.clone(),
            });
            session.note_version(api_version);
        }
        let body = if response.is_cut() { None } else { response.body(self.plan.numbers) };
        let parts = ResponseParts { status, body, is_cut: response.is_cut(), header: &header };
        parts.into_body(self.plan.expected, &self.secrets, &|| response.start()).map_err(|mut failure| {
            let asked_ms = header("retry-after").and_then(|value| retry_after_ms(&value, now_ms, R::date_ms));
            let is_limit = failure.kind == Kind::RateLimit;
            let estimate_ms = if is_limit { regain_access_ms(&usage::read::<R::Body>(&header)) } else { None };
            failure.retry_after_ms = later(asked_ms, estimate_ms);
            self.located(session, failure)
        })
    }

    /// Decides whether there is another attempt.
    fn failed<J>(&mut self, session: &mut Session, now_ms: f64, random: f64, failure: Box<Failure>) -> Outcome<J> {
        let is_undecided = match self.plan.undecided {
            Undecided::None => false,
            Undecided::Lightens => failure.trigger().is_some(),
            Undecided::All => failure.option.is_none(),
        };
        if is_undecided {
            return Err(Problem::Undecided(failure));
        }
        let retry = session.after_failure(failure, self.attempts, &self.budget, now_ms, random)?;
        self.not_before_ms = now_ms + retry.delay_ms;
        if let Some(reason) = retry.reason {
            let path = session.path(&self.plan.request);
            session.emit(Event::Retry { path, attempt: self.attempts, delay_ms: retry.delay_ms, reason });
        }
        self.proceed(session, now_ms)
    }

    fn out_of_time(&self, session: &Session, message: &str) -> Box<Failure> {
        self.located(session, Failure::new(Kind::Timeout, &[message]))
    }

    fn located(&self, session: &Session, failure: Box<Failure>) -> Box<Failure> {
        if failure.option.is_some() {
            return failure;
        }
        session.locate(failure, &self.plan.request, self.plan.earlier_attempts + self.attempts)
    }
}

/// A good answer, with the call it came of.
pub struct ApiResponse<R: HttpResponse> {
    /// What was asked for: an object without `error`, or the list of a batch's answers.
    pub body: R::Body,
    /// The response as it arrived.
    pub http: R,
    call: Call,
}

impl<R: HttpResponse> ApiResponse<R> {
    /// Joins what came of a call.
    pub fn new(call: Call, body: R::Body, http: R) -> Self {
        Self { body, http, call }
    }

    /// Returns the failure for a body that is not what this edge answers.
    pub fn unexpected(&self, session: &Session, what: &str) -> Box<Failure> {
        let failure = unexpected(self.http.status(), what, self.secrets(), &|| self.http.start());
        self.call.located(session, failure)
    }

    /// What must be taken out of the body before it leaves the package.
    pub fn secrets(&self) -> &Secrets {
        &self.call.secrets
    }

    /// Returns one of its headers, without secrets.
    pub fn header(&self, name: &str) -> Option<String> {
        header(&self.http, name, self.secrets())
    }

    /// How many requests were made for it.
    pub fn attempts(&self) -> u32 {
        self.call.plan.earlier_attempts + self.call.attempts
    }

    /// Notes that so many requests were made at least.
    pub fn count_attempts(&mut self, attempts: u32) {
        let own = self.call.attempts;
        let earlier = &mut self.call.plan.earlier_attempts;
        *earlier = (*earlier).max(attempts.saturating_sub(own));
    }

    /// How long the last request took until now, in milliseconds.
    pub fn duration_ms(&self, now_ms: f64) -> f64 {
        now_ms - self.call.sent_ms
    }

    /// When its request began by Graph's clock, in milliseconds since 1970; `None` where the response does not say.
    pub fn began_ms(&self, now_ms: f64) -> Option<f64> {
        let date_ms = R::date_ms(&self.header("date")?);
        (!date_ms.is_nan()).then(|| date_ms - self.duration_ms(now_ms))
    }

    /// How much of a rate limit is used, in percent: the highest reading.
    pub fn usage(&self) -> f64 {
        usage::highest(&usage::read::<R::Body>(&|name| self.header(name)))
    }

    /// Its headers, as `meta` takes them, without secrets.
    pub fn headers(&self) -> String {
        self.secrets().redact(&self.http.headers())
    }
}

/// What users get to know of an answer besides its body. Made when somebody asks for it: few do, and it takes half as long as
/// all that a call does otherwise. `headers` has each name before its value, one to a line.
pub fn meta<J: Json>(status: u16, attempts: u32, headers: &str) -> Record {
    let header = |name: &str| {
        let mut lines = split(headers, b'\n').filter_map(|line| split_once(line, b' '));
        lines.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
    };
    let mut record = Record::default();
    record
        .number("status", Some(status.into()))
        .number("attempts", Some(attempts.into()))
        .text("apiVersion", api_version(&header).as_deref())
        .text("traceId", header(TRACE_ID).as_deref())
        .text("requestId", header("x-fb-request-id").as_deref())
        .list("usage", records(&usage::read::<J>(&header)));
    record
}

/// Returns a header without secrets.
fn header<R: HttpResponse>(response: &R, name: &str, secrets: &Secrets) -> Option<String> {
    response.header(name).map(|value| secrets.redact(&value))
}

/// The version that answered; graph.instagram.com has a header of its own.
fn api_version(header: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    API_VERSION.iter().find_map(|name| header(name))
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
