//! When to try again.

use std::time::Duration;

/// For so long after it was live, a target is looked for often: a server that was restarted is found within seconds.
const EAGER: Duration = Duration::from_secs(60);
/// How long to wait then at most.
const EAGER_MOST: Duration = Duration::from_secs(2);
/// The same after a refusal: a server that was restarted may have to clear up first.
const EAGER_REFUSED: Duration = Duration::from_secs(4);
/// A connection that was live for less than this did not come back for good.
const STABLE: Duration = Duration::from_secs(10);

/// Waits that double from the first to the longest, each a little shorter or longer by chance, so that many who lost one
/// server do not all return at once.
///
/// Within a minute after the target was live no wait is longer than 2 s, or 4 s after a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Backoff {
    /// The first wait. Default 1 s.
    pub first: Duration,
    /// The longest wait; also what follows a refusal. Default 30 s.
    pub most: Duration,
}

impl Default for Backoff {
    fn default() -> Backoff {
        Backoff { first: Duration::from_secs(1), most: Duration::from_secs(30) }
    }
}

/// How often it was tried in vain.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tries {
    failed: u32,
    /// When it was live the last time, on the caller's clock.
    live: Option<Duration>,
}

impl Tries {
    /// It was live for `time` until `now`.
    pub fn was_live(&mut self, time: Duration, now: Duration) {
        self.live = Some(now);
        if time >= STABLE {
            self.failed = 0;
        }
    }

    /// How long to wait after a try that ended at `now`; `chance` is from 0 to 1.
    pub fn wait(&mut self, backoff: Backoff, refused: bool, now: Duration, chance: f64) -> Duration {
        let doubled = backoff.first.saturating_mul(1 << self.failed.min(20)).min(backoff.most.max(backoff.first));
        self.failed = self.failed.saturating_add(1);
        let eager = self.live.is_some_and(|live| now.saturating_sub(live) < EAGER);
        let wait = match (eager, refused) {
            (true, false) => doubled.min(EAGER_MOST.max(backoff.first)),
            (true, true) => doubled.max(EAGER_MOST).min(EAGER_REFUSED),
            (false, false) => doubled,
            (false, true) => backoff.most.max(backoff.first),
        };
        wait.mul_f64(0.8 + 0.4 * chance.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIDDLE: f64 = 0.5;

    fn seconds(tries: &mut Tries, refused: bool, now: u64) -> f64 {
        tries.wait(Backoff::default(), refused, Duration::from_secs(now), MIDDLE).as_secs_f64()
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        let mut tries = Tries::default();
        let waits: Vec<f64> = (0..7).map(|_| seconds(&mut tries, false, 0)).collect();
        assert_eq!(waits, [1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]);
        for _ in 0..100 {
            assert_eq!(seconds(&mut tries, false, 0), 30.0);
        }
    }

    #[test]
    fn a_refusal_is_retried_slowly() {
        assert_eq!(seconds(&mut Tries::default(), true, 0), 30.0);
    }

    #[test]
    fn what_was_live_is_found_within_seconds_of_its_return() {
        let mut tries = Tries::default();
        tries.was_live(Duration::from_secs(60), Duration::from_secs(100));
        let waits: Vec<f64> = (0..4).map(|n| seconds(&mut tries, false, 101 + n)).collect();
        assert_eq!(waits, [1.0, 2.0, 2.0, 2.0]);
        assert_eq!(seconds(&mut tries, true, 110), 4.0);
        assert!(seconds(&mut tries, false, 161) > 16.0, "a minute later it is one of many");
    }

    #[test]
    fn what_is_live_for_a_moment_again_and_again_is_not_tried_faster() {
        let mut tries = Tries::default();
        let mut waits = Vec::new();
        for n in 0..4 {
            tries.was_live(Duration::from_secs(1), Duration::from_secs(n));
            waits.push(seconds(&mut tries, false, n));
        }
        assert_eq!(waits, [1.0, 2.0, 2.0, 2.0]);
    }

    #[test]
    fn chance_spreads_waits_by_a_fifth() {
        let wait = |chance| Tries::default().wait(Backoff::default(), false, Duration::ZERO, chance).as_millis();
        assert_eq!((wait(0.0), wait(1.0), wait(7.0)), (800, 1200, 1200));
    }
}
