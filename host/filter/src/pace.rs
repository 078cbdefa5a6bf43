//! How long calls of a filter take, as they are measured.
//!
//! What counts is CPU time: a call that the machine did not run holds nobody up by itself, and on a full machine all would seem slow. Asking
//! for it costs as much as a quick call, so that it is asked for only while there is reason to: for the calls behind one that took
//! long by the clock, which is at hand anyway.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

use crate::deadline::thread_cpu;

/// How long a call may well take, and so where it is made: the first on the thread that serves the peer, the others elsewhere
/// ([`Filter::elsewhere`](crate::Filter::elsewhere)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pace {
    /// No time to speak of.
    #[default]
    Quick,
    /// So long that others would notice, and not longer than a short limit allows.
    Slow,
    /// As long as it may.
    Long,
}

/// A call that takes so long by the clock is looked at, and so are those behind it.
const NOTABLE: Duration = Duration::from_micros(250);
/// So many; each that takes long itself begins the count anew.
const WATCHED: u16 = 64;
/// One that takes so long is slow by itself, however quick those between are: work that is done once for a group of pictures.
const VERY_LONG: Duration = Duration::from_millis(10);
/// So many calls behind it are looked at, and are slow if it is found to have worked so long.
const LONG_WATCHED: u16 = 2048;
/// Calls that take so long on the average are slow, ...
const SLOW_NS: u64 = 500_000;
/// ... until they take no more than this.
const QUICK_NS: u64 = 250_000;
/// A call counts for so much of the average, as a power of two: some bad ones in a row make it slow, one does not, and it takes some dozen good
/// ones to be quick again.
const WEIGHT: u32 = 4;

/// The calls of one stream.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Gait {
    mean_ns: u64,
    /// Calls that are still looked at.
    watched: u16,
    /// Calls that are slow because of one that took very long.
    long: u16,
    slow: bool,
}

impl Gait {
    /// Of a stream that begins, where the filter was slow with others.
    pub(crate) fn like(known: &Known) -> Gait {
        match known.0.load(Relaxed) {
            0 => Gait::default(),
            mean_ns => Gait { mean_ns, watched: WATCHED, long: 0, slow: true },
        }
    }

    #[inline]
    pub(crate) fn is_slow(&self) -> bool {
        self.slow
    }

    /// A call begins: the thread's CPU time, if it is looked at.
    #[inline]
    pub(crate) fn begins(&self) -> Option<Duration> {
        (self.watched > 0).then(thread_cpu)
    }

    /// Whether [`ended`](Gait::ended) is to be told of a call that took so long by the clock.
    #[inline]
    pub(crate) fn is_to_note(began: Option<Duration>, took: Duration) -> bool {
        began.is_some() || took >= NOTABLE
    }

    /// The call is over; it took so long by the clock.
    #[cold]
    pub(crate) fn ended(&mut self, began: Option<Duration>, took: Duration, known: &Known) {
        match began {
            Some(began) => self.note(thread_cpu().saturating_sub(began), known),
            None if took >= VERY_LONG => self.watched = LONG_WATCHED,
            None => self.watched = WATCHED,
        }
    }

    fn note(&mut self, used: Duration, known: &Known) {
        let used_ns = u64::try_from(used.as_nanos()).unwrap_or(u64::MAX / 2);
        self.mean_ns = self.mean_ns - (self.mean_ns >> WEIGHT) + (used_ns >> WEIGHT);
        self.long = if used >= VERY_LONG { LONG_WATCHED } else { self.long.saturating_sub(1) };
        let least = if used >= NOTABLE || self.slow { WATCHED } else { 0 };
        self.watched = self.watched.saturating_sub(1).max(self.long).max(least);
        if !self.slow && (self.mean_ns >= SLOW_NS || self.long > 0) {
            self.slow = true;
            known.0.store(self.mean_ns.max(1), Relaxed);
        } else if self.slow && self.mean_ns <= QUICK_NS && self.long == 0 {
            self.slow = false;
            known.0.store(0, Relaxed);
        }
        if self.watched == 0 {
            self.mean_ns = 0;
        }
    }
}

/// What streams that begin are to know of a generation: how long its calls take on the average if they are slow, in nanoseconds, or 0.
#[derive(Debug, Default)]
pub(crate) struct Known(AtomicU64);

#[cfg(test)]
mod tests {
    use super::*;

    fn us(us: u64) -> Duration {
        Duration::from_micros(us)
    }

    /// Calls of so many microseconds; how many were slow when they began, or were to be made elsewhere.
    fn calls(gait: &mut Gait, known: &Known, times: &[u64]) -> usize {
        let mut slow = 0;
        for time in times {
            slow += usize::from(gait.is_slow());
            match gait.begins() {
                Some(_) => gait.note(us(*time), known),
                None if Gait::is_to_note(None, us(*time)) => gait.ended(None, us(*time), known),
                None => {}
            }
        }
        slow
    }

    #[test]
    fn a_filter_that_is_always_slow_is_found_out_within_a_few_calls_and_known_to_streams_that_follow() {
        let (mut gait, known) = (Gait::default(), Known::default());
        assert_eq!(calls(&mut gait, &known, &[4000; 20]), 16);
        assert!(Gait::like(&known).is_slow());
        assert_eq!(calls(&mut gait, &known, &[10; 200]), 39, "it has become quick");
        assert!(!gait.is_slow() && !Gait::like(&known).is_slow() && gait.begins().is_none());
    }

    #[test]
    fn a_slow_call_now_and_then_makes_no_slow_filter() {
        let (mut gait, known) = (Gait::default(), Known::default());
        for _ in 0..20 {
            assert_eq!(calls(&mut gait, &known, &[4000]), 0);
            assert_eq!(calls(&mut gait, &known, &[10; 29]), 0);
        }
    }

    #[test]
    fn one_that_works_long_for_each_group_of_pictures_is_slow_from_the_second_on() {
        let (mut gait, known) = (Gait::default(), Known::default());
        let group: Vec<u64> = std::iter::once(500_000).chain([10; 700]).collect();
        assert_eq!(calls(&mut gait, &known, &group), 0);
        assert_eq!(calls(&mut gait, &known, &group), 700);
        assert_eq!(calls(&mut gait, &known, &group), 701);
        assert!(Gait::like(&known).is_slow());
        calls(&mut gait, &known, &[10; 2000]);
        assert!(!gait.is_slow() && gait.begins().is_none(), "it has become quick");
    }

    #[test]
    fn a_quick_filter_is_never_looked_at() {
        let (mut gait, known) = (Gait::default(), Known::default());
        calls(&mut gait, &known, &[249; 100]);
        assert!(gait.begins().is_none());
    }
}
