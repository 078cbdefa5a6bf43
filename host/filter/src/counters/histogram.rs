//! How long calls took, without a lock: counts by time, two per octave.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// The first count holds everything below 64 ns, the last everything from 11 s.
const FIRST_OCTAVE: u32 = 6;
const COUNTS: usize = 56;

#[derive(Debug)]
pub(crate) struct Histogram {
    counts: [AtomicU64; COUNTS],
    max_ns: AtomicU64,
}

impl Default for Histogram {
    fn default() -> Histogram {
        Histogram { counts: [const { AtomicU64::new(0) }; COUNTS], max_ns: AtomicU64::new(0) }
    }
}

/// How often a hook was called and how long it took. Percentiles are upper bounds, at most half an octave too high.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Latency {
    /// How often.
    pub calls: u64,
    /// Half of the calls took at most this long.
    pub p50_ns: u64,
    /// Of a hundred calls, 99 took at most this long.
    pub p99_ns: u64,
    /// The longest.
    pub max_ns: u64,
}

fn place(ns: u64) -> usize {
    if ns >> FIRST_OCTAVE == 0 {
        return 0;
    }
    let octave = 63 - ns.leading_zeros();
    let half = (ns >> (octave - 1)) & 1;
    ((octave - FIRST_OCTAVE) as usize * 2 + half as usize + 1).min(COUNTS - 1)
}

/// The smallest time that is counted behind this place.
fn end(place: usize) -> u64 {
    let octave = FIRST_OCTAVE + (place / 2) as u32;
    if place % 2 == 1 { (1 << octave) + (1 << (octave - 1)) } else { 1 << octave }
}

fn nanos(took: Duration) -> u64 {
    u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)
}

impl Histogram {
    /// Many may call it at once.
    pub(crate) fn note(&self, took: Duration) {
        let ns = nanos(took);
        if let Some(count) = self.counts.get(place(ns)) {
            count.fetch_add(1, Relaxed);
        }
        self.max_ns.fetch_max(ns, Relaxed);
    }

    /// For one caller only; no locked instruction.
    pub(super) fn note_alone(&self, took: Duration) {
        let ns = nanos(took);
        if let Some(count) = self.counts.get(place(ns)) {
            count.store(count.load(Relaxed).wrapping_add(1), Relaxed);
        }
        if ns > self.max_ns.load(Relaxed) {
            self.max_ns.store(ns, Relaxed);
        }
    }

    pub(crate) fn add(&self, other: &Histogram) {
        for (sum, one) in self.counts.iter().zip(&other.counts) {
            let n = one.load(Relaxed);
            if n > 0 {
                sum.fetch_add(n, Relaxed);
            }
        }
        self.max_ns.fetch_max(other.max_ns.load(Relaxed), Relaxed);
    }

    pub(crate) fn read(&self) -> Latency {
        let counts: Vec<u64> = self.counts.iter().map(|c| c.load(Relaxed)).collect();
        let calls: u64 = counts.iter().sum();
        let max_ns = self.max_ns.load(Relaxed);
        let percentile = |percent: u64| {
            let mut left = (calls * percent).div_ceil(100);
            for (place, n) in counts.iter().enumerate() {
                if left <= *n {
                    return end(place).min(max_ns);
                }
                left -= n;
            }
            max_ns
        };
        Latency { calls, p50_ns: percentile(50), p99_ns: percentile(99), max_ns }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_lies_before_the_end_of_its_place_and_behind_the_one_before() {
        for shift in 0..33 {
            for ns in [1u64 << shift, (1 << shift) + (1 << shift) / 2, (1 << shift) - 1] {
                let place = place(ns);
                assert!(ns < end(place), "{ns} in {place}");
                assert!(place == 0 || ns >= end(place - 1), "{ns} in {place}");
            }
        }
        assert_eq!(place(u64::MAX), COUNTS - 1);
    }

    #[test]
    fn percentiles_are_upper_bounds_and_sums_add() {
        let (a, b) = (Histogram::default(), Histogram::default());
        for ns in 1..=99 {
            a.note(Duration::from_nanos(ns * 10));
        }
        b.note_alone(Duration::from_millis(3));
        a.add(&b);
        let l = a.read();
        assert_eq!((l.calls, l.max_ns), (100, 3_000_000));
        assert!((500..=768).contains(&l.p50_ns), "{}", l.p50_ns);
        assert!((990..=1536).contains(&l.p99_ns), "{}", l.p99_ns);
        assert_eq!(Histogram::default().read(), Latency::default());
    }
}
