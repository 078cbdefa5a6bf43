//! What goes to every player that stands at one place, made once.

use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use fanout::{Entry, Follower, Position};

use super::Form;

/// Bytes up to which a parcel is gathered in one buffer: a plain send of one is cheaper than a vectored one of several, which
/// pays for the copy from the second player on.
const GATHER_BYTES: usize = 256 * 1024;

/// The frames from one place to where the stream is now, as wire bytes.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) messages: Vec<Bytes>,
    /// The same in one piece, once a second player gets it.
    pub(super) gathered: Option<Bytes>,
    /// Bytes of all messages.
    pub(super) bytes: usize,
    pub(super) frames: u64,
    /// Bytes of the frames' bodies.
    pub(super) body_bytes: u64,
    /// Where a player stands that has it.
    pub(super) next: Position,
    given: usize,
}

impl Parcel {
    fn new(entries: &[Arc<Entry>], form: Form, next: Position) -> Parcel {
        let messages: Vec<Bytes> = entries.iter().map(|e| form.of(e)).filter(|m| !m.is_empty()).collect();
        Parcel {
            bytes: messages.iter().map(Bytes::len).sum(),
            frames: entries.len() as u64,
            body_bytes: entries.iter().map(|e| e.frame.body.len() as u64).sum(),
            gathered: None,
            messages,
            next,
            given: 0,
        }
    }

    /// Gathers what is given often.
    fn give(&mut self) -> &Parcel {
        self.given += 1;
        if self.given == 2 && self.messages.len() > 1 && self.bytes <= GATHER_BYTES {
            let mut all = BytesMut::with_capacity(self.bytes);
            for message in &self.messages {
                all.extend_from_slice(message);
            }
            self.gathered = Some(all.freeze());
        }
        self
    }
}

/// The parcels of one walk, by place and form. Few: nearly all players stand at one place.
pub(super) struct Parcels<'a> {
    follower: &'a Follower,
    made: Vec<(Position, Form, Option<Parcel>)>,
    batch: Vec<Arc<Entry>>,
    /// Bytes and messages that sockets took during the walk.
    pub(super) bytes: u64,
    pub(super) messages: u64,
}

impl<'a> Parcels<'a> {
    pub(super) fn new(follower: &'a Follower) -> Parcels<'a> {
        Parcels { follower, made: Vec::new(), batch: Vec::new(), bytes: 0, messages: 0 }
    }

    /// What a player that stands at `at` gets now; none if it has to ask for itself.
    pub(super) fn from(&mut self, at: Position, form: Form) -> Option<&Parcel> {
        let found = self.made.iter().rposition(|(p, f, _)| *p == at && *f == form);
        let found = match found {
            Some(found) => found,
            None => {
                self.batch.clear();
                let next = self.follower.read(at, &mut self.batch);
                let parcel = next.map(|next| Parcel::new(&self.batch, form, next));
                self.made.push((at, form, parcel));
                self.made.len() - 1
            }
        };
        self.made.get_mut(found).and_then(|(_, _, parcel)| parcel.as_mut()).map(|parcel| parcel.give())
    }
}
