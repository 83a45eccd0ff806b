//! The owners of many threads: batches, round by round.
//!
//! Each round asks for every recipient that has no result yet, in batches of which several are sent at once. A recipient is
//! asked about once in a round, so however it failed (the item, the batch, the connection) the rounds are its attempts.

use super::call::event::Event;
use super::call::http::{HttpResponse, Numbers};
use super::call::session::{Budget, Session};
use super::call::{ApiResponse, Plan, Undecided, retry};
use super::graph::batch::{self, Item};
use super::graph::error::{Expected, Failure, Kind, ResponseParts, TRACE_ID};
use super::graph::settings::Settings;
use super::graph::thread_owner::{self, ThreadOwner};
use super::graph::usage;
use super::json::Json;
use super::key_map::KeyMap;
use super::option::InvalidOption;
use super::request::Request;

/// How many batches are sent at once.
pub const CONCURRENCY: u32 = 4;

/// An owner, or why it could not be read.
pub type OwnerResult = Result<ThreadOwner, Box<Failure>>;

/// A recipient, asked about once however often it is given.
#[derive(Debug)]
struct Thread {
    recipient: String,
    request: Request,
    /// How often it was asked about.
    attempts: u32,
    result: Option<OwnerResult>,
}

/// Recipients that are asked about in one request.
#[derive(Debug)]
pub struct Batch {
    threads: Vec<usize>,
}

/// What to do between two rounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Round {
    /// Ask for all batches of the next one.
    Ask,
    /// Wait until this time.
    Sleep(f64),
    /// Nothing: every recipient has a result.
    Done,
}

/// Reads the owners of many threads.
#[derive(Debug)]
pub struct OwnerBatches {
    /// For each recipient as given, the number of its thread.
    places: Vec<u32>,
    threads: Vec<Thread>,
    /// Threads that are still to be asked about in this round; they are taken from its end.
    open: Vec<usize>,
    budget: Budget,
    /// Before this time no next round begins.
    not_before_ms: f64,
}

impl OwnerBatches {
    /// Refuses the first recipient that is no ID. `random` is from 0 to 1.
    pub fn new(
        settings: &Settings,
        recipients: Vec<String>,
        budget: Budget,
        random: f64,
    ) -> Result<Self, Box<InvalidOption>> {
        thread_owner::require_host(settings)?;
        let mut known = KeyMap::new(random);
        let (mut places, mut threads) = (Vec::new(), Vec::new());
        for recipient in &recipients {
            let new = threads.len() as u32;
            let place = known.get_or_insert(recipient, new);
            if place == new {
                let request = thread_owner::request(settings, recipient).map_err(|mut refused| {
                    if refused.option == "recipient" {
                        refused.option.push('s');
                    }
                    refused
                })?;
                threads.push(Thread { recipient: recipient.clone(), request, attempts: 0, result: None });
            }
            places.push(place);
        }
        Ok(Self { places, threads, open: Vec::new(), budget, not_before_ms: 0.0 })
    }

    /// What the calls of its batches may use up: the time is that of the whole.
    pub fn budget(&self) -> Budget {
        self.budget
    }

    /// Returns the next batch of this round and what to ask, if there is anything left.
    pub fn next_batch(&mut self, settings: &Settings) -> Option<(Batch, Plan)> {
        let mut threads = Vec::new();
        let mut requests = Vec::new();
        while threads.len() < batch::LARGEST
            && let Some(number) = self.open.pop()
        {
            if let Some(thread) = self.threads.get(number) {
                threads.push(number);
                requests.push(&thread.request);
            }
        }
        if threads.is_empty() {
            return None;
        }
        let request = batch::request(settings, &requests);
        let (numbers, expected) = (Numbers::AsParsed, Expected::List);
        Some((
            Batch { threads },
            Plan {
                request,
                numbers,
                expected,
                limiter: None,
                not_before_ms: 0.0,
                earlier_attempts: 0,
                undecided: Undecided::All,
            },
        ))
    }

    /// Takes the answer to a batch: an owner or a failure for each of its recipients, who may be asked about again.
    pub fn answered<R: HttpResponse>(
        &mut self,
        session: &mut Session,
        now_ms: f64,
        random: f64,
        batch: &Batch,
        response: &ApiResponse<R>,
    ) {
        let items = response.body.items().unwrap_or_default();
        let mut retry = None;
        for (position, &number) in batch.threads.iter().enumerate() {
            let Some(thread) = self.threads.get_mut(number) else { continue };
            thread.attempts += 1;
            match owner_in(batch::item(items.get(position)), &thread.recipient, response) {
                Ok(owner) => thread.result = Some(Ok(owner)),
                Err(failure) => {
                    let failure = session.locate(failure, &thread.request, thread.attempts);
                    thread.decide(session, now_ms, random, &self.budget, failure, &mut retry);
                }
            }
        }
        self.note_retry(session, now_ms, retry);
    }

