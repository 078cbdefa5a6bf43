//! What the driver says: publish, play, media, stop.

use super::{ClientConnection, Outcome, Place};
use crate::id::{MessageStreamId, RequestId};
use crate::message::MediaKind;
use crate::reply::Encoded;
use bytes::Bytes;

impl ClientConnection {
    /// Wants to publish `name` (with its query) in mode `live`. It is asked for as soon as connect is accepted; the answer
    /// is [`Publishing`](super::Event::Publishing) or [`Failed`](super::Event::Failed). `None`: the connection is closing.
    pub fn publish(&mut self, name: &str) -> Option<RequestId> {
        let now = self.now;
        self.say(|session, out| session.publish(name, "live", now, out))
    }

    /// Wants to play `name` (with its query), live. The answer is [`Playing`](super::Event::Playing) or
    /// [`Failed`](super::Event::Failed). `None`: the connection is closing.
    pub fn play(&mut self, name: &str) -> Option<RequestId> {
        self.play_from(name, -2000, -1000)
    }

    /// As [`play`](Self::play), from `start_ms` (-2000: live, else recorded; -1000: live only) for `duration_ms` (-1000: to
    /// the end).
    pub fn play_from(&mut self, name: &str, start_ms: i64, duration_ms: i64) -> Option<RequestId> {
        let now = self.now;
        self.say(|session, out| session.play(name, start_ms, duration_ms, now, out))
    }

    /// Ends a publish or play, admitted or not; no event follows, the connection stays. `false`: there is no such request
    /// (any more).
    pub fn stop(&mut self, id: RequestId) -> bool {
        self.say(|session, out| session.stop(id, out))
    }

    /// Queues one media message on a stream that publishes; the payload is the slices one after another. `false`: the
    /// stream does not publish, nothing was queued.
    pub fn send_message(
        &mut self,
        stream: MessageStreamId,
        kind: MediaKind,
        timestamp: u32,
        payload: &[Bytes],
    ) -> bool {
        if !self.session.publishes(stream) {
            return false;
        }
        let payload = match payload {
            [one] => one.clone(),
            parts => parts.concat().into(),
        };
        let (chunk_stream, kind) = (kind.chunk_stream(), kind.message_type());
        self.output.message_at(&Encoded { chunk_stream, stream, kind, payload }, timestamp);
        true
    }

    fn say<T>(&mut self, transition: impl FnOnce(&mut super::Session, &mut Outcome) -> T) -> T {
        let mut outcome = Outcome::default();
        let said = transition(&mut self.session, &mut outcome);
        self.settle(outcome, Place::default());
        said
    }
}
