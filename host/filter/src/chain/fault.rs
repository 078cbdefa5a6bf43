//! When a failed filter may try again: at once the first time, later and later if it keeps failing, and not for a whole window after
//! too many faults in one. Time is the stream's, so that the same file gives the same answers; where viewers share it (`circuit`), the
//! router's.

use crate::Limits;

/// How long to wait after the second, third, … fault in a window.
const BACKOFF_US: [i64; 4] = [0, 1_000_000, 2_000_000, 4_000_000];

/// Faults of one filter on one stream.
#[derive(Debug)]
pub(super) struct Breaker {
    most: usize,
    window_us: i64,
    faults: Vec<i64>,
}

/// What a fault leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Retry {
    /// Not before this stream time.
    pub(super) at_us: i64,
    /// Too many faults: the filter is left out for a window.
    pub(super) tripped: bool,
}

impl Breaker {
    pub(super) fn new(limits: &Limits) -> Box<Breaker> {
        let window_us = i64::try_from(limits.breaker_window.as_micros()).unwrap_or(i64::MAX / 2);
        Box::new(Breaker { most: limits.breaker_faults.clamp(1, 1024) as usize, window_us, faults: Vec::new() })
    }

    /// A call failed now.
    pub(super) fn fault(&mut self, now_us: i64) -> Retry {
        let from = now_us.saturating_sub(self.window_us);
        self.faults.retain(|at| *at > from);
        self.faults.push(now_us);
        if self.faults.len() >= self.most {
            self.faults.clear();
            return Retry { at_us: now_us.saturating_add(self.window_us), tripped: true };
        }
        let wait = BACKOFF_US.get(self.faults.len() - 1).or(BACKOFF_US.last()).copied().unwrap_or(0);
        Retry { at_us: now_us.saturating_add(wait), tripped: false }
    }

    /// Whether no fault counts any more.
    pub(super) fn is_quiet(&self, now_us: i64) -> bool {
        let from = now_us.saturating_sub(self.window_us);
        self.faults.iter().all(|at| *at <= from)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const S: i64 = 1_000_000;

    fn five_in_a_minute() -> Box<Breaker> {
        Breaker::new(&Limits { breaker_faults: 5, breaker_window: Duration::from_secs(60), ..Limits::default() })
    }

    #[test]
    fn the_fifth_fault_in_a_minute_trips() {
        let mut breaker = five_in_a_minute();
        let waits: Vec<_> = (0..5).map(|i| breaker.fault(i * 10 * S)).map(|r| (r.at_us / S, r.tripped)).collect();
        assert_eq!(waits, [(0, false), (11, false), (22, false), (34, false), (100, true)]);
        assert_eq!(breaker.fault(101 * S), Retry { at_us: 101 * S, tripped: false });
    }

    #[test]
    fn faults_far_apart_never_trip() {
        let mut breaker = five_in_a_minute();
        assert!((0..100).all(|i| !breaker.fault(i * 16 * S).tripped));
    }
}
