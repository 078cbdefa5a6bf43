//! Where a joiner begins.

use std::time::Duration;

/// Where a subscriber of a stream that is live begins. One that was there before the publisher gets its every frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Start {
    /// At the newest key frame, or at the next one if there is no GOP cache.
    #[default]
    Key,
    /// At the next key frame: as live as a picture can be, after a wait of up to a GOP.
    NextKey,
    /// At the newest frame of any kind, behind the headers; video from its next key frame on.
    Live,
    /// At the newest key frame that is at least so old, or the oldest that is kept: see
    /// [`Limits::back`](crate::Limits::back).
    Buffered(Duration),
}
