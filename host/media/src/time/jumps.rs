//! Steps of a publisher's clock, and who has taken them.

use crate::Kind;

/// A step of more than this, not explained by the time that passed, is a step of the clock.
const STEP_MS: i64 = 1_000;
/// Another track's first timestamp may be so much before the stream's latest.
const FIRST_MS: i64 = 3_000;
/// Frames in a row behind the track's last one, after which it has stepped back: encoders that write presentation times
/// mix fewer than these.
const BEHIND: u8 = 16;
/// A step that a track has not shown after this is none of its own.
const SETTLED_MS: i64 = 10_000;
/// Steps that are remembered: a track may be a few behind another, and a step may be taken back.
const REMEMBERED: usize = 4;

/// The steps so far, each as what is added to timestamps that come after it.
#[derive(Clone, Debug)]
pub(super) struct Jumps {
    /// Oldest first, never empty.
    recent: Vec<Jump>,
}

#[derive(Clone, Copy, Debug)]
struct Jump {
    number: u64,
    shift_ms: i64,
    since_ms: i64,
}

/// Where one track is.
#[derive(Clone, Debug)]
pub(super) struct Track {
    pub(super) kind: Kind,
    pub(super) id: u8,
    /// Added to its timestamps alone.
    own_ms: i64,
    /// The last step it has taken.
    jump: u64,
    /// Its last time and when that came; none before the first frame.
    last: Option<(i64, i64)>,
    /// From a frame to the next, as it was last.
    pace_ms: i64,
    /// Frames in a row that were behind the last time.
    behind: u8,
}

impl Track {
    pub(super) fn new(kind: Kind, id: u8) -> Track {
        Track { kind, id, own_ms: 0, jump: 0, last: None, pace_ms: 0, behind: 0 }
    }

    /// The time of the next frame, which does not go back; it arrives at `now_ms`.
    pub(super) fn advance(&mut self, at_ms: i64, now_ms: i64) -> i64 {
        let before = self.last.map_or(0, |(last, _)| last);
        if self.last.is_some() {
            let pace = at_ms.saturating_sub(before);
            if (1..=STEP_MS).contains(&pace) {
                self.pace_ms = pace;
            }
            self.behind = if pace < 0 { self.behind.saturating_add(1) } else { 0 };
        }
        let at_ms = at_ms.max(before);
        self.last = Some((at_ms, now_ms));
        at_ms
    }
}

/// What a timestamp would mean.
struct Choice {
    jump: Jump,
    at_ms: i64,
    /// From where the track is expected to be.
    off_ms: i64,
}

impl Default for Jumps {
    fn default() -> Jumps {
        Jumps { recent: vec![Jump { number: 0, shift_ms: 0, since_ms: 0 }] }
    }
}

impl Jumps {
    /// The time of a frame of the track at `index` that says `source_ms`. Up to `explained_ms` nothing is odd about it, by the
    /// clock and by the other tracks; `latest_ms` is where the stream is.
    pub(super) fn place(
        &mut self,
        tracks: &mut [Track],
        index: usize,
        source_ms: i64,
        now_ms: i64,
        explained_ms: i64,
        latest_ms: i64,
    ) -> i64 {
        let newest = self.newest();
        let Some(track) = tracks.get_mut(index) else { return source_ms };
        let Some((last_ms, arrived_ms)) = track.last else {
            track.jump = newest.number;
            let at_ms = source_ms.saturating_add(newest.shift_ms);
            let near = latest_ms.saturating_sub(FIRST_MS)..=explained_ms.saturating_add(FIRST_MS);
            if !near.contains(&at_ms) {
                // A clock of its own.
                track.own_ms = latest_ms.saturating_sub(at_ms);
            }
            return at_ms.saturating_add(track.own_ms);
        };
        if track.jump != newest.number && now_ms.saturating_sub(newest.since_ms) > SETTLED_MS {
            self.settle(track);
        }
        let passed_ms = track.pace_ms.max(now_ms.saturating_sub(arrived_ms));
        let expected = last_ms..=last_ms.saturating_add(passed_ms);
        let near = last_ms.saturating_sub(STEP_MS)
            ..=explained_ms.max(last_ms.saturating_add(track.pace_ms)).saturating_add(STEP_MS);
        let choose = |jump: Jump| {
            let at_ms = source_ms.saturating_add(track.own_ms).saturating_add(jump.shift_ms);
            let off_ms = at_ms.saturating_sub(*expected.end()).max(expected.start().saturating_sub(at_ms)).max(0);
            Choice { jump, at_ms, off_ms }
        };
        let goes_on =
            |choice: &Choice| near.contains(&choice.at_ms) && (track.behind < BEHIND || choice.at_ms >= last_ms);
        let own = choose(self.find(track.jump));
        // What the others have done is as good as what this track did before, and the nearer one is right.
        let other = (track.jump != newest.number).then(|| choose(newest)).filter(|other| other.off_ms < own.off_ms);
        let usual = other.unwrap_or(own);
        let chosen = if goes_on(&usual) {
            Some(usual)
        } else {
            self.recent.iter().map(|jump| choose(*jump)).filter(goes_on).min_by_key(|choice| choice.off_ms)
        };
        if let Some(Choice { jump, at_ms, .. }) = chosen {
            track.jump = jump.number;
            return at_ms;
        }
        let at_ms = last_ms.saturating_add(passed_ms.max(1));
        self.begin(tracks, now_ms);
        if let (Some(track), Some(jump)) = (tracks.get_mut(index), self.recent.last_mut()) {
            jump.shift_ms = at_ms.saturating_sub(source_ms).saturating_sub(track.own_ms);
            track.jump = jump.number;
            track.behind = 0;
        }
        at_ms
    }

    /// Whether every track has taken the same steps.
    pub(super) fn is_settled(&self, tracks: &[Track]) -> bool {
        let newest = self.newest().number;
        tracks.iter().all(|t| t.jump == newest)
    }

    /// Room for a new step. Tracks that have not shown the last one in time, or are too far behind, keep what they have as
    /// their own.
    fn begin(&mut self, tracks: &mut [Track], now_ms: i64) {
        let newest = self.newest();
        let oldest = self.recent.first().map_or(0, |jump| jump.number);
        let full = self.recent.len() >= REMEMBERED;
        for track in tracks {
            let late = now_ms.saturating_sub(newest.since_ms) > SETTLED_MS || (full && track.jump == oldest);
            if track.jump != newest.number && late {
                self.settle(track);
            }
        }
        if full {
            self.recent.remove(0);
        }
        self.recent.push(Jump { number: newest.number.saturating_add(1), since_ms: now_ms, ..newest });
    }

    /// Makes what a track has not done its own.
    fn settle(&self, track: &mut Track) {
        let newest = self.newest();
        let difference = self.find(track.jump).shift_ms.saturating_sub(newest.shift_ms);
        track.own_ms = track.own_ms.saturating_add(difference);
        track.jump = newest.number;
    }

    fn find(&self, number: u64) -> Jump {
        self.recent.iter().find(|jump| jump.number == number).copied().unwrap_or_else(|| self.newest())
    }

    fn newest(&self) -> Jump {
        self.recent.last().copied().unwrap_or(Jump { number: 0, shift_ms: 0, since_ms: 0 })
    }
}
