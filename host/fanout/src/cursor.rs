//! Where one reader stands in a ring.

use std::sync::Arc;

use crate::ring::Ring;
use crate::{Entry, Event, Position};

/// An index into a ring and what its owner has seen: all that a subscriber costs.
#[derive(Debug)]
pub(crate) struct Cursor {
    /// The publisher that is being read, or the last one whose end was reported.
    session: u64,
    place: Place,
    /// Bytes of bodies after which a batch ends.
    batch_bytes: usize,
    pub(crate) skipped: u64,
    pub(crate) jumps: u64,
}

#[derive(Clone, Copy, Debug)]
enum Place {
    /// No publisher.
    Idle,
    /// A late joiner before its first frame; key frames before `from` are not for it if there is no GOP cache.
    Joining { from: u64 },
    /// Fell out of the ring; every entry before `at` was delivered.
    Lagging { at: u64 },
    /// The next entry to deliver; all before it were, or were skipped.
    At(u64),
}

impl Cursor {
    /// A reader that comes now.
    pub(crate) fn new(ring: &Ring, batch_bytes: usize) -> Cursor {
        let place = match ring.is_live() {
            // Before the first frame nobody is late.
            true if ring.released() == ring.session_start() => Place::At(ring.released()),
            true => Place::Joining { from: ring.released() },
            false => Place::Idle,
        };
        Cursor { session: ring.session(), place, batch_bytes, skipped: 0, jumps: 0 }
    }

    pub(crate) fn session(&self) -> u64 {
        self.session
    }

    /// The next entry to deliver, if every one before it was delivered or skipped.
    pub(crate) fn position(&self) -> Option<Position> {
        match self.place {
            Place::At(at) => Some(Position { session: self.session, at }),
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
        if let Place::Idle = self.place {
            if ring.session() == self.session {
                return None;
            }
            self.session = ring.session();
            self.place = Place::At(ring.session_start());
            return Some(Event::Started);
        }
        if ring.session() != self.session {
            if self.may_finish(ring)
                && let Place::At(at) = self.place
            {
                self.read(ring, at, batch);
                return Some(Event::Frames);
            }
            self.place = Place::Idle;
            return Some(Event::Ended);
        }
        if let Place::At(at) = self.place
            && at < ring.first()
        {
            self.place = Place::Lagging { at };
        }
        let moved = match self.place {
            Place::At(at) => self.read(ring, at, batch),
            Place::Joining { from } => self.start(ring, from, 0, batch).is_some(),
            Place::Lagging { at } => match self.start(ring, 0, at, batch) {
                Some(start) => {
                    self.jumps += 1;
                    self.skipped += start - at;
                    true
                }
                None => false,
            },
            Place::Idle => false,
        };
        if moved {
            Some(Event::Frames)
        } else if ring.is_live() {
            None
        } else {
            self.place = Place::Idle;
            Some(Event::Ended)
        }
    }

    /// Whether something is left of a publisher that another one has followed.
    fn may_finish(&self, ring: &Ring) -> bool {
        let followed = ring.session() == self.session + 1;
        followed && matches!(self.place, Place::At(at) if at >= ring.first() && at < ring.session_start())
    }

    /// Starts at the newest place there is, behind the headers that came after entry `delivered`.
    fn start(&mut self, ring: &Ring, from: u64, delivered: u64, batch: &mut Vec<Arc<Entry>>) -> Option<u64> {
        let (start, headers) = ring.place_to_start(from)?;
        batch.extend(headers.iter().filter(|h| h.number >= delivered).map(|h| Arc::clone(&h.entry)));
        self.read(ring, start, batch);
        Some(start)
    }

    fn read(&mut self, ring: &Ring, at: u64, batch: &mut Vec<Arc<Entry>>) -> bool {
        let copied = ring.copy(at, self.batch_bytes, batch);
        self.place = Place::At(at + copied);
        copied > 0
    }
}
