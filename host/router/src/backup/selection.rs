//! Which input is to be read.

use std::time::Duration;

use tokio::time::Instant;

/// How an input is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Health {
    /// Frames come.
    Good,
    /// It has a publisher that sends nothing.
    Stalled,
    /// It has no publisher, or one that has sent nothing yet.
    Gone,
}

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Switch {
    /// This input is to be read from its newest key frame on.
    Now(usize),
    /// This input is to be read from its next key frame on, and the other one until then.
    AtKey(usize),
    /// The input that was to be read is none any more.
    Stay,
}

/// Inputs are numbered, the best one is 0.
#[derive(Debug)]
pub(super) struct Selection {
    back_after: Duration,
    /// Since when each has been healthy.
    good_since: Vec<Option<Instant>>,
    active: Option<usize>,
    /// The input that will be active when it has a key frame.
    next: Option<usize>,
}

impl Selection {
    pub(super) fn new(inputs: usize, back_after: Duration) -> Selection {
        Selection { back_after, good_since: vec![None; inputs], active: None, next: None }
    }

    /// The input's key frame has come.
    pub(super) fn switched(&mut self, input: usize) {
        self.active = Some(input);
        self.next = None;
    }

    /// No input is read any more.
    pub(super) fn leave(&mut self) {
        self.active = None;
        self.next = None;
    }

    pub(super) fn look(&mut self, health: &[Health], now: Instant) -> Option<Switch> {
        for (since, health) in self.good_since.iter_mut().zip(health) {
            match health {
                Health::Good => since.get_or_insert(now),
                Health::Stalled | Health::Gone => {
                    *since = None;
                    continue;
                }
            };
        }
        let good = |input: usize| self.good_since.get(input).is_some_and(Option::is_some);
        let best = (0..self.good_since.len()).find(|input| good(*input));
        let active_is_good = self.active.is_some_and(good);
        if let Some(next) = self.next {
            if good(next) {
                return None;
            }
            self.next = None;
            if active_is_good {
                return Some(Switch::Stay);
            }
        }
        if !active_is_good {
            // With none that is healthy, the one that was read may still go on.
            let best = best?;
            self.next = Some(best);
            return Some(Switch::Now(best));
        }
        let proven = |input: &usize| {
            let since = self.good_since.get(*input).copied().flatten();
            since.is_some_and(|since| now.saturating_duration_since(since) >= self.back_after)
        };
        let better = (0..self.active.unwrap_or(0)).find(proven)?;
        self.next = Some(better);
        Some(Switch::AtKey(better))
    }
}

#[cfg(test)]
mod tests {
    use super::Health::{Gone, Good, Stalled};
    use super::*;

    #[test]
    fn the_best_healthy_input_is_read_and_a_better_one_when_it_has_proved_itself() {
        let start = Instant::now();
        let at = |s| start + Duration::from_secs(s);
        let mut s = Selection::new(3, Duration::from_secs(5));
        assert_eq!(s.look(&[Gone, Gone, Gone], at(0)), None);
        assert_eq!(s.look(&[Gone, Stalled, Good], at(1)), Some(Switch::Now(2)), "the first one needs no proof");
        s.switched(2);
        assert_eq!(s.look(&[Gone, Good, Good], at(2)), None);
        assert_eq!(s.look(&[Good, Good, Good], at(6)), None);
        assert_eq!(s.look(&[Good, Good, Good], at(7)), Some(Switch::AtKey(1)));
        assert_eq!(s.look(&[Good, Good, Good], at(8)), None, "its key frame is waited for");
        s.switched(1);
        assert_eq!(s.look(&[Stalled, Good, Good], at(9)), None);
        assert_eq!(s.look(&[Good, Good, Good], at(10)), None, "healthy again from here on");
        assert_eq!(s.look(&[Good, Good, Good], at(15)), Some(Switch::AtKey(0)));
        assert_eq!(s.look(&[Gone, Good, Good], at(16)), Some(Switch::Stay));
        assert_eq!(s.look(&[Good, Stalled, Good], at(17)), Some(Switch::Now(0)), "better a new one than none");
        s.switched(0);
        assert_eq!(s.look(&[Stalled, Stalled, Gone], at(18)), None, "it may go on");
        assert_eq!(s.look(&[Good, Good, Gone], at(19)), None);
        assert_eq!(s.look(&[Gone, Good, Gone], at(20)), Some(Switch::Now(1)));
        s.leave();
        assert_eq!(s.look(&[Good, Gone, Gone], at(21)), Some(Switch::Now(0)));
    }

    #[test]
    fn one_that_dies_before_its_key_frame_is_left_too() {
        let now = Instant::now();
        let mut s = Selection::new(2, Duration::from_secs(5));
        assert_eq!(s.look(&[Good, Good], now), Some(Switch::Now(0)));
        assert_eq!(s.look(&[Gone, Good], now), Some(Switch::Now(1)));
        assert_eq!(s.look(&[Gone, Gone], now), None);
        assert_eq!(s.look(&[Good, Gone], now), Some(Switch::Now(0)));
    }
}
