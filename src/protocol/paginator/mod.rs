//! A walk through a list: where it has been, what it has delivered, and what comes next.
//!
//! ```text
//!  start ── Read(page) ──▶ arrived ── Window: what to deliver ──▶ next ── Read(page) … ── End
//! ```

pub mod catch_up;
pub mod page_reader;
pub mod page_size;

use std::rc::Rc;

use catch_up::CatchUp;

use super::call::retry::later;
use super::call::session::Session;
use super::graph::error::{Failure, Kind};
use super::graph::listing::{Listing, Scope};
use super::graph::paging::Next;
use super::key_map::KeyMap;

/// What a walk delivers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Entries, each once.
    Entries,
    /// Pages as Graph returned them.
    Pages,
    /// Nothing: somebody goes from page to page by hand.
    ByHand,
}

/// Where a walk ends.
#[derive(Debug, Clone, Copy, Default)]
pub struct WalkOptions {
    /// After so many entries.
    pub max_items: Option<u32>,
    /// At the first entry that is older, in milliseconds since 1970.
    pub updated_since: Option<f64>,
    /// By reading the newest pages again.
    pub catch_up: bool,
}

impl WalkOptions {
    /// Whether the times of entries decide where the walk ends.
    pub fn is_timed(&self) -> bool {
        self.updated_since.is_some() || self.catch_up
    }
}

/// Which page of a list.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PageAddress {
    /// The list begins with its newest entry, wherever the caller wanted to begin.
    pub is_from_top: bool,
    /// The page after this cursor; without it the first one.
    pub cursor: Option<String>,
    /// The first page is 0.
    pub number: u32,
    /// Somebody iterates, and does not choose the size of pages.
    pub is_iterated: bool,
    /// It is not read before this time, in milliseconds since 1970.
    pub not_before_ms: f64,
}

impl PageAddress {
    /// Whether this is the first page of the list as the caller asked for it, which all who read the list share.
    pub fn is_shared(&self) -> bool {
        !self.is_from_top && self.cursor.is_none()
    }
}

/// What a page says of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct PageSummary {
    /// The first page is 0.
    pub number: u32,
    /// What follows it.
    pub next: Next,
    /// When its entries were last updated, in milliseconds since 1970; `NaN` where that is unknown. Empty where no time is
    /// of interest.
    pub times: Vec<f64>,
    /// How many entries it has.
    pub length: u32,
}

impl PageSummary {
    /// The position of the first entry that was last updated before a time. One whose time is unknown is not older.
    fn first_older(&self, since_ms: f64) -> Option<u32> {
        let position = self.times.iter().position(|&time_ms| time_ms < since_ms)?;
        u32::try_from(position).ok()
    }

    /// The time of its most recently updated entry.
    pub fn newest(&self) -> Option<f64> {
        let mut newest = None;
        for &time_ms in &self.times {
            newest = later(newest, (!time_ms.is_nan()).then_some(time_ms));
        }
        newest
    }
}

/// Which entries of a page are delivered.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Window {
    /// Positions of entries that count as delivered already.
    pub known: Vec<u32>,
    /// The position behind the last one that may be delivered.
    pub end: u32,
    /// How many that were not delivered yet may be.
    pub most: u32,
    /// Whether the page is read for the walk's own sake, and not delivered.
    pub is_internal: bool,
    /// Whether the page is delivered as it is.
    pub is_whole: bool,
}

/// What to do next.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Read a page.
    Read(PageAddress),
    /// Nothing: the walk is over.
    End,
    /// Reject: Graph names a next page, but it cannot be reached.
    Fail(Box<Failure>),
}

/// A walk through a list.
#[derive(Debug)]
pub struct Paginator {
    listing: Rc<Listing>,
    delivery: Delivery,
    options: WalkOptions,
    phase: Phase,
    /// The cursors met, each with the number of the page that it leads to. One that comes up again later on would lead round
    /// in a circle; the one that leads to a page just read is how that page is read again.
    visited: KeyMap,
    delivered: u32,
    is_over: bool,
    catch_up: CatchUp,
    /// Since the walk or the pass began.
    has_delivered: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Looks for the newest entry, of which a list that begins further down says nothing.
    Top,
    Walk,
}

impl Paginator {
    /// Begins a walk. `random` is from 0 to 1.
    pub fn new(listing: Rc<Listing>, delivery: Delivery, options: WalkOptions, random: f64) -> Self {
        let looks_at_top = options.catch_up && listing.is_resumed() && delivery != Delivery::ByHand;
        let mut paginator = Self {
            phase: if looks_at_top { Phase::Top } else { Phase::Walk },
            visited: KeyMap::new(random),
            is_over: options.max_items == Some(0),
            listing,
            delivery,
            options,
            delivered: 0,
            catch_up: CatchUp::default(),
            has_delivered: false,
        };
        paginator.visit_start();
        paginator
    }

    /// Returns the first page to read.
    pub fn start(&self) -> Step {
        if self.is_over {
            return Step::End;
        }
        Step::Read(PageAddress { is_from_top: self.phase == Phase::Top, ..self.address() })
    }

