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
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { gop: true, bytes: 16 << 20, frames: 2_500, time: Duration::from_secs(10), lag: Duration::from_secs(2) }
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
