//! What changes in a list, look by look.
//!
//! ```text
//!  begin_look ── Read(page) ──▶ arrived ── positions of changed entries, and what to read next … ── End ──▶ finish_look
//! ```
//!
//! Every change in a second before the *floor* has been delivered. A look reads from the newest entry down to the floor, and
//! ends with a new one. Graph's times are whole seconds, so the floor never passes a second that is *open*: one in which an
//! entry could have changed again after it was read. An entry of an open second is delivered at once, and once more when the
//! second is closed.

mod checkpoint;
mod pause;

use std::rc::Rc;

pub use checkpoint::Scope;
pub use pause::Pause;
use pause::Pauses;

use super::call::event::Event;
use super::call::retry::later;
use super::call::session::Session;
use super::graph::listing::{Listing, Scope as RequestScope};
use super::option::InvalidOption;
use super::paginator::{Delivery, PageSummary, Paginator, Step, WalkOptions};

/// Seconds after which Graph lists what happened in a second for sure.
const SETTLED_S: f64 = 5.0;

/// The most entries of which only the ID could be read that are remembered. With more, the checkpoint would be too long.
const MOST_UNTIMED: usize = 100;

/// The most entries of open seconds that are remembered. One that is forgotten is delivered again.
const MOST_RECENT: usize = 1_000;

/// Where a watch begins.
#[derive(Debug, Clone, Default)]
pub struct Start {
    /// Where an earlier watch stopped.
    pub checkpoint: Option<String>,
    /// What changed since this time, in milliseconds since 1970. Without either, the watch begins now.
    pub since_ms: Option<f64>,
    /// Milliseconds between two looks.
    pub interval_ms: Option<u32>,
}

/// A page, with the start time and the usage that its response reports.
#[derive(Debug, Clone, Copy)]
pub struct Arrival<'a> {
    /// What it says of the list.
    pub page: &'a PageSummary,
    /// When its request began, by Graph's clock, in milliseconds since 1970; `None` where the response does not say.
    pub began_ms: Option<f64>,
    /// How much of a rate limit is used, in percent.
    pub usage: f64,
}

/// An entry of a second that was open when it was first read.
#[derive(Debug, Clone, Copy)]
struct Recent {
    /// The hash of its ID.
    id: i64,
    time_s: f64,
    /// By the local clock.
    first_read_ms: f64,
    /// Whether it was read again when its second was closed.
    is_final: bool,
}

/// What is known between two looks.
#[derive(Debug, Clone, Default)]
struct Known {
    /// Changes in seconds before this one have been delivered; `None` before the first look.
    floor_s: Option<f64>,
    /// Entries at or above the floor, as they were read last.
    recent: Vec<Recent>,
    /// Hashes of the IDs of entries whose time could not be read, in the order in which they were delivered.
    untimed: Vec<i64>,
}

/// One look, until it is finished: a look that fails changes nothing.
#[derive(Debug)]
struct Look {
    paginator: Paginator,
    /// When it began, by the local clock.
    began_ms: f64,
    /// Seconds before this one are closed; `None` before the first page.
    closed_before_s: Option<f64>,
    newest_s: Option<f64>,
    /// Whether any entry was listed.
    has_entries: bool,
    usage: f64,
    /// As in `Known`, with what this look changed.
    untimed: Vec<i64>,
    /// Entries at or above the floor that this look met.
    met: Vec<Recent>,
}

/// A watch of a list.
#[derive(Debug)]
pub struct Watch {
    listing: Rc<Listing>,
    scope: Scope,
    known: Known,
    look: Option<Box<Look>>,
    pauses: Pauses,
    /// How long to wait before the next look, if it was decided.
    pause: Option<Pause>,
}

impl Watch {
    /// Begins a watch, or goes on with one. `listing` must read the time of its entries.
    pub fn new(listing: Rc<Listing>, scope: Scope, start: &Start) -> Result<Self, Box<InvalidOption>> {
        let mut known = match &start.checkpoint {
            Some(_) if start.since_ms.is_some() => {
                return Err(InvalidOption::new("since", &["cannot be given together with checkpoint"]));
            }
            Some(checkpoint) => checkpoint::read(checkpoint, scope)?,
            None => Known::default(),
        };
        if let Some(since_ms) = start.since_ms {
            known.floor_s = Some((since_ms / 1_000.0).ceil());
        }
        let pauses = Pauses::new(start.interval_ms)?;
        Ok(Self { listing, scope, known, look: None, pauses, pause: None })
    }

    /// Begins a look, and forgets one that was not finished. Returns what to read first. `random` is from 0 to 1.
    pub fn begin_look(&mut self, now_ms: f64, random: f64) -> Step {
        let updated_since = self.known.floor_s.map(|floor_s| floor_s * 1_000.0);
        let options = WalkOptions { updated_since, ..WalkOptions::default() };
        let paginator = Paginator::new(Rc::clone(&self.listing), Delivery::Pages, options, random);
        let mut step = paginator.start();
        if let Step::Read(address) = &mut step {
            // No other reader of the list shares it.
            address.is_from_top = true;
        }
        self.pause = None;
        self.look = Some(Box::new(Look {
            paginator,
            began_ms: now_ms,
            closed_before_s: None,
            newest_s: None,
            has_entries: false,
            usage: 0.0,
            untimed: self.known.untimed.clone(),
            met: Vec::new(),
        }));
        step
    }

