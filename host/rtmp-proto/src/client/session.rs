//! The transition table of a client's session: verb or answer in; state, requests and events out. No bytes, no AMF.

use super::answer::{Answer, Info};
use super::event::{Event, ServerInfo};
use super::request::Request;
use crate::amf0::{Text, Value};
use crate::control::{Control, UserControl};
use crate::error::Cause;
use crate::id::{MessageStreamId, RequestId};
use crate::status;
use std::time::Duration;

/// The number of connect (RTMP 1.0 §7.2.1.1: always 1).
const CONNECT: f64 = 1.0;
/// Publishes and plays of one connection at one time.
const MAX_STREAMS: usize = 1024;

/// The state of a NetConnection and its NetStreams, as a client keeps it.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    streams: Vec<Stream>,
    next_transaction: u32,
    next_request: u64,
    buffer_ms: u32,
}

/// How far the NetConnection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// connect is not answered yet.
    Connecting,
    /// connect was accepted.
    Connected,
    /// Refused, redirected or closed: nothing more comes of it.
    Closing,
}

/// What a transition makes.
#[derive(Debug, Default)]
pub struct Outcome {
    /// To the server, in order.
    pub requests: Vec<Request>,
    /// To the driver, in order.
    pub events: Vec<Event>,
    /// The answer was not followed, for this reason.
    pub ignored: Option<Cause>,
}

/// One NetStream, from the verb that wants it.
#[derive(Debug)]
struct Stream {
    request: RequestId,
    intent: Intent,
    state: State,
}

#[derive(Debug)]
enum Intent {
    Publish { name: String, mode: String },
    Play { name: String, start_ms: i64, duration_ms: i64 },
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Waits for connect.
    Queued,
    /// createStream is on its way.
    Creating { transaction: f64, since: Duration },
    /// As before, but nobody wants it any more.
    Unwanted { transaction: f64 },
    /// publish or play is on its way.
    Asked { id: MessageStreamId, since: Duration },
    /// It was admitted.
    Live { id: MessageStreamId },
}

impl Stream {
    fn id(&self) -> Option<MessageStreamId> {
        match self.state {
            State::Asked { id, .. } | State::Live { id } => Some(id),
            _ => None,
        }
    }

    fn is_live(&self) -> bool {
        matches!(self.state, State::Live { .. })
    }

    fn plays(&self) -> bool {
        matches!(self.intent, Intent::Play { .. })
    }
}

impl Session {
    /// A session that is about to connect; players announce a buffer of `buffer_ms`.
    pub fn new(buffer_ms: u32) -> Self {
        Session { phase: Phase::Connecting, streams: Vec::new(), next_transaction: 1, next_request: 0, buffer_ms }
    }

    /// How far the NetConnection is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// The number that connect carries.
    pub fn connect_transaction(&self) -> f64 {
        CONNECT
    }

    /// Wants to publish. `None`: too many streams, or the connection is closing.
    pub fn publish(&mut self, name: &str, mode: &str, now: Duration, out: &mut Outcome) -> Option<RequestId> {
        self.want(Intent::Publish { name: name.to_owned(), mode: mode.to_owned() }, now, out)
    }

    /// Wants to play. `None`: too many streams, or the connection is closing.
    pub fn play(
        &mut self,
        name: &str,
        start_ms: i64,
        duration_ms: i64,
        now: Duration,
        out: &mut Outcome,
    ) -> Option<RequestId> {
        self.want(Intent::Play { name: name.to_owned(), start_ms, duration_ms }, now, out)
    }

    /// Gives a publish or play up; no event follows. `false`: there is no such request (any more).
    pub fn stop(&mut self, id: RequestId, out: &mut Outcome) -> bool {
        let Some(at) = self.streams.iter().position(|stream| stream.request == id) else { return false };
        let Some(stream) = self.streams.get_mut(at) else { return false };
        match stream.state {
            State::Unwanted { .. } => return false,
            // Its id is not known yet: it is deleted when it comes.
            State::Creating { transaction, .. } => {
                stream.state = State::Unwanted { transaction };
                return true;
            }
            _ => {}
        }
        let stream = self.streams.swap_remove(at);
        if let Some(id) = stream.id() {
            if let Intent::Publish { name, .. } = stream.intent {
                let transaction = self.transaction();
                out.requests.push(Request::Named { command: "FCUnpublish", transaction, name });
            }
            self.delete(id, out);
        }
        true
    }

