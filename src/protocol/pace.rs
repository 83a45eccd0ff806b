//! How fast calls may go: so many in any one second, and none while a rate limit holds.

use std::cell::RefCell;

use super::error::Failure;

const SECOND_MS: f64 = 1_000.0;

/// The places that calls have taken in time, where no more than so many may fall into any one second.
#[derive(Debug)]
pub struct Pace {
    per_second: usize,
    /// In order; those of the last second and those still to come.
    taken: RefCell<Vec<f64>>,
}

impl Pace {
    /// So many calls in any one second, 1 or more.
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second as usize, taken: RefCell::default() }
    }

    /// Takes the next free place: the time at which the call may go out, in milliseconds.
    pub fn take(&self, now_ms: f64) -> f64 {
        let mut taken = self.taken.borrow_mut();
        while taken.first().is_some_and(|&place| place <= now_ms - SECOND_MS) {
            taken.remove(0);
        }
        // Of the latest so many, the first must be a second ago.
        let first = taken.iter().rev().nth(self.per_second - 1);
        let place = first.map_or(now_ms, |&first| now_ms.max(first + SECOND_MS));
        let index = taken.partition_point(|&other| other <= place);
        taken.insert(index, place);
        place
    }

    /// Gives a place back that was not used.
    pub fn give_back(&self, place_ms: f64) {
        let mut taken = self.taken.borrow_mut();
        if let Some(index) = taken.iter().position(|&place| place == place_ms) {
            taken.remove(index);
        }
    }
}

/// The time until which no call is made, because Graph lengthens a block with each one.
#[derive(Debug, Default)]
pub struct CoolDown(RefCell<Option<(f64, Box<Failure>)>>);

impl CoolDown {
    /// Begins with the failure that every call is to be given until the limit lifts.
    pub fn begin(&self, now_ms: f64, lifts_after_ms: f64, failure: &Failure) {
        self.0.replace(Some((now_ms + lifts_after_ms, Box::new(failure.clone()))));
    }

    /// The failure of a call that is not even made, while the limit holds.
    pub fn holds(&self, now_ms: f64) -> Option<Box<Failure>> {
        let mut state = self.0.borrow_mut();
        let (until, failure) = state.as_ref()?;
        if *until <= now_ms {
            *state = None;
            return None;
        }
        let mut failure = failure.clone();
        failure.attempts = Some(0);
        failure.retry_after_ms = Some(until - now_ms);
        Some(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::super::error::Kind;
    use super::*;

    #[test]
    fn a_lone_call_is_never_delayed() {
        let pace = Pace::new(2);
        for now in [0.0, 5_000.0, 6_000.0, 7_500.0] {
            assert_eq!(pace.take(now), now);
        }
    }

    #[test]
    fn a_burst_is_spread() {
        let pace = Pace::new(2);
        let places: Vec<f64> = (0..6).map(|_| pace.take(100.0)).collect();
        assert_eq!(places, [100.0, 100.0, 1_100.0, 1_100.0, 2_100.0, 2_100.0]);
        assert_eq!(pace.take(1_600.0), 3_100.0);
    }

    #[test]
    fn a_place_given_back_is_taken_by_the_next() {
        let pace = Pace::new(2);
        let places: Vec<f64> = (0..4).map(|_| pace.take(0.0)).collect();
        assert_eq!(places, [0.0, 0.0, 1_000.0, 1_000.0]);
        pace.give_back(1_000.0);
        pace.give_back(1_000.0);
        pace.give_back(7.0);
        assert_eq!(pace.take(10.0), 1_000.0, "and the two that went out still count");
    }

    #[test]
    fn a_cool_down_ends() {
        let cool_down = CoolDown::default();
        assert!(cool_down.holds(0.0).is_none());
        cool_down.begin(1_000.0, 500.0, &Failure::new(Kind::RateLimit, &["m"]));
        let failure = cool_down.holds(1_200.0).unwrap();
        assert_eq!((failure.retry_after_ms, failure.attempts), (Some(300.0), Some(0)));
        assert!(cool_down.holds(1_500.0).is_none());
        assert!(cool_down.holds(1_200.0).is_none(), "it is over for good");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_second_has_more_calls_than_allowed(
            per_second in 1u32..5,
            steps in prop::collection::vec((0u32..900, any::<bool>()), 1..80),
        ) {
            let pace = Pace::new(per_second);
            let mut now = 0.0;
            let mut times: Vec<f64> = Vec::new();
            for (gap, gives_back) in steps {
                now += f64::from(gap);
                let place = pace.take(now);
                prop_assert!(place >= now);
                // Only a call that is still waiting can be aborted.
                if gives_back && place > now { pace.give_back(place) } else { times.push(place) }
            }
            times.sort_by(f64::total_cmp);
            for window in times.windows(per_second as usize + 1) {
                prop_assert!(window[window.len() - 1] - window[0] >= SECOND_MS);
            }
        }
    }
}