    /// Takes a page. Returns the positions of its entries that changed with the times of their changes, and what to read next.
    /// `id_of` reads the ID at a position.
    pub fn arrived(
        &mut self,
        session: &Session,
        arrival: Arrival<'_>,
        id_of: &dyn Fn(u32) -> String,
        now_ms: f64,
    ) -> (Vec<u32>, Vec<f64>, Step) {
        let Some(look) = &mut self.look else { return (Vec::new(), Vec::new(), Step::End) };
        let (positions, times) = look.take(&self.known, arrival, id_of);
        // What is listed when a watch begins is no news, so there is no need to read all of it. A first page can be empty.
        let step = match self.known.floor_s {
            None if look.has_entries => Step::End,
            _ => look.paginator.next(session, arrival.page, 0, now_ms),
        };
        (positions, times, step)
    }

    /// Ends a look, all of whose pages arrived.
    pub fn finish_look(&mut self) {
        let Some(mut look) = self.look.take() else { return };
        self.pause = Some(self.pauses.after_look(look.usage));
        look.finish(&mut self.known);
    }

    /// Takes the failure of a look that waiting cures, with the milliseconds after which the same call may work.
    pub fn failed(&mut self, retry_after_ms: Option<f64>, is_rate_limit: bool) {
        self.look = None;
        self.pause = Some(self.pauses.after_failure(retry_after_ms, is_rate_limit));
    }

    /// Returns how many milliseconds to wait before the next look, and says so to whoever listens.
    pub fn pause(&mut self, session: &mut Session) -> Option<f64> {
        let Pause { delay_ms, reason } = self.pause.take()?;
        let path = session.path(&self.listing.request(RequestScope::default()));
        session.emit(Event::Wait { path, delay_ms, reason });
        Some(delay_ms)
    }

    /// Returns where a later watch can go on.
    pub fn checkpoint(&self) -> String {
        checkpoint::write(&self.known, self.scope)
    }
}

impl Look {
    fn take(&mut self, known: &Known, arrival: Arrival<'_>, id_of: &dyn Fn(u32) -> String) -> (Vec<u32>, Vec<f64>) {
        let page = arrival.page;
        let newest_s = page.newest().map(|newest_ms| (newest_ms / 1_000.0).floor());
        let closed_before_s = self.closed_before(arrival.began_ms, newest_s);
        self.newest_s = later(self.newest_s, newest_s);
        self.has_entries |= page.length > 0;
        self.usage = self.usage.max(arrival.usage);
        let (mut positions, mut times) = (Vec::new(), Vec::new());
        for (position, &time_ms) in (0..page.length).zip(&page.times) {
            let time_s = (time_ms / 1_000.0).floor();
            let is_below = known.floor_s.is_some_and(|floor_s| time_s < floor_s);
            if is_below && self.untimed.is_empty() {
                continue;
            }
            let id = checkpoint::hash(&id_of(position));
            let untimed = self.untimed.iter().position(|&known| known == id);
            let is_change = if time_s.is_nan() {
                self.take_untimed(id, untimed)
            } else {
                self.take_timed(known, id, untimed, time_s, is_below, closed_before_s)
            };
            // What is listed when a watch begins is no news.
            if is_change && known.floor_s.is_some() {
                positions.push(position);
                times.push(time_ms);
            }
        }
        (positions, times)
    }

    /// The second before which all are closed. The first page decides, because later ones were asked for later.
    fn closed_before(&mut self, began_ms: Option<f64>, newest_s: Option<f64>) -> f64 {
        let local_ms = self.began_ms;
        *self.closed_before_s.get_or_insert_with(|| {
            let began_s = (began_ms.unwrap_or(local_ms) / 1_000.0).floor();
            // A clock that is behind what it lists is wrong. What is listed then tells the time at least.
            let now_s = later(Some(began_s), newest_s).unwrap_or(began_s);
            now_s - SETTLED_S
        })
    }

    /// `place` is that of the ID in `untimed`.
    fn take_untimed(&mut self, id: i64, place: Option<usize>) -> bool {
        let is_new = place.is_none();
        if is_new {
            if self.untimed.len() >= MOST_UNTIMED {
                self.untimed.remove(0);
            }
            self.untimed.push(id);
        }
        is_new
    }

    fn take_timed(
        &mut self,
        known: &Known,
        id: i64,
        place: Option<usize>,
        time_s: f64,
        is_below: bool,
        closed_before_s: f64,
    ) -> bool {
        if let Some(place) = place {
            self.untimed.remove(place);
        }
        if is_below {
            return place.is_some();
        }
        let known = known.recent.iter().find(|recent| recent.id == id && recent.time_s == time_s);
        let first_read_ms = known.map_or(self.began_ms, |known| known.first_read_ms);
        // Also a wrong clock can tell how much time has passed.
        let is_settled = self.began_ms >= first_read_ms + (SETTLED_S + 1.0) * 1_000.0;
        let is_closed = time_s < closed_before_s || is_settled;
        let is_change = match known {
            None => true,
            Some(known) => is_closed && !known.is_final,
        };
        let is_final = is_closed || known.is_some_and(|known| known.is_final);
        self.met.push(Recent { id, time_s, first_read_ms, is_final });
        is_change
    }

    fn finish(&mut self, known: &mut Known) {
        let closed_before_s = self.closed_before_s.unwrap_or_default();
        let is_first = known.floor_s.is_none();
        // Nothing newer than the newest was seen, whatever a clock says.
        let floor_s = match self.newest_s {
            Some(newest_s) => closed_before_s.min(newest_s + 1.0),
            None if is_first && !self.has_entries => 0.0,
            None if is_first => closed_before_s,
            None => 0.0,
        };
        let floor_s = later(known.floor_s, Some(floor_s)).unwrap_or(floor_s);
        known.floor_s = Some(floor_s);
        known.untimed = std::mem::take(&mut self.untimed);
        known.recent.clear();
        for &recent in &self.met {
            if recent.time_s >= floor_s && known.recent.len() < MOST_RECENT {
                known.recent.push(recent);
            }
        }
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
