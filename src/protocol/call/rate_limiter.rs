//! How fast calls may go: so many in any one second, and none while a rate limit holds.

use crate::protocol::graph::error::Failure;

/// Limits how many requests are sent in any one second, counted as they are sent.
///
/// Calls queue for their turn, and pass two barriers. At the first a call is admitted, to ask for its token and its permit;
/// at the second, when it has both, it sends. Both let through as many in a window as may be sent, so a slow token function
/// delays calls but does not make them fewer; and only what was really sent counts at the second.
#[derive(Debug)]
pub struct RateLimiter {
    /// The number of requests in any one window.
    per_window: usize,
    window_ms: f64,
    /// When calls of the last window were admitted, in order.
    admitted: Vec<f64>,
    /// When requests of the last window were sent, in order.
    sent: Vec<f64>,
    /// Calls that have not sent yet, first come first.
    queue: Vec<Place>,
    latest_ticket: Ticket,
}

/// Identifies the place of a call in the queue.
pub type Ticket = u32;

#[derive(Debug)]
struct Place {
    ticket: Ticket,
    /// When the call was admitted; infinity while it waits for that.
    admitted_ms: f64,
    /// Whether it could send now.
    is_ready: bool,
}

impl RateLimiter {
    /// Creates a limiter of so many requests a second, a number above 0. A fraction stretches the window: 0.5 is one request
    /// in two seconds, 2.5 is three in 1.2 seconds.
    pub fn new(per_second: f64) -> Self {
        let per_window = per_second.ceil();
        // Whole milliseconds, as clocks and timers have.
        let window_ms = (1_000.0 * per_window / per_second).ceil();
        Self {
            per_window: per_window as usize,
            window_ms,
            admitted: Vec::new(),
            sent: Vec::new(),
            queue: Vec::new(),
            latest_ticket: 0,
        }
    }

    /// Returns when the call may go on, in milliseconds: now or earlier lets it through, to send if it `is_ready` and else to
    /// get what it needs for that. Enters the queue where the call has no ticket yet. A later time is an estimate, after
    /// which the call must ask again.
    pub fn admit(&mut self, ticket: &mut Option<Ticket>, is_ready: bool, now_ms: f64) -> f64 {
        let own = *ticket.get_or_insert_with(|| {
            self.latest_ticket = self.latest_ticket.wrapping_add(1);
            self.queue.push(Place { ticket: self.latest_ticket, admitted_ms: f64::INFINITY, is_ready });
            self.latest_ticket
        });
        let window_ms = self.window_ms;
        forget_older(&mut self.admitted, window_ms, now_ms);
        forget_older(&mut self.sent, window_ms, now_ms);
        let (mut waiting, mut ready) = (0, 0);
        for place in &mut self.queue {
            let is_waiting = place.admitted_ms.is_infinite();
            if place.ticket != own {
                waiting += usize::from(is_waiting);
                ready += usize::from(place.is_ready);
                continue;
            }
            place.is_ready = is_ready;
            let mut until_ms = now_ms;
            if is_waiting {
                until_ms = free_at(&self.admitted, self.per_window, window_ms, waiting, now_ms);
            }
            if is_ready {
                until_ms = until_ms.max(free_at(&self.sent, self.per_window, window_ms, ready, now_ms));
            }
            if is_waiting && until_ms <= now_ms {
                place.admitted_ms = now_ms;
                self.admitted.push(now_ms);
            }
            return until_ms;
        }
        now_ms
    }

    /// Counts a request that is sent now, and gives up its place in the queue.
    pub fn note_sent(&mut self, ticket: &mut Option<Ticket>, now_ms: f64) {
        self.take_place(ticket);
        self.sent.push(now_ms);
    }

    /// Gives up the place of a call that does not send. Returns whether other calls are waiting, whose turn may have come by
    /// that.
    pub fn leave(&mut self, ticket: &mut Option<Ticket>) -> bool {
        let Some(place) = self.take_place(ticket) else { return false };
        if let Some(position) = self.admitted.iter().position(|&admitted_ms| admitted_ms == place.admitted_ms) {
            self.admitted.remove(position);
        }
        !self.queue.is_empty()
    }

    fn take_place(&mut self, ticket: &mut Option<Ticket>) -> Option<Place> {
        let own = ticket.take()?;
        let position = self.queue.iter().position(|place| place.ticket == own)?;
        Some(self.queue.remove(position))
    }
}

/// Drops what is older than a window, and what a clock that was set back makes later than now.
fn forget_older(times: &mut Vec<f64>, window_ms: f64, now_ms: f64) {
    while times.first().is_some_and(|&time_ms| time_ms <= now_ms - window_ms || time_ms > now_ms) {
        times.remove(0);
    }
}

