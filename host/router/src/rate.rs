//! Bits per second over ten seconds.

use std::time::Duration;

use tokio::time::Instant;

const SECONDS: u64 = 10;

/// A sliding window of ten seconds, in steps of one.
#[derive(Debug)]
pub(crate) struct Rate {
    born: Instant,
    second: u64,
    bytes: [u64; SECONDS as usize],
}

impl Rate {
    pub(crate) fn new(now: Instant) -> Rate {
        Rate { born: now, second: 0, bytes: [0; SECONDS as usize] }
    }

    /// Counts bytes; tells whether more came in the last ten seconds than `kbps` lets through in that time.
    pub(crate) fn exceeds(&mut self, kbps: u32, bytes: usize, now: Instant) -> bool {
        let second = now.duration_since(self.born).as_secs();
        for passed in self.second.saturating_add(1)..=second.min(self.second.saturating_add(SECONDS)) {
            *self.slot(passed) = 0;
        }
        // After a longer silence the steps above have emptied every slot; what is left is to name them anew.
        self.second = second;
        let slot = self.slot(second);
        *slot = slot.saturating_add(bytes as u64);
        let bits = self.bytes.iter().sum::<u64>().saturating_mul(8);
        bits > u64::from(kbps).saturating_mul(1000).saturating_mul(SECONDS)
    }

    fn slot(&mut self, second: u64) -> &mut u64 {
        &mut self.bytes[(second % SECONDS) as usize]
    }
}

/// How long a session took, for its summary.
pub(crate) fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
