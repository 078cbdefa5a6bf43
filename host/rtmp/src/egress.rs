//! From a subscription to wire bytes: what one play command sends.

use std::sync::Arc;
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use fanout::{Entry, Position};
use media::flv::Carried;
use media::{Content, Frame, Kind};
use router::{Event, Subscription};
use rtmp_proto::{MediaKind, MessageStreamId, chunk};
use tokio::time::Instant;

use crate::crowd::{Crowd, Crowds, Form, Ridden, Seat};
use crate::data;

/// Frames that a batch usually holds: what arrived in one turn of the publisher.
const FEW: usize = 16;

/// One playing NetStream: its subscription, the frames that are to be written, what the player wants to get.
pub(crate) struct Player {
    pub(crate) stream: MessageStreamId,
    subscription: Box<Subscription>,
    crowd: Arc<Crowd>,
    seat: Arc<Seat>,
    batch: Vec<Arc<Entry>>,
    at: usize,
    wants: Wants,
    /// Jumps and skipped frames that have been counted, modulo 2^32.
    counted: (u32, u32),
    pub(crate) messages: u64,
    pub(crate) bytes: u64,
}

/// What a player asked to get and not to get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wants {
    pub(crate) audio: bool,
    pub(crate) video: bool,
    pub(crate) paused: bool,
    /// Frames are missing: no video until the next key frame.
    key: bool,
}

impl Default for Wants {
    fn default() -> Wants {
        Wants { audio: true, video: true, paused: false, key: false }
    }
}

impl Wants {
    /// Whether the player gets this frame. Headers and data always go: they may change while media is not wanted.
    fn takes(&mut self, frame: &Frame) -> bool {
        match frame.kind {
            Kind::Data => true,
            _ if !matches!(frame.content, Content::Coded | Content::Opaque) => true,
            Kind::Audio => self.audio && !self.paused,
            Kind::Video => {
                let on = self.video && !self.paused;
                self.key = !on || (self.key && !frame.key);
                !self.key
            }
        }
    }
}

impl Player {
    pub(crate) fn new(stream: MessageStreamId, subscription: Box<Subscription>, crowds: &Arc<Crowds>) -> Player {
        let seat = Arc::new(Seat::new());
        let crowd = crowds.join(subscription.stream_id(), Arc::clone(&seat), || subscription.follower());
        Player {
            stream,
            subscription,
            crowd,
            seat,
            batch: Vec::new(),
            at: 0,
            wants: Wants::default(),
            counted: (0, 0),
            messages: 0,
            bytes: 0,
        }
    }

    pub(crate) fn wants(&mut self) -> &mut Wants {
        &mut self.wants
    }

    /// Whether all frames so far have been handed out. Only then the next event is due: its status goes behind them.
    pub(crate) fn is_drained(&self) -> bool {
        self.at >= self.batch.len()
    }

    /// What comes next from the subscription; if nothing, `waker` is woken when the stream turns. To be called when drained.
    pub(crate) fn poll(&mut self, waker: &Waker) -> Poll<Event> {
        self.batch.clear();
        self.at = 0;
        let mut cx = Context::from_waker(waker);
        ready!(self.subscription.poll_filters(&mut cx));
        if self.subscription.rests() {
            waker.wake_by_ref();
            return Poll::Pending;
        }
        if let Some(event) = self.subscription.try_next(&mut self.batch) {
            return Poll::Ready(event);
        }
        self.seat.wait(waker);
        match self.subscription.try_next(&mut self.batch) {
            Some(event) => Poll::Ready(event),
            None => {
                // Its own filters may have gone elsewhere with what there was, and be back.
                if self.subscription.waits_for_filters() && self.subscription.poll_filters(&mut cx).is_ready() {
                    waker.wake_by_ref();
                }
                Poll::Pending
            }
        }
    }

    /// Jumps and skipped frames since the last call.
    pub(crate) fn fell_behind(&mut self) -> (u64, u64) {
        let now = (self.subscription.jumps() as u32, self.subscription.skipped() as u32);
        let before = std::mem::replace(&mut self.counted, now);
        (now.0.wrapping_sub(before.0).into(), now.1.wrapping_sub(before.1).into())
    }

    /// Whether it has ended because it was too slow.
    pub(crate) fn is_too_slow(&self) -> bool {
        self.subscription.is_too_slow()
    }

