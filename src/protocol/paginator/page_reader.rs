//! Reading one page: what to ask, and what to ask instead where Graph cannot deliver as much.
//!
//! The questions become lighter step by step: fewer entries, fewer nested items, the same once more, no edges, ID and time,
//! the ID alone. The first good answer counts, so as much is read as Graph is able to deliver.

use std::rc::Rc;

use super::page_size::{Change, Lowered, PageSize};
use super::{PageAddress, PageSummary};
use crate::protocol::call::event::Event;
use crate::protocol::call::http::{HttpResponse, Numbers};
use crate::protocol::call::retry::RetryDecision;
use crate::protocol::call::session::{Budget, Session};
use crate::protocol::call::{ApiResponse, Plan, Undecided};
use crate::protocol::graph::error::{Expected, Failure, Trigger};
use crate::protocol::graph::listing::{Detail, Listing, Scope};
use crate::protocol::graph::paging::next;
use crate::protocol::json::{Entries, Json};
use crate::protocol::text::concat;

/// Reads one page.
#[derive(Debug)]
pub struct PageReader {
    listing: Rc<Listing>,
    address: PageAddress,
    /// Whether the times of the entries decide where the list ends.
    is_timed: bool,
    budget: Budget,
    stage: Stage,
    /// The end of a wait before the same question is asked once more.
    not_before_ms: f64,
    /// Requests made so far.
    attempts: u32,
    timeouts_in_a_row: u32,
    /// How often the limits of nested edges are halved; `None` before the first question.
    halvings: Option<u32>,
    /// The page size of the last full question: others who read the list may have lowered it since.
    asked: Option<u32>,
    /// Whether it was looked whether Graph answers at all.
    probe: Probe,
}

/// How far the questions have become lighter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd)]
enum Stage {
    /// As much as the page size says.
    Full,
    /// The lightest full question once more: one passing fault must not cost fields.
    Again,
    /// Without messages and edges with fields of their own.
    WithoutEdges,
    /// ID and time.
    IdAndTime,
    /// The ID.
    IdOnly,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Probe {
    /// Not made.
    None,
    /// Being made: the ID alone is asked for.
    Asked,
    /// Answered: its answer is kept.
    Answered,
    /// Answered with an error.
    Refused,
}

/// What to do next.
#[derive(Debug)]
pub enum Question {
    /// Ask this.
    Ask(Plan),
    /// Take the answer that was kept.
    TakeKept,
}

/// What an answer is.
#[derive(Debug)]
pub enum Answer {
    /// The page.
    Page(PageSummary),
    /// Nothing but a sign that Graph answers: it is to be kept, and the next question asked.
    Keep,
}

impl PageReader {
    /// Begins to read the page of a list that stands at an address.
    pub fn new(listing: &Rc<Listing>, address: PageAddress, is_timed: bool, budget: &Budget) -> Self {
        Self {
            listing: Rc::clone(listing),
            address,
            is_timed,
            budget: *budget,
            stage: Stage::Full,
            not_before_ms: 0.0,
            attempts: 0,
            timeouts_in_a_row: 0,
            halvings: None,
            asked: None,
            probe: Probe::None,
        }
    }

    /// Returns what to ask now.
    pub fn question(&mut self, size: &PageSize) -> Question {
        self.halvings.get_or_insert(size.fewest_halvings());
        let detail = if self.probe == Probe::Asked { Detail::IdOnly } else { self.detail(self.stage) };
        if detail == Detail::IdOnly && self.probe == Probe::Answered {
            return Question::TakeKept;
        }
        let is_full = matches!(detail, Detail::Full { .. });
        let limit = size.limit(self.address.is_iterated);
        if is_full {
            self.asked = limit;
        }
        Question::Ask(Plan {
            request: self.listing.request(Scope {
                limit: if is_full { limit } else { Some(1) },
                cursor: self.address.cursor.as_deref(),
                is_from_top: self.address.is_from_top,
                detail,
            }),
            numbers: Numbers::AsParsed,
            expected: Expected::Object,
            limiter: self.listing.limiter,
            not_before_ms: self.address.not_before_ms.max(self.not_before_ms),
            earlier_attempts: self.attempts,
            undecided: Undecided::Lightens,
        })
    }

    fn detail(&self, stage: Stage) -> Detail {
        match stage {
            Stage::Full | Stage::Again => Detail::Full { halvings: self.halvings.unwrap_or_default() },
            Stage::WithoutEdges => Detail::WithoutEdges,
            Stage::IdAndTime => Detail::IdAndTime,
            Stage::IdOnly => Detail::IdOnly,
        }
    }

    /// Takes a failure that was left undecided: Graph cannot deliver as much. Afterwards a lighter question is asked; `Err`
    /// is the failure to reject with, where there is none. `random` is from 0 to 1.
    pub fn too_much(
        &mut self,
        session: &mut Session,
        size: &mut PageSize,
        failure: Box<Failure>,
        now_ms: f64,
        random: f64,
    ) -> Result<(), Box<Failure>> {
        /// Where Graph does not answer at all, each further question costs as long.
        const MOST_TIMEOUTS: u32 = 3;
        self.attempts = failure.attempts.unwrap_or_default();
        let Some(trigger) = failure.trigger() else { return Err(self.failed(session, failure)) };
        let is_timeout = trigger == Trigger::Timeout;
        self.timeouts_in_a_row = if is_timeout { self.timeouts_in_a_row + 1 } else { 0 };
        if self.probe == Probe::Asked {
            if is_timeout {
                return Err(self.failed(session, failure));
            }
            // It was answered, though not as wanted: the question that it was asked in place of is still open.
            self.probe = Probe::Refused;
            return Ok(());
        }
        if !self.ask_for_less(session, size, trigger)
            && !self.try_again(session, &failure, now_ms, random)
            && !self.lighten()
        {
            return Err(self.failed(session, failure));
        }
        if self.timeouts_in_a_row == MOST_TIMEOUTS && self.probe == Probe::None {
            self.probe = Probe::Asked;
        }
        Ok(())
    }

