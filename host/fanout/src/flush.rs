//! When frames leave for the subscribers.

use std::time::Duration;

use media::{Content, Frame, Kind};

/// When the frames of a publisher leave for its subscribers. Every flush costs one send per subscriber, and that is most of
/// what a subscriber costs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Flush {
    /// Audio waits for the next video frame, at most [`AUDIO_HOLD`]; video, headers and data leave at once, and audio does
    /// where there is no video.
    #[default]
    AudioHold,
    /// Everything leaves at once.
    Immediate,
    /// What comes within this time leaves together.
    Merge(Duration),
}

/// How long audio may wait for a video frame.
pub const AUDIO_HOLD: Duration = Duration::from_millis(50);

impl Flush {
    /// How long this frame may wait for others. `video`: whether the stream has video.
    pub(crate) fn patience(self, frame: &Frame, video: bool) -> Duration {
        match self {
            Flush::Immediate => Duration::ZERO,
            Flush::AudioHold => {
                let waits =
                    video && frame.kind == Kind::Audio && matches!(frame.content, Content::Coded | Content::Opaque);
                if waits { AUDIO_HOLD } else { Duration::ZERO }
            }
            Flush::Merge(time) => time,
        }
    }
}
