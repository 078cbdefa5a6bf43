//! What a player verifies: every frame came once, in order, unchanged, and of the right stream.

use crate::stamp::{Found, Stamp};
use rtmp_proto::{MediaKind, MediaMessage};
use serde::Serialize;

/// Sequence numbers that are remembered, to tell a late frame from a repeated one.
const REMEMBERED: u32 = 128;

/// What was found wrong, in messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Faults {
    /// Never came.
    pub lost: u64,
    /// Came after a later one.
    pub reordered: u64,
    /// Came again.
    pub repeated: u64,
    /// Came changed.
    pub corrupt: u64,
    /// Belongs to another stream.
    pub misrouted: u64,
    /// Carries an earlier time than the one before it.
    pub backwards: u64,
}

impl Faults {
    /// Whether nothing was wrong.
    pub fn is_clean(&self) -> bool {
        *self == Faults::default()
    }

    /// Adds what another one counted.
    pub fn merge(&mut self, other: &Faults) {
        self.lost += other.lost;
        self.reordered += other.reordered;
        self.repeated += other.repeated;
        self.corrupt += other.corrupt;
        self.misrouted += other.misrouted;
        self.backwards += other.backwards;
    }
}

/// What one message turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A stamped frame that came for the first time.
    New(Stamp),
    /// A stamped frame that was wrong or late.
    Wrong,
    /// Not one of ours: a header, data, or another encoder's frame.
    Unstamped,
}

/// The memory of one player.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    video: Lane,
    audio: Lane,
}

#[derive(Clone, Debug, Default)]
struct Lane {
    begun: bool,
    session: u32,
    stream: u32,
    highest: u32,
    /// Bit n: `highest - n` came.
    seen: u128,
    timestamp: u32,
}

impl Checker {
    /// Looks at one message; counts what is wrong.
    pub fn check(&mut self, message: &MediaMessage, faults: &mut Faults) -> Verdict {
        let lane = match message.kind {
            MediaKind::Video => &mut self.video,
            MediaKind::Audio => &mut self.audio,
            MediaKind::Data => return Verdict::Unstamped,
        };
        match Stamp::find(&message.payload) {
            Found::None => Verdict::Unstamped,
            Found::Corrupt => {
                faults.corrupt += 1;
                // It came, so it is not lost too.
                lane.changed();
                Verdict::Wrong
            }
            Found::Whole(stamp) => lane.frame(stamp, message.timestamp, faults),
        }
    }
}

impl Lane {
    /// A frame came whose number cannot be read: it stands for the next one.
    fn changed(&mut self) {
        if self.begun {
            self.highest = self.highest.wrapping_add(1);
            self.seen = self.seen << 1 | 1;
        }
    }

    fn frame(&mut self, stamp: Stamp, timestamp: u32, faults: &mut Faults) -> Verdict {
        if !self.begun || self.session != stamp.session {
            // The first frame, or another publisher's first one.
            *self = Lane {
                begun: true,
                session: stamp.session,
                stream: stamp.stream,
                highest: stamp.sequence,
                seen: 1,
                timestamp,
            };
            return Verdict::New(stamp);
        }
        if stamp.stream != self.stream {
            faults.misrouted += 1;
            return Verdict::Wrong;
        }
        let ahead = stamp.sequence.wrapping_sub(self.highest);
        if ahead == 0 || ahead > u32::MAX / 2 {
            let behind = self.highest.wrapping_sub(stamp.sequence);
            let bit = 1u128.checked_shl(behind).unwrap_or(0);
            if behind < REMEMBERED && self.seen & bit == 0 {
                // It was counted as lost when the later one came.
                self.seen |= bit;
                faults.lost = faults.lost.saturating_sub(1);
                faults.reordered += 1;
            } else {
                faults.repeated += 1;
            }
            return Verdict::Wrong;
        }
        faults.lost += u64::from(ahead - 1);
        self.highest = stamp.sequence;
        self.seen = self.seen.checked_shl(ahead).unwrap_or(0) | 1;
        if timestamp.wrapping_sub(self.timestamp) > u32::MAX / 2 {
            faults.backwards += 1;
        }
        self.timestamp = timestamp;
        Verdict::New(stamp)
    }
}

#[cfg(test)]
mod tests;
