//! What the calls of one client share.

use std::rc::Rc;

use super::event::Event;
use super::rate_limiter::{CoolDown, RateLimiter};
use super::retry::{RetryDecision, RetryPolicy};
use crate::protocol::graph::conversations::{INSTAGRAM, MESSENGER};
use crate::protocol::graph::error::{Failure, Kind};
use crate::protocol::graph::settings::{Settings, TokenTransport};
use crate::protocol::graph::thread_owner::checked_app_id;
use crate::protocol::option::{A_TOKEN, InvalidOption, secret, word};
use crate::protocol::record::Record;
use crate::protocol::request::Request;
use crate::protocol::secret::{Secret, Secrets};

/// The options of a client whose value is a string, a number or a flag, as the caller gave them.
#[derive(Debug, Clone, Default)]
pub struct SessionOptions {
    /// Page ID or `me`.
    pub page_id: Option<String>,
    /// The token; `None` where a function of the caller's returns one before each request.
    pub token: Option<String>,
    /// Whether such a function is given.
    pub has_token_function: bool,
    /// The key of `appsecret_proof`.
    pub app_secret: Option<String>,
    /// `v25.0` or `25.0`.
    pub api_version: Option<String>,
    /// Where Graph is.
    pub base_url: Option<String>,
    /// `header` or `query`.
    pub token_transport: Option<String>,
    /// Tells the business from the customer among Instagram's participants.
    pub instagram_account_id: Option<String>,
    /// The ID of the caller's app.
    pub app_id: Option<String>,
    /// Limits of calls that have none of their own.
    pub limits: CallLimits,
    /// The longest wait for a rate limit, in milliseconds.
    pub max_rate_limit_wait_ms: Option<f64>,
    /// Lists a second for each platform: `None` is the default, `Some(None)` no limit.
    pub calls_per_second: Option<Option<f64>>,
    /// Whether a permit is asked for before a request is sent.
    pub is_scheduled: bool,
    /// Whether anybody listens to events.
    pub is_observed: bool,
}

#[cfg(test)]
impl SessionOptions {
    /// A Page and its token, and else the defaults.
    pub fn example() -> Self {
        Self { page_id: Some("1".to_owned()), token: Some("EAATESTTOKEN".to_owned()), ..Self::default() }
    }
}

/// Where the client runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct Host {
    /// There is a document: whoever opens the page can read what the program holds.
    pub has_dom: bool,
    /// Requests go out under an origin, as they do from pages and their workers: then CORS applies.
    pub has_origin: bool,
}

/// How long a call may take, and how often it may be tried, where its caller or its client says.
#[derive(Debug, Clone, Copy, Default)]
pub struct CallLimits {
    /// For one attempt, in milliseconds.
    pub timeout_ms: Option<f64>,
    /// For all attempts and waits together, in milliseconds.
    pub total_timeout_ms: Option<f64>,
    /// After the first attempt.
    pub max_retries: Option<u32>,
}

/// What a call may use up.
#[derive(Debug, Clone, Copy)]
pub struct Budget {
    /// Which failures are retried.
    pub policy: RetryPolicy,
    /// For one attempt, in milliseconds.
    pub timeout_ms: f64,
    /// When all time is used up; infinity for never.
    pub deadline_ms: f64,
}

/// What the calls of one client share.
#[derive(Debug)]
pub struct Session {
    /// Where Graph is, the version and the Page.
    pub settings: Rc<Settings>,
    /// Tells the business from the customer among Instagram's participants.
    pub instagram_account_id: Option<String>,
    /// The ID of the caller's app.
    pub app_id: Option<String>,
    /// The token, where it was given.
    pub token: Option<Secret>,
    /// Whether a permit is asked for before a request is sent.
    pub is_scheduled: bool,
    /// Whether anybody listens to events.
    pub is_observed: bool,
    /// The secrets of the latest requests.
    pub secrets: Rc<Secrets>,
    transport: TokenTransport,
    app_secret: Option<Secret>,
    /// The latest tokens, the newest last.
    credentials: Vec<Credential>,
    limits: CallLimits,
    max_rate_limit_wait_ms: f64,
    /// By the number that a listing names.
    limiters: Vec<RateLimiter>,
    /// While one call waits for a rate limit to lift, no other is sent.
    paused_until_ms: f64,
    cool_down: CoolDown,
    served_version: Option<String>,
    events: Vec<Event>,
    should_wake: bool,
}

/// A token with its `appsecret_proof`, where there is an app secret.
///
/// <https://developers.facebook.com/docs/graph-api/securing-requests>
#[derive(Debug, Clone, PartialEq)]
pub struct Credential {
    /// The access token.
    pub token: Secret,
    /// HMAC-SHA256 of the token, keyed with the app secret, as 64 lower-case hex digits.
    pub proof: Option<Secret>,
}

/// Calls of a client with a token function can still wait for an answer with an earlier token, and proxies quote it.
const KEPT_TOKENS: usize = 4;

const TOKEN: &str = "accessToken";

