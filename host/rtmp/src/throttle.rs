//! Warnings that peers can cause are limited: a flood of bad peers must not become a flood of log lines.

use std::sync::Mutex;
use std::time::{Duration, Instant};

const WINDOW: Duration = Duration::from_secs(1);
const PER_WINDOW: u32 = 10;

/// Lets some warnings per second through and counts the others.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    since: Option<Instant>,
    passed: u32,
    held_back: u64,
}

impl Throttle {
    /// `Some(n)`: log it, and say that `n` others were held back before; `None`: hold it back.
    pub(crate) fn pass(&self, now: Instant) -> Option<u64> {
        let mut state = self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let fresh = state.since.is_none_or(|since| now.saturating_duration_since(since) >= WINDOW);
        if fresh {
            state.since = Some(now);
            state.passed = 0;
        }
        if state.passed >= PER_WINDOW {
            state.held_back = state.held_back.saturating_add(1);
            return None;
        }
        state.passed += 1;
        Some(std::mem::take(&mut state.held_back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_held_back_and_counted() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let passed = (0..1000).filter(|_| throttle.pass(start).is_some()).count();
        assert_eq!(passed, PER_WINDOW as usize);
        assert_eq!(throttle.pass(start + WINDOW), Some(1000 - u64::from(PER_WINDOW)));
        assert_eq!(throttle.pass(start + WINDOW), Some(0));
    }
}
