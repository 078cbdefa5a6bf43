//! One player's place in the crowd.

use std::io::IoSlice;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use bytes::Bytes;
use fanout::{Entry, Position};
use media::flv::HevcForm;
use rtmp_proto::MessageStreamId;

use super::parcel::{Parcel, Parcels};
use crate::egress;
use crate::link::Writer;

/// What a player's wire bytes depend on beside the frame.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Form {
    pub(crate) chunk_size: u32,
    pub(crate) stream: MessageStreamId,
    /// How it gets H.265; none: as it was sent.
    pub(crate) hevc: Option<HevcForm>,
}

impl Form {
    /// The frame as one chunked message, shared by all players of this form. Empty if this form of H.265 has no place for
    /// it, or if it is over 16 MiB, which no chunk header can say; only a filter can make such a frame.
    pub(crate) fn of(self, entry: &Entry) -> Bytes {
        // What both forms carry alike is made once for both.
        let hevc = self.hevc.filter(|form| form.concerns(&entry.frame));
        let kind = match hevc {
            None => 0,
            Some(HevcForm::Legacy) => 1,
            Some(HevcForm::Enhanced) => 2,
        };
        // Chunk sizes have 24 bits.
        let key = kind << 56 | u64::from(self.chunk_size) << 32 | u64::from(self.stream.0);
        entry.form(key, |frame| egress::encode(frame, Form { hevc, ..self }))
    }
}

/// Where a player and the walk over its stream's players meet.
#[derive(Debug)]
pub(crate) struct Seat(Mutex<State>);

#[derive(Debug)]
struct State {
    mode: Mode,
    /// Of the connection's task.
    waker: Option<Waker>,
    ridden: Ridden,
}

#[derive(Debug)]
enum Mode {
    /// Its connection is at work for it, or will be.
    Busy,
    /// To be woken when the stream turns.
    Waiting,
    /// Nothing but the walk writes to its socket.
    Riding(Position, Form, Arc<Writer>),
    /// The player is gone.
    Left,
}

/// What a player got while it rode.
#[derive(Default, Debug)]
pub(crate) struct Ridden {
    /// Where it stands now; none if it never moved.
    pub(crate) position: Option<Position>,
    pub(crate) frames: u64,
    /// Bytes of the frames' bodies.
    pub(crate) body_bytes: u64,
    pub(crate) messages: u64,
    /// Bytes that the socket took.
    pub(crate) bytes: u64,
    /// The rest of what it was being given when its socket was full: to be written before anything else.
    pub(crate) rest: Vec<Bytes>,
}

impl Seat {
    pub(crate) fn new() -> Seat {
        Seat(Mutex::new(State { mode: Mode::Busy, waker: None, ridden: Ridden::default() }))
    }

    /// From now on the walk writes to `socket`, which has got everything before `position` and nothing else.
    pub(crate) fn board(&self, position: Position, form: Form, socket: Arc<Writer>, waker: &Waker) {
        let mut state = self.lock();
        state.mode = Mode::Riding(position, form, socket);
        state.keep(waker);
    }

    /// From now on the walk leaves it alone; gives what came of the ride.
    pub(crate) fn get_off(&self) -> Ridden {
        let mut state = self.lock();
        state.mode = Mode::Busy;
        std::mem::take(&mut state.ridden)
    }

    /// Asks to be woken at the next turn. To be called before the last look at the stream, or a turn in between is missed.
    pub(crate) fn wait(&self, waker: &Waker) {
        let mut state = self.lock();
        state.mode = Mode::Waiting;
        state.keep(waker);
    }

    /// The player is gone.
    pub(crate) fn leave(&self) {
        let mut state = self.lock();
        state.mode = Mode::Left;
        state.waker = None;
    }

    /// Does what is due at a turn; `false`: nobody sits here any more.
    pub(super) fn serve(&self, parcels: &mut Parcels<'_>) -> bool {
        let mut state = self.lock();
        match &state.mode {
            Mode::Left => return false,
            Mode::Busy => {}
            Mode::Waiting => state.hand_over(),
            Mode::Riding(..) => while state.ride(parcels) {},
        }
        true
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn keep(&mut self, waker: &Waker) {
        match &mut self.waker {
            Some(kept) => kept.clone_from(waker),
            None => self.waker = Some(waker.clone()),
        }
    }

    /// The connection goes on.
    fn hand_over(&mut self) {
        self.mode = Mode::Busy;
        if let Some(waker) = &self.waker {
            waker.wake_by_ref();
        }
    }

    /// Writes what is there for it; whether there may be more.
    fn ride(&mut self, parcels: &mut Parcels<'_>) -> bool {
        let Mode::Riding(position, form, socket) = &mut self.mode else { return false };
        let Some(parcel) = parcels.from(*position, *form) else {
            self.hand_over();
            return false;
        };
        if parcel.next == *position {
            return false;
        }
        let ridden = &mut self.ridden;
        let took = match write(socket, parcel) {
            Ok(took) => took,
            // Full or broken: the connection will see which.
            Err(_) => {
                self.hand_over();
                return false;
            }
        };
        *position = parcel.next;
        ridden.position = Some(parcel.next);
        ridden.frames += parcel.frames;
        ridden.body_bytes += parcel.body_bytes;
        ridden.messages += parcel.messages.len() as u64;
        ridden.bytes += took as u64;
        let (whole, messages) = (took == parcel.bytes, parcel.messages.len() as u64);
        if !whole {
            ridden.rest = rest(&parcel.messages, took);
        }
        parcels.bytes += took as u64;
        parcels.messages += messages;
        if !whole {
            self.hand_over();
        }
        whole
    }
}

fn write(socket: &Writer, parcel: &Parcel) -> std::io::Result<usize> {
    /// Messages of one vectored write; a flush seldom has more than a handful.
    const SLICES: usize = 16;
    if let Some(all) = &parcel.gathered {
        return socket.try_write(&[IoSlice::new(all)]);
    }
    if parcel.messages.is_empty() {
        return Ok(0);
    }
    let mut slices = [IoSlice::new(&[]); SLICES];
    let mut used = 0;
    for (slot, message) in slices.iter_mut().zip(&parcel.messages) {
        *slot = IoSlice::new(message);
        used += 1;
    }
    socket.try_write(slices.get(..used).unwrap_or_default())
}

/// What is left of messages of which `gone` bytes are gone.
fn rest(messages: &[Bytes], mut gone: usize) -> Vec<Bytes> {
    let mut rest = Vec::new();
    for message in messages {
        if gone >= message.len() {
            gone -= message.len();
        } else {
            rest.push(message.slice(gone..));
            gone = 0;
        }
    }
    rest
}