/// When the call with so many before it can pass, if each of those passes as early as possible. `passed` is when others did
/// within the last window.
fn free_at(passed: &[f64], per_window: usize, window_ms: f64, ahead: usize, now_ms: f64) -> f64 {
    let free = per_window.saturating_sub(passed.len());
    let (windows, place) = (ahead / per_window, ahead % per_window);
    let first_ms = match place.checked_sub(free) {
        Some(taken) => passed.get(taken).map_or(now_ms, |passed_ms| passed_ms + window_ms),
        None => now_ms,
    };
    first_ms + windows as f64 * window_ms
}

/// The time until which no call is made, because Graph lengthens a block with each one.
#[derive(Debug, Default)]
pub struct CoolDown(Option<(f64, Box<Failure>)>);

impl CoolDown {
    /// Begins with the failure that every call is given until the limit lifts. Of two limits the one that lifts later holds.
    pub fn begin(&mut self, until_ms: f64, failure: &Failure) {
        if self.0.as_ref().is_none_or(|(known_ms, _)| *known_ms < until_ms) {
            self.0 = Some((until_ms, Box::new(failure.clone())));
        }
    }

    /// Returns the failure of a call that is not even made, while the limit holds.
    pub fn failure(&mut self, now_ms: f64) -> Option<Box<Failure>> {
        let (until_ms, failure) = self.0.as_ref()?;
        if *until_ms <= now_ms {
            self.0 = None;
            return None;
        }
        let mut failure = failure.clone();
        failure.retry_after_ms = Some(until_ms - now_ms);
        Some(failure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::graph::error::Kind;

    /// Calls that each send as soon as they are admitted.
    fn send_times(limiter: &mut RateLimiter, calls: usize, from_ms: f64) -> Vec<f64> {
        let mut waiting: Vec<(f64, Option<Ticket>)> = vec![(from_ms, None); calls];
        let mut times = Vec::new();
        let mut steps = 0;
        while !waiting.is_empty() {
            steps += 1;
            assert!(steps < 100 * calls, "nobody's turn comes");
            let next = (0..waiting.len()).min_by(|&a, &b| waiting[a].0.total_cmp(&waiting[b].0)).unwrap();
            let (now_ms, ticket) = &mut waiting[next];
            let until_ms = limiter.admit(ticket, true, *now_ms);
            if until_ms <= *now_ms {
                limiter.note_sent(ticket, *now_ms);
                times.push(*now_ms);
                waiting.remove(next);
            } else {
                *now_ms = until_ms;
            }
        }
        times
    }

    #[test]
    fn never_delays_a_lone_call() {
        let mut limiter = RateLimiter::new(2.0);
        for now_ms in [0.0, 5_000.0, 6_000.0, 7_500.0] {
            assert_eq!(send_times(&mut limiter, 1, now_ms), [now_ms]);
        }
    }

    #[test]
    fn spreads_a_burst() {
        let mut limiter = RateLimiter::new(2.0);
        assert_eq!(send_times(&mut limiter, 6, 100.0), [100.0, 100.0, 1_100.0, 1_100.0, 2_100.0, 2_100.0]);
        assert_eq!(send_times(&mut limiter, 1, 2_600.0), [3_100.0]);
    }

    #[test]
    fn a_fraction_stretches_the_window() {
        assert_eq!(send_times(&mut RateLimiter::new(0.5), 3, 0.0), [0.0, 2_000.0, 4_000.0]);
        assert_eq!(send_times(&mut RateLimiter::new(2.5), 7, 0.0), [0.0, 0.0, 0.0, 1_200.0, 1_200.0, 1_200.0, 2_400.0]);
        assert_eq!(send_times(&mut RateLimiter::new(1.0), 3, 0.0), [0.0, 1_000.0, 2_000.0]);
    }

    #[test]
    fn a_place_that_is_given_up_goes_to_the_next() {
        let mut limiter = RateLimiter::new(1.0);
        let (mut first, mut second, mut third) = (None, None, None);
        assert_eq!(limiter.admit(&mut first, false, 0.0), 0.0);
        assert_eq!(limiter.admit(&mut second, true, 0.0), 1_000.0);
        assert_eq!(limiter.admit(&mut third, true, 0.0), 2_000.0);
        assert!(limiter.leave(&mut first));
        assert_eq!(first, None);
        assert_eq!(limiter.admit(&mut third, true, 10.0), 1_010.0);
        assert_eq!(limiter.admit(&mut second, true, 10.0), 10.0);
        limiter.note_sent(&mut second, 10.0);
        assert_eq!(limiter.admit(&mut third, true, 10.0), 1_010.0);
        assert!(!limiter.leave(&mut third), "nobody waits");
        assert!(!limiter.leave(&mut third), "it is gone already");
        assert_eq!(limiter.admit(&mut first, true, 11.0), 1_010.0, "what was sent counts on");
    }

    #[test]
    fn a_slow_call_lets_others_pass_and_stays_first() {
        let mut limiter = RateLimiter::new(1.0);
        let (mut slow, mut other, mut third) = (None, None, None);
        assert_eq!(limiter.admit(&mut slow, false, 0.0), 0.0);
        assert_eq!(limiter.admit(&mut other, true, 0.0), 1_000.0);
        assert_eq!(limiter.admit(&mut other, true, 1_000.0), 1_000.0);
        limiter.note_sent(&mut other, 1_000.0);
        assert_eq!(limiter.admit(&mut third, true, 1_000.0), 2_000.0);
        assert_eq!(limiter.admit(&mut slow, true, 1_500.0), 2_000.0, "as soon as anybody");
        assert_eq!(limiter.admit(&mut third, true, 2_000.0), 3_000.0);
        assert_eq!(limiter.admit(&mut slow, true, 2_000.0), 2_000.0);
    }

    #[test]
    fn slow_tokens_do_not_make_calls_fewer() {
        let mut limiter = RateLimiter::new(1.0);
        let mut tickets = [None; 4];
        for (number, ticket) in (0..).zip(&mut tickets) {
            let now_ms = 1_000.0 * f64::from(number);
            assert_eq!(limiter.admit(ticket, false, now_ms), now_ms);
        }
        for (number, ticket) in (0..).zip(&mut tickets) {
            let now_ms = 1_000.0 * f64::from(number) + 3_500.0;
            assert_eq!(limiter.admit(ticket, true, now_ms), now_ms);
            limiter.note_sent(ticket, now_ms);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_stops_nobody() {
        let mut limiter = RateLimiter::new(1.0);
        assert_eq!(send_times(&mut limiter, 1, 1e12), [1e12]);
        assert_eq!(send_times(&mut limiter, 1, 1e9), [1e9]);
    }

    #[test]
    fn a_cool_down_ends() {
        let mut cool_down = CoolDown::default();
        assert!(cool_down.failure(0.0).is_none());
        cool_down.begin(1_500.0, &Failure::new(Kind::RateLimit, &["m"]));
        for until_ms in [1_300.0, 1_500.0] {
            cool_down.begin(until_ms, &Failure::new(Kind::RateLimit, &["lifts no later"]));
        }
        let failure = cool_down.failure(1_200.0).unwrap();
        assert_eq!((failure.retry_after_ms, failure.message.as_str()), (Some(300.0), "m"));
        cool_down.begin(1_600.0, &Failure::new(Kind::RateLimit, &["lifts later"]));
        assert_eq!(cool_down.failure(1_200.0).unwrap().retry_after_ms, Some(400.0));
        assert!(cool_down.failure(1_600.0).is_none());
        assert!(cool_down.failure(1_200.0).is_none(), "it is over for good");
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod properties {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Calls come at any time, wake late, take their time over a token, or leave.
        #[test]
        fn no_window_has_more_requests_than_allowed(
            per_second in prop::sample::select(vec![0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 5.0]),
            calls in prop::collection::vec((0u32..900, 0u32..3_000, 0u32..30, 0u32..10), 1..60),
        ) {
            let mut limiter = RateLimiter::new(per_second);
            // When each call asks next, its ticket, how slow it is, how late it wakes, and whether it has its token.
            let mut now_ms = 0.0;
            let mut open = Vec::new();
            for (gap, slow, late, leaves) in calls {
                now_ms += f64::from(gap);
                let slow_ms = if slow < 2_000 { 0.0 } else { f64::from(slow) };
                open.push((now_ms, None, slow_ms, f64::from(late), leaves == 0));
            }
            let mut sent: Vec<f64> = Vec::new();
            let mut steps = 0;
            while !open.is_empty() {
                steps += 1;
                prop_assert!(steps < 10_000, "every call comes to its end");
                let next = (0..open.len()).min_by(|&a, &b| open[a].0.total_cmp(&open[b].0)).unwrap();
                let (at_ms, ticket, slow_ms, late_ms, leaves) = &mut open[next];
                let is_ready = *slow_ms == 0.0;
                let until_ms = limiter.admit(ticket, is_ready, *at_ms);
                if until_ms > *at_ms {
                    *at_ms = until_ms + *late_ms;
                } else if !is_ready {
                    *at_ms += std::mem::take(slow_ms);
                } else if *leaves {
                    limiter.leave(ticket);
                    open.remove(next);
                } else {
                    limiter.note_sent(ticket, *at_ms);
                    sent.push(*at_ms);
                    open.remove(next);
                }
            }
            let (per_window, window_ms) = (limiter.per_window, limiter.window_ms);
            for window in sent.windows(per_window + 1) {
                prop_assert!(window[per_window] - window[0] >= window_ms, "{window:?}");
            }
        }
    }
}
