//! A stream's own timeline.

use super::Policy;
use super::drift::Drift;
use super::jumps::{Jumps, Track};
use crate::Kind;

/// A publisher that starts within this is not shifted, so that players see its own timestamps.
const NEAR_ZERO_MS: i64 = 1_000;
/// Where the first frame of any other publisher goes: room for a track whose first timestamp is a little earlier.
const LEAD_MS: i64 = 500;

/// Maps a publisher's timestamps (64-bit milliseconds, see [`super::Unwrap`]) to the stream's own time in microseconds.
///
/// [`Policy::Pass`] gives what came. [`Policy::Repair`], the default:
/// * The first timestamp sets the offset of all tracks, so the distance of audio and video stays. One within a second
///   of 0 is kept as it is; any other is placed at 0.5 s, so that a track that starts a little earlier fits as well.
/// * A step of more than a second that the clock of arrival does not explain is removed: forward, backward, and a start
///   from 0 in mid-stream. The track goes on where it is, and the other tracks lose the same amount when they show the
///   same step, at whichever frame they do, so audio and video keep their distance. A step that one track shows alone is
///   removed for it alone; one that is taken back is taken back.
/// * A gap that passed in real time is a gap, and a publisher may run ahead of real time as a file does.
/// * Time never goes back within a track, nor before 0: a timestamp that does is raised. A track that stays behind for
///   sixteen frames has stepped back, by less than a second, and that is removed as well.
/// * Audio and video that drift apart by more than half a second, against their arrival, are brought together again by
///   6 ms per second at most.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    policy: Policy,
    /// Added to every timestamp: what the first one asked for.
    offset_ms: Option<i64>,
    latest_ms: i64,
    /// How far ahead of the clock of arrival the stream has been.
    lead_ms: i64,
    jumps: Jumps,
    drift: Drift,
    tracks: Vec<Track>,
}

impl Timeline {
    /// A stream that has not started, with repair.
    pub fn new() -> Timeline {
        Timeline::default()
    }

    /// A stream that has not started.
    pub fn with(policy: Policy) -> Timeline {
        Timeline { policy, ..Timeline::default() }
    }

    /// Decoding time in microseconds of the next frame of a track, which arrives at `now_ms` of any clock that does not go
    /// back.
    pub fn place(&mut self, kind: Kind, track: u8, timestamp_ms: i64, now_ms: i64) -> i64 {
        if self.policy == Policy::Pass {
            self.latest_ms = self.latest_ms.max(timestamp_ms);
            return timestamp_ms.saturating_mul(1000);
        }
        let first = self.offset_ms.is_none();
        let offset_ms = *self.offset_ms.get_or_insert_with(|| match timestamp_ms {
            0..=NEAR_ZERO_MS => 0,
            _ => LEAD_MS.saturating_sub(timestamp_ms),
        });
        let source_ms = timestamp_ms.saturating_add(offset_ms);
        if first {
            self.latest_ms = source_ms;
            self.lead_ms = source_ms.saturating_sub(now_ms);
        }
        let index = match self.tracks.iter().position(|t| t.id == track && t.kind == kind) {
            Some(index) => index,
            None => {
                self.tracks.push(Track::new(kind, track));
                self.tracks.len().saturating_sub(1)
            }
        };
        // What this clock explains: time that goes on at the pace at which frames come.
        let explained_ms = self.latest_ms.max(now_ms.saturating_add(self.lead_ms));
        let source_ms = source_ms.saturating_add(self.drift.shift_ms(kind));
        let at_ms = self.jumps.place(&mut self.tracks, index, source_ms, now_ms, explained_ms, self.latest_ms);
        match self.jumps.is_settled(&self.tracks) {
            true => self.drift.note(kind, at_ms.saturating_sub(now_ms)),
            false => self.drift.pause(),
        }
        let Some(track) = self.tracks.get_mut(index) else { return 0 };
        let last_ms = track.advance(at_ms, now_ms);
        self.lead_ms = self.lead_ms.max(last_ms.saturating_sub(now_ms));
        self.latest_ms = self.latest_ms.max(last_ms);
        last_ms.saturating_mul(1000)
    }

    /// The latest decoding time given out, in microseconds.
    pub fn latest_us(&self) -> i64 {
        self.latest_ms.saturating_mul(1000)
    }
}
