//! Time: RTMP's 32-bit milliseconds, and a stream's own timeline.

mod drift;
mod jumps;
mod timeline;
pub use timeline::Timeline;

/// What is done to a publisher's timestamps.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Policy {
    /// They become a timeline that starts near 0 and never goes back: steps of the publisher's clock are removed, and audio
    /// keeps its distance to video. See [`Timeline`].
    #[default]
    Repair,
    /// They are what came: players get the publisher's own 32 bits, which RTMP allows to be in any order (RTMP 1.0 §5.3.1.2:
    /// every message is sent with its absolute time). Only the wrap is undone inside.
    Pass,
}

/// Makes 64-bit milliseconds of 32-bit ones, for one publisher: a step of less than 2^31 ms either way is taken as
/// such, so the wrap goes both ways (RTMP 1.0 5.3.1.2 on comparing timestamps).
#[derive(Clone, Copy, Debug, Default)]
pub struct Unwrap {
    last: Option<i64>,
}

impl Unwrap {
    /// Nothing seen yet: the first timestamp stands for itself.
    pub fn new() -> Unwrap {
        Unwrap::default()
    }

    /// The next timestamp, in 64 bits.
    pub fn unwrap_ms(&mut self, timestamp_ms: u32) -> i64 {
        let now = match self.last {
            None => i64::from(timestamp_ms),
            Some(last) => {
                let step = timestamp_ms.wrapping_sub(last as u32) as i32;
                last.saturating_add(i64::from(step))
            }
        };
        self.last = Some(now);
        now
    }
}

/// The RTMP and FLV timestamp of a time on a stream's timeline: whole milliseconds, modulo 2^32.
pub fn timestamp_ms(time_us: i64) -> u32 {
    time_us.div_euclid(1000) as u32
}