    /// Takes what is still to come although it waits for others: there is no later time. Ready when all of it is there for
    /// [`next_message`](Player::next_message); pending while its own filters are at work on it.
    pub(crate) fn poll_the_last(&mut self, waker: &Waker) -> Poll<()> {
        if self.subscription.is_finished() {
            return Poll::Ready(());
        }
        let mut cx = Context::from_waker(waker);
        self.subscription.flush();
        if self.is_drained() {
            self.subscription.try_next(&mut self.batch);
        }
        self.subscription.poll_finish(&mut cx, &mut self.batch)
    }

    /// When its own filters want to hear of the time, if nothing comes before.
    pub(crate) fn next_tick(&self) -> Option<Instant> {
        self.subscription.next_tick()
    }

    /// Lets them hear of it.
    pub(crate) fn tick(&mut self) {
        self.subscription.tick();
    }

    /// Where the player could board: it has all there is so far, and takes all that comes.
    pub(crate) fn may_ride(&self) -> Option<Position> {
        self.subscription.position().filter(|_| self.is_drained() && self.wants == Wants::default())
    }

    /// Gives back the room of frames that are gone.
    pub(crate) fn rest(&mut self) {
        self.batch.shrink_to_fit();
    }

    /// What its wire bytes depend on.
    pub(crate) fn form(&self, chunk_size: u32) -> Form {
        Form { chunk_size, stream: self.stream, hevc: self.subscription.hevc() }
    }

    /// The player's place in the walk over all players of its stream.
    pub(crate) fn seat(&self) -> &Seat {
        &self.seat
    }

    /// Whether there is more behind `position` than the player got.
    pub(crate) fn is_behind(&self, position: Position) -> bool {
        self.subscription.has_news(position)
    }

    /// Takes note of what came to the player on a ride.
    pub(crate) fn rode(&mut self, ridden: &Ridden) {
        if let Some(position) = ridden.position {
            self.subscription.delivered(position, ridden.frames, ridden.body_bytes);
            self.messages += ridden.messages;
            self.bytes += ridden.bytes;
        }
    }

    /// The next frame that the player takes, as one chunked message; shared with every player of the same chunk size and
    /// message stream id.
    pub(crate) fn next_message(&mut self, chunk_size: u32) -> Option<Bytes> {
        let form = self.form(chunk_size);
        while let Some(entry) = self.batch.get(self.at) {
            self.at += 1;
            if !self.wants.takes(&entry.frame) {
                continue;
            }
            let message = form.of(entry);
            if message.is_empty() {
                continue;
            }
            self.messages += 1;
            self.bytes += message.len() as u64;
            return Some(message);
        }
        // Frames are freed with the stream's ring, not with the slowest player.
        self.batch.clear();
        self.at = 0;
        if self.batch.capacity() > FEW {
            // A join is over; thousands of players keep no room for another one.
            self.batch = Vec::new();
        }
        None
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.seat.leave();
        self.crowd.leave();
    }
}

/// A frame as one chunked message with its absolute time, in milliseconds modulo 2^32 (RTMP 1.0 §5.3.1).
pub(crate) fn encode(frame: &Frame, form: Form) -> Bytes {
    let Form { chunk_size, stream, hevc } = form;
    let kind = match frame.kind {
        Kind::Audio => MediaKind::Audio,
        Kind::Video => MediaKind::Video,
        Kind::Data => MediaKind::Data,
    };
    let (edited, recoded);
    let body = match (hevc.map_or(Carried::AsItIs, |form| form.carry(frame)), &frame.metadata) {
        (Carried::NotAtAll, _) => return Bytes::new(),
        (Carried::Body(body), _) => {
            recoded = body;
            recoded.slices()
        }
        (Carried::Metadata(metadata), _) => {
            edited = [data::encode(&metadata)];
            &edited
        }
        (Carried::AsItIs, Some(metadata)) if frame.kind == Kind::Data && frame.body.is_empty() => {
            edited = [data::encode(metadata)];
            &edited
        }
        (Carried::AsItIs, _) => frame.body.slices(),
    };
    // Truncation is the wrap that RTMP time has.
    let timestamp = frame.dts_us.div_euclid(1000) as u32;
    chunk::encode_message(kind.chunk_stream(), stream, kind.message_type(), timestamp, chunk_size, body)
}
