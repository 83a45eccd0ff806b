//! How much to ask for at once: the entries of a page, and how many of the items nested in each of them at the most.

use crate::protocol::graph::error::Trigger;
use crate::protocol::graph::fields::Selection;
use crate::protocol::graph::listing::Listing;

/// Graph's own page size.
const DEFAULT: u32 = 25;
/// The largest page that the client chooses by itself.
const LARGEST_CHOSEN: u32 = 200;
/// The most entries and nested items of a page whose size the client chooses by itself.
const MOST_CHOSEN_ITEMS: u32 = 1_000;
/// An answer that takes longer is not made longer still.
const QUICK_MS: f64 = 2_000.0;

/// The amount that one list asks for: halved when Graph cannot deliver it, and slowly raised again.
#[derive(Debug)]
pub struct PageSize {
    wanted: Option<u32>,
    /// The size that the client chose by itself, where the caller named none.
    chosen: Option<u32>,
    largest_chosen: u32,
    lowered: Option<u32>,
    /// How often the limits of nested edges can be halved.
    most_halvings: u32,
    /// A list of one person has one entry at most, so its size makes no difference.
    is_single: bool,
    /// Sizes from here on, and fewer halvings than these, cost Graph half a minute to refuse: they are not tried again.
    refused_from: u32,
    fewest_halvings: u32,
    /// Good pages since the amount last changed.
    good: u32,
    /// Good pages before the next raise: more of them each time that a raise was too much.
    needed: u32,
    /// Whether the last change was a raise that no good page has confirmed.
    just_raised: bool,
}

/// A change of the page size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Before.
    pub from: u32,
    /// After.
    pub to: u32,
}

/// What came of lowering the page size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lowered {
    /// It is lower from now on.
    By(Change),
    /// Others who read the list lowered it since it was asked for.
    Already,
    /// It cannot be lower.
    Least,
}

impl PageSize {
    /// How much of a listing to ask for at once; `limit` is what the caller says.
    pub fn of(listing: &Listing, limit: Option<u32>) -> Self {
        let fields = listing.selection();
        let nested_items = fields.map_or(0, Selection::nested_items);
        Self::new(limit, nested_items, fields.map_or(0, Selection::most_halvings), listing.is_single)
    }

    /// Begins with the size that was asked for; `None` leaves it to Graph, and when the list is iterated to the client.
    /// `nested_items` and `most_halvings` are those of the fields.
    pub fn new(wanted: Option<u32>, nested_items: u32, most_halvings: u32, is_single: bool) -> Self {
        Self {
            wanted,
            chosen: None,
            largest_chosen: LARGEST_CHOSEN.min(MOST_CHOSEN_ITEMS / nested_items.saturating_add(1)),
            lowered: None,
            most_halvings,
            is_single,
            refused_from: u32::MAX,
            fewest_halvings: 0,
            good: 0,
            needed: 2,
            just_raised: false,
        }
    }

    /// The `limit` to send, for somebody who iterates or who goes by hand; `None` leaves it to Graph.
    pub fn limit(&self, is_iterated: bool) -> Option<u32> {
        self.lowered.or(self.wanted).or(if is_iterated { self.chosen } else { None })
    }

    /// Begins with Graph's own size again where the client chooses. What was found to be too much stays so.
    pub fn begin_again(&mut self) {
        self.chosen = None;
    }

    /// How often the limits of nested edges are halved when a page is asked for first: one entry that has too many nested
    /// items says nothing about the next, which would lose items without need.
    pub fn fewest_halvings(&self) -> u32 {
        self.fewest_halvings
    }

    /// Halves the limits of nested edges once more, if that is possible; returns how often they are halved then.
    pub fn halved_again(&mut self, trigger: Trigger, halvings: u32) -> Option<u32> {
        if halvings >= self.most_halvings {
            return None;
        }
        if trigger != Trigger::TooMuch {
            self.fewest_halvings = self.fewest_halvings.max(halvings + 1);
        }
        Some(halvings + 1)
    }