    /// Whether how a page came about is of interest: not where nobody gets it as one.
    pub fn shows(&self, address: &PageAddress) -> bool {
        self.delivery != Delivery::Entries || address.is_shared()
    }

    /// Takes a page. Returns which of its entries are to be delivered: none twice, none behind the end of the walk.
    pub fn arrived(&mut self, page: &PageSummary) -> Window {
        if self.phase == Phase::Top {
            return self.top_arrived(page);
        }
        self.catch_up.note(page.newest());
        let most = match (self.delivery, self.options.max_items) {
            (Delivery::Entries, Some(most)) => most.saturating_sub(self.delivered),
            _ => u32::MAX,
        };
        let end = if self.delivery == Delivery::Entries { self.end_of(page) } else { None };
        let is_whole = self.delivery == Delivery::Pages;
        Window { end: end.unwrap_or(page.length), most, is_whole, ..Window::default() }
    }

    /// Counts how many entries of a page were delivered one by one. Returns what to do next, which may begin at once.
    pub fn next(&mut self, session: &Session, page: &PageSummary, delivered: u32, now_ms: f64) -> Step {
        if self.phase == Phase::Top {
            return self.after_top(page);
        }
        self.has_delivered |= delivered > 0;
        let counted = if self.delivery == Delivery::Pages { page.length } else { delivered };
        self.delivered = self.delivered.saturating_add(counted);
        self.is_over |= self.options.max_items.is_some_and(|most| self.delivered >= most);
        if self.is_over {
            return Step::End;
        }
        if page.next != Next::End && !self.has_reached_older(page) {
            return self.following(session, page);
        }
        let is_one_page = page.number == 0;
        let has_delivered = std::mem::take(&mut self.has_delivered);
        if !self.options.catch_up {
            return Step::End;
        }
        let pass = self.catch_up.start_pass_if_needed(has_delivered, is_one_page, now_ms);
        let Some(not_before_ms) = pass else { return Step::End };
        self.visited.clear();
        Step::Read(PageAddress { is_from_top: true, not_before_ms, ..self.address() })
    }

    /// Returns how to read the page that follows.
    pub fn following(&mut self, session: &Session, page: &PageSummary) -> Step {
        let number = page.number + 1;
        let problem = match &page.next {
            Next::End => return Step::End,
            Next::After(cursor) => {
                if let Some(step) = self.visit(cursor, number, self.catch_up.floor().is_some()) {
                    return step;
                }
                "Graph returned a cursor that it returned before: the list would go round in circles"
            }
            Next::Unreachable => "Graph names a next page, but no cursor to reach it by",
        };
        let failure = Failure::new(Kind::Response, &[problem]);
        Step::Fail(session.locate(failure, &self.listing.request(Scope::default()), 0))
    }

    /// Ends the walk: nothing more is read.
    pub fn end(&mut self) {
        self.is_over = true;
        self.visited.clear();
    }

    /// The address of the first page.
    fn address(&self) -> PageAddress {
        PageAddress { is_iterated: self.delivery != Delivery::ByHand, ..PageAddress::default() }
    }

    /// Returns how to read the page with this number, which follows a cursor; `None` where the cursor came up before.
    fn visit(&mut self, cursor: &str, number: u32, is_from_top: bool) -> Option<Step> {
        if self.visited.get_or_insert(cursor, number) != number {
            return None;
        }
        let cursor = Some(cursor.to_owned());
        Some(Step::Read(PageAddress { is_from_top, cursor, number, ..self.address() }))
    }

    fn visit_start(&mut self) {
        if let Some(after) = self.listing.after() {
            self.visited.get_or_insert(after, 0);
        }
    }

    /// What stands at the mark was there before the walk began.
    fn top_arrived(&mut self, page: &PageSummary) -> Window {
        let newest = page.newest();
        self.catch_up.note(newest);
        let mut known = Vec::new();
        for (position, &time_ms) in (0..).zip(&page.times) {
            if Some(time_ms) == newest {
                known.push(position);
            }
        }
        Window { known, end: 0, most: 0, is_internal: true, is_whole: false }
    }

    /// A first page can be empty, so the next one tells instead.
    fn after_top(&mut self, page: &PageSummary) -> Step {
        let number = page.number + 1;
        if let (None, Next::After(cursor)) = (page.newest(), &page.next)
            && let Some(step) = self.visit(cursor, number, true)
        {
            return step;
        }
        self.phase = Phase::Walk;
        self.visited.clear();
        self.visit_start();
        self.start()
    }

    /// Where a page goes beyond what is to be delivered.
    fn end_of(&self, page: &PageSummary) -> Option<u32> {
        // Below the mark, a list that was resumed has nothing that is its own.
        let floor = self.catch_up.floor().filter(|_| self.listing.is_resumed());
        // The first that is older than either is the first that is older than the later one.
        page.first_older(later(self.options.updated_since, floor)?)
    }

    /// Whether a page holds an entry that is older than the walk goes.
    fn has_reached_older(&self, page: &PageSummary) -> bool {
        let since = self.catch_up.floor().or(self.options.updated_since);
        since.is_some_and(|since| page.first_older(since).is_some())
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
