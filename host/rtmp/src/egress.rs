//! From a subscription to wire bytes: what one play command sends.

use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use fanout::Entry;
use media::{Content, Frame, Kind};
use router::Subscription;
use rtmp_proto::{MediaKind, MessageStreamId, chunk};

use self::feed::Feed;
pub(crate) use self::feed::Told;
use crate::data;

mod feed;

/// Frames that a batch usually holds: what arrived in one turn of the publisher.
const FEW: usize = 16;

/// One playing NetStream: its subscription, the frames that are to be written, what the player wants to get.
pub(crate) struct Player {
    pub(crate) stream: MessageStreamId,
    feed: Feed,
    batch: Vec<Arc<Entry>>,
    at: usize,
    wants: Wants,
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
    pub(crate) fn new(stream: MessageStreamId, subscription: Box<Subscription>) -> Player {
        Player {
            stream,
            feed: Feed::new(subscription),
            batch: Vec::new(),
            at: 0,
            wants: Wants::default(),
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

    /// What comes next from the subscription. To be called when drained.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Told> {
        self.batch.clear();
        self.at = 0;
        self.feed.poll(cx, &mut self.batch)
    }

    /// The next frame that the player takes, as one chunked message; shared with every player of the same chunk size and
    /// message stream id.
    pub(crate) fn next_message(&mut self, chunk_size: u32) -> Option<Bytes> {
        while let Some(entry) = self.batch.get(self.at) {
            self.at += 1;
            if !self.wants.takes(&entry.frame) {
                continue;
            }
            let key = u64::from(chunk_size) << 32 | u64::from(self.stream.0);
            let message = entry.form(key, |frame| encode(frame, chunk_size, self.stream));
            if message.is_empty() {
                // Over 16 MiB, which no chunk header can say; only a filter can make such a frame.
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

/// A frame as one chunked message with its absolute time, in milliseconds modulo 2^32 (RTMP 1.0 §5.3.1).
fn encode(frame: &Frame, chunk_size: u32, stream: MessageStreamId) -> Bytes {
    let kind = match frame.kind {
        Kind::Audio => MediaKind::Audio,
        Kind::Video => MediaKind::Video,
        Kind::Data => MediaKind::Data,
    };
    let edited;
    let body = match &frame.metadata {
        Some(metadata) if frame.kind == Kind::Data && frame.body.is_empty() => {
            edited = [data::encode(metadata)];
            &edited
        }
        _ => frame.body.slices(),
    };
    // Truncation is the wrap that RTMP time has.
    let timestamp = frame.dts_us.div_euclid(1000) as u32;
    chunk::encode_message(kind.chunk_stream(), stream, kind.message_type(), timestamp, chunk_size, body)
}
