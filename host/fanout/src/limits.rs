//! What a stream and the registry may hold.

use std::time::Duration;

/// What the ring of one stream may hold. Times are since a frame arrived, so a publisher's timestamps change nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Whether a joiner starts at the newest key frame at once (true), or waits for the next one.
    pub gop: bool,
    /// Bytes of frame bodies. Default 16 MiB.
    pub bytes: usize,
    /// Frames. Default 2,500.
    pub frames: usize,
    /// From the oldest frame to the newest. Default 10 s.
    pub time: Duration,
    /// How far a subscriber may fall behind before it jumps, unless it still reads the newest GOP. Default 2 s; frames
    /// older than this are kept only as part of the newest GOP.
    pub lag: Duration,
    /// How far back joiners may want to start, see [`Start::Buffered`](crate::Start::Buffered): frames are kept from the key
    /// frame before that on, as far as the other limits let. Default 0.
    pub back: Duration,
    /// Which subscribers are too slow, and what becomes of them.
    pub slow: Slow,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            gop: true,
            bytes: 16 << 20,
            frames: 2_500,
            time: Duration::from_secs(10),
            lag: Duration::from_secs(2),
            back: Duration::ZERO,
            slow: Slow::default(),
        }
    }
}

/// Which subscribers are too slow: those with more than this still to read while there is a newer key frame, and those
/// that have fallen out of the ring. What they get when they join is not counted until they have read it once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slow {
    /// Whether they are ended. If not, they jump to the newest key frame.
    pub close: bool,
    /// Bytes of frame bodies. Default 16 MiB.
    pub bytes: u64,
    /// From the next frame they would read to the newest. Default 10 s.
    pub time: Duration,
}

impl Default for Slow {
    fn default() -> Slow {
        Slow { close: false, bytes: 16 << 20, time: Duration::from_secs(10) }
    }
}

/// What the registry may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Streams with a publisher. Default 10,000.
    pub streams: usize,
    /// Names that have subscribers and no publisher. Default 10,000.
    pub waiting: usize,
    /// Subscribers of one stream. Default 100,000.
    pub subscribers: usize,
}

impl Default for Bounds {
    fn default() -> Bounds {
        Bounds { streams: 10_000, waiting: 10_000, subscribers: 100_000 }
    }
}
