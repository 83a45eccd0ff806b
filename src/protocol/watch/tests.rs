//! Looks at an inbox, page by page.

use std::cmp::Ordering;

use super::*;
use crate::protocol::call::session::{Host, SessionOptions};
use crate::protocol::graph::conversations::{self, Filters, require_fields};
use crate::protocol::graph::paging::Next;

/// When the tests play, in seconds since 1970.
const NOW_S: f64 = 1_800_000_000.0;

/// A watch with a clock of its own.
struct Watcher {
    session: Session,
    watch: Watch,
    now_s: f64,
    /// Whether responses say what time it is.
    has_date: bool,
}

impl Watcher {
    fn new(start: Start) -> Self {
        let session = Session::new(&SessionOptions::example(), Host::default()).unwrap();
        let mut listing = conversations::listing(&session.settings, &Filters::default()).unwrap();
        require_fields(&mut listing, &session.settings, true, false).unwrap();
        let watch = Watch::new(Rc::new(listing), scope(), &start).unwrap();
        Self { session, watch, now_s: NOW_S, has_date: true }
    }

    /// Looks at pages of entries `(ID, seconds before now)`, and returns the IDs that changed and how many pages were read.
    fn look(&mut self, pages: &[&[(&str, f64)]]) -> (String, usize) {
        let now_ms = self.now_s * 1_000.0;
        let mut step = self.watch.begin_look(now_ms, 0.5);
        let (mut reported, mut read) = (Vec::new(), 0);
        while let Step::Read(address) = step {
            let entries = pages[address.number as usize];
            let is_last = address.number as usize + 1 == pages.len();
            read += 1;
            let page = PageSummary {
                number: address.number,
                next: if is_last { Next::End } else { Next::After(address.number.to_string()) },
                times: entries.iter().map(|(_, age_s)| (self.now_s - age_s) * 1_000.0).collect(),
                length: entries.len() as u32,
            };
            let arrival = Arrival { page: &page, began_ms: self.has_date.then_some(now_ms), usage: 0.0 };
            let id_of = |position: u32| entries[position as usize].0.to_owned();
            let (positions, times, next) = self.watch.arrived(&self.session, arrival, &id_of, now_ms);
            for (position, time_ms) in positions.into_iter().zip(times) {
                let id = entries[position as usize].0;
                reported.retain(|(known, _)| *known != id);
                reported.push((id, time_ms));
            }
            step = next;
        }
        assert_eq!(step, Step::End);
        self.watch.finish_look();
        // As watch.js does it.
        reported.reverse();
        reported.sort_by(|(_, one), (_, other)| one.partial_cmp(other).unwrap_or(Ordering::Equal));
        let ids: Vec<&str> = reported.iter().map(|(id, _)| *id).collect();
        (ids.join(" "), read)
    }
}

fn scope() -> Scope {
    Scope::new("106", None, None)
}

fn resumed(checkpoint: String) -> Watcher {
    Watcher::new(Start { checkpoint: Some(checkpoint), ..Start::default() })
}

const UNKNOWN: f64 = f64::NAN;

#[test]
fn begins_with_what_is_listed_and_delivers_what_changes() {
    let mut watcher = Watcher::new(Start::default());
    assert_eq!(watcher.look(&[&[("a", 100.0), ("b", 200.0)], &[("c", 300.0)]]), (String::new(), 1));
    watcher.now_s += 15.0;
    assert_eq!(watcher.look(&[&[("a", 115.0), ("b", 215.0)], &[]]), (String::new(), 1), "one request without news");
    assert_eq!(watcher.look(&[&[("c", 7.0), ("b", 8.0), ("a", 115.0)]]).0, "b c", "oldest change first");
    watcher.now_s += 15.0;
    assert_eq!(watcher.look(&[&[("c", 22.0), ("b", 23.0), ("a", 130.0)]]).0, "");
}

#[test]
fn reads_on_until_it_meets_what_is_known() {
    let mut watcher = Watcher::new(Start { since_ms: Some((NOW_S - 60.0) * 1_000.0), ..Start::default() });
    let pages: [&[(&str, f64)]; 4] = [&[("a", 10.0), ("b", 20.0)], &[], &[("c", 60.0), ("d", 61.0)], &[("e", 70.0)]];
    assert_eq!(watcher.look(&pages), ("c b a".to_owned(), 3));
}

#[test]
fn an_open_second_is_delivered_again_once_it_is_closed() {
    let mut watcher = Watcher::new(Start::default());
    watcher.look(&[&[("a", 100.0)]]);
    assert_eq!(watcher.look(&[&[("b", 2.0), ("a", 100.0)]]).0, "b");
    watcher.now_s += 1.0;
    assert_eq!(watcher.look(&[&[("b", 3.0), ("a", 101.0)]]).0, "", "its second is still open");
    watcher.now_s += 10.0;
    assert_eq!(watcher.look(&[&[("b", 13.0), ("a", 111.0)]]).0, "b", "it may have changed again within the second");
    assert_eq!(watcher.look(&[&[("b", 13.0), ("a", 111.0)]]).0, "");
}

