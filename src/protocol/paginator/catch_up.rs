//! Reading the newest pages again, until nothing is left there that is newer than the walk.
//!
//! Graph lists conversations by their latest message, so one that gets a message while older pages are read moves up to
//! pages that were read before.

use crate::protocol::call::retry::later;

/// Where a walk and the passes after it begin and end, as the times of entries.
#[derive(Debug, Default)]
pub struct CatchUp {
    /// The newest time when the walk, or the current pass, began.
    mark: Option<f64>,
    /// The time at which the current pass ends: the mark of what went before it.
    floor: Option<f64>,
    /// When the current pass began.
    began_ms: f64,
    /// When the pass before began, if it found nothing.
    barren_began_ms: Option<f64>,
}

/// Graph's times are whole seconds: within one, a move cannot be told by the time.
const SECOND_MS: f64 = 1_000.0;

impl CatchUp {
    /// Takes note of a page by its newest time. A first page can be empty, so the next one tells instead.
    pub fn note(&mut self, newest: Option<f64>) {
        if self.mark.is_none() || self.floor.is_some() {
            self.mark = later(self.mark, newest);
        }
    }

    /// Where the current pass ends; `None` during the walk itself.
    pub fn floor(&self) -> Option<f64> {
        self.floor
    }

    /// Begins another pass, and returns the time before which it must not begin; `None` where none is needed.
    ///
    /// None is needed when the pass that ends found nothing: neither anything newer, nor anything of the same second that was
    /// not delivered yet. That is the whole truth of a pass of one page. While several pages are read, something can move
    /// past them, so then the pass before must have found nothing either, and must have begun when the second of the newest
    /// entry was over: what had moved during it would be newer.
    pub fn start_pass_if_needed(&mut self, has_delivered: bool, is_one_page: bool, now_ms: f64) -> Option<f64> {
        let mark = self.mark?;
        let has_found = self.floor != Some(mark) || has_delivered;
        let barren_began_ms = self.barren_began_ms.take();
        let mut not_before_ms = now_ms;
        if !has_found {
            // A clock that is behind Graph's says nothing.
            let is_over = |began_ms: f64| began_ms >= mark + SECOND_MS || mark > now_ms;
            if is_one_page || barren_began_ms.is_some_and(is_over) {
                return None;
            }
            if barren_began_ms.is_some() {
                not_before_ms = now_ms.max(mark + SECOND_MS);
            }
            self.barren_began_ms = Some(self.began_ms);
        }
        self.began_ms = not_before_ms;
        self.floor = Some(mark);
        Some(not_before_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Times long after those of all entries.
    const LATER_MS: f64 = 9_000_000.0;

    fn walked(newest: &[f64]) -> CatchUp {
        let mut catch_up = CatchUp::default();
        for &time in newest {
            catch_up.note(Some(time));
        }
        catch_up
    }

    #[test]
    fn one_pass_where_nobody_wrote() {
        let mut catch_up = walked(&[9.0, 5.0]);
        assert_eq!(catch_up.floor(), None);
        assert_eq!(catch_up.start_pass_if_needed(false, true, LATER_MS), Some(LATER_MS));
        assert_eq!(catch_up.floor(), Some(9.0));
        catch_up.note(Some(9.0));
        assert_eq!(catch_up.start_pass_if_needed(false, true, LATER_MS), None);
    }

    #[test]
    fn another_pass_for_newer_entries() {
        let mut catch_up = walked(&[9.0]);
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_some());
        catch_up.note(Some(12.0));
        catch_up.note(Some(8.0));
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_some());
        assert_eq!(catch_up.floor(), Some(12.0));
        catch_up.note(Some(12.0));
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_none());
    }

    #[test]
    fn another_pass_for_entries_of_the_same_second() {
        let mut catch_up = walked(&[9.0]);
        assert!(catch_up.start_pass_if_needed(true, true, LATER_MS).is_some());
        catch_up.note(Some(9.0));
        assert!(catch_up.start_pass_if_needed(true, true, LATER_MS).is_some());
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_none());
    }

    #[test]
    fn another_pass_where_one_of_several_pages_found_nothing() {
        let mut catch_up = walked(&[9.0]);
        assert!(catch_up.start_pass_if_needed(true, false, LATER_MS).is_some());
        assert!(catch_up.start_pass_if_needed(false, false, LATER_MS).is_some());
        assert!(catch_up.start_pass_if_needed(false, false, LATER_MS).is_none());
    }

    #[test]
    fn waits_until_a_second_is_over_in_which_moves_cannot_be_told() {
        let mut catch_up = walked(&[5_000.0]);
        assert_eq!(catch_up.start_pass_if_needed(true, false, 5_100.0), Some(5_100.0));
        assert_eq!(catch_up.start_pass_if_needed(false, false, 5_200.0), Some(5_200.0));
        assert_eq!(catch_up.start_pass_if_needed(false, false, 5_300.0), Some(6_000.0), "both began within it");
        assert_eq!(
            catch_up.start_pass_if_needed(false, false, 6_400.0),
            Some(6_400.0),
            "the one before began within it"
        );
        assert_eq!(catch_up.start_pass_if_needed(false, false, 6_500.0), None);
    }

    #[test]
    fn a_clock_that_is_behind_makes_nobody_wait() {
        let mut catch_up = walked(&[LATER_MS]);
        assert_eq!(catch_up.start_pass_if_needed(true, false, 5.0), Some(5.0));
        assert_eq!(catch_up.start_pass_if_needed(false, false, 6.0), Some(6.0));
        assert_eq!(catch_up.start_pass_if_needed(false, false, 7.0), None);
    }

    #[test]
    fn the_second_that_begins_now_is_not_over() {
        let mut catch_up = walked(&[5_000.0]);
        assert_eq!(catch_up.start_pass_if_needed(true, false, 5_000.0), Some(5_000.0));
        assert_eq!(catch_up.start_pass_if_needed(false, false, 5_000.0), Some(5_000.0));
        assert_eq!(catch_up.start_pass_if_needed(false, false, 5_000.0), Some(6_000.0));
    }

    #[test]
    fn an_empty_first_page_is_made_up_for() {
        let mut catch_up = CatchUp::default();
        catch_up.note(None);
        catch_up.note(Some(7.0));
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_some());
        catch_up.note(None);
        catch_up.note(Some(8.0));
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_some());
    }

    #[test]
    fn no_pass_where_no_time_is_known() {
        let mut catch_up = CatchUp::default();
        catch_up.note(None);
        assert!(catch_up.start_pass_if_needed(false, true, LATER_MS).is_none());
    }
}