    /// Takes the failure of a whole batch, after so many requests for it: 0 where it was not sent.
    pub fn failed(
        &mut self,
        session: &mut Session,
        now_ms: f64,
        random: f64,
        batch: &Batch,
        failure: Box<Failure>,
        is_undecided: bool,
    ) {
        let sent = failure.attempts.unwrap_or_default();
        let mut retry = None;
        for &number in &batch.threads {
            let Some(thread) = self.threads.get_mut(number) else { continue };
            thread.attempts += sent;
            let mut failure = failure.clone();
            if failure.attempts.is_some() {
                failure.attempts = Some(thread.attempts);
            }
            if is_undecided {
                thread.decide(session, now_ms, random, &self.budget, failure, &mut retry);
            } else {
                thread.result = Some(Err(failure));
            }
        }
        self.note_retry(session, now_ms, retry);
    }

    /// Takes that nobody wants the rest: no further batch is sent.
    pub fn abandon(&mut self) {
        self.open.clear();
    }

    /// Begins the next round, if it is time and anything is left to ask. Called when all batches of the last one have been
    /// answered.
    pub fn start_round(&mut self, now_ms: f64) -> Round {
        self.open.clear();
        let mut number = self.threads.len();
        for thread in self.threads.iter().rev() {
            number -= 1;
            if thread.result.is_none() {
                self.open.push(number);
            }
        }
        if self.open.is_empty() {
            Round::Done
        } else if self.not_before_ms > now_ms {
            Round::Sleep(self.not_before_ms)
        } else {
            Round::Ask
        }
    }

    /// The results when all is done, each with its recipient; one that was given twice has one.
    pub fn results(&self) -> impl Iterator<Item = (&str, &OwnerResult)> {
        self.threads.iter().filter_map(|thread| Some((thread.recipient.as_str(), thread.result.as_ref()?)))
    }

    /// For each recipient as given, the position of its result.
    pub fn places(&self) -> &[u32] {
        &self.places
    }

    /// Emits one event for all recipients of a batch that are asked about again.
    fn note_retry(&mut self, session: &mut Session, now_ms: f64, retry: Option<RetryNote>) {
        let Some(RetryNote { delay_ms, reason, attempt }) = retry else { return };
        let path = session.path(&batch::request(&session.settings, &[]));
        session.emit(Event::Retry { path, attempt, delay_ms, reason });
        self.not_before_ms = self.not_before_ms.max(now_ms + delay_ms);
    }
}

/// What an event says about the recipients of a batch that are read again.
struct RetryNote {
    delay_ms: f64,
    reason: Kind,
    attempt: u32,
}

impl Thread {
    /// Keeps the failure as the result, unless the recipient is asked about again.
    fn decide(
        &mut self,
        session: &mut Session,
        now_ms: f64,
        random: f64,
        budget: &Budget,
        failure: Box<Failure>,
        note: &mut Option<RetryNote>,
    ) {
        match session.after_failure(failure, self.attempts, budget, now_ms, random) {
            Ok(retry) => {
                if let Some(reason) = retry.reason {
                    let longest_ms = note.as_ref().map_or(0.0, |note| note.delay_ms);
                    let delay_ms = retry.delay_ms.max(longest_ms);
                    *note = Some(RetryNote { delay_ms, reason, attempt: self.attempts });
                }
            }
            Err(failure) => self.result = Some(Err(failure)),
        }
    }
}

const NO_OWNER: &str = "expected a thread owner; got JSON of another shape";

/// Reads the owner in the answer to a single question.
pub fn owner<R: HttpResponse>(session: &Session, recipient: &str, response: &ApiResponse<R>) -> OwnerResult {
    let owner = thread_owner::read(recipient, &response.body, response.secrets());
    owner.ok_or_else(|| response.unexpected(session, NO_OWNER))
}

/// What to ask for the owner of one thread.
pub fn plan(request: Request) -> Plan {
    Plan {
        request,
        numbers: Numbers::Exact,
        expected: Expected::Object,
        limiter: None,
        not_before_ms: 0.0,
        earlier_attempts: 0,
        undecided: Undecided::None,
    }
}

/// Reads one item of a batch.
fn owner_in<R: HttpResponse>(item: Item<R::Body>, recipient: &str, response: &ApiResponse<R>) -> OwnerResult {
    let (status, body) = match item {
        Item::Answered(status, body) => (status, body),
        Item::NotReached => {
            return Err(Failure::new(Kind::Transient, &["Graph did not get to this item of a batch"]));
        }
        Item::Misshapen => return Err(Failure::new(Kind::Response, &[NO_OWNER])),
    };
    // The trace is that of the batch.
    let header = |name: &str| if name == TRACE_ID { None } else { response.header(name) };
    let parts = ResponseParts { status, body: body.parse_text(), is_cut: false, header: &header };
    match parts.into_body(Expected::Object, response.secrets(), &|| body.start().unwrap_or_default()) {
        Ok(body) => thread_owner::read::<R::Body>(recipient, &body, response.secrets())
            .ok_or_else(|| Failure::new(Kind::Response, &[NO_OWNER])),
        Err(mut failure) => {
            if failure.kind == Kind::RateLimit {
                failure.retry_after_ms = retry::regain_access_ms(&usage::read::<R::Body>(&header));
            }
            Err(failure)
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "owners_tests.rs"]
mod tests;
