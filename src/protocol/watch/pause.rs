//! How long a watch waits between two looks.

use crate::protocol::option::InvalidOption;
use crate::protocol::text::decimal;

const DEFAULT_MS: u32 = 15_000;
const SHORTEST_MS: u32 = 1_000;
const LONGEST_MS: f64 = 600_000.0;
/// From this usage on, in percent, the pauses become longer.
const HIGH_USAGE: f64 = 75.0;

/// A wait before the next look.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pause {
    /// Milliseconds.
    pub delay_ms: f64,
    /// `interval`, `usage` or `rate_limit`.
    pub reason: &'static str,
}

/// The pauses of one watch.
#[derive(Debug)]
pub struct Pauses {
    interval_ms: f64,
    current_ms: f64,
    /// Whether usage made the pauses longer, rather than failures.
    is_usage_high: bool,
}

impl Pauses {
    /// Begins with the interval that was asked for.
    pub fn new(interval_ms: Option<u32>) -> Result<Self, Box<InvalidOption>> {
        let interval_ms = interval_ms.unwrap_or(DEFAULT_MS);
        if interval_ms < SHORTEST_MS {
            let problem = ["expected 1000 or more milliseconds; got ", &decimal(interval_ms)];
            return Err(InvalidOption::new("intervalMs", &problem));
        }
        let interval_ms = f64::from(interval_ms);
        Ok(Self { interval_ms, current_ms: interval_ms, is_usage_high: false })
    }

    /// After a look that ended well: twice as long as before while Graph's usage is high, else half as long.
    pub fn after_look(&mut self, usage: f64) -> Pause {
        if usage >= HIGH_USAGE {
            self.lengthen();
            self.is_usage_high = self.current_ms > self.interval_ms;
        } else {
            self.current_ms = (self.current_ms / 2.0).max(self.interval_ms);
            self.is_usage_high &= self.current_ms > self.interval_ms;
        }
        let reason = if self.is_usage_high { "usage" } else { "interval" };
        Pause { delay_ms: self.current_ms, reason }
    }

    /// After a look that failed: twice as long as before, and not shorter than a rate limit.
    pub fn after_failure(&mut self, retry_after_ms: Option<f64>, is_rate_limit: bool) -> Pause {
        self.lengthen();
        let delay_ms = self.current_ms.max(retry_after_ms.unwrap_or_default());
        let reason = if is_rate_limit { "rate_limit" } else { "interval" };
        Pause { delay_ms, reason }
    }

    fn lengthen(&mut self) {
        self.current_ms = (self.current_ms * 2.0).min(LONGEST_MS.max(self.interval_ms));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_a_second_or_more() {
        assert_eq!(Pauses::new(Some(999)).unwrap_err().option, "intervalMs");
        assert_eq!(Pauses::new(Some(1_000)).unwrap().after_look(0.0), Pause { delay_ms: 1_000.0, reason: "interval" });
        assert_eq!(Pauses::new(None).unwrap().after_look(74.9), Pause { delay_ms: 15_000.0, reason: "interval" });
    }

    #[test]
    fn high_usage_doubles_the_pause_up_to_ten_minutes_and_low_usage_halves_it() {
        let mut pauses = Pauses::new(None).unwrap();
        let delays: Vec<f64> = (0..7).map(|_| pauses.after_look(75.0).delay_ms / 1_000.0).collect();
        assert_eq!(delays, [30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0]);
        assert_eq!(pauses.after_look(10.0), Pause { delay_ms: 300_000.0, reason: "usage" });
        let last = (0..5).map(|_| pauses.after_look(10.0)).last();
        assert_eq!(last, Some(Pause { delay_ms: 15_000.0, reason: "interval" }));
    }

    #[test]
    fn an_interval_above_ten_minutes_stays() {
        let mut pauses = Pauses::new(Some(3_600_000)).unwrap();
        assert_eq!(pauses.after_look(100.0), Pause { delay_ms: 3_600_000.0, reason: "interval" });
    }

    #[test]
    fn failures_lengthen_it_and_a_rate_limit_is_waited_out() {
        let mut pauses = Pauses::new(Some(1_000)).unwrap();
        let limit = pauses.after_failure(Some(3_600_000.0), true);
        assert_eq!(limit, Pause { delay_ms: 3_600_000.0, reason: "rate_limit" });
        assert_eq!(pauses.after_failure(None, false), Pause { delay_ms: 4_000.0, reason: "interval" });
        assert_eq!(pauses.after_look(0.0), Pause { delay_ms: 2_000.0, reason: "interval" }, "usage is low");
    }
}
