//! Replies and frames to the socket.

use std::io;
use std::task::{Context, Poll};

use bytes::Bytes;
use router::Event;
use rtmp_proto::MessageStreamId;
use rtmp_proto::status::{self, Level};

use super::close::{End, Phase};
use super::{Connection, Role};
use crate::counters::Counters;
use crate::outbox::Flushed;

/// Batches of frames written in one round.
const BATCHES: usize = 16;
/// Input during which replies may be held.
const HELD_BYTES: u64 = 4 << 20;
/// Replies that may wait outside the protocol, which bounds and merges those inside.
const REPLY_BYTES: usize = 64 * 1024;

impl Connection {
    /// Writes what there is; whether there may be more at once.
    pub(super) fn write(&mut self, cx: &mut Context<'_>) -> bool {
        for _ in 0..BATCHES {
            let got = matches!(self.phase, Phase::Running) && self.poll_players(cx);
            // A full outbox is emptied first; the subscriptions are asked after that, or nobody would wake us.
            let full = self.outbox.is_full();
            if !self.holds_replies() {
                self.take_replies();
            }
            if !self.proto.has_output() {
                self.take_frames();
            }
            let link = &mut self.link;
            let flushed = self.outbox.flush(|slices| match link.poll_write_vectored(cx, slices) {
                Poll::Ready(written) => written,
                Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
            });
            // TLS may have taken more than the socket.
            let flushed = match flushed {
                Ok(Flushed::Empty) => match link.poll_flush(cx) {
                    Poll::Ready(flushed) => flushed.map(|()| Flushed::Empty),
                    Poll::Pending => Ok(Flushed::Blocked),
                },
                other => other,
            };
            match flushed {
                Ok(Flushed::Empty) => self.stuck = None,
                Ok(Flushed::Blocked) => {
                    let progress = self.outbox.progress();
                    if self.stuck.is_none_or(|(_, then)| then != progress) {
                        self.stuck = Some((self.now, progress));
                    }
                    return false;
                }
                Err(error) => {
                    self.over(End::Failed(error.kind()));
                    return false;
                }
            }
            if !got && !full && (self.held_since.is_some() || !self.proto.has_output()) {
                self.flushed(cx);
                return false;
            }
        }
        true
    }

    /// Whether replies wait because more input is at hand.
    ///
    /// A client that has written its last byte and closed answers anything from us with a reset, and its system then
    /// throws away what it has not sent yet: a reply in the middle would cost the end of the stream. A peer that waits
    /// for a reply has nothing more at hand, so nobody waits for this.
    fn holds_replies(&mut self) -> bool {
        let more = !self.reading && matches!(self.phase, Phase::Running) && self.proto.wants_input();
        let since = *self.held_since.get_or_insert(self.traffic.bytes_in);
        let held = more && self.traffic.bytes_in.saturating_sub(since) < HELD_BYTES;
        if !held {
            self.held_since = None;
        }
        held
    }

    /// Moves the protocol's output behind what is already on its way. It is small: replies, never media.
    fn take_replies(&mut self) {
        while self.proto.has_output() && self.outbox.len() < REPLY_BYTES {
            let mut slices = Vec::new();
            self.proto.pending_output(&mut slices);
            let mut replies = Vec::with_capacity(slices.iter().map(|s| s.len()).sum());
            for slice in &slices {
                replies.extend_from_slice(slice);
            }
            self.proto.sent(replies.len());
            self.outbox.push(Bytes::from(replies));
        }
    }

    /// Moves frames of the players in turn, message by message, so that two plays on one connection share it.
    fn take_frames(&mut self) {
        let chunk_size = self.proto.chunk_size();
        let mut dry = 0;
        while dry < self.streams.len() && !self.outbox.is_full() {
            self.turn = self.turn.wrapping_add(1) % self.streams.len();
            let message = match self.streams.get_mut(self.turn).map(|s| &mut s.role) {
                Some(Role::Plays(player, _)) => player.next_message(chunk_size),
                _ => None,
            };
            match message {
                Some(message) => {
                    self.proto.external_sent(message.len());
                    self.traffic.messages_out += 1;
                    self.outbox.push(message);
                    dry = 0;
                }
                None => dry += 1,
            }
        }
    }

    /// Asks the subscriptions of players that have handed everything out; whether there are frames or replies to write.
    fn poll_players(&mut self, cx: &mut Context<'_>) -> bool {
        let mut came = false;
        let mut at = 0;
        while let Some(stream) = self.streams.get_mut(at) {
            let id = stream.id;
            at += 1;
            let Role::Plays(player, _) = &mut stream.role else { continue };
            if !player.is_drained() {
                came = true;
                continue;
            }
            // Of one that ends, the last is asked for and nothing else.
            if self.ending || self.outbox.is_full() {
                continue;
            }
            let Poll::Ready(told) = player.poll(cx.waker()) else { continue };
            came = true;
            if let behind @ (1.., _) | behind @ (_, 1..) = player.fell_behind() {
                Counters::add(&self.shared.counters.jumps, behind.0);
                Counters::add(&self.shared.counters.skipped, behind.1);
            }
            if player.is_too_slow() {
                Counters::add(&self.shared.counters.closed_slow, 1);
            }
            match told {
                Event::Frames => {}
                Event::Started => {
                    self.proto.stream_begin(id);
                    self.say(id, status::PLAY_PUBLISH_NOTIFY, "The stream is published again.");
                }
                Event::Ended => self.say_unpublished(id),
                Event::Kicked(kick) => {
                    self.kicked(id, kick);
                    at -= 1;
                }
            }
        }
        came
    }

    /// Tells a player, behind the last frame, that its publisher is gone.
    pub(super) fn say_unpublished(&mut self, stream: MessageStreamId) {
        self.say(stream, status::PLAY_UNPUBLISH_NOTIFY, "The stream is not published any more.");
        self.proto.stream_eof(stream);
    }

    pub(super) fn say(&mut self, stream: MessageStreamId, code: &str, description: &str) {
        self.proto.send_status(stream, Level::Status, code, description);
    }
}
