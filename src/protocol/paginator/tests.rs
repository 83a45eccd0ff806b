//! Walks, page by page.

use super::*;
use crate::protocol::call::session::{Host, SessionOptions};
use crate::protocol::graph::conversations::{self, Filters};

fn session() -> Session {
    Session::new(&SessionOptions::example(), Host::default()).unwrap()
}

fn paginator(after: Option<&str>, delivery: Delivery, options: WalkOptions) -> (Session, Paginator) {
    let session = session();
    let mut listing = conversations::listing(&session.settings, &Filters::default()).unwrap();
    listing.set_cursors(after.map(str::to_owned), None).unwrap();
    let paginator = Paginator::new(Rc::new(listing), delivery, options, 0.5);
    (session, paginator)
}

/// A page with entries of these times, which leads to a cursor.
fn page(number: u32, times: &[f64], next: Option<&str>) -> PageSummary {
    let next = next.map_or(Next::End, |cursor| Next::After(cursor.to_owned()));
    PageSummary { number, next, times: times.to_vec(), length: times.len() as u32 }
}

fn address(step: Step) -> PageAddress {
    match step {
        Step::Read(address) => address,
        other => panic!("expected a page to read, got {other:?}"),
    }
}

fn cursor(step: Step) -> (Option<String>, u32) {
    let PageAddress { cursor, number, .. } = address(step);
    (cursor, number)
}

const LATER_MS: f64 = 9e12;

#[test]
fn goes_on_until_graph_names_no_next_page() {
    let (session, mut walk) = paginator(None, Delivery::Entries, WalkOptions::default());
    let first = address(walk.start());
    assert!(first.is_shared() && walk.shows(&first));
    let mut one = page(0, &[9.0, 8.0], Some("A"));
    one.times.clear();
    assert_eq!(walk.arrived(&one), Window { end: 2, most: u32::MAX, ..Window::default() });
    let second = address(walk.next(&session, &one, 2, LATER_MS));
    assert_eq!((second.cursor.as_deref(), second.number), (Some("A"), 1));
    assert!(!second.is_shared() && !walk.shows(&second), "nobody gets it as a page");
    let empty = page(1, &[], Some("B"));
    assert_eq!(walk.arrived(&empty).end, 0);
    assert_eq!(cursor(walk.next(&session, &empty, 0, LATER_MS)), (Some("B".to_owned()), 2));
    let last = page(2, &[1.0], None);
    walk.arrived(&last);
    assert_eq!(walk.next(&session, &last, 1, LATER_MS), Step::End);
}

#[test]
fn ends_after_so_many_entries() {
    let most = WalkOptions { max_items: Some(3), ..WalkOptions::default() };
    let (session, mut walk) = paginator(None, Delivery::Entries, most);
    let one = page(0, &[9.0, 8.0], Some("A"));
    assert_eq!(walk.arrived(&one).most, 3);
    assert_eq!(cursor(walk.next(&session, &one, 2, LATER_MS)).1, 1);
    let two = page(1, &[7.0, 6.0], Some("B"));
    assert_eq!(walk.arrived(&two).most, 1);
    assert_eq!(walk.next(&session, &two, 1, LATER_MS), Step::End);

    let none = WalkOptions { max_items: Some(0), ..WalkOptions::default() };
    assert_eq!(paginator(None, Delivery::Entries, none).1.start(), Step::End);
}

#[test]
fn whole_pages_count_all_their_entries() {
    let most = WalkOptions { max_items: Some(3), ..WalkOptions::default() };
    let (session, mut walk) = paginator(None, Delivery::Pages, most);
    let one = page(0, &[9.0, 8.0], Some("A"));
    let window = walk.arrived(&one);
    assert!(window.is_whole);
    assert_eq!((window.end, window.most), (2, u32::MAX));
    let second = address(walk.next(&session, &one, 0, LATER_MS));
    assert!(walk.shows(&second));
    assert_eq!(walk.next(&session, &page(1, &[7.0, 6.0], Some("B")), 0, LATER_MS), Step::End);
}