    /// Lowers the page size or else the limits of nested edges; returns whether it could.
    fn ask_for_less(&mut self, session: &mut Session, size: &mut PageSize, trigger: Trigger) -> bool {
        if self.stage != Stage::Full {
            return false;
        }
        match size.lower(trigger, self.asked, self.address.is_iterated) {
            Lowered::By(Change { from, to }) => session.emit(Event::PageSize { from, to }),
            Lowered::Already => {}
            Lowered::Least => {
                let Some(halvings) = size.halved_again(trigger, self.halvings.unwrap_or_default()) else {
                    return false;
                };
                self.set_halvings(session, halvings);
            }
        }
        true
    }

    fn set_halvings(&mut self, session: &mut Session, to: u32) {
        let from = self.halvings.replace(to).unwrap_or_default();
        let Some(selection) = self.listing.selection() else { return };
        for (edge, from, to) in &selection.changes(from, to) {
            session.emit(Event::NestedLimit { edge: edge.clone(), from: *from, to: *to });
        }
    }

    /// Goes on to the same question once more, if retries are allowed and the wait before it fits; returns whether it does.
    fn try_again(&mut self, session: &mut Session, failure: &Failure, now_ms: f64, random: f64) -> bool {
        let policy = &self.budget.policy;
        if self.stage != Stage::Full || policy.max_retries == 0 {
            return false;
        }
        match policy.decide(failure, 1, random) {
            RetryDecision::BackOff { delay_ms } if now_ms + delay_ms < self.budget.deadline_ms => {
                self.not_before_ms = now_ms + delay_ms;
                let (path, reason) = (failure.path.clone().unwrap_or_default(), failure.kind);
                session.emit(Event::Retry { path, attempt: 1, delay_ms, reason });
            }
            // Not retryable by itself, but a fault that passes can look like this.
            RetryDecision::GiveUp { lifts_after_ms: None } => {}
            _ => return false,
        }
        self.stage = Stage::Again;
        true
    }

    /// Goes on to the next stage whose question is another one; returns whether there is any.
    fn lighten(&mut self) -> bool {
        let was_asked = self.listing.written_fields(self.detail(self.stage));
        for &stage in &[Stage::WithoutEdges, Stage::IdAndTime, Stage::IdOnly] {
            let fields = self.listing.written_fields(self.detail(stage));
            let is_other = fields.is_some() && fields != was_asked;
            if stage > self.stage && is_other {
                self.stage = stage;
                return true;
            }
        }
        false
    }

    /// Takes a failure that is final. Returns the one to reject with, which says where to go on.
    pub fn failed(&self, session: &Session, mut failure: Box<Failure>) -> Box<Failure> {
        let cursor = self.address.cursor.as_deref().or_else(|| self.listing.after());
        failure.cursor = cursor.map(|cursor| session.secrets.redact(cursor));
        failure
    }

    /// Takes an answer, at a time in milliseconds. `Err` is a failure, if it is not what this edge answers.
    pub fn answered<R>(
        &mut self,
        session: &mut Session,
        size: &mut PageSize,
        response: &mut ApiResponse<R>,
        now_ms: f64,
    ) -> Result<Answer, Box<Failure>>
    where
        R: HttpResponse,
        R::Body: Entries,
    {
        // One that was kept is older than the requests made since.
        response.count_attempts(self.attempts);
        let data = response.body.get("data");
        let Some((data, length)) = data.and_then(|data| data.length().map(|length| (data, length))) else {
            return Err(self.unexpected(session, response, "JSON of another shape"));
        };
        if !data.have_ids() {
            return Err(self.unexpected(session, response, "an entry without an ID"));
        }
        if self.probe == Probe::Asked {
            self.attempts = response.attempts();
            self.timeouts_in_a_row = 0;
            self.probe = Probe::Answered;
            return Ok(Answer::Keep);
        }
        let is_readable = self.unreadable().is_empty();
        if !is_readable {
            for entry in &data.items().unwrap_or_default() {
                let id = entry.get_text("id").unwrap_or_default();
                session.emit(Event::Unreadable { id, fields: self.unreadable() });
            }
        }
        let halvings = size.fewest_halvings();
        if self.halvings != Some(halvings) {
            // For the next page they are those that were asked for again.
            self.set_halvings(session, halvings);
        } else if is_readable
            && let Some(Change { from, to }) = size.succeeded(self.address.is_iterated, response.duration_ms(now_ms))
        {
            session.emit(Event::PageSize { from, to });
        }
        let paging = response.body.get("paging").filter(Json::is_object);
        Ok(Answer::Page(PageSummary {
            number: self.address.number,
            next: next(paging.as_ref()),
            times: if self.is_timed { data.times(self.listing.edge.time_field) } else { Vec::new() },
            length,
        }))
    }

    /// The names of the fields that the caller asked for and that could not be read.
    pub fn unreadable(&self) -> Vec<String> {
        self.listing.left_out(self.detail(self.stage))
    }

    /// The field that was read although the caller did not ask for it.
    pub fn added_field(&self) -> Option<&'static str> {
        self.listing.added_by(self.detail(self.stage))
    }

    fn unexpected<R: HttpResponse>(&self, session: &Session, response: &ApiResponse<R>, got: &str) -> Box<Failure> {
        let failure =
            response.unexpected(session, &concat(&["expected a list of ", self.listing.edge.name, "; got ", got]));
        self.failed(session, failure)
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
#[path = "page_reader_tests.rs"]
mod tests;
