//! Audio and video whose clocks run at different speeds.

use crate::Kind;

/// Pairs of an audio and a video frame next to each other over which their distance is averaged: ten seconds or so.
const MEMORY: i64 = 512;
/// Pairs after which the distance counts as the publisher's own.
const WARM_UP: u32 = 1_024;
/// A distance that has changed by more than this is drift. Encoders under load send pictures late by less.
const TOO_MUCH_MS: i64 = 500;
/// Drift is corrected until no more than this is left.
const LITTLE_MS: i64 = 100;
/// Frames per millisecond of correction: 6 ms per second or less at usual rates, which nobody sees or hears.
const VIDEO_FRAMES: u8 = 4;
const AUDIO_FRAMES: u8 = 8;
/// Averages are kept in parts of a millisecond.
const PARTS: i64 = 1_024;

/// How far audio and video are ahead of the clock of arrival, where they come next to each other: what one connection
/// delays, it delays for both. The one that has moved further from that clock since the start is corrected.
#[derive(Clone, Debug, Default)]
pub(super) struct Drift {
    pairs: u32,
    audio: Side,
    video: Side,
    /// The last frame: whether it was video, and how far ahead it was.
    before: Option<(bool, i64)>,
    correcting: bool,
}

#[derive(Clone, Debug, Default)]
struct Side {
    mean: i64,
    start: i64,
    shift_ms: i64,
    frames: u8,
}

impl Drift {
    /// What is added to the time of the next frame, in milliseconds.
    pub(super) fn shift_ms(&mut self, kind: Kind) -> i64 {
        if self.correcting {
            self.step(kind);
        }
        match kind {
            Kind::Video => self.video.shift_ms,
            Kind::Audio => self.audio.shift_ms,
            Kind::Data => 0,
        }
    }

    /// A frame has been placed so far ahead of the clock of arrival.
    pub(super) fn note(&mut self, kind: Kind, ahead_ms: i64) {
        let video = kind == Kind::Video;
        if let Some((other, other_ms)) = self.before.replace((video, ahead_ms))
            && other != video
        {
            let (audio_ms, video_ms) = if video { (other_ms, ahead_ms) } else { (ahead_ms, other_ms) };
            self.learn(audio_ms, video_ms);
        }
    }

    /// What comes next has nothing to do with what came last.
    pub(super) fn pause(&mut self) {
        self.before = None;
    }

    fn learn(&mut self, audio_ms: i64, video_ms: i64) {
        self.audio.learn(audio_ms, self.pairs);
        self.video.learn(video_ms, self.pairs);
        if self.pairs < WARM_UP {
            self.pairs = self.pairs.saturating_add(1);
            self.audio.start = self.audio.mean;
            self.video.start = self.video.mean;
            return;
        }
        let drift_ms = self.audio.moved_ms().saturating_sub(self.video.moved_ms()).saturating_abs();
        self.correcting = drift_ms > if self.correcting { LITTLE_MS } else { TOO_MUCH_MS };
    }

    /// A millisecond now and then, towards where it was.
    fn step(&mut self, kind: Kind) {
        let video_is_off = self.video.moved_ms().saturating_abs() > self.audio.moved_ms().saturating_abs();
        let (side, every) = match kind {
            Kind::Video if video_is_off => (&mut self.video, VIDEO_FRAMES),
            Kind::Audio if !video_is_off => (&mut self.audio, AUDIO_FRAMES),
            _ => return,
        };
        side.frames = side.frames.saturating_add(1);
        if side.frames >= every {
            side.frames = 0;
            side.shift_ms = side.shift_ms.saturating_sub(side.moved_ms().signum());
        }
    }
}

impl Side {
    fn learn(&mut self, ahead_ms: i64, pairs: u32) {
        let parts = ahead_ms.saturating_mul(PARTS);
        let known = i64::from(pairs).saturating_add(1).min(MEMORY);
        let off = parts.saturating_sub(self.mean);
        self.mean = self.mean.saturating_add(off.checked_div(known).unwrap_or(0));
    }

    fn moved_ms(&self) -> i64 {
        self.mean.saturating_sub(self.start).div_euclid(PARTS)
    }
}
