//! Which failure is retried, and after how long.
//!
//! <https://developers.facebook.com/docs/graph-api/overview/rate-limiting>

use crate::protocol::graph::error::{Failure, Kind};
use crate::protocol::graph::usage::Usage;
use crate::protocol::text::{concat, has, is_digits, trimmed, whole};

/// The longest jittered wait before the first retry; it doubles with each one.
const FIRST_BACK_OFF_MS: f64 = 500.0;
/// Where the doubling ends.
const LONGEST_BACK_OFF_MS: f64 = 8_000.0;
/// Two calls a second is what code 613 means on this edge, so a second is the least that helps.
const FIRST_PACE_WAIT_MS: f64 = 1_000.0;

/// How much patience a call has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryPolicy {
    /// Retries after the first attempt.
    pub max_retries: u32,
    /// The longest wait for a limit to lift that is slept out.
    pub max_rate_limit_wait_ms: f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { max_retries: 2, max_rate_limit_wait_ms: 10_000.0 }
    }
}

/// What to do about a failure.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum RetryDecision {
    /// Reject; the time is when a later call may succeed, if that is known.
    GiveUp {
        /// Milliseconds.
        lifts_after_ms: Option<f64>,
    },
    /// Try again after a jittered wait.
    BackOff {
        /// Milliseconds.
        delay_ms: f64,
    },
    /// Try again when the rate limit lifts.
    AwaitLimit {
        /// Milliseconds.
        delay_ms: f64,
    },
}

impl RetryPolicy {
    /// Decides about the failure of attempt number `attempt`, counted from 1. `failure.retry_after_ms` is what the answer
    /// said about time; `random` is from 0 to 1.
    pub fn decide(&self, failure: &Failure, attempt: u32, random: f64) -> RetryDecision {
        let said = failure.retry_after_ms;
        let tries_left = attempt <= self.max_retries;
        let patient = |wait: f64| tries_left && wait <= self.max_rate_limit_wait_ms;
        let doubled = |first: f64| first * f64::from(1u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        if failure.kind == Kind::RateLimit {
            let is_pace = failure.code() == Some(613);
            return match said.or_else(|| is_pace.then(|| doubled(FIRST_PACE_WAIT_MS))) {
                Some(delay_ms) if patient(delay_ms) => RetryDecision::AwaitLimit { delay_ms },
                // Graph lengthens a block with every call that is made during it.
                lifts_after_ms => RetryDecision::GiveUp { lifts_after_ms },
            };
        }
        if !failure.retryable || !tries_left || !said.is_none_or(patient) {
            return RetryDecision::GiveUp { lifts_after_ms: said };
        }
        let jittered = random * doubled(FIRST_BACK_OFF_MS).min(LONGEST_BACK_OFF_MS);
        RetryDecision::BackOff { delay_ms: jittered.max(said.unwrap_or(0.0)) }
    }
}

/// The wait that a `Retry-After` header asks for, in milliseconds: digits are seconds, all else must be an HTTP date. The
/// host reads the date, as milliseconds since 1970 or no number.
pub fn retry_after_ms(header: &str, now_ms: f64, date_ms: impl Fn(&str) -> f64) -> Option<f64> {
    let header = trimmed(header);
    if is_digits(header) {
        return whole(header, u32::MAX.into()).map(|seconds| seconds as f64 * 1_000.0);
    }
    // Only what is shaped like one of the three forms: a host reads a great deal more as a date.
    let is_dated = matches!(header.as_bytes(), [b'M' | b'T' | b'W' | b'F' | b'S', ..]) && has(header, b':');
    let time = match (has(header, b','), header.ends_with(" GMT")) {
        (true, true) => date_ms(header),
        // The oldest form names no zone, and means the same.
        (false, false) => date_ms(&concat(&[header, " GMT"])),
        _ => return None,
    };
    (is_dated && time.is_finite()).then(|| (time - now_ms).max(0.0))
}

/// The later of two times, of which either can be unknown.
pub fn later(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.max(other)),
        (one, other) => one.or(other),
    }
}

