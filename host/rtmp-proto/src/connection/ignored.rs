//! How often a misbehaving peer gets a line in the log.

use std::time::Duration;

/// Lines at once, before the pace below.
const BURST: u32 = 8;
/// One more line per.
const PACE: Duration = Duration::from_secs(1);

/// A token bucket.
#[derive(Debug)]
pub(crate) struct Throttle {
    tokens: u32,
    refilled: Duration,
    suppressed: u64,
}

impl Default for Throttle {
    fn default() -> Self {
        Throttle { tokens: BURST, refilled: Duration::ZERO, suppressed: 0 }
    }
}

impl Throttle {
    /// How many were suppressed before this one; `None`: this one is suppressed too.
    pub(crate) fn admit(&mut self, now: Duration) -> Option<u64> {
        let steps = now.saturating_sub(self.refilled).as_secs().checked_div(PACE.as_secs()).unwrap_or(0);
        if steps > 0 {
            self.tokens = self.tokens.saturating_add(u32::try_from(steps).unwrap_or(u32::MAX)).min(BURST);
            self.refilled = now;
        }
        if self.tokens == 0 {
            self.suppressed = self.suppressed.saturating_add(1);
            return None;
        }
        self.tokens = self.tokens.saturating_sub(1);
        Some(std::mem::take(&mut self.suppressed))
    }
}
