//! Warnings about a filter are limited: one that fails for each of a thousand viewers, or for each new name that a publisher thinks up,
//! must not become a flood of lines. What is held back is counted, and told with the next line of its kind.

use crate::Clock;
use crate::host::LineRate;

/// Lines of one kind about one filter, whatever stream, viewer or peer they are of, ...
const MOST: u32 = 5;
/// ... in so many seconds: as many as lead to the breaker, by default.
const WINDOW_SECONDS: u64 = 10;

/// What is warned of. Each kind is counted alone: a flood of one does not hide another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Warning {
    /// A call failed.
    Failed,
    /// A breaker opened.
    LeftOut,
    /// A call ended an instance that others share.
    SetApart,
    /// A stream went back to the generation before.
    WentBack,
    /// Something was lost as a generation was replaced, or could not be.
    Replaced,
    /// A session filter was not heard: denied, or allowed without it.
    Unheard,
    /// A session filter failed, and is asked once more or in another's place.
    AskedAgain,
}

/// See the module. One for all generations of a filter.
#[derive(Debug)]
pub(crate) struct Warnings([LineRate; 7]);

impl Default for Warnings {
    fn default() -> Warnings {
        Warnings(std::array::from_fn(|_| LineRate::new(MOST)))
    }
}

/// A line may be written.
pub(crate) struct Pass {
    /// As many were held back before it, if any.
    pub(crate) held_back: Option<u64>,
}

impl Warnings {
    /// None: the line is held back.
    pub(crate) fn pass(&self, kind: Warning, clock: &Clock) -> Option<Pass> {
        let window = clock.monotonic_ns() / (WINDOW_SECONDS * 1_000_000_000);
        let held_back = self.0.get(kind as usize)?.admit(window)?;
        Some(Pass { held_back: (held_back > 0).then_some(held_back) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_is_held_back_and_counted_by_kind() {
        let (clock, time) = Clock::stopped_at(0);
        let warnings = Warnings::default();
        let passed = (0..1000).filter(|_| warnings.pass(Warning::Failed, &clock).is_some()).count();
        assert_eq!(passed, MOST as usize);
        assert!(warnings.pass(Warning::AskedAgain, &clock).is_some_and(|pass| pass.held_back.is_none()));
        time.set(10_000_000);
        let next = warnings.pass(Warning::Failed, &clock).expect("a new window");
        assert_eq!(next.held_back, Some(1000 - u64::from(MOST)));
    }
}