/// The longest time that the usage headers give for regaining access, in milliseconds.
pub fn regain_access_ms(usage: &[Usage]) -> Option<f64> {
    let mut longest = None;
    for reading in usage {
        longest = later(longest, reading.regain_access_minutes());
    }
    longest.map(|minutes| minutes * 60_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: RetryPolicy = RetryPolicy { max_retries: 2, max_rate_limit_wait_ms: 10_000.0 };

    fn failure(kind: Kind, retry_after_ms: Option<f64>) -> Box<Failure> {
        {
            let mut failure = Failure::new(kind, &["m"]);
            failure.retry_after_ms = retry_after_ms;
            failure
        }
    }

    fn limited(code: i64, retry_after_ms: Option<f64>) -> Box<Failure> {
        failure(Kind::RateLimit, retry_after_ms).with_code(code)
    }

    #[test]
    fn passing_faults_back_off_with_full_jitter() {
        let passing = [failure(Kind::Transient, None), failure(Kind::Connection, None), failure(Kind::Timeout, None)];
        for failure in passing {
            for (attempt, random, delay_ms) in [(1, 0.0, 0.0), (1, 1.0, 500.0), (2, 0.5, 500.0), (2, 1.0, 1_000.0)] {
                assert_eq!(POLICY.decide(&failure, attempt, random), RetryDecision::BackOff { delay_ms });
            }
            assert_eq!(POLICY.decide(&failure, 3, 1.0), RetryDecision::GiveUp { lifts_after_ms: None });
        }
        let persistent = RetryPolicy { max_retries: u32::MAX, ..POLICY };
        for attempt in [5, 6, 33, 1_000] {
            let decision = persistent.decide(&failure(Kind::Transient, None), attempt, 1.0);
            assert_eq!(decision, RetryDecision::BackOff { delay_ms: 8_000.0 });
        }
    }

    #[test]
    fn what_a_retry_does_not_cure_is_given_up() {
        use Kind::*;
        for kind in [InvalidOption, Authentication, Permission, InvalidRequest, Blocked, Response, Unknown] {
            assert_eq!(POLICY.decide(&failure(kind, None), 1, 0.5), RetryDecision::GiveUp { lifts_after_ms: None });
        }
        let cut_off = Failure { retryable: true, ..*failure(Response, None) };
        assert_eq!(POLICY.decide(&cut_off, 1, 1.0), RetryDecision::BackOff { delay_ms: 500.0 });
        let lasting = Failure { retryable: false, ..*failure(Transient, None) };
        assert_eq!(POLICY.decide(&lasting, 1, 0.5), RetryDecision::GiveUp { lifts_after_ms: None });
    }

    #[test]
    fn without_retries_there_is_one_attempt() {
        let without_retries = RetryPolicy { max_retries: 0, ..POLICY };
        for failure in [failure(Kind::Transient, None), limited(4, Some(1.0)), limited(613, None)] {
            assert!(matches!(without_retries.decide(&failure, 1, 0.5), RetryDecision::GiveUp { .. }));
        }
    }

    #[test]
    fn retry_after_is_never_waited_shorter_nor_jittered() {
        let decision = POLICY.decide(&failure(Kind::Transient, Some(3_000.0)), 1, 0.5);
        assert_eq!(decision, RetryDecision::BackOff { delay_ms: 3_000.0 });
        let decision = POLICY.decide(&failure(Kind::Transient, Some(10_001.0)), 1, 0.5);
        assert_eq!(decision, RetryDecision::GiveUp { lifts_after_ms: Some(10_001.0) });
    }

    #[test]
    fn only_an_http_date_is_read_as_one() {
        let wait_ms = |header| retry_after_ms(header, 1_000.0, |_| 4_000.0);
        for dated in ["Thu, 26 Nov 2026 09:00:00 GMT", "Thu Nov 26 09:00:00 2026"] {
            assert_eq!(wait_ms(dated), Some(3_000.0), "{dated}");
            assert_eq!(retry_after_ms(dated, 1_000.0, |_| f64::NAN), None, "{dated}");
        }
        for other in ["Thu, 26 Nov 2026 GMT", "26, Nov 2026 09:00:00 GMT", "soon", ""] {
            assert_eq!(wait_ms(other), None, "{other}");
        }
    }

    #[test]
    fn a_rate_limit_is_awaited_when_graph_says_how_long() {
        for code in [4, 17, 32, 341, 80001, 80006] {
            let decide = |said| POLICY.decide(&limited(code, said), 1, 0.5);
            assert_eq!(decide(None), RetryDecision::GiveUp { lifts_after_ms: None });
            assert_eq!(decide(Some(9_000.0)), RetryDecision::AwaitLimit { delay_ms: 9_000.0 });
            assert_eq!(decide(Some(60_000.0)), RetryDecision::GiveUp { lifts_after_ms: Some(60_000.0) });
        }
    }

    #[test]
    fn too_fast_is_waited_out() {
        assert_eq!(POLICY.decide(&limited(613, None), 1, 0.0), RetryDecision::AwaitLimit { delay_ms: 1_000.0 });
        assert_eq!(POLICY.decide(&limited(613, None), 2, 0.0), RetryDecision::AwaitLimit { delay_ms: 2_000.0 });
        assert_eq!(POLICY.decide(&limited(613, None), 3, 0.0), RetryDecision::GiveUp { lifts_after_ms: Some(4_000.0) });
        assert_eq!(
            POLICY.decide(&limited(613, Some(5_000.0)), 1, 0.0),
            RetryDecision::AwaitLimit { delay_ms: 5_000.0 }
        );
    }
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod dates {
    use super::*;
    use std::time::UNIX_EPOCH;

    #[test]
    fn retry_after_is_read_strictly() {
        let now_ms = 784_111_777_000.0; // Sun, 06 Nov 1994 08:49:37 GMT
        let date_ms = |date: &str| {
            // Only the oldest form comes without its zone's name.
            let date = if date.contains(',') { date } else { date.trim_end_matches(" GMT") };
            let time = httpdate::parse_http_date(date).ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
            time.map_or(f64::NAN, |time| time.as_secs_f64() * 1_000.0)
        };
        let cases = [
            ("0", Some(0.0)),
            ("120", Some(120_000.0)),
            (" 7 ", Some(7_000.0)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60_000.0)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60_000.0)),
            ("Sun Nov  6 08:50:37 1994", Some(60_000.0)),
            ("Sun, 06 Nov 1994 08:00:00 GMT", Some(0.0)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("1e3", None),
            ("0x10", None),
            ("99999999999999999999", None),
            ("soon", None),
            ("1994-11-06T08:50:37Z", None),
            ("Sun, 06 Nov 1994 08:50:37", None),
            ("Sun, 06 Nov 1994 08:50:37 CET", None),
            ("Sun Nov  6 08:50:37 1994 GMT", None),
            ("1, 2", None),
        ];
        for (header, expected) in cases {
            assert_eq!(retry_after_ms(header, now_ms, date_ms), expected, "{header}");
        }
    }
}
