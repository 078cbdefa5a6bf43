//! The time that guests see.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where `weir:filter/clock` gets its time.
#[derive(Clone, Debug)]
pub enum Clock {
    /// The machine's; monotonic time starts when the clock is made.
    Real(Instant),
    /// Set by the owner: two runs over one file see the same times.
    Virtual(Arc<Virtual>),
}

/// A clock that only moves when told to.
#[derive(Debug)]
pub struct Virtual {
    unix_start_ms: u64,
    now_us: AtomicI64,
}

impl Clock {
    /// The machine's clock.
    pub fn real() -> Clock {
        Clock::Real(Instant::now())
    }

    /// A clock that stands at `unix_start_ms` (milliseconds since 1970-01-01 UTC) until [`Virtual::set`] moves it.
    pub fn stopped_at(unix_start_ms: u64) -> (Clock, Arc<Virtual>) {
        let clock = Arc::new(Virtual { unix_start_ms, now_us: AtomicI64::new(0) });
        (Clock::Virtual(clock.clone()), clock)
    }

    /// Nanoseconds from a fixed point; never goes back.
    pub fn monotonic_ns(&self) -> u64 {
        match self {
            Clock::Real(start) => u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX),
            Clock::Virtual(v) => v.now_us().saturating_mul(1000),
        }
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn unix_ms(&self) -> u64 {
        match self {
            Clock::Real(_) => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(0, |d| u64::try_from(d.as_millis()).unwrap_or(u64::MAX)),
            Clock::Virtual(v) => v.unix_start_ms.saturating_add(v.now_us() / 1000),
        }
    }
}

impl Virtual {
    /// Moves the clock to `us` microseconds behind its start; a clock never goes back, so an earlier time changes nothing.
    pub fn set(&self, us: i64) {
        self.now_us.fetch_max(us, Ordering::Relaxed);
    }

    fn now_us(&self) -> u64 {
        u64::try_from(self.now_us.load(Ordering::Relaxed)).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_moves_only_when_told_and_never_back() {
        let (clock, hand) = Clock::stopped_at(1_700_000_000_000);
        assert_eq!((clock.monotonic_ns(), clock.unix_ms()), (0, 1_700_000_000_000));
        hand.set(2_500_000);
        hand.set(1_000_000);
        assert_eq!((clock.monotonic_ns(), clock.unix_ms()), (2_500_000_000, 1_700_000_002_500));
    }

    #[test]
    fn the_real_clock_is_past_2020_and_moves() {
        let clock = Clock::real();
        let before = clock.monotonic_ns();
        assert!(clock.unix_ms() > 1_577_836_800_000);
        while clock.monotonic_ns() == before {}
    }
}
