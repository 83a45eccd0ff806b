//! Reading the newest pages again, until nothing is left there that is newer than the walk.
//!
//! Graph lists conversations by their latest message, so one that gets a message while older pages are read moves up to
//! pages that were read before.

use std::cell::Cell;

use super::retry::later;

/// Where a walk and the passes after it begin and end, as the times of conversations.
#[derive(Debug, Default)]
pub struct CatchUp {
    /// The newest time when the walk, or the pass that is under way, began.
    mark: Cell<Option<f64>>,
    /// The time at which the pass under way ends: the mark of what went before it.
    floor: Cell<Option<f64>>,
    /// The pass before found nothing.
    was_barren: Cell<bool>,
}

impl CatchUp {
    /// Takes note of a page by its newest time. A first page can be empty, so the next one tells instead.
    pub fn note(&self, newest: Option<f64>) {
        let known = self.mark.get();
        if known.is_none() || self.floor.get().is_some() {
            self.mark.set(later(known, newest));
        }
    }

    /// Where the pass under way ends; `None` during the walk itself.
    pub fn floor(&self) -> Option<f64> {
        self.floor.get()
    }

    /// Begins another pass, unless the one that ends found nothing: neither anything newer, nor anything of the same second
    /// that was not delivered yet. Of one page that is the truth of a moment; while more pages were read something can have
    /// moved past them, so two such passes must find nothing.
    pub fn begins_pass(&self, has_delivered: bool, is_one_page: bool) -> bool {
        let mark = self.mark.get();
        let has_found = mark != self.floor.get() || has_delivered;
        let was_barren = self.was_barren.replace(!has_found);
        let is_needed = mark.is_some() && (has_found || !(is_one_page || was_barren));
        if is_needed {
            self.floor.set(mark);
        }
        is_needed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_pass_where_nobody_wrote() {
        let catch_up = CatchUp::default();
        catch_up.note(Some(9.0));
        catch_up.note(Some(5.0));
        assert_eq!(catch_up.floor(), None);
        assert!(catch_up.begins_pass(false, true));
        assert_eq!(catch_up.floor(), Some(9.0));
        catch_up.note(Some(9.0));
        assert!(!catch_up.begins_pass(false, true));
    }

    #[test]
    fn another_pass_for_what_is_newer() {
        let catch_up = CatchUp::default();
        catch_up.note(Some(9.0));
        assert!(catch_up.begins_pass(false, true));
        catch_up.note(Some(12.0));
        catch_up.note(Some(8.0));
        assert!(catch_up.begins_pass(false, true));
        assert_eq!(catch_up.floor(), Some(12.0));
        catch_up.note(Some(12.0));
        assert!(!catch_up.begins_pass(false, true));
    }

    #[test]
    fn another_pass_for_what_came_within_a_second() {
        let catch_up = CatchUp::default();
        catch_up.note(Some(9.0));
        assert!(catch_up.begins_pass(true, true));
        catch_up.note(Some(9.0));
        assert!(catch_up.begins_pass(true, true));
        assert!(!catch_up.begins_pass(false, true));
    }

    #[test]
    fn another_pass_where_one_of_several_pages_found_nothing() {
        let catch_up = CatchUp::default();
        catch_up.note(Some(9.0));
        assert!(catch_up.begins_pass(true, false));
        assert!(catch_up.begins_pass(false, false));
        assert!(!catch_up.begins_pass(false, false));
    }

    #[test]
    fn an_empty_first_page_is_made_up_for() {
        let catch_up = CatchUp::default();
        catch_up.note(None);
        catch_up.note(Some(7.0));
        assert!(catch_up.begins_pass(false, true));
        catch_up.note(None);
        catch_up.note(Some(8.0));
        assert!(catch_up.begins_pass(false, true));
    }

    #[test]
    fn no_pass_where_no_time_is_known() {
        let catch_up = CatchUp::default();
        catch_up.note(None);
        assert!(!catch_up.begins_pass(false, true));
    }
}