#[test]
fn ends_at_the_first_entry_that_is_older() {
    let since = WalkOptions { updated_since: Some(5.0), ..WalkOptions::default() };
    let (session, mut walk) = paginator(None, Delivery::Entries, since);
    let one = page(0, &[9.0, f64::NAN, 5.0], Some("A"));
    assert_eq!(walk.arrived(&one).end, 3, "one whose time is unknown is not older");
    assert_eq!(cursor(walk.next(&session, &one, 3, LATER_MS)).1, 1);
    let two = page(1, &[5.0, 4.9, 6.0], Some("B"));
    assert_eq!(walk.arrived(&two).end, 1);
    assert_eq!(walk.next(&session, &two, 1, LATER_MS), Step::End);

    // Whole pages are delivered as they are.
    let (_, mut pages) = paginator(None, Delivery::Pages, since);
    assert_eq!(pages.arrived(&two).end, 3);
}

#[test]
fn never_goes_round_in_circles() {
    let (session, mut walk) = paginator(Some("S"), Delivery::Entries, WalkOptions::default());
    let one = page(0, &[], Some("A"));
    assert_eq!(cursor(walk.next(&session, &one, 1, LATER_MS)).1, 1);
    for repeated in ["A", "S"] {
        let Step::Fail(failure) = walk.next(&session, &page(1, &[], Some(repeated)), 1, LATER_MS) else {
            panic!("{repeated} was there before");
        };
        assert_eq!((failure.kind, failure.retryable, failure.attempts), (Kind::Response, false, Some(0)));
        assert!(failure.message.contains("round in circles"), "{failure:?}");
        assert_eq!(failure.path.as_deref(), Some("/v25.0/1/conversations?after=S"));
    }
    // The page just read can be read again.
    assert_eq!(cursor(walk.following(&session, &one)), (Some("A".to_owned()), 1));
}

#[test]
fn a_next_page_without_a_cursor_is_a_failure() {
    let (session, mut walk) = paginator(None, Delivery::ByHand, WalkOptions::default());
    let lost = PageSummary { next: Next::Unreachable, ..page(0, &[], None) };
    let Step::Fail(failure) = walk.following(&session, &lost) else { panic!("there is no cursor") };
    assert!(failure.message.contains("no cursor"), "{failure:?}");
    assert_eq!(walk.following(&session, &page(0, &[], None)), Step::End);
}

#[test]
fn a_walk_that_was_ended_reads_nothing_more() {
    let (session, mut walk) = paginator(None, Delivery::Entries, WalkOptions::default());
    walk.start();
    walk.end();
    assert_eq!(walk.next(&session, &page(0, &[9.0], Some("A")), 1, LATER_MS), Step::End);
    assert_eq!(walk.start(), Step::End);
}

#[test]
fn catches_up_with_the_newest_pages() {
    let catch_up = WalkOptions { catch_up: true, ..WalkOptions::default() };
    assert!(catch_up.is_timed() && !WalkOptions::default().is_timed());
    let (session, mut walk) = paginator(None, Delivery::Entries, catch_up);
    let one = page(0, &[9.0, 8.0], Some("A"));
    walk.arrived(&one);
    assert_eq!(cursor(walk.next(&session, &one, 2, LATER_MS)).1, 1);
    let two = page(1, &[7.0], None);
    walk.arrived(&two);
    let pass = address(walk.next(&session, &two, 1, LATER_MS));
    assert!(pass.is_from_top && !pass.is_shared() && pass.cursor.is_none());
    assert_eq!(pass.not_before_ms, LATER_MS);
    // A pass goes down to the mark of what went before it, and its cursors are no circle.
    let newer = page(0, &[12.0, 9.5], Some("A"));
    assert_eq!(walk.arrived(&newer).end, 2);
    let further = address(walk.next(&session, &newer, 1, LATER_MS));
    assert!(further.is_from_top);
    assert_eq!(further.cursor.as_deref(), Some("A"));
    let reached = page(1, &[9.0, 8.0], Some("B"));
    assert_eq!(walk.arrived(&reached).end, 2, "what is older is known: it comes once in any case");
    assert_eq!(cursor(walk.next(&session, &reached, 0, LATER_MS)), (None, 0), "another pass, for 12 is newer than 9");
    let quiet = page(0, &[12.0, 11.0], Some("A"));
    walk.arrived(&quiet);
    assert_eq!(walk.next(&session, &quiet, 0, LATER_MS), Step::End);
}

