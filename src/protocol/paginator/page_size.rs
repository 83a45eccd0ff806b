//! How many entries to ask for at once, where Graph cannot deliver as many as were wanted.

/// Graph's own page size.
const DEFAULT: u32 = 25;

/// The page size of one list: halved when Graph asks for less data, and slowly raised again.
#[derive(Debug)]
pub struct PageSize {
    wanted: Option<u32>,
    lowered: Option<u32>,
    /// Good pages since the size last changed.
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

impl PageSize {
    /// Begins with the size that was asked for; `None` leaves it to Graph.
    pub fn new(wanted: Option<u32>) -> Self {
        Self { wanted, lowered: None, good: 0, needed: 2, just_raised: false }
    }

    /// The `limit` to send.
    pub fn limit(&self) -> Option<u32> {
        self.lowered.or(self.wanted)
    }

    /// Whether less can be asked for.
    pub fn can_shrink(&self) -> bool {
        self.limit().unwrap_or(DEFAULT) > 1
    }

    /// Halves it, down to 1.
    pub fn shrink(&mut self) -> Change {
        /// Where patience ends: a size that fails is tried again now and then.
        const MOST_NEEDED: u32 = 32;
        let from = self.limit().unwrap_or(DEFAULT);
        let to = (from / 2).max(1);
        if std::mem::take(&mut self.just_raised) {
            self.needed = (self.needed * 2).min(MOST_NEEDED);
        }
        self.good = 0;
        self.lowered = Some(to);
        Change { from, to }
    }

    /// Counts a good page. Returns the raise that follows from it, if any.
    pub fn succeeded(&mut self) -> Option<Change> {
        self.just_raised = false;
        let from = self.lowered?;
        self.good += 1;
        if self.good < self.needed {
            return None;
        }
        self.good = 0;
        let wanted = self.wanted.unwrap_or(DEFAULT);
        let to = from.saturating_mul(2).min(wanted);
        self.lowered = (to < wanted).then_some(to);
        self.just_raised = true;
        Some(Change { from, to })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_halved_down_to_one() {
        let mut size = PageSize::new(None);
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
        let mut size = PageSize::new(Some(10));
        assert_eq!(size.succeeded(), None, "nothing was lowered");
        size.shrink();
        assert_eq!(size.succeeded(), None);
        assert_eq!(size.succeeded(), Some(Change { from: 5, to: 10 }));
        assert_eq!((size.limit(), size.succeeded()), (Some(10), None));
    }

    #[test]
    fn what_was_raised_all_the_way_is_as_if_it_had_never_been_lowered() {
        let mut size = PageSize::new(None);
        size.shrink();
        size.succeeded();
        assert_eq!((size.succeeded(), size.limit()), (Some(Change { from: 12, to: 24 }), Some(24)));
        size.succeeded();
        assert_eq!((size.succeeded(), size.limit()), (Some(Change { from: 24, to: 25 }), None));
        for _ in 0..9 {
            assert_eq!((size.succeeded(), size.limit()), (None, None));
        }
    }

    #[test]
    fn a_raise_that_is_too_much_is_tried_less_often() {
        let mut size = PageSize::new(Some(100));
        size.shrink();
        size.shrink();
        let (mut waits, mut good) = (Vec::new(), 0);
        for _ in 0..126 {
            good += 1;
            // Everything above 25 fails.
            if size.succeeded().is_some() {
                size.shrink();
                waits.push(std::mem::take(&mut good));
            }
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 32, 32]);
    }
}
