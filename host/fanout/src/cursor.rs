//! Where one reader stands in a ring.

use std::sync::Arc;

use media::{Content, Kind};
use tokio::time::Instant;

use crate::ring::Ring;
use crate::{Entry, Event, Position, Start};

/// An index into a ring and what its owner has seen: all that a subscriber costs.
#[derive(Debug)]
pub(crate) struct Cursor {
    /// The publisher that is being read, or the last one whose end was reported.
    session: u64,
    place: Place,
    /// Bytes of bodies after which a batch ends.
    batch_bytes: u32,
    /// What was there when it came, or jumped, is read in its own time: slow is who has more before it after that.
    joined: u64,
    /// No video until the next key frame: pictures that would refer to it are missing. Since when the first was held back.
    gate: Option<Gate>,
    pub(crate) skipped: u64,
    pub(crate) jumps: u32,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// No publisher.
    Idle,
    /// A late joiner before its first frame; without a GOP cache, key frames before `from` are not for it.
    Joining { from: u64, how: Start },
    /// Fell out of the ring; every entry before `at` was delivered.
    Lagging { at: u64 },
    /// The next entry to deliver; all before it were, or were skipped.
    At(u64),
    /// Was too slow.
    Dismissed,
}

/// What holds video back.
#[derive(Clone, Copy, Debug)]
struct Gate(Option<Instant>);

impl Cursor {
    /// A reader that comes now.
    pub(crate) fn new(ring: &Ring, how: Start, batch_bytes: u32) -> Cursor {
        let place = match ring.is_live() {
            // Before the first frame nobody is late.
            true if ring.released() == ring.session_start() => Place::At(ring.released()),
            true => Place::Joining { from: ring.released(), how },
            false => Place::Idle,
        };
        Cursor { session: ring.session(), place, batch_bytes, joined: 0, gate: None, skipped: 0, jumps: 0 }
    }

    pub(crate) fn session(&self) -> u64 {
        self.session
    }

    /// The next entry to deliver, if every one before it was delivered or skipped and every one from it on will be.
    pub(crate) fn position(&self) -> Option<Position> {
        match self.place {
            Place::At(at) if self.gate.is_none() => Some(Position { session: self.session, at }),
            _ => None,
        }
    }

    /// Everything before `position` was delivered by someone else.
    pub(crate) fn move_to(&mut self, position: Position) {
        if let Place::At(at) = &mut self.place
            && position.session == self.session
        {
            *at = position.at.max(*at);
        }
    }

    /// What happened since the last call, or nothing. Frames are appended to `batch`.
    pub(crate) fn advance(&mut self, ring: &Ring, batch: &mut Vec<Arc<Entry>>) -> Option<Event> {
        if let Place::Dismissed = self.place {
            return None;
        }
        if let Place::Idle = self.place {
            if ring.session() == self.session {
                return None;
            }
            self.session = ring.session();
            self.begin(ring);
            return Some(Event::Started);
        }
        if ring.session() != self.session {
            if let Some(at) = self.left_to_finish(ring) {
                self.read(ring, at, batch);
                return Some(Event::Frames);
            }
            if self.session < ring.chain() {
                self.place = Place::Idle;
                return Some(Event::Ended);
            }
            // To its readers it is the same publisher, whose pictures refer to others than theirs.
            self.session = ring.session();
            self.begin(ring);
            self.gate = Some(Gate(None));
        }
        if let Place::At(at) = self.place
            && (at < ring.first() || (at >= self.joined && ring.is_slow(at)))
        {
            self.place = Place::Lagging { at };
        }
        let moved = match self.place {
            Place::At(at) => self.read(ring, at, batch),
            Place::Joining { from, how } => self.start(ring, from, how, 0, batch).is_some(),
            Place::Lagging { .. } if ring.limits.slow.close => {
                self.place = Place::Dismissed;
                return Some(Event::TooSlow);
            }
            Place::Lagging { at } => match self.start(ring, 0, Start::Key, at, batch) {
                Some(start) => {
                    self.jumps += 1;
                    self.skipped += start.saturating_sub(at);
                    true
                }
                None => false,
            },
            Place::Idle | Place::Dismissed => false,
        };
        if moved {
            Some(Event::Frames)
        } else if ring.is_over() {
            self.place = Place::Idle;
            Some(Event::Ended)
        } else {
            None
        }
    }

    /// Reads a publisher from its first frame on.
    fn begin(&mut self, ring: &Ring) {
        self.place = Place::At(ring.session_start());
        self.joined = 0;
        self.gate = None;
    }

    /// Where to read on in what is left of a publisher that another one has followed.
    fn left_to_finish(&self, ring: &Ring) -> Option<u64> {
        let followed = ring.session() == self.session + 1;
        match self.place {
            Place::At(at) if followed && at >= ring.first() && at < ring.session_start() => Some(at),
            _ => None,
        }
    }

    /// Starts where `how` says, behind the headers that came after entry `delivered`.
    fn start(
        &mut self,
        ring: &Ring,
        from: u64,
        how: Start,
        delivered: u64,
        batch: &mut Vec<Arc<Entry>>,
    ) -> Option<u64> {
        let (start, headers) = ring.place_to_start(from, how)?;
        batch.extend(headers.iter().filter(|h| h.number >= delivered).map(|h| Arc::clone(&h.entry)));
        self.joined = ring.released();
        self.gate = (how == Start::Live).then_some(Gate(None));
        self.read(ring, start, batch);
        Some(start)
    }

    fn read(&mut self, ring: &Ring, at: u64, batch: &mut Vec<Arc<Entry>>) -> bool {
        let had = batch.len();
        let copied = ring.copy(at, self.batch_bytes as usize, batch);
        self.place = Place::At(at + copied);
        if self.gate.is_some() {
            self.hold_back(ring, had, batch);
        }
        copied > 0
    }

    /// Takes the pictures without a key frame before them out of what was read.
    fn hold_back(&mut self, ring: &Ring, had: usize, batch: &mut Vec<Arc<Entry>>) {
        let mut kept = had;
        for at in had..batch.len() {
            let entry = &batch[at];
            let picture =
                entry.frame.kind == Kind::Video && matches!(entry.frame.content, Content::Coded | Content::Opaque);
            let held = match &mut self.gate {
                Some(Gate(since)) if picture && !entry.frame.key => {
                    // Some encoders never send a key frame: their pictures heal in time.
                    let since = *since.get_or_insert(entry.arrived());
                    entry.arrived().saturating_duration_since(since) <= ring.limits.time
                }
                _ => false,
            };
            if picture && !held && ring.leads(&entry.frame) {
                self.gate = None;
            }
            if held {
                self.skipped += 1;
            } else {
                batch.swap(kept, at);
                kept += 1;
            }
        }
        batch.truncate(kept);
        if !ring.knows_video() {
            // Sound alone has nothing to wait for; if pictures come, they begin with a key frame.
            self.gate = None;
        }
    }
}