    /// One command of the server.
    pub fn answer(&mut self, stream: MessageStreamId, answer: Answer, now: Duration, out: &mut Outcome) {
        match (self.phase, answer) {
            (Phase::Closing, _) => {}
            (_, Answer::Close) => self.close(out),
            (Phase::Connecting, Answer::Result { transaction: CONNECT, object, value }) => {
                self.connect_result(&object, &value, now, out);
            }
            (Phase::Connecting, Answer::Error { transaction: CONNECT, info }) => self.refused(info, out),
            (Phase::Connecting, Answer::Status(info)) if info.is_error() => self.refused(info, out),
            (_, Answer::Result { transaction, value, .. }) => self.created(transaction, &value, now, out),
            (_, Answer::Error { transaction, info }) => self.not_created(transaction, info, out),
            (_, Answer::Status(info)) => self.status(stream, info, out),
            (_, Answer::Other(_)) => {}
        }
    }

    /// The stream that a media message of this stream id belongs to, which plays; a server that sends media before it
    /// says Play.Start has said it.
    pub fn media(&mut self, id: MessageStreamId, out: &mut Outcome) -> Option<MessageStreamId> {
        let found = self.streams.iter().position(|s| s.plays() && s.id() == Some(id)).or_else(|| {
            // Servers that put stream id 0 on media exist; with one play there is no doubt.
            let mut playing = self.streams.iter().enumerate().filter(|(_, s)| s.plays() && s.id().is_some());
            match (playing.next(), playing.next()) {
                (Some((at, _)), None) if self.streams.len() == 1 => Some(at),
                _ => None,
            }
        })?;
        let stream = self.streams.get_mut(found)?;
        let id = stream.id()?;
        if !stream.is_live() {
            stream.state = State::Live { id };
            out.events.push(Event::Playing { id: stream.request, stream: id });
        }
        Some(id)
    }

    /// Whether media may be sent on this stream.
    pub fn publishes(&self, id: MessageStreamId) -> bool {
        self.streams.iter().any(|s| s.is_live() && !s.plays() && s.id() == Some(id))
    }

    /// Since when the oldest publish or play waits for an answer.
    pub fn oldest_wait(&self) -> Option<Duration> {
        self.waits().map(|(_, since)| since).min()
    }

    /// Fails what waits for an answer since `since` or longer.
    pub fn expire(&mut self, since: Duration, info: &Info, out: &mut Outcome) {
        let late: Vec<RequestId> = self.waits().filter(|(_, at)| *at <= since).map(|(id, _)| id).collect();
        for id in late {
            out.events.push(Event::Failed { id, info: info.clone() });
            self.stop(id, out);
        }
    }

    fn waits(&self) -> impl Iterator<Item = (RequestId, Duration)> {
        self.streams.iter().filter_map(|stream| match stream.state {
            State::Creating { since, .. } | State::Asked { since, .. } => Some((stream.request, since)),
            _ => None,
        })
    }

    fn want(&mut self, intent: Intent, now: Duration, out: &mut Outcome) -> Option<RequestId> {
        if self.phase == Phase::Closing || self.streams.len() >= MAX_STREAMS {
            return None;
        }
        self.next_request = self.next_request.saturating_add(1);
        let request = RequestId(self.next_request);
        self.streams.push(Stream { request, intent, state: State::Queued });
        if self.phase == Phase::Connected {
            self.create(now, out);
        }
        Some(request)
    }

    /// Asks for the streams that wait for connect.
    fn create(&mut self, now: Duration, out: &mut Outcome) {
        let mut next = self.next_transaction;
        let mut transaction = || {
            next = next.wrapping_add(1).max(2);
            f64::from(next)
        };
        for stream in self.streams.iter_mut().filter(|stream| stream.state == State::Queued) {
            if let Intent::Publish { name, .. } = &stream.intent {
                for command in ["releaseStream", "FCPublish"] {
                    let transaction = transaction();
                    out.requests.push(Request::Named { command, transaction, name: name.clone() });
                }
            }
            let transaction = transaction();
            out.requests.push(Request::CreateStream { transaction });
            stream.state = State::Creating { transaction, since: now };
        }
        self.next_transaction = next;
    }

    fn connect_result(&mut self, object: &Value, value: &Value, now: Duration, out: &mut Outcome) {
        let info = Answer::info(value);
        // Old servers answer without a code.
        if !info.code.is_empty() && info.code != status::CONNECT_SUCCESS {
            return self.refused(info, out);
        }
        self.phase = Phase::Connected;
        let version = object.field("fmsVer").and_then(Value::text).map(Text::to_printable).unwrap_or_default();
        let bits = object.field("capsEx").or_else(|| value.field("capsEx")).and_then(Value::number);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturation is wanted")]
        let caps_ex = bits.unwrap_or(0.0) as u32;
        out.events.push(Event::Connected(Box::new(ServerInfo { version, description: info.description, caps_ex })));
        self.create(now, out);
    }