impl Session {
    /// Checks the options of a client.
    pub fn new(options: &SessionOptions, host: Host) -> Result<Self, Box<InvalidOption>> {
        /// Graph's documented limit for conversations.
        const DEFAULT_CALLS_PER_SECOND: f64 = 2.0;
        let page_id = options.page_id.as_deref().ok_or_else(|| missing("pageId", "a Page ID or `me`"))?;
        let (version, base_url) = (options.api_version.as_deref(), options.base_url.as_deref());
        let settings = Settings::new(page_id, version, base_url)?;
        // Graph is not known to answer the preflight that an Authorization header costs.
        let fitting = if host.has_origin { TokenTransport::Query } else { TokenTransport::Header };
        let transport = match &options.token_transport {
            Some(name) => TokenTransport::read(name)?,
            None => fitting,
        };
        check_credentials(options, host)?;
        let token = options.token.clone().map(Secret::new);
        let calls_per_second = options.calls_per_second.unwrap_or(Some(DEFAULT_CALLS_PER_SECOND));
        let mut session = Self {
            settings: Rc::new(settings),
            instagram_account_id: options.instagram_account_id.clone(),
            app_id: options.app_id.clone(),
            token: token.clone(),
            is_scheduled: options.is_scheduled,
            secrets: Rc::default(),
            transport,
            app_secret: options.app_secret.clone().map(Secret::new),
            credentials: Vec::new(),
            is_observed: options.is_observed,
            limits: options.limits,
            max_rate_limit_wait_ms: options
                .max_rate_limit_wait_ms
                .unwrap_or(RetryPolicy::default().max_rate_limit_wait_ms),
            limiters: Vec::new(),
            paused_until_ms: 0.0,
            cool_down: CoolDown::default(),
            served_version: None,
            events: Vec::new(),
            should_wake: false,
        };
        if let Some(calls) = calls_per_second {
            for _ in [MESSENGER, INSTAGRAM] {
                session.limiters.push(RateLimiter::new(calls));
            }
        }
        if let Some(token) = token {
            session.remember(Credential { token, proof: None });
        }
        Ok(session)
    }

    /// What a call with these limits of its own may use up.
    pub fn budget(&self, own: &CallLimits, now_ms: f64) -> Budget {
        // Graph's own "Timeout" (code -2) comes after 27 to 40 s, and carries the reason.
        const DEFAULT_TIMEOUT_MS: f64 = 60_000.0;
        let common = &self.limits;
        let total_ms = own.total_timeout_ms.or(common.total_timeout_ms);
        let max_retries = own.max_retries.or(common.max_retries);
        Budget {
            policy: RetryPolicy {
                max_retries: max_retries.unwrap_or(RetryPolicy::default().max_retries),
                max_rate_limit_wait_ms: self.max_rate_limit_wait_ms,
            },
            timeout_ms: own.timeout_ms.or(common.timeout_ms).unwrap_or(DEFAULT_TIMEOUT_MS),
            deadline_ms: total_ms.map_or(f64::INFINITY, |total_ms| now_ms + total_ms),
        }
    }

    /// Emits an event, if anybody listens.
    pub fn emit(&mut self, event: Event) {
        if self.is_observed {
            self.events.push(event);
        }
    }

    /// Takes the events that are to be told, without secrets.
    pub fn take_events(&mut self) -> Vec<Record> {
        let mut records = Vec::new();
        for event in &self.events {
            records.push(event.record(&self.secrets));
        }
        self.events.clear();
        records
    }

    /// Whether the turn of a sleeping call may have come, because another gave up its place.
    pub fn take_wake(&mut self) -> bool {
        std::mem::take(&mut self.should_wake)
    }

    /// Path and query of a request as they are sent.
    pub fn path(&self, request: &Request) -> String {
        let mut path = self.settings.base_path().to_owned();
        path.push_str(&request.target());
        path
    }

    /// Says in a failure which request failed, and how many were made.
    pub fn locate(&self, mut failure: Box<Failure>, request: &Request, attempts: u32) -> Box<Failure> {
        failure.attempts = Some(attempts);
        failure.method = Some(request.method());
        // Somebody may have given a token where an ID belongs.
        failure.path = Some(self.secrets.redact(&self.path(request)));
        failure
    }

    /// The token that the caller's function returned.
    pub fn checked_token(given: Option<String>) -> Result<Secret, Box<InvalidOption>> {
        let problem = ["its function returned no string"];
        let token = given.ok_or_else(|| InvalidOption::new(TOKEN, &problem))?;
        secret(TOKEN, &token)?;
        Ok(Secret::new(token))
    }

    /// Returns the token with its proof; `None` where the proof is not known yet.
    pub fn credential(&self, token: &Secret) -> Option<Credential> {
        if self.app_secret.is_none() {
            return Some(Credential { token: token.clone(), proof: None });
        }
        let is_known = |known: &&Credential| known.token == *token && known.proof.is_some();
        Some(self.credentials.iter().find(is_known)?.clone())
    }

    /// What the proof of a token is the HMAC-SHA256 of: `(key, message)`.
    pub fn proof_input(&self, token: &Secret) -> (String, String) {
        let key = self.app_secret.as_ref().map(Secret::expose).unwrap_or_default();
        (key.to_owned(), token.expose().to_owned())
    }