    /// Lowers the size, down to 1. `asked` is the `limit` of the request that was refused.
    pub fn lower(&mut self, trigger: Trigger, asked: Option<u32>, is_iterated: bool) -> Lowered {
        /// Where patience ends: an amount that fails is tried again now and then.
        const MOST_NEEDED: u32 = 32;
        let (asked, from) = (asked.unwrap_or(DEFAULT), self.limit(is_iterated).unwrap_or(DEFAULT));
        if asked <= 1 || self.is_single {
            return Lowered::Least;
        }
        if trigger != Trigger::TooMuch {
            self.refused_from = self.refused_from.min(asked);
        }
        if from < asked {
            return Lowered::Already;
        }
        if std::mem::take(&mut self.just_raised) {
            self.needed = (self.needed * 2).min(MOST_NEEDED);
        }
        self.good = 0;
        let to = if trigger == Trigger::GaveUp { 1 } else { from / 2 };
        self.lowered = Some(to);
        Lowered::By(Change { from, to })
    }

    /// Counts a good page that took so many milliseconds. Returns the raise of the size that follows from it, if any. Where
    /// the client chooses the size itself, it doubles.
    pub fn succeeded(&mut self, is_iterated: bool, duration_ms: f64) -> Option<Change> {
        self.just_raised = false;
        if self.lowered.is_none() {
            let size = self.chosen.unwrap_or(DEFAULT);
            if is_iterated && self.wanted.is_none() && duration_ms <= QUICK_MS && size < self.largest_chosen {
                self.chosen = Some((2 * size).min(self.largest_chosen));
            }
            return None;
        }
        self.good += 1;
        if self.good < self.needed {
            return None;
        }
        self.good = 0;
        let from = self.lowered?;
        let wanted = self.wanted.or(self.chosen).unwrap_or(DEFAULT);
        let to = from.saturating_mul(2).min(wanted);
        // Not just below a refused size either: it would be refused as well, and each refusal costs half a minute.
        if to <= from || to >= self.refused_from {
            return None;
        }
        self.lowered = (to < wanted).then_some(to);
        self.just_raised = true;
        Some(Change { from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::graph::error::Trigger::{GaveUp, Timeout, TooMuch};

    /// A list of which each entry has no nested items.
    fn plain(wanted: Option<u32>) -> PageSize {
        PageSize::new(wanted, 0, 0, false)
    }

    /// Lowers the size that is asked for now, if it can be lower.
    fn lower(size: &mut PageSize, trigger: Trigger) -> Option<(u32, u32)> {
        match size.lower(trigger, size.limit(true), true) {
            Lowered::By(Change { from, to }) => Some((from, to)),
            Lowered::Already | Lowered::Least => None,
        }
    }

    /// The raises that follow from so many good pages.
    fn raised(size: &mut PageSize, pages: u32, duration_ms: f64) -> Vec<(u32, u32)> {
        let changes = (0..pages).filter_map(|_| size.succeeded(true, duration_ms));
        changes.map(|Change { from, to }| (from, to)).collect()
    }

    #[test]
    fn the_size_is_halved_down_to_one() {
        let mut size = plain(None);
        assert_eq!(size.limit(true), None);
        let lowered: Vec<_> = std::iter::from_fn(|| lower(&mut size, TooMuch)).collect();
        assert_eq!(lowered, [(25, 12), (12, 6), (6, 3), (3, 1)]);
        assert_eq!(size.limit(false), Some(1));
        assert_eq!(plain(Some(1)).lower(TooMuch, Some(1), true), Lowered::Least);
    }

    #[test]
    fn a_list_of_one_person_keeps_its_size() {
        let mut size = PageSize::new(Some(50), 8, 1, true);
        assert_eq!(size.lower(Timeout, Some(50), true), Lowered::Least);
        assert_eq!(size.limit(true), Some(50));
    }

    #[test]
    fn nested_limits_are_halved_for_one_page() {
        let mut size = PageSize::new(Some(1), 8, 2, false);
        assert_eq!(size.halved_again(TooMuch, 0), Some(1));
        assert_eq!(size.halved_again(TooMuch, 1), Some(2));
        assert_eq!(size.halved_again(TooMuch, 2), None);
        assert_eq!(size.fewest_halvings(), 0, "the next entry may have few");
    }

    #[test]
    fn nested_limits_that_cost_half_a_minute_are_not_tried_again() {
        for trigger in [GaveUp, Timeout] {
            let mut size = PageSize::new(Some(1), 8, 3, false);
            assert_eq!(size.halved_again(trigger, 1), Some(2));
            assert_eq!(size.fewest_halvings(), 2);
        }
    }

    #[test]
    fn code_minus_two_goes_to_one_at_once_and_up_again_below_what_was_refused() {
        let mut size = plain(Some(20));
        assert_eq!(lower(&mut size, GaveUp), Some((20, 1)));
        assert_eq!(raised(&mut size, 40, 0.0), [(1, 2), (2, 4), (4, 8), (8, 16)]);
        assert_eq!(lower(&mut size, GaveUp), Some((16, 1)));
        let last = raised(&mut size, 40, 0.0).pop();
        assert_eq!(last, Some((4, 8)), "each refusal at least halves the most that is tried");
    }

    #[test]
    fn a_size_that_timed_out_is_not_tried_again() {
        let mut size = plain(Some(8));
        assert_eq!(lower(&mut size, Timeout), Some((8, 4)));
        assert_eq!(raised(&mut size, 40, 0.0), []);
        assert_eq!(size.limit(true), Some(4));
    }

    #[test]
    fn it_is_raised_again_up_to_what_was_wanted() {
        let mut size = plain(Some(10));
        assert_eq!(size.succeeded(true, 0.0), None, "nothing was lowered");
        while lower(&mut size, TooMuch).is_some() {}
        assert_eq!(raised(&mut size, 40, 9_000.0), [(1, 2), (2, 4), (4, 8), (8, 10)]);
        assert_eq!((size.limit(true), size.succeeded(true, 0.0)), (Some(10), None));
    }

    #[test]
    fn what_was_raised_all_the_way_is_as_if_it_had_never_been_lowered() {
        let mut size = plain(None);
        lower(&mut size, TooMuch);
        let sizes: Vec<_> = (0..12).map(|_| (size.succeeded(true, 9_000.0), size.limit(true))).collect();
        assert_eq!(sizes[1], (Some(Change { from: 12, to: 24 }), Some(24)));
        assert_eq!(sizes[3], (Some(Change { from: 24, to: 25 }), None));
        assert_eq!(sizes[4..], [(None, None); 8]);
    }

    #[test]
    fn a_raise_that_is_too_much_is_tried_less_often() {
        let mut size = plain(Some(100));
        lower(&mut size, TooMuch);
        lower(&mut size, TooMuch);
        let (mut waits, mut good) = (Vec::new(), 0);
        for _ in 0..126 {
            good += 1;
            // Everything above 25 fails.
            if size.succeeded(true, 0.0).is_some() {
                lower(&mut size, TooMuch);
                waits.push(std::mem::take(&mut good));
            }
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 32, 32]);
    }

    #[test]
    fn the_client_chooses_larger_pages_while_answers_are_quick() {
        let sizes = |mut size: PageSize, duration_ms: f64| {
            let mut sizes = Vec::new();
            for _ in 0..5 {
                sizes.push(size.limit(true).unwrap_or(25));
                assert_eq!(size.succeeded(true, duration_ms), None);
                assert_eq!(size.limit(false), None, "by hand it is Graph's");
            }
            sizes
        };
        assert_eq!(sizes(plain(None), 2_000.0), [25, 50, 100, 200, 200]);
        assert_eq!(sizes(plain(None), 2_001.0), [25; 5]);
        assert_eq!(sizes(PageSize::new(None, 5, 2, false), 0.0), [25, 50, 100, 166, 166]);
        assert_eq!(sizes(PageSize::new(None, 50, 5, false), 0.0), [25; 5], "1,000 items at the most");

        let mut named = plain(Some(10));
        named.succeeded(true, 0.0);
        assert_eq!(named.limit(true), Some(10), "with a limit, that is the most");
        let mut by_hand = plain(None);
        by_hand.succeeded(false, 0.0);
        assert_eq!(by_hand.limit(true), None);
    }

    #[test]
    fn a_refusal_of_what_was_lowered_since_lowers_nothing_more() {
        let mut size = plain(Some(8));
        lower(&mut size, TooMuch);
        assert_eq!(size.lower(Timeout, Some(8), true), Lowered::Already);
        assert_eq!(size.limit(true), Some(4));
        assert_eq!(raised(&mut size, 40, 0.0), [], "8 cost half a minute");
        assert_eq!(size.lower(TooMuch, Some(4), true), Lowered::By(Change { from: 4, to: 2 }));
    }

    #[test]
    fn a_size_that_the_client_chose_is_lowered_and_raised_like_any() {
        let mut size = plain(None);
        for _ in 0..2 {
            size.succeeded(true, 0.0);
        }
        assert_eq!(lower(&mut size, TooMuch), Some((100, 50)));
        assert_eq!(raised(&mut size, 2, 0.0), [(50, 100)]);
    }
}
