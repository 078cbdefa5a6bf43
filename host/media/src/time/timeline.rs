//! A stream's own timeline.

use crate::Kind;

/// A publisher that starts within this is not shifted, so that players see its own timestamps.
const NEAR_ZERO_MS: i64 = 1_000;
/// Where the first frame of any other publisher goes: room for a track whose first timestamp is a little earlier.
const LEAD_MS: i64 = 500;
/// A step back of more than this within a track is a clock that started anew.
const RESTART_MS: i64 = 3_000;

/// Maps a publisher's timestamps (64-bit milliseconds, see [`super::Unwrap`]) to the stream's own time in microseconds.
///
/// Policy:
/// * The first timestamp sets the offset of all tracks, so the distance of audio and video stays. One within a second
///   of 0 is kept as it is; any other is placed at 0.5 s, so that a track that starts a little earlier fits as well.
/// * Time never goes back within a track: a timestamp up to three seconds before the track's last one is raised to it,
///   one further back is a clock that started anew, and the track goes on where the stream is. The tracks that follow
///   take the same new offset, so their distance stays.
/// * Time before 0 becomes 0. Steps forward are kept: a gap is a gap.
#[derive(Clone, Debug, Default)]
pub struct Timeline {
    offset_ms: Option<i64>,
    latest_ms: i64,
    tracks: Vec<Track>,
}

#[derive(Clone, Debug)]
struct Track {
    kind: Kind,
    id: u8,
    offset_ms: i64,
    last_ms: i64,
}

impl Timeline {
    /// A stream that has not started.
    pub fn new() -> Timeline {
        Timeline::default()
    }

    /// Decoding time in microseconds of the next frame of a track.
    pub fn place(&mut self, kind: Kind, track: u8, timestamp_ms: i64) -> i64 {
        let offset = *self.offset_ms.get_or_insert_with(|| match timestamp_ms {
            0..=NEAR_ZERO_MS => 0,
            _ => LEAD_MS.saturating_sub(timestamp_ms),
        });
        let index = match self.tracks.iter().position(|t| t.id == track && t.kind == kind) {
            Some(index) => index,
            None => {
                self.tracks.push(Track { kind, id: track, offset_ms: offset, last_ms: 0 });
                self.tracks.len().saturating_sub(1)
            }
        };
        let Some(track) = self.tracks.get_mut(index) else { return 0 };
        let floor = track.last_ms.saturating_sub(RESTART_MS);
        let mut at = timestamp_ms.saturating_add(track.offset_ms);
        if at < floor {
            if timestamp_ms.saturating_add(offset) < floor {
                self.offset_ms = Some(self.latest_ms.saturating_sub(timestamp_ms));
            }
            track.offset_ms = self.offset_ms.unwrap_or(offset);
            at = timestamp_ms.saturating_add(track.offset_ms);
        }
        track.last_ms = at.max(track.last_ms);
        self.latest_ms = self.latest_ms.max(track.last_ms);
        track.last_ms.saturating_mul(1000)
    }

    /// The latest decoding time given out, in microseconds.
    pub fn latest_us(&self) -> i64 {
        self.latest_ms.saturating_mul(1000)
    }

    /// Another publisher goes on with this stream: its first timestamp is placed `gap_ms` behind the latest time, and
    /// its tracks keep their distance.
    pub fn resume(&mut self, first_timestamp_ms: i64, gap_ms: i64) {
        if self.offset_ms.is_none() {
            return;
        }
        let start = self.latest_ms.saturating_add(gap_ms.max(0));
        self.offset_ms = Some(start.saturating_sub(first_timestamp_ms));
        // A track that was not there at the switch takes the new offset as well; none goes back.
        for track in &mut self.tracks {
            track.offset_ms = start.saturating_sub(first_timestamp_ms);
        }
    }
}