    /// Whether a token travels as a parameter rather than in a header.
    pub fn is_in_query(&self, is_form: bool) -> bool {
        // A batch is documented with the token in its form.
        is_form || self.transport == TokenTransport::Query
    }

    /// Adds a token and its proof to the secrets.
    pub fn remember(&mut self, credential: Credential) {
        let position = self.credentials.iter().position(|known| known.token == credential.token);
        let known = position.map(|position| self.credentials.remove(position));
        let is_known = known.as_ref() == Some(&credential);
        // The one that was used last goes last.
        self.credentials.push(credential);
        if is_known {
            return;
        }
        if self.credentials.len() > KEPT_TOKENS {
            self.credentials.remove(0);
        }
        let mut secrets = Secrets::default();
        let mut add = |secret: &Secret| secrets.add(secret.clone());
        if let Some(app_secret) = &self.app_secret {
            add(app_secret);
        }
        for Credential { token, proof } in &self.credentials {
            add(token);
            if let Some(proof) = proof {
                add(proof);
            }
        }
        self.secrets = Rc::new(secrets);
    }

    /// The rate limiter with this number, if calls are limited.
    pub fn limiter(&mut self, number: Option<usize>) -> Option<&mut RateLimiter> {
        self.limiters.get_mut(number?)
    }

    /// Returns when requests may be sent again, and the failure of a call that must not even wait for it.
    pub fn blocked_until(&mut self, now_ms: f64) -> Result<f64, Box<Failure>> {
        self.cool_down.failure(now_ms).map_or(Ok(self.paused_until_ms), Err)
    }

    /// Notes that a call gave up its place in a queue.
    pub fn wake_others(&mut self) {
        self.should_wake = true;
    }

    /// Decides what follows a failure of attempt number `attempt`. A wait that does not fit into the budget is not begun.
    /// `Err` is the failure to give up with: a rate limit then holds for the client's other calls too.
    pub fn after_failure(
        &mut self,
        mut failure: Box<Failure>,
        attempt: u32,
        budget: &Budget,
        now_ms: f64,
        random: f64,
    ) -> Result<Retry, Box<Failure>> {
        // Timers fire early by a part of a millisecond.
        let fits = |delay_ms: f64| now_ms + delay_ms + 1.0 < budget.deadline_ms;
        let lifts_after_ms = match budget.policy.decide(&failure, attempt, random) {
            RetryDecision::BackOff { delay_ms } if fits(delay_ms) => {
                return Ok(Retry { delay_ms, reason: Some(failure.kind) });
            }
            RetryDecision::BackOff { .. } => return Err(failure),
            RetryDecision::AwaitLimit { delay_ms } if fits(delay_ms) => {
                // The other calls of this client wait along: each request would lengthen the limit.
                self.paused_until_ms = self.paused_until_ms.max(now_ms + delay_ms);
                return Ok(Retry { delay_ms: 0.0, reason: None });
            }
            RetryDecision::AwaitLimit { delay_ms } => Some(delay_ms),
            RetryDecision::GiveUp { lifts_after_ms } => lifts_after_ms,
        };
        failure.retry_after_ms = lifts_after_ms;
        if let (Kind::RateLimit, Some(ms)) = (failure.kind, lifts_after_ms) {
            self.cool_down.begin(now_ms + ms, &failure);
        }
        Err(failure)
    }

    /// Graph serves an expired version silently with another: emits an event once for each that turns up.
    pub fn note_version(&mut self, served: Option<String>) {
        let requested = self.settings.version();
        if let Some(version) = &served
            && version != requested
            && served != self.served_version
        {
            let (requested, served_now) = (requested.to_owned(), version.clone());
            self.served_version = served;
            self.emit(Event::Version { requested, served: served_now });
        }
    }
}

/// That a request is made again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Retry {
    /// Milliseconds to wait before, beside the wait for a rate limit.
    pub delay_ms: f64,
    /// What an event says about it; a rate limit has an event of its own.
    pub reason: Option<Kind>,
}

/// Checks the token, the app secret, and the IDs that go with them.
fn check_credentials(options: &SessionOptions, host: Host) -> Result<(), Box<InvalidOption>> {
    match &options.token {
        Some(token) => secret(TOKEN, token)?,
        None if options.has_token_function => {}
        None => return Err(missing(TOKEN, A_TOKEN)),
    }
    if let Some(app_secret) = &options.app_secret {
        // Whoever opens a page can read its memory, and that of its workers.
        if host.has_dom || host.has_origin {
            let problem = "belongs on servers only; in a browser anyone can read it";
            return Err(InvalidOption::new("appSecret", &[problem]));
        }
        secret("appSecret", app_secret)?;
    }
    if let Some(id) = &options.instagram_account_id {
        word("instagramAccountId", id)?;
    }
    if let Some(id) = &options.app_id {
        checked_app_id(id)?;
    }
    Ok(())
}

fn missing(option: &'static str, expected: &str) -> Box<InvalidOption> {
    InvalidOption::new(option, &["is missing; expected ", expected])
}