    fn refused(&mut self, info: Info, out: &mut Outcome) {
        self.phase = Phase::Closing;
        self.streams.clear();
        out.events.push(match info.url {
            Some(url) => Event::Redirected { url, description: info.description },
            None => Event::Refused { info },
        });
    }

    fn created(&mut self, transaction: f64, value: &Value, now: Duration, out: &mut Outcome) {
        let Some((at, wanted)) = self.creating(transaction) else { return };
        let id = value.number().filter(|n| (0.0..=f64::from(u32::MAX)).contains(n) && n.fract() == 0.0);
        let Some(id) = id else {
            out.ignored = Some(Cause::OutOfPlace("createStream was answered without a stream id"));
            return;
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
        let id = MessageStreamId(id as u32);
        if !wanted {
            self.streams.swap_remove(at);
            return self.delete(id, out);
        }
        let transaction = self.transaction();
        let buffer_ms = self.buffer_ms;
        let Some(stream) = self.streams.get_mut(at) else { return };
        stream.state = State::Asked { id, since: now };
        out.events.push(Event::Asked { id: stream.request, stream: id });
        match &stream.intent {
            Intent::Publish { name, mode } => {
                let (name, mode) = (name.clone(), mode.clone());
                out.requests.push(Request::Publish { stream: id, transaction, name, mode });
            }
            Intent::Play { name, start_ms, duration_ms } => {
                let (name, start_ms, duration_ms) = (name.clone(), *start_ms, *duration_ms);
                out.requests.push(Request::Play { stream: id, transaction, name, start_ms, duration_ms });
                let buffer = UserControl::SetBufferLength { stream: id, ms: buffer_ms };
                out.requests.push(Request::Control(Control::User(buffer)));
            }
        }
    }

    fn not_created(&mut self, transaction: f64, info: Info, out: &mut Outcome) {
        // releaseStream and FCPublish are announcements: servers that do not know them answer with an error.
        let Some((at, wanted)) = self.creating(transaction) else { return };
        let stream = self.streams.swap_remove(at);
        if wanted {
            out.events.push(Event::Failed { id: stream.request, info });
        }
    }

    /// The stream whose createStream has this number, and whether it is still wanted.
    fn creating(&self, transaction: f64) -> Option<(usize, bool)> {
        self.streams.iter().enumerate().find_map(|(at, stream)| match stream.state {
            State::Creating { transaction: own, .. } if own == transaction => Some((at, true)),
            State::Unwanted { transaction: own } if own == transaction => Some((at, false)),
            _ => None,
        })
    }

    fn status(&mut self, on: MessageStreamId, info: Info, out: &mut Outcome) {
        if info.code == status::RECONNECT_REQUEST {
            out.events.push(Event::Reconnect { tc_url: info.url, description: info.description });
            return;
        }
        let Some(stream) = self.addressed(on) else {
            out.events.push(Event::Status { stream: on, info });
            return;
        };
        let (Some(id), request, plays) = (stream.id(), stream.request, stream.plays()) else { return };
        if info.is_error() {
            out.events.push(Event::Failed { id: request, info });
            self.stop(request, out);
            return;
        }
        let starts = if plays { status::PLAY_START } else { status::PUBLISH_START };
        if info.code == starts && !stream.is_live() {
            stream.state = State::Live { id };
            out.events.push(if plays {
                Event::Playing { id: request, stream: id }
            } else {
                Event::Publishing { id: request, stream: id }
            });
            return;
        }
        out.events.push(Event::Status { stream: id, info });
    }

    /// The stream that a status is about; servers that put it on stream 0 exist, and with one stream there is no doubt.
    fn addressed(&mut self, on: MessageStreamId) -> Option<&mut Stream> {
        let exact = self.streams.iter().position(|s| s.id() == Some(on));
        let at = exact.or_else(|| {
            let only = self.streams.len() == 1 && on.0 == 0;
            (only && self.streams.first().is_some_and(|s| s.id().is_some())).then_some(0)
        })?;
        self.streams.get_mut(at)
    }

    fn close(&mut self, out: &mut Outcome) {
        self.phase = Phase::Closing;
        self.streams.clear();
        out.events.push(Event::Closed);
    }

    fn delete(&mut self, stream: MessageStreamId, out: &mut Outcome) {
        let transaction = self.transaction();
        out.requests.push(Request::DeleteStream { stream, transaction });
    }

    fn transaction(&mut self) -> f64 {
        self.next_transaction = self.next_transaction.wrapping_add(1).max(2);
        f64::from(self.next_transaction)
    }
}

#[cfg(test)]
mod tests;
