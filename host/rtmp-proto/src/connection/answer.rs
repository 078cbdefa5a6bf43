//! What the driver says: answers to requests, status, media.

use super::ServerConnection;
use crate::control::{BandwidthLimit, Control, UserControl};
use crate::error::Place;
use crate::handshake::Variant;
use crate::id::{MessageStreamId, RequestId};
use crate::message::MediaKind;
use crate::reply::{Encoded, Reply};
use crate::server::Outcome;
use crate::status::{self, Level};
use bytes::Bytes;

impl ServerConnection {
    /// Accepts a connect: window, bandwidth, chunk size (on RTMPE with the first play), Stream Begin 0, `_result`. `false`: no such
    /// request waits.
    pub fn accept_connect(&mut self, id: RequestId) -> bool {
        let mut outcome = Outcome::default();
        if !self.session.accept_connect(id, &mut outcome) {
            return false;
        }
        self.reader.set_budget(self.config.limits.partial_bytes);
        self.control(Control::WindowAckSize(self.config.window_ack_size));
        self.window.announce(self.config.window_ack_size);
        let window = self.config.peer_bandwidth;
        self.control(Control::PeerBandwidth { window, limit: BandwidthLimit::Dynamic });
        // An ffmpeg that publishes over RTMPE encrypts a Set Chunk Size in place before it reads it, and gives up. So a peer of
        // RTMPE is told when it plays: nothing else that it is sent needs large chunks.
        if !matches!(self.variant, Some(Variant::Encrypted(_))) {
            self.output.set_chunk_size(self.config.chunk_size);
        }
        self.settle(outcome, Place::default());
        true
    }

    /// Admits a publish: Publish.Start with `description` (empty: a usual one). Media that came meanwhile follows as
    /// events, in order. `false`: no such request waits, as the peer took it back.
    pub fn accept_publish(&mut self, id: RequestId, description: &str) -> bool {
        self.answer(|session, outcome| session.accept_publish(id, description, outcome))
    }

    /// Admits a play: Stream Begin, Play.Reset if it was asked for, Play.Start with `description` (empty: a usual one),
    /// `|RtmpSampleAccess` if the peer named a page or the player in it. `false`: no such request waits, as the peer took it back.
    pub fn accept_play(&mut self, id: RequestId, description: &str) -> bool {
        let mut outcome = Outcome::default();
        let found = self.session.accept_play(id, description, &mut outcome);
        if found && self.chunk_size() != self.config.chunk_size && matches!(self.variant, Some(Variant::Encrypted(_))) {
            self.output.set_chunk_size(self.config.chunk_size);
        }
        self.settle(outcome, Place::default());
        found
    }

    /// Refuses a request with a status code (empty: the usual one of its command) and a reason for people. A refused
    /// connect ends the connection. `false`: no such request waits.
    pub fn reject(&mut self, id: RequestId, code: &str, description: &str) -> bool {
        self.answer(|session, outcome| session.reject(id, code, description, outcome))
    }

    /// Sends the asker to another URL. connect is refused with code 302 and the URL; publish and play become a reconnect
    /// request where the peer understands it, else a refusal that names the URL. `false`: no such request waits.
    pub fn redirect(&mut self, id: RequestId, url: &str) -> bool {
        self.answer(|session, outcome| session.redirect(id, url, outcome))
    }

    /// Asks the peer to connect again, elsewhere (`tc_url`) or here, and leave at a good moment. `false`: the peer does
    /// not understand it; nothing was sent (E-RTMP v2, Reconnect Request).
    pub fn request_reconnect(&mut self, tc_url: Option<&str>, description: &str) -> bool {
        if !self.session.can_reconnect() {
            return false;
        }
        let reply = Reply::Reconnect { tc_url: tc_url.map(str::to_owned), description: description.to_owned() };
        self.output.message(&reply.encode());
        true
    }

    /// Sends onStatus on a stream (0: on the connection).
    pub fn send_status(&mut self, stream: MessageStreamId, level: Level, code: &str, description: &str) {
        let code = code.to_owned().into();
        let reply = Reply::Status { stream, level, code, description: description.to_owned() };
        self.output.message(&reply.encode());
    }

    /// Tells a player that all it may see was sent: Play.Stop, Play.Complete, Stream EOF.
    pub fn play_complete(&mut self, stream: MessageStreamId, description: &str) {
        self.send_status(stream, Level::Status, status::PLAY_STOP, description);
        self.output.message(&Reply::Complete { stream }.encode());
        self.stream_eof(stream);
    }

    /// Ends a publish or play from our side; the stream can be used again, its media is refused until then. No event
    /// follows; the caller sends the status that says why. `false`: the stream did nothing.
    pub fn end_stream(&mut self, stream: MessageStreamId) -> bool {
        self.session.end(stream)
    }

    /// Tells a player that data begins (RTMP 1.0 §7.1.7).
    pub fn stream_begin(&mut self, stream: MessageStreamId) {
        self.control(Control::User(UserControl::StreamBegin(stream)));
    }

    /// Tells a player that data ended.
    pub fn stream_eof(&mut self, stream: MessageStreamId) {
        self.control(Control::User(UserControl::StreamEof(stream)));
    }

    /// Tells a player that there is no data for a while.
    pub fn stream_dry(&mut self, stream: MessageStreamId) {
        self.control(Control::User(UserControl::StreamDry(stream)));
    }

    /// Queues one media message; the payload is the slices one after another. For media that many players share, see
    /// [`encode_message`](crate::chunk::encode_message). A payload over 16,777,215 bytes has no form and is dropped.
    pub fn send_message(&mut self, stream: MessageStreamId, kind: MediaKind, timestamp: u32, payload: &[Bytes]) {
        let payload = match payload {
            [one] => one.clone(),
            parts => parts.concat().into(),
        };
        let (chunk_stream, kind) = (kind.chunk_stream(), kind.message_type());
        self.output.message_at(&Encoded { chunk_stream, stream, kind, payload }, timestamp);
    }

    /// Changes and announces the chunk size of what we send, from the next message on.
    pub fn set_chunk_size(&mut self, size: u32) {
        self.output.set_chunk_size(size);
    }

    fn answer(&mut self, transition: impl FnOnce(&mut crate::server::Session, &mut Outcome) -> bool) -> bool {
        let mut outcome = Outcome::default();
        let found = transition(&mut self.session, &mut outcome);
        self.settle(outcome, Place::default());
        found
    }
}
