//! How many conversations to ask for at once, where Graph can not deliver as many as were wanted.

use std::cell::Cell;

/// Graph's own page size.
const DEFAULT: u32 = 25;

/// The page size of one list: halved when Graph asks for less data, and slowly raised again.
#[derive(Debug)]
pub struct PageSize {
    wanted: Option<u32>,
    lowered: Cell<Option<u32>>,
    /// Good pages since the size last changed.
    good: Cell<u32>,
    /// Good pages before the next raise: more of them each time that a raise was too much.
    needed: Cell<u32>,
    /// Whether the last change was a raise that no good page has confirmed.
    just_raised: Cell<bool>,
}

/// A change of the page size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// Before.
    pub from: u32,
    /// After.
    pub to: u32,
}

impl PageSize {
    /// Begins with the size that was asked for; `None` leaves it to Graph.
    pub fn new(wanted: Option<u32>) -> Self {
        Self {
            wanted,
            lowered: Cell::new(None),
            good: Cell::new(0),
            needed: Cell::new(2),
            just_raised: Cell::new(false),
        }
    }

    /// The `limit` to send.
    pub fn limit(&self) -> Option<u32> {
        self.lowered.get().or(self.wanted)
    }

    /// Whether less can be asked for.
    pub fn can_shrink(&self) -> bool {
        self.limit().unwrap_or(DEFAULT) > 1
    }

    /// Halves it, down to 1.
    pub fn shrink(&self) -> Change {
        /// Where patience ends: a size that fails is tried again now and then.
        const MOST_NEEDED: u32 = 32;
        let from = self.limit().unwrap_or(DEFAULT);
        let to = (from / 2).max(1);
        if self.just_raised.take() {
            self.needed.set((self.needed.get() * 2).min(MOST_NEEDED));
        }
        self.good.set(0);
        self.lowered.set(Some(to));
        Change { from, to }
    }

    /// Counts a good page; the raise that follows from it, if any.
    pub fn succeeded(&self) -> Option<Change> {
        let Some(from) = self.lowered.get() else {
            self.just_raised.set(false);
            return None;
        };
        self.just_raised.set(false);
        self.good.set(self.good.get() + 1);
        if self.good.get() < self.needed.get() {
            return None;
        }
        self.good.set(0);
        let wanted = self.wanted.unwrap_or(DEFAULT);
        let to = from.saturating_mul(2).min(wanted);
        self.lowered.set((to < wanted).then_some(to));
        self.just_raised.set(true);
        Some(Change { from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_halved_down_to_one() {
        let size = PageSize::new(None);
        assert_eq!(size.limit(), None);
        let mut sizes = Vec::new();
        while size.can_shrink() {
            let change = size.shrink();
            assert_eq!(size.limit(), Some(change.to));
            sizes.push((change.from, change.to));
        }
        assert_eq!(sizes, [(25, 12), (12, 6), (6, 3), (3, 1)]);
        assert!(!PageSize::new(Some(1)).can_shrink());
    }

    #[test]
    fn it_is_raised_again_up_to_what_was_wanted() {
        let size = PageSize::new(Some(10));
        assert_eq!(size.succeeded(), None, "nothing was lowered");
        size.shrink();
        assert_eq!(size.succeeded(), None);
        assert_eq!(size.succeeded(), Some(Change { from: 5, to: 10 }));
        assert_eq!((size.limit(), size.succeeded()), (Some(10), None));
    }

    #[test]
    fn a_raise_that_is_too_much_is_tried_less_often() {
        let size = PageSize::new(Some(100));
        size.shrink();
        size.shrink();
        let mut failures = 0;
        for _ in 0..200 {
            // Everything above 25 fails.
            if size.succeeded().is_some() {
                size.shrink();
                failures += 1;
            }
        }
        assert!((3..20).contains(&failures), "{failures}");
    }
}
