//! Asking a job planner.

use std::ops::{Deref, DerefMut};

use super::host::with;
use crate::{AudioParams, Config, Fault, JobPlanner, MediaKind, TrackInfo, VideoParams, fourcc};

/// A configured job planner; its hooks are called as they are.
pub struct Jobs<P>(P);

impl<P: JobPlanner> Jobs<P> {
    /// Configures the planner with the operator's table, as JSON.
    ///
    /// # Errors
    /// What the planner says of the table.
    pub fn open(config: &str) -> Result<Jobs<P>, Fault> {
        with(|h| h.config = config.into());
        P::configure(Config::new(config.into())).map(Jobs)
    }
}

impl<P> Deref for Jobs<P> {
    type Target = P;
    fn deref(&self) -> &P {
        &self.0
    }
}

impl<P> DerefMut for Jobs<P> {
    fn deref_mut(&mut self) -> &mut P {
        &mut self.0
    }
}

/// H.264 of this size.
pub fn video_track(width: u32, height: u32) -> TrackInfo {
    let video =
        VideoParams { width, height, profile: 100, level: 40, bit_depth: 8, frame_rate: (25, 1), unit_length_bytes: 4 };
    let (id, kind, codec) = (0, MediaKind::Video, fourcc(b"avc1"));
    TrackInfo { id, kind, codec, video: Some(video), audio: None, extra: Vec::new() }
}

/// AAC in stereo.
pub fn audio_track() -> TrackInfo {
    let audio = AudioParams { sample_rate: 48_000, channels: 2, bits: 16, object_type: 2 };
    let (id, kind, codec) = (0, MediaKind::Audio, fourcc(b"mp4a"));
    TrackInfo { id, kind, codec, video: None, audio: Some(audio), extra: Vec::new() }
}