#[test]
fn catches_up_until_a_pass_delivers_nothing() {
    let catch_up = WalkOptions { catch_up: true, ..WalkOptions::default() };
    let (session, mut walk) = paginator(None, Delivery::Entries, catch_up);
    let one = page(0, &[9.0, 9.0], None);
    for (delivered, expects_more) in [(1, true), (1, true), (0, false)] {
        walk.arrived(&one);
        assert_eq!(walk.next(&session, &one, delivered, LATER_MS) != Step::End, expects_more, "{delivered}");
    }
}

#[test]
fn whole_pages_catch_up_and_come_to_an_end() {
    let catch_up = WalkOptions { catch_up: true, ..WalkOptions::default() };
    let (session, mut walk) = paginator(None, Delivery::Pages, catch_up);
    let one = page(0, &[9.0], None);
    for expects_more in [true, false] {
        walk.arrived(&one);
        assert_eq!(walk.next(&session, &one, 0, LATER_MS) != Step::End, expects_more);
    }
}

#[test]
fn a_resumed_list_looks_at_the_top_first() {
    let catch_up = WalkOptions { catch_up: true, ..WalkOptions::default() };
    let (session, mut walk) = paginator(Some("S"), Delivery::Entries, catch_up);
    let top = address(walk.start());
    assert!(top.is_from_top);
    // An empty page at the top says nothing: the next one does.
    let empty = page(0, &[], Some("T"));
    assert!(walk.arrived(&empty).is_internal);
    let second = address(walk.next(&session, &empty, 0, LATER_MS));
    assert!(second.is_from_top);
    assert_eq!((second.cursor.as_deref(), second.number), (Some("T"), 1));
    let newest = page(1, &[50.0, 50.0, 49.0], Some("U"));
    let window = walk.arrived(&newest);
    assert_eq!((window.known, window.is_internal, window.end), (vec![0, 1], true, 0));
    let first = address(walk.next(&session, &newest, 0, LATER_MS));
    assert!(first.is_shared());
    let one = page(0, &[20.0], None);
    assert_eq!(walk.arrived(&one).end, 1);
    assert!(address(walk.next(&session, &one, 1, LATER_MS)).is_from_top);
    // Below the mark a resumed list has nothing that is its own.
    assert_eq!(walk.arrived(&page(0, &[51.0, 50.0, 49.0], None)).end, 2);

    // Without an end a top of empty pages does not go round in circles.
    let (session, mut walk) = paginator(Some("S"), Delivery::Entries, catch_up);
    let empty = page(0, &[], Some("T"));
    walk.arrived(&empty);
    assert!(address(walk.next(&session, &empty, 0, LATER_MS)).is_from_top);
    let again = page(1, &[], Some("T"));
    walk.arrived(&again);
    assert!(address(walk.next(&session, &again, 0, LATER_MS)).is_shared());

    // By hand nobody looks at the top, nor without a need.
    assert!(!address(paginator(Some("S"), Delivery::ByHand, catch_up).1.start()).is_from_top);
    assert!(!address(paginator(None, Delivery::Entries, catch_up).1.start()).is_from_top);
    assert!(!address(paginator(Some("S"), Delivery::Entries, WalkOptions::default()).1.start()).is_from_top);
}