#[test]
fn a_second_is_closed_five_seconds_after_its_end() {
    for (age_s, is_open) in [(4.0, true), (5.0, true), (6.0, false)] {
        let mut watcher = Watcher::new(Start::default());
        watcher.look(&[&[("a", 100.0)]]);
        watcher.look(&[&[("b", age_s), ("a", 100.0)]]);
        watcher.now_s += 60.0;
        let again = watcher.look(&[&[("b", age_s + 60.0), ("a", 160.0)]]).0;
        assert_eq!(again == "b", is_open, "{age_s} s");
    }
}

#[test]
fn a_wrong_clock_loses_nothing_and_repeats_little() {
    // A clock that is behind what it lists says nothing of `a`, so its second is open.
    for (is_late, first) in [(true, "b"), (false, "a b")] {
        // The local clock is the only one, and an hour off.
        let mut watcher = Watcher::new(Start::default());
        watcher.has_date = false;
        let off_s = if is_late { 3_600.0 } else { -3_600.0 };
        watcher.look(&[&[("a", off_s + 100.0)]]);
        let mut delivered = Vec::new();
        for look in 1..=4 {
            watcher.now_s += 15.0;
            let since_s = f64::from(look) * 15.0;
            delivered.push(watcher.look(&[&[("b", off_s + since_s - 14.0), ("a", off_s + 100.0 + since_s)]]).0);
        }
        assert_eq!(delivered[0], first);
        assert_eq!(delivered[2..], ["", ""], "{delivered:?}");
        watcher.now_s += 15.0;
        assert_eq!(watcher.look(&[&[("c", off_s + 1.0), ("b", off_s + 61.0), ("a", off_s + 175.0)]]).0, "c");
    }
}

#[test]
fn an_empty_inbox_needs_no_clock() {
    let mut watcher = Watcher::new(Start::default());
    watcher.has_date = false;
    watcher.look(&[&[]]);
    assert_eq!(watcher.look(&[&[("a", 9_000.0)]]).0, "a", "the local clock is hours ahead");
}

#[test]
fn begins_with_the_first_page_that_is_not_empty() {
    let mut watcher = Watcher::new(Start::default());
    assert_eq!(watcher.look(&[&[], &[("a", 100.0)], &[("b", 200.0)]]), (String::new(), 2));
    assert_eq!(watcher.look(&[&[("a", 100.0)], &[("b", 200.0)]]), (String::new(), 1));
}

#[test]
fn what_has_no_time_is_delivered_once_and_again_when_it_has_one() {
    let mut watcher = Watcher::new(Start::default());
    watcher.look(&[&[("a", 100.0), ("listed", UNKNOWN), ("z", 300.0)]]);
    assert_eq!(watcher.look(&[&[("a", 100.0), ("listed", UNKNOWN), ("x", UNKNOWN), ("z", 300.0)]]).0, "x");
    let checkpoint = watcher.watch.checkpoint();
    assert_eq!(watcher.look(&[&[("a", 100.0), ("x", UNKNOWN), ("z", 300.0)]]).0, "");
    assert_eq!(watcher.look(&[&[("a", 100.0), ("x", 200.0), ("z", 300.0)]]).0, "x", "more of it can be read");
    assert_eq!(watcher.look(&[&[("a", 100.0), ("x", 200.0), ("z", 300.0)]]).0, "");
    assert_eq!(resumed(checkpoint).look(&[&[("a", 100.0), ("x", UNKNOWN), ("z", 300.0)]]).0, "");
}

#[test]
fn a_checkpoint_goes_on_where_it_was_made() {
    let mut watcher = Watcher::new(Start::default());
    watcher.look(&[&[("a", 100.0)]]);
    let before = watcher.watch.checkpoint();
    assert_eq!(watcher.look(&[&[("b", 20.0), ("a", 100.0)]]).0, "b");
    let after = watcher.watch.checkpoint();
    assert_eq!(resumed(before).look(&[&[("b", 20.0), ("a", 100.0)]]).0, "b", "b was not stored yet");
    assert_eq!(resumed(after).look(&[&[("b", 20.0), ("a", 100.0)]]).0, "");
    let both = Start { checkpoint: Some(watcher.watch.checkpoint()), since_ms: Some(1.0), interval_ms: None };
    assert_eq!(Watch::new(Rc::clone(&watcher.watch.listing), scope(), &both).unwrap_err().option, "since");
}

#[test]
fn a_look_that_fails_changes_nothing() {
    let mut watcher = Watcher::new(Start::default());
    watcher.look(&[&[("a", 100.0)]]);
    let checkpoint = watcher.watch.checkpoint();
    watcher.watch.begin_look(NOW_S * 1_000.0, 0.5);
    watcher.watch.failed(None, false);
    assert_eq!(watcher.watch.checkpoint(), checkpoint);
    assert_eq!(watcher.look(&[&[("b", 20.0), ("a", 100.0)]]).0, "b");
}

#[test]
fn one_that_moves_during_a_look_comes_once_as_it_was_read_last() {
    let mut watcher = Watcher::new(Start { since_ms: Some(0.0), ..Start::default() });
    let (ids, read) = watcher.look(&[&[("a", 30.0), ("b", 40.0)], &[("b", 20.0), ("c", 50.0)]]);
    assert_eq!((ids.as_str(), read), ("c a b", 2));
}
